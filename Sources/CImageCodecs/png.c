// PNG to RGB over white through libpng, with Pillow's reading of every colour type: see
// convert_row and make_palette for the rules that differ from libpng's own expansions.
#include "CImageCodecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

// Sizes are refused by the caller, who sees the header; libpng refuses long chunks but pixels.
#define MAXIMUM_SIDE 0x7FFFFFFF
#define MAXIMUM_CHUNK_BYTES 8000000

// Compressed bytes that are handed to zlib at a time.
#define READ_BYTES 8192

typedef enum pixel_layout {
    INDEX_8,    // one byte: an entry of the palette
    GRAY_16,    // two bytes, big endian: clipped to a byte, then an entry of the palette
    GRAY_ALPHA,
    RGB,
    RGBA,
} pixel_layout;

typedef struct reader {
    png_structp png;
    png_infop info;
    jmp_buf escape;
    const uint8_t *bytes;
    size_t count;
    size_t offset;
    char *message;
    ic_status status;
    uint32_t warnings;
    bool checksum_failed;
    png_uint_32 width;
    png_uint_32 height;
    bool interlaced;
    pixel_layout layout;
    uint8_t palette[256][3];
    uint8_t *rgb;
    size_t rgb_count;
    bool tolerant;
    bool has_header;
    uint64_t row_count;  // over all passes
    uint64_t rows_done;
} reader;

static _Noreturn void fail(reader *self, ic_status status, const char *message) {
    self->status = status;
    snprintf(self->message, IC_MESSAGE_BYTES, "%s", message);
    longjmp(self->escape, 1);
}

static _Noreturn void on_error(png_structp png, png_const_charp text) {
    fail(png_get_error_ptr(png), IC_CORRUPT, text);
}

// libpng only warns when zlib's checksum of the pixels fails, but then the pixels are wrong.
static void on_warning(png_structp png, png_const_charp text) {
    reader *self = png_get_error_ptr(png);
    self->warnings++;
    self->checksum_failed |= strstr(text, "incorrect data check") != NULL;
}

static void on_read(png_structp png, png_bytep out, size_t count) {
    reader *self = png_get_io_ptr(png);
    if (count > self->count - self->offset) {
        fail(self, IC_TRUNCATED, "the file ends early");
    }
    memcpy(out, self->bytes + self->offset, count);
    self->offset += count;
}

// A colour over opaque white, in Pillow's integer arithmetic (alpha_composite).
static uint8_t over_white(uint32_t value, uint32_t alpha) {
    uint32_t share = alpha * 128;
    uint32_t sum = value * share + 255 * (255 * 128 - share) + (128 << 7);
    return (uint8_t)((((sum >> 8) + sum) >> 8) >> 7);
}

// The colours of an indexed image over white; indices beyond the file's palette are black.
static void make_palette(reader *self) {
    png_colorp colors = NULL;
    int color_count = 0;
    png_bytep alphas = NULL;
    int alpha_count = 0;
    png_get_PLTE(self->png, self->info, &colors, &color_count);
    png_get_tRNS(self->png, self->info, &alphas, &alpha_count, NULL);
    for (int index = 0; index < 256; index++) {
        png_color color = {0, 0, 0};
        if (index < color_count) {
            color = colors[index];
        }
        uint32_t alpha = index < alpha_count ? alphas[index] : 255;
        self->palette[index][0] = over_white(color.red, alpha);
        self->palette[index][1] = over_white(color.green, alpha);
        self->palette[index][2] = over_white(color.blue, alpha);
    }
}

// The values of a gray image; the transparent one is white. Pillow compares the low byte of the
// key with the value scaled to 0...255, except at 1 bit, where any key but 0 means white.
static void make_gray_palette(reader *self, int depth) {
    for (int value = 0; value < 256; value++) {
        memset(self->palette[value], value, 3);
    }
    png_color_16p key = NULL;
    if (png_get_tRNS(self->png, self->info, NULL, NULL, &key) != 0 && key != NULL) {
        int value = depth == 1 ? (key->gray != 0 ? 255 : 0) : key->gray & 0xFF;
        memset(self->palette[value], 255, 3);
    }
}

