// RGB to baseline JPEG through libjpeg-turbo: accurate integer DCT, standard chroma subsampling, so
// that equal pixels give equal bytes on every machine.
#include "CImageCodecs.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

typedef struct writer {
    struct jpeg_compress_struct codec;
    struct jpeg_error_mgr errors;
    struct jpeg_destination_mgr destination;
    jmp_buf escape;
    ic_status status;
    char *message;
    const uint8_t *rgb;
    size_t width;
    size_t height;
    int quality;
} writer;

static writer *writer_of(j_common_ptr codec) {
    return codec->client_data;
}

static _Noreturn void fail(writer *self, ic_status status, const char *message) {
    self->status = status;
    snprintf(self->message, IC_MESSAGE_BYTES, "%s", message);
    longjmp(self->escape, 1);
}

static void on_error(j_common_ptr codec) {
    char text[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, text);
    fail(writer_of(codec), IC_UNSUPPORTED, text);
}

static void on_message(j_common_ptr codec, int level) {
    (void)codec;
    (void)level;
}

static void destination_without_effect(j_compress_ptr codec) {
    (void)codec;
}

// The caller's buffer is all there is.
static boolean empty_output_buffer(j_compress_ptr codec) {
    fail(writer_of((j_common_ptr)codec), IC_OUT_OF_MEMORY, "the buffer is too small");
}

static void encode(writer *self) {
    struct jpeg_compress_struct *codec = &self->codec;
    jpeg_create_compress(codec);
    codec->client_data = self;
    codec->dest = &self->destination;
    codec->image_width = (JDIMENSION)self->width;
    codec->image_height = (JDIMENSION)self->height;
    codec->input_components = 3;
    codec->in_color_space = JCS_RGB;
    jpeg_set_defaults(codec);
    jpeg_set_quality(codec, self->quality, TRUE);
    codec->dct_method = JDCT_ISLOW;
    codec->optimize_coding = TRUE;
    jpeg_start_compress(codec, TRUE);
    while (codec->next_scanline < codec->image_height) {
        // The codec only reads the row, though its type does not say so.
        JSAMPROW row = (JSAMPROW)(uintptr_t)(self->rgb + codec->next_scanline * self->width * 3);
        (void)jpeg_write_scanlines(codec, &row, 1);
    }
    jpeg_finish_compress(codec);
}

// Runs a step that may jump; nothing else is in the frame that the jump returns to.
static void run(writer *self, void (*step)(writer *)) {
    if (setjmp(self->escape) == 0) {
        step(self);
    }
}

size_t ic_jpeg_bound(size_t width, size_t height) {
    // At most 11 bits code a sample; markers, tables and stuffed bytes come on top.
    size_t padded = ((width + 15) / 16) * ((height + 15) / 16) * 256;
    return padded * 3 * 2 + 4096;
}

ic_status ic_jpeg_encode(
    uint8_t *out, size_t capacity, size_t *written, const uint8_t *rgb, size_t width,
    size_t height, int quality, char message[IC_MESSAGE_BYTES]
) {
    writer self;
    memset(&self, 0, sizeof self);
    self.message = message;
    self.rgb = rgb;
    self.width = width;
    self.height = height;
    self.quality = quality;
    self.codec.err = jpeg_std_error(&self.errors);
    self.errors.error_exit = on_error;
    self.errors.emit_message = on_message;
    self.codec.client_data = &self;
    self.destination.init_destination = destination_without_effect;
    self.destination.empty_output_buffer = empty_output_buffer;
    self.destination.term_destination = destination_without_effect;
    self.destination.next_output_byte = out;
    self.destination.free_in_buffer = capacity;
    run(&self, encode);
    *written = capacity - self.destination.free_in_buffer;
    jpeg_destroy_compress(&self.codec);
    return self.status;
}
