// The specification: plain loops. Products and norms sum in double, so that a variant's distance
// from this file is the variant's own rounding error.
#include <math.h>
#include <string.h>

#include "int8.h"
#include "tables.h"

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t to_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float from_bf16(uint16_t x) { return from_bits((uint32_t)x << 16); }

static uint16_t to_bf16(float x) {
    uint32_t bits = to_bits(x);
    if ((bits & 0x7fffffff) > 0x7f800000) return (uint16_t)((bits >> 16) | 0x40);
    return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

static float from_f16(uint16_t x) {
    uint32_t sign = (uint32_t)(x & 0x8000) << 16;
    uint32_t exponent = (x >> 10) & 0x1f;
    uint32_t fraction = x & 0x3ff;
    if (exponent == 0) {
        float magnitude = (float)fraction * 0x1p-24f;
        return sign ? -magnitude : magnitude;
    }
    if (exponent == 0x1f) {
        uint32_t quiet = fraction ? 0x400000 : 0;
        return from_bits(sign | 0x7f800000 | quiet | fraction << 13);
    }
    return from_bits(sign | (exponent + 112) << 23 | fraction << 13);
}

static void gemm_f32(
    float *c, const float *a, const float *b, const float *bias,
    size_t m, size_t n, size_t k, size_t ldc, size_t lda, size_t ldb) {
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t l = 0; l < k; l++) {
                sum += (double)a[i * lda + l] * (double)b[j * ldb + l];
            }
            c[i * ldc + j] = (float)(bias ? sum + (double)bias[j] : sum);
        }
    }
}

static void gemm_bf16(
    float *c, const uint16_t *a, const uint16_t *b, const float *bias,
    size_t m, size_t n, size_t k, size_t ldc, size_t lda, size_t ldb) {
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t l = 0; l < k; l++) {
                sum += (double)from_bf16(a[i * lda + l]) * (double)from_bf16(b[j * ldb + l]);
            }
            c[i * ldc + j] = (float)(bias ? sum + (double)bias[j] : sum);
        }
    }
}

// Sums over keys go through memory in f32: a context may come in pieces, and where it is cut must
// not show.
static void accumulate_f32(
    float *out, const float *p, const float *v,
    size_t m, size_t keys, size_t d, size_t ldo, size_t ldp, size_t ldv) {
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < keys; j++) {
            for (size_t l = 0; l < d; l++) out[i * ldo + l] += p[i * ldp + j] * v[j * ldv + l];
        }
    }
}

static void accumulate_bf16(
    float *out, const float *p, const uint16_t *v,
    size_t m, size_t keys, size_t d, size_t ldo, size_t ldp, size_t ldv) {
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < keys; j++) {
            for (size_t l = 0; l < d; l++) {
                out[i * ldo + l] += p[i * ldp + j] * from_bf16(v[j * ldv + l]);
            }
        }
    }
}

static float maximum(const float *x, size_t n) {
    float largest = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (x[i] > largest) largest = x[i];
    }
    return largest;
}

static double sum_exp(const float *x, float largest, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += exp((double)x[i] - (double)largest);
    return sum;
}

static size_t at_least(uint32_t *indices, const float *x, float bound, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (x[i] >= bound) indices[count++] = (uint32_t)i;
    }
    return count;
}

static float softmax_tile(float *x, float *running, float *sum, float scale, size_t n) {
    float largest = *running;
    for (size_t i = 0; i < n; i++) {
        x[i] *= scale;
        if (x[i] > largest) largest = x[i];
    }
    // Subtracting an infinity from itself would give NaN where the answer is "nothing seen yet".
    float origin = largest == -INFINITY ? 0 : largest;
    float factor = expf(*running - origin);
    double tile = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = expf(x[i] - origin);
        tile += (double)x[i];
    }
    *running = largest;
    *sum = (float)((double)(*sum * factor) + tile);
    return factor;
}

static void round_bf16(uint16_t *out, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) out[i] = to_bf16(x[i]);
}

static void widen_bf16(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i++) out[i] = from_bf16(x[i]);
}

static void widen_f16(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i++) out[i] = from_f16(x[i]);
}

static void rms_norm(float *out, const float *x, const float *weight, float epsilon, size_t n) {
    double squares = 0;
    for (size_t i = 0; i < n; i++) squares += (double)x[i] * (double)x[i];
    float inverse = (float)(1 / sqrt(squares / (double)n + (double)epsilon));
    for (size_t i = 0; i < n; i++) out[i] = x[i] * inverse * weight[i];
}

static void layer_norm(
    float *out, const float *x, const float *weight, const float *bias, float epsilon, size_t n) {
    double total = 0;
    for (size_t i = 0; i < n; i++) total += (double)x[i];
    double mean = total / (double)n;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        double distance = (double)x[i] - mean;
        squares += distance * distance;
    }
    double inverse = 1 / sqrt(squares / (double)n + (double)epsilon);
    for (size_t i = 0; i < n; i++) {
        out[i] = (float)(((double)x[i] - mean) * inverse) * weight[i] + bias[i];
    }
}

static float activated(float x, ik_activation activation) {
    switch (activation) {
    case IK_GELU: return 0.5f * x * (1 + erff(x * 0.70710678118654752f));
    case IK_QUICK_GELU: return x / (1 + expf(-1.702f * x));
    case IK_RELU: return x < 0 ? 0 : x;
    case IK_SILU: return x / (1 + expf(-x));
    }
    return x;
}

static void activate(float *out, const float *x, ik_activation activation, size_t n) {
    for (size_t i = 0; i < n; i++) out[i] = activated(x[i], activation);
}

static void multiply(float *x, const float *y, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] *= y[i];
}

static void scale(float *x, float factor, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] *= factor;
}

static void add(float *x, const float *y, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] += y[i];
}

static void add_scaled(float *x, const float *y, float factor, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] += factor * y[i];
}

static void add_gated(float *x, const float *y, const float *gate, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] += gate[i] * y[i];
}

static void rotate(float *x, const float *cosines, const float *sines, size_t heads, size_t d) {
    size_t half = d / 2;
    for (size_t head = 0; head < heads; head++, x += d) {
        for (size_t i = 0; i < half; i++) {
            float low = x[i], high = x[i + half];
            x[i] = low * cosines[i] - high * sines[i];
            x[i + half] = high * cosines[i] + low * sines[i];
        }
    }
}

const ik_table ik_scalar = {
    .name = "scalar",
    .gemm_f32 = gemm_f32,
    .code_row = ik_code_row_scalar,
    .gemm_int8 = ik_gemm_int8_scalar,
    .gemm_bf16 = gemm_bf16,
    .accumulate_f32 = accumulate_f32,
    .accumulate_bf16 = accumulate_bf16,
    .softmax_tile = softmax_tile,
    .round_bf16 = round_bf16,
    .widen_bf16 = widen_bf16,
    .widen_f16 = widen_f16,
    .rms_norm = rms_norm,
    .layer_norm = layer_norm,
    .activate = activate,
    .multiply = multiply,
    .scale = scale,
    .add = add,
    .add_scaled = add_scaled,
    .add_gated = add_gated,
    .rotate = rotate,
    .maximum = maximum,
    .sum_exp = sum_exp,
    .at_least = at_least,
};