// Chooses what libpng delivers: packed and 16-bit samples become bytes, by their high byte, but
// 16-bit gray stays whole because Pillow clips it.
static void choose_layout(reader *self) {
    png_structp png = self->png;
    int depth = png_get_bit_depth(png, self->info);
    switch (png_get_color_type(png, self->info)) {
    case PNG_COLOR_TYPE_GRAY:
        make_gray_palette(self, depth);
        self->layout = depth == 16 ? GRAY_16 : INDEX_8;
        if (depth < 8) {
            png_set_expand_gray_1_2_4_to_8(png);
        }
        return;
    case PNG_COLOR_TYPE_PALETTE:
        make_palette(self);
        self->layout = INDEX_8;
        png_set_packing(png);
        return;
    case PNG_COLOR_TYPE_GRAY_ALPHA: self->layout = GRAY_ALPHA; break;
    case PNG_COLOR_TYPE_RGB: self->layout = RGB; break;
    default: self->layout = RGBA; break;
    }
    png_set_strip_16(png);
}

static void gray_alpha_pixel(uint8_t *rgb, const uint8_t *samples) {
    memset(rgb, over_white(samples[0], samples[1]), 3);
}

static void rgba_pixel(uint8_t *rgb, const uint8_t *samples) {
    for (int channel = 0; channel < 3; channel++) {
        rgb[channel] = over_white(samples[channel], samples[3]);
    }
}

static int clipped_gray(const uint8_t *samples) {
    return samples[0] != 0 ? 255 : samples[1];
}

// Converts `width` pixels; consecutive ones end up `step` pixels apart (Adam7).
static void convert_row(
    const reader *self, uint8_t *rgb, size_t step, const uint8_t *samples, size_t width
) {
    size_t stride = 3 * step;
    switch (self->layout) {
    case INDEX_8:
        for (size_t x = 0; x < width; x++) {
            memcpy(rgb + x * stride, self->palette[samples[x]], 3);
        }
        break;
    case GRAY_16:
        for (size_t x = 0; x < width; x++) {
            memcpy(rgb + x * stride, self->palette[clipped_gray(samples + 2 * x)], 3);
        }
        break;
    case GRAY_ALPHA:
        for (size_t x = 0; x < width; x++) {
            gray_alpha_pixel(rgb + x * stride, samples + 2 * x);
        }
        break;
    case RGB:
        for (size_t x = 0; x < width; x++) {
            memcpy(rgb + x * stride, samples + 3 * x, 3);
        }
        break;
    case RGBA:
        for (size_t x = 0; x < width; x++) {
            rgba_pixel(rgb + x * stride, samples + 4 * x);
        }
        break;
    }
}

// Takes each row as soon as it is whole: libpng may still stop with an error behind the last one,
// where Pillow does not care any more.
static void on_row(png_structp png, png_row_infop row, png_bytep samples) {
    reader *self = png_get_user_transform_ptr(png);
    size_t x = 0, y = png_get_current_row_number(png), step = 1;
    if (self->interlaced) {
        int pass = png_get_current_pass_number(png);
        x = PNG_PASS_START_COL(pass);
        y = PNG_ROW_FROM_PASS_ROW(y, pass);
        step = PNG_PASS_COL_OFFSET(pass);
    }
    uint8_t *target = self->rgb + (y * self->width + x) * 3;
    convert_row(self, target, step, samples, row->width);
    self->rows_done++;
    if (self->rows_done == self->row_count) {
        // Only the checksum of the pixels is left, which libpng expects in a single read.
        png_set_compression_buffer_size(png, READ_BYTES);
    }
}

// Pixels that the file does not hold: zero samples.
static void fill_rows(const reader *self) {
    static const uint8_t zeros[4] = {0};
    uint8_t filler[3];
    convert_row(self, filler, 1, zeros, 1);
    size_t pixel_count = (size_t)self->width * self->height;
    for (size_t pixel = 0; pixel < pixel_count; pixel++) {
        memcpy(self->rgb + 3 * pixel, filler, 3);
    }
}

