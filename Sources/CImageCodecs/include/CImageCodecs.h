// Image codecs and resampling behind a C face: bytes in, caller-owned buffers out, a status and a
// message. Errors of libjpeg and libpng are caught in here (setjmp); none of these functions jumps
// over a caller's frame, prints, or keeps state between calls.
#ifndef CIMAGECODECS_H
#define CIMAGECODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bytes of a message buffer, terminator included.
#define IC_MESSAGE_BYTES 200

typedef enum ic_status {
    IC_OK = 0,
    IC_CORRUPT,        // the bytes contradict the format
    IC_TRUNCATED,      // the bytes end before the last pixel
    IC_UNSUPPORTED,    // valid, but not something this decoder does
    IC_OUT_OF_MEMORY,
} ic_status;

// What the file says about itself before any pixel is decoded.
typedef struct ic_header {
    uint32_t width;
    uint32_t height;
} ic_header;

// How decoding went.
typedef struct ic_report {
    uint32_t warnings;  // complaints of the codec about data that it decoded all the same
    bool complete;      // false only after IC_OK with `tolerant`: some pixels are filler
} ic_report;

// Reads dimensions and colour mode only; refuses modes that the decoder cannot turn into RGB.
ic_status ic_jpeg_header(
    ic_header *header, const uint8_t *bytes, size_t count, char message[IC_MESSAGE_BYTES]);
ic_status ic_png_header(
    ic_header *header, const uint8_t *bytes, size_t count, char message[IC_MESSAGE_BYTES]);

// Decodes to rows of R, G, B; `rgb` holds exactly width * height * 3 bytes, as the header says.
// `tolerant`: missing or broken data after the header is no error, what it should have given is
// filler, as in Pillow with LOAD_TRUNCATED_IMAGES.
ic_status ic_jpeg_decode(
    uint8_t *rgb, size_t rgb_count, ic_report *report, const uint8_t *bytes, size_t count,
    bool tolerant, char message[IC_MESSAGE_BYTES]);
ic_status ic_png_decode(
    uint8_t *rgb, size_t rgb_count, ic_report *report, const uint8_t *bytes, size_t count,
    bool tolerant, char message[IC_MESSAGE_BYTES]);

// The most bytes that ic_jpeg_encode writes for an image of this size.
size_t ic_jpeg_bound(size_t width, size_t height);

// Writes rows of R, G, B as a baseline JPEG of `quality` 1…100 into `out` of `capacity` bytes, of
// which `written` are used. Both sides are 1…65,500. The same pixels give the same bytes.
ic_status ic_jpeg_encode(
    uint8_t *out, size_t capacity, size_t *written, const uint8_t *rgb, size_t width,
    size_t height, int quality, char message[IC_MESSAGE_BYTES]);

// Part of a resized image: `width` x `height` pixels from (`x`, `y`) on.
typedef struct ic_window {
    size_t x;
    size_t y;
    size_t width;
    size_t height;
} ic_window;

// Pillow's bicubic resize of an RGB image to `out_width` x `out_height`, bit for bit, of which only
// `window` is computed and written to `out` (window.width * window.height * 3 bytes).
// Scratch memory grows with the window and with (input side / output side), not with input pixels.
// All sides are at least 1 and below 2^31. Gives IC_OK or IC_OUT_OF_MEMORY.
ic_status ic_resize_bicubic(
    uint8_t *out, size_t out_width, size_t out_height, ic_window window, const uint8_t *in,
    size_t in_width, size_t in_height);

#endif
