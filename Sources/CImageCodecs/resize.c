// Pillow's bicubic resize (as in versions up to 12.2) on RGB bytes, bit for bit.
// Weights are fixed-point with 22 fractional bits; the result of the horizontal pass is rounded to
// bytes before the vertical one. Integer sums have no order, so they are free to be vectorised.
#include "CImageCodecs.h"

#include <stdlib.h>
#include <string.h>

#define FRACTION_BITS 22
#define HALF (1 << (FRACTION_BITS - 1))
#define SUPPORT 2.0

// One copy of each loop for every instruction set that pays; the loader picks.
#if defined(__x86_64__) && defined(__linux__)
#define VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define VECTORISED
#endif

// For each output position of one axis: the input positions `first` ... `first + count - 1` that
// it is made of and their weights, `capacity` of them allotted to each position.
typedef struct axis_weights {
    size_t capacity;
    uint32_t *first;
    uint32_t *count;
    int32_t *weights;
} axis_weights;

// Keys' kernel with a = -0.5. The form matters: another one rounds differently.
static double bicubic(double x) {
    const double a = -0.5;
    if (x < 0.0) {
        x = -x;
    }
    if (x < 1.0) {
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    }
    if (x < 2.0) {
        return (((x - 5.0) * x + 8.0) * x - 4.0) * a;
    }
    return 0.0;
}

static void free_weights(axis_weights *axis) {
    free(axis->first);
    free(axis->count);
    free(axis->weights);
}

