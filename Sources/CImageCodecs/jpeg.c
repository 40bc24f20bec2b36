// JPEG to RGB through libjpeg-turbo with the settings Pillow uses: accurate integer DCT, fancy
// upsampling, block smoothing, no scaling.
#include "CImageCodecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

// A scan may touch every block of the image and cost the file only a few bytes.
#define MAXIMUM_SCANS 500

// Coefficients of a progressive image of the largest size accepted need 0.75 GB.
#define MAXIMUM_MEMORY 1000000000L

typedef struct reader {
    struct jpeg_decompress_struct codec;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    char *message;
    ic_status status;
    bool tolerant;      // give an end-of-image marker where the bytes end
    bool bytes_ended;   // the codec asked for more than there is
    size_t width;       // own copies: a second frame header overwrites the codec's, then fails
    size_t height;
    uint8_t *rgb;
    size_t rgb_count;
    uint8_t *samples;   // a row of gray or CMYK, NULL before the header is read
    size_t rows_done;
    bool complete;      // every row came from the file's own bytes
} reader;

static reader *reader_of(j_common_ptr codec) {
    return codec->client_data;
}

static ic_status status_of_code(int code) {
    switch (code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
        return IC_OUT_OF_MEMORY;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        return IC_UNSUPPORTED;
    default:
        return IC_CORRUPT;
    }
}

static _Noreturn void fail(reader *self, ic_status status, const char *message) {
    self->status = status;
    snprintf(self->message, IC_MESSAGE_BYTES, "%s", message);
    longjmp(self->escape, 1);
}

static void on_error(j_common_ptr codec) {
    char text[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, text);
    fail(reader_of(codec), status_of_code(codec->err->msg_code), text);
}

// Counts warnings and drops traces; nothing is printed.
static void on_message(j_common_ptr codec, int level) {
    if (level < 0) {
        codec->err->num_warnings++;
    }
}

static void on_progress(j_common_ptr codec) {
    reader *self = reader_of(codec);
    if (self->codec.input_scan_number > MAXIMUM_SCANS) {
        fail(self, IC_UNSUPPORTED, "more than 500 scans");
    }
}

static void source_without_effect(j_decompress_ptr codec) {
    (void)codec;
}

// All bytes are in the buffer from the start, so being asked for more means that the file ends
// early. FALSE suspends the codec, which its caller sees as "no progress".
static boolean fill_input_buffer(j_decompress_ptr codec) {
    static const JOCTET end_of_image[2] = {0xFF, JPEG_EOI};
    reader *self = reader_of((j_common_ptr)codec);
    bool first = !self->bytes_ended;
    self->bytes_ended = true;
    if (!self->tolerant || !first) {
        return FALSE;
    }
    codec->src->next_input_byte = end_of_image;
    codec->src->bytes_in_buffer = sizeof end_of_image;
    return TRUE;
}

static void skip_input_data(j_decompress_ptr codec, long count) {
    struct jpeg_source_mgr *source = codec->src;
    size_t skipped = count > 0 ? (size_t)count : 0;
    if (skipped > source->bytes_in_buffer) {
        skipped = source->bytes_in_buffer;
    }
    source->next_input_byte += skipped;
    source->bytes_in_buffer -= skipped;
}

static void prepare(reader *self, const uint8_t *bytes, size_t count, char *message) {
    memset(self, 0, sizeof *self);
    self->message = message;
    self->codec.err = jpeg_std_error(&self->errors);
    self->errors.error_exit = on_error;
    self->errors.emit_message = on_message;
    self->codec.client_data = self;
    self->progress.progress_monitor = on_progress;
    self->source.init_source = source_without_effect;
    self->source.fill_input_buffer = fill_input_buffer;
    self->source.skip_input_data = skip_input_data;
    self->source.resync_to_restart = jpeg_resync_to_restart;
    self->source.term_source = source_without_effect;
    self->source.next_input_byte = bytes;
    self->source.bytes_in_buffer = count;
}

// Runs a step that may jump; nothing else is in the frame that the jump returns to.
static void run(reader *self, void (*step)(reader *)) {
    if (setjmp(self->escape) == 0) {
        step(self);
    }
}