static uint64_t adam7_row_count(const reader *self) {
    uint64_t rows = 0;
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        if (PNG_PASS_COLS(self->width, pass) > 0) {
            rows += PNG_PASS_ROWS(self->height, pass);
        }
    }
    return rows;
}

static void read_header(reader *self) {
    self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self, on_error, on_warning);
    if (self->png == NULL) {
        fail(self, IC_OUT_OF_MEMORY, "no memory for the decoder");
    }
    self->info = png_create_info_struct(self->png);
    if (self->info == NULL) {
        fail(self, IC_OUT_OF_MEMORY, "no memory for the decoder");
    }
    png_set_read_fn(self->png, self, on_read);
    png_set_user_limits(self->png, MAXIMUM_SIDE, MAXIMUM_SIDE);
    png_set_chunk_malloc_max(self->png, MAXIMUM_CHUNK_BYTES);
    png_set_crc_action(self->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    // Profiles, texts and all else that cannot change a pixel are passed over unread.
    png_set_keep_unknown_chunks(self->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(self->png, self->info);
    self->width = png_get_image_width(self->png, self->info);
    self->height = png_get_image_height(self->png, self->info);
    self->interlaced = png_get_interlace_type(self->png, self->info) != PNG_INTERLACE_NONE;
    self->row_count = self->interlaced ? adam7_row_count(self) : self->height;
}

static void decode(reader *self) {
    read_header(self);
    if (self->rgb_count != (size_t)self->width * self->height * 3) {
        fail(self, IC_CORRUPT, "the buffer has another size than the image");
    }
    self->has_header = true;
    png_structp png = self->png;
    choose_layout(self);
    if (self->tolerant) {
        fill_rows(self);
        // Byte by byte, so that the last bytes of a truncated file are used up.
        png_set_compression_buffer_size(png, 1);
    }
    // Like Pillow: the checksum of the pixels counts, that of their chunks does not.
    png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_WARN_DISCARD);
    png_set_check_for_invalid_index(png, 0);
    png_set_read_user_transform_fn(png, on_row);
    png_set_user_transform_info(png, self, 0, 0);
    png_read_update_info(png, self->info);
    while (self->rows_done < self->row_count) {
        png_read_row(png, NULL, NULL);
    }
}

// Runs a step that may jump; nothing else is in the frame that the jump returns to.
static void run(reader *self, void (*step)(reader *)) {
    if (setjmp(self->escape) == 0) {
        step(self);
    }
}

ic_status ic_png_header(
    ic_header *header, const uint8_t *bytes, size_t count, char message[IC_MESSAGE_BYTES]
) {
    reader self = {.bytes = bytes, .count = count, .message = message};
    run(&self, read_header);
    *header = (ic_header){self.width, self.height};
    png_destroy_read_struct(&self.png, &self.info, NULL);
    return self.status;
}

// Decodes with a fresh reader that holds its input, its output and whether to be tolerant.
static ic_status decode_from_start(reader self, ic_report *report) {
    run(&self, decode);
    bool complete = self.has_header && self.rows_done == self.row_count;
    if (complete && self.checksum_failed) {
        snprintf(self.message, IC_MESSAGE_BYTES, "the checksum of the pixels is wrong");
        self.status = IC_CORRUPT;
        complete = false;
    } else if (complete) {
        self.status = IC_OK;  // what went wrong came behind the pixels
    }
    if (self.has_header && self.tolerant) {
        self.status = IC_OK;
    }
    *report = (ic_report){self.warnings, complete};
    png_destroy_read_struct(&self.png, &self.info, NULL);
    return self.status;
}

ic_status ic_png_decode(
    uint8_t *rgb, size_t rgb_count, ic_report *report, const uint8_t *bytes, size_t count,
    bool tolerant, char message[IC_MESSAGE_BYTES]
) {
    reader self = {
        .bytes = bytes, .count = count, .message = message, .rgb = rgb, .rgb_count = rgb_count,
    };
    ic_status status = decode_from_start(self, report);
    if (status != IC_OK && tolerant) {
        // Again, the slow way that takes all there is.
        self.tolerant = true;
        status = decode_from_start(self, report);
    }
    return status;
}