static int32_t fixed_point(double weight) {
    double scaled = weight * (1 << FRACTION_BITS);
    return (int32_t)(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

// Weights of output position `position`; `scratch` holds `capacity` doubles.
static void set_weights(
    axis_weights *axis, size_t slot, size_t position, size_t in, double scale, double *scratch
) {
    double filter_scale = scale < 1.0 ? 1.0 : scale;
    double support = SUPPORT * filter_scale;
    double inverse = 1.0 / filter_scale;
    double center = ((double)position + 0.5) * scale;
    // Conversion to an integer truncates towards zero, as the reference does.
    int64_t low = (int64_t)(center - support + 0.5);
    int64_t high = (int64_t)(center + support + 0.5);
    low = low < 0 ? 0 : low;
    high = high > (int64_t)in ? (int64_t)in : high;
    size_t count = (size_t)(high - low);
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        scratch[i] = bicubic(((double)((int64_t)i + low) - center + 0.5) * inverse);
        sum += scratch[i];
    }
    int32_t *weights = axis->weights + slot * axis->capacity;
    for (size_t i = 0; i < count; i++) {
        weights[i] = fixed_point(sum != 0.0 ? scratch[i] / sum : scratch[i]);
    }
    axis->first[slot] = (uint32_t)low;
    axis->count[slot] = (uint32_t)count;
}

// Weights of output positions `start` ... `start + length - 1` of `out`.
static bool make_weights(axis_weights *axis, size_t in, size_t out, size_t start, size_t length) {
    double scale = (double)in / (double)out;
    double support = SUPPORT * (scale < 1.0 ? 1.0 : scale);
    axis->capacity = 2 * ((size_t)support + 1) + 1;
    axis->first = malloc(length * sizeof *axis->first);
    axis->count = malloc(length * sizeof *axis->count);
    axis->weights = calloc(length * axis->capacity, sizeof *axis->weights);
    double *scratch = malloc(axis->capacity * sizeof *scratch);
    bool enough = axis->first && axis->count && axis->weights && scratch;
    for (size_t slot = 0; enough && slot < length; slot++) {
        set_weights(axis, slot, start + slot, in, scale, scratch);
    }
    free(scratch);
    return enough;
}

static uint8_t rounded(int32_t sum) {
    int32_t value = sum >> FRACTION_BITS;
    return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

typedef uint8_t bytes4 __attribute__((vector_size(4)));
typedef int32_t ints4 __attribute__((vector_size(16)));

// `in` is readable one byte beyond its last pixel: pixels are loaded as four bytes.
VECTORISED
static void resample_row(uint8_t *out, const uint8_t *in, const axis_weights *axis, size_t width) {
    for (size_t x = 0; x < width; x++) {
        const uint8_t *pixel = in + (size_t)axis->first[x] * 3;
        const int32_t *weights = axis->weights + x * axis->capacity;
        ints4 sums = {HALF, HALF, HALF, HALF};
        for (uint32_t i = 0; i < axis->count[x]; i++, pixel += 3) {
            bytes4 samples;
            memcpy(&samples, pixel, sizeof samples);
            sums += __builtin_convertvector(samples, ints4) * weights[i];
        }
        for (int channel = 0; channel < 3; channel++) {
            out[3 * x + channel] = rounded(sums[channel]);
        }
    }
}

VECTORISED
static void add_weighted(int32_t *sums, const uint8_t *row, int32_t weight, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sums[i] += row[i] * weight;
    }
}

VECTORISED
static void round_sums(uint8_t *out, const int32_t *sums, size_t count) {
    for (size_t i = 0; i < count; i++) {
        out[i] = rounded(sums[i]);
    }
}

// One resize; an axis whose size does not change has no weights and is passed over.
typedef struct resize {
    const uint8_t *in;
    size_t in_width;
    size_t in_height;
    size_t out_width;
    size_t out_height;
    ic_window window;
    size_t stride;      // bytes of a row of the window
    axis_weights across;
    axis_weights down;
    uint8_t *padded;    // an input row and a byte more
    uint8_t *rows;      // the last `down.capacity` rows of the horizontal pass, by row % capacity
    int32_t *sums;      // one row
} resize;

// The horizontal pass of input row `y`, written to `out`.
static void across_to(uint8_t *out, const resize *self, size_t y) {
    const uint8_t *row = self->in + y * self->in_width * 3;
    if (self->across.weights != NULL) {
        memcpy(self->padded, row, self->in_width * 3);
        resample_row(out, self->padded, &self->across, self->window.width);
    } else {
        memcpy(out, row + self->window.x * 3, self->stride);
    }
}

static uint8_t *kept_row(const resize *self, size_t y) {
    return self->rows + (y % self->down.capacity) * self->stride;
}

static void down_to(uint8_t *out, const resize *self, size_t slot) {
    const axis_weights *down = &self->down;
    const int32_t *weights = down->weights + slot * down->capacity;
    for (size_t i = 0; i < self->stride; i++) {
        self->sums[i] = HALF;
    }
    for (uint32_t i = 0; i < down->count[slot]; i++) {
        add_weighted(self->sums, kept_row(self, down->first[slot] + i), weights[i], self->stride);
    }
    round_sums(out, self->sums, self->stride);
}

static void resize_across_and_down(uint8_t *out, const resize *self) {
    size_t next = self->down.first[0];
    for (size_t slot = 0; slot < self->window.height; slot++) {
        size_t end = (size_t)self->down.first[slot] + self->down.count[slot];
        for (; next < end; next++) {
            across_to(kept_row(self, next), self, next);
        }
        down_to(out + slot * self->stride, self, slot);
    }
}

static void resize_across(uint8_t *out, const resize *self) {
    for (size_t slot = 0; slot < self->window.height; slot++) {
        across_to(out + slot * self->stride, self, self->window.y + slot);
    }
}

static bool prepare_across(resize *self) {
    self->padded = calloc(self->in_width * 3 + 1, 1);
    return self->padded != NULL
        && make_weights(
            &self->across, self->in_width, self->out_width, self->window.x, self->window.width);
}

static bool prepare_down(resize *self) {
    const ic_window *window = &self->window;
    if (!make_weights(
            &self->down, self->in_height, self->out_height, window->y, window->height)) {
        return false;
    }
    self->rows = malloc(self->down.capacity * self->stride);
    self->sums = malloc(self->stride * sizeof *self->sums);
    return self->rows != NULL && self->sums != NULL;
}

// Horizontal pass, then vertical.
static ic_status resize_window(uint8_t *out, resize self) {
    bool down = self.in_height != self.out_height;
    self.stride = self.window.width * 3;
    bool enough = self.in_width == self.out_width || prepare_across(&self);
    enough = enough && (!down || prepare_down(&self));
    if (enough && down) {
        resize_across_and_down(out, &self);
    } else if (enough) {
        resize_across(out, &self);
    }
    free_weights(&self.across);
    free_weights(&self.down);
    free(self.padded);
    free(self.rows);
    free(self.sums);
    return enough ? IC_OK : IC_OUT_OF_MEMORY;
}

// Vertical pass, then horizontal.
static ic_status resize_window_down_first(uint8_t *out, resize self) {
    uint8_t *middle = malloc(self.window.height * self.in_width * 3);
    if (middle == NULL) {
        return IC_OUT_OF_MEMORY;
    }
    resize down = self;
    down.out_width = self.in_width;
    down.window.x = 0;
    down.window.width = self.in_width;
    resize across = self;
    across.in = middle;
    across.in_height = self.window.height;
    across.out_height = self.window.height;
    across.window.y = 0;
    ic_status status = resize_window(middle, down);
    if (status == IC_OK) {
        status = resize_window(out, across);
    }
    free(middle);
    return status;
}

ic_status ic_resize_bicubic(
    uint8_t *out, size_t out_width, size_t out_height, ic_window window, const uint8_t *in,
    size_t in_width, size_t in_height
) {
    resize self = {
        .in = in, .in_width = in_width, .in_height = in_height,
        .out_width = out_width, .out_height = out_height, .window = window,
    };
    // Pillow's exception (Image.resize): images over a hundred times as high as wide.
    bool down_first = in_height > in_width * 100 && out_height < in_height;
    return down_first ? resize_window_down_first(out, self) : resize_window(out, self);
}