// Reads up to the first scan and chooses the colours that the codec gives: gray, RGB or CMYK.
static void read_header(reader *self) {
    struct jpeg_decompress_struct *codec = &self->codec;
    jpeg_create_decompress(codec);
    codec->client_data = self;
    codec->mem->max_memory_to_use = MAXIMUM_MEMORY;
    codec->progress = &self->progress;
    codec->src = &self->source;
    if (jpeg_read_header(codec, TRUE) != JPEG_HEADER_OK) {
        fail(self, IC_TRUNCATED, "the file ends inside the header");
    }
    self->width = codec->image_width;
    self->height = codec->image_height;
    switch (codec->num_components) {
    case 1: codec->out_color_space = JCS_GRAYSCALE; break;
    case 3: codec->out_color_space = JCS_RGB; break;
    case 4: codec->out_color_space = JCS_CMYK; break;
    default: fail(self, IC_UNSUPPORTED, "neither 1, 3 nor 4 colour components");
    }
}

static uint8_t clamp(int value) {
    return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

// The samples of a CMYK JPEG are inverted whether or not an Adobe marker says so (Pillow's rule).
static void rgb_from_inverted_cmyk(uint8_t *rgb, const uint8_t *cmyk) {
    int white = cmyk[3];  // 255 - k
    for (int channel = 0; channel < 3; channel++) {
        int product = (255 - cmyk[channel]) * white + 128;
        rgb[channel] = clamp(white - (((product >> 8) + product) >> 8));
    }
}

// A row of gray or CMYK samples as RGB.
static void convert_row(uint8_t *rgb, const reader *self) {
    if (self->codec.out_color_space == JCS_GRAYSCALE) {
        for (size_t x = 0; x < self->width; x++) {
            memset(rgb + 3 * x, self->samples[x], 3);
        }
    } else {
        for (size_t x = 0; x < self->width; x++) {
            rgb_from_inverted_cmyk(rgb + 3 * x, self->samples + 4 * x);
        }
    }
}

static void read_rows(reader *self) {
    bool direct = self->codec.out_color_space == JCS_RGB;
    while (self->rows_done < self->height) {
        uint8_t *row = self->rgb + self->rows_done * self->width * 3;
        JSAMPROW target = direct ? row : self->samples;
        if (jpeg_read_scanlines(&self->codec, &target, 1) != 1) {
            fail(self, IC_TRUNCATED, "the file ends before the last row");
        }
        if (!direct) {
            convert_row(row, self);
        }
        self->rows_done++;
    }
    self->complete = !self->bytes_ended;
}

static void decode(reader *self) {
    read_header(self);
    if (self->rgb_count != self->width * self->height * 3) {
        fail(self, IC_CORRUPT, "the buffer has another size than the image");
    }
    self->samples = malloc(4 * self->width);
    if (self->samples == NULL) {
        fail(self, IC_OUT_OF_MEMORY, "no memory for a row");
    }
    if (!jpeg_start_decompress(&self->codec)) {
        fail(self, IC_TRUNCATED, "the file ends before the last scan");
    }
    read_rows(self);
    // The pixels are there, so a missing end marker is no loss; damage before it still jumps.
    (void)jpeg_finish_decompress(&self->codec);
}

// Rows that were never decoded: zero samples, which are black, or white in CMYK after inversion.
static void fill_missing_rows(const reader *self) {
    size_t done = self->rows_done * self->width * 3;
    int filler = self->codec.out_color_space == JCS_CMYK ? 255 : 0;
    memset(self->rgb + done, filler, self->rgb_count - done);
}

ic_status ic_jpeg_header(
    ic_header *header, const uint8_t *bytes, size_t count, char message[IC_MESSAGE_BYTES]
) {
    reader self;
    prepare(&self, bytes, count, message);
    run(&self, read_header);
    *header = (ic_header){(uint32_t)self.width, (uint32_t)self.height};
    jpeg_destroy_decompress(&self.codec);
    return self.status;
}

ic_status ic_jpeg_decode(
    uint8_t *rgb, size_t rgb_count, ic_report *report, const uint8_t *bytes, size_t count,
    bool tolerant, char message[IC_MESSAGE_BYTES]
) {
    reader self;
    prepare(&self, bytes, count, message);
    self.rgb = rgb;
    self.rgb_count = rgb_count;
    self.tolerant = tolerant;
    run(&self, decode);
    bool damaged = self.status == IC_CORRUPT || self.status == IC_TRUNCATED;
    *report = (ic_report){(uint32_t)self.errors.num_warnings, self.complete && !damaged};
    if (damaged && tolerant && self.samples != NULL) {
        fill_missing_rows(&self);
        self.status = IC_OK;
    }
    free(self.samples);
    jpeg_destroy_decompress(&self.codec);
    return self.status;
}
