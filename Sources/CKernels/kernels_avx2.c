// AVX2 with FMA and F16C. There is no bf16 product here: operands are widened and multiplied in
// f32, which is exact for a product of two bf16 numbers.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "int8.h"
#include "tables.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

enum { LANES = 8 };
typedef float vf __attribute__((vector_size(32)));
typedef int vi __attribute__((vector_size(32)));

// MARK: Primitives, see vector_rows.h

static inline __m256i first_lanes(size_t n) {
    __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lane);
}

static inline vf load_part(const float *x, size_t n, float fill) {
    __m256i mask = first_lanes(n);
    __m256 v = _mm256_maskload_ps(x, mask);
    return (vf)_mm256_blendv_ps(_mm256_set1_ps(fill), v, _mm256_castsi256_ps(mask));
}

static inline void store_part(float *x, size_t n, vf v) {
    _mm256_maskstore_ps(x, first_lanes(n), (__m256)v);
}

static inline vf fma_(vf a, vf b, vf c) {
    return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}

static inline vf larger(vf a, vf b) { return (vf)_mm256_max_ps((__m256)a, (__m256)b); }

static inline vf smaller(vf a, vf b) { return (vf)_mm256_min_ps((__m256)a, (__m256)b); }

static inline vf nearest(vf x) {
    return (vf)_mm256_round_ps((__m256)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

static inline vi to_int(vf x) { return (vi)_mm256_cvtps_epi32((__m256)x); }

static inline vf power_of_two(vi n) { return (vf)((n + 127) << 23); }

static inline vf magnitude(vf x) {
    return (vf)_mm256_andnot_ps(_mm256_set1_ps(-0.0f), (__m256)x);
}

static inline vf with_sign(vf x, vf sign) {
    return (vf)_mm256_or_ps((__m256)x, _mm256_and_ps((__m256)sign, _mm256_set1_ps(-0.0f)));
}

static inline vf select_below(vf a, vf b, vf yes, vf no) {
    __m256 mask = _mm256_cmp_ps((__m256)a, (__m256)b, _CMP_LT_OQ);
    return (vf)_mm256_blendv_ps((__m256)no, (__m256)yes, mask);
}

static inline unsigned lanes_at_least(vf x, float bound) {
    __m256 mask = _mm256_cmp_ps((__m256)x, _mm256_set1_ps(bound), _CMP_GE_OQ);
    return (unsigned)_mm256_movemask_ps(mask);
}

static inline float sum_lanes(vf v) {
    __m128 four = _mm_add_ps(
        _mm256_castps256_ps128((__m256)v), _mm256_extractf128_ps((__m256)v, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

static inline float largest_lane(vf v) {
    __m128 four = _mm_max_ps(
        _mm256_castps256_ps128((__m256)v), _mm256_extractf128_ps((__m256)v, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

#include "vector_rows.h"

// MARK: Conversions

// The first n < 8 halves, the rest zero: there is no masked load of 16-bit elements.
static inline __m128i load_halves_part(const uint16_t *x, size_t n) {
    uint16_t halves[LANES] = {0};
    memcpy(halves, x, n * sizeof *x);
    return _mm_loadu_si128((const __m128i *)halves);
}

static inline __m128i load_halves_at(const uint16_t *x, size_t i, size_t n) {
    return i + LANES <= n ? _mm_loadu_si128((const __m128i *)(x + i))
                          : load_halves_part(x + i, n - i);
}

static inline __m128i round_vector(__m256 x) {
    __m256i bits = _mm256_castps_si256(x);
    __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
    __m256i is_nan = _mm256_castps_si256(_mm256_cmp_ps(x, x, _CMP_UNORD_Q));
    rounded = _mm256_srli_epi32(_mm256_blendv_epi8(rounded, quiet, is_nan), 16);
    return _mm_packus_epi32(
        _mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
}

static void round_bf16(uint16_t *out, const float *x, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        __m128i halves = round_vector((__m256)load_at(x, i, n, 0));
        memcpy(out + i, &halves, (n - i < LANES ? n - i : LANES) * sizeof *out);
    }
}

static inline vf widened(__m128i halves) {
    return (vf)_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(halves), 16));
}

static inline vf load_bf16(const uint16_t *x) {
    return widened(_mm_loadu_si128((const __m128i *)x));
}

static inline vf load_bf16_part(const uint16_t *x, size_t n) {
    return widened(load_halves_part(x, n));
}

static void widen_bf16(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i += LANES) store_at(out, i, n, widened(load_halves_at(x, i, n)));
}

static void widen_f16(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        store_at(out, i, n, (vf)_mm256_cvtph_ps(load_halves_at(x, i, n)));
    }
}

// MARK: Products

// Adds the lanes of four vectors to four floats.
static inline void add_four_sums(float *c, const vf *sums) {
    __m256 low = _mm256_hadd_ps((__m256)sums[0], (__m256)sums[1]);
    __m256 high = _mm256_hadd_ps((__m256)sums[2], (__m256)sums[3]);
    __m256 four = _mm256_hadd_ps(low, high);
    __m128 one = _mm_add_ps(_mm256_castps256_ps128(four), _mm256_extractf128_ps(four, 1));
    _mm_storeu_ps(c, _mm_add_ps(_mm_loadu_ps(c), one));
}

// The same tree for one vector, so that a column has the same bits alone and among four.
static inline void add_one_sum(float *c, const vf *sums) {
    __m256 two = _mm256_hadd_ps((__m256)sums[0], (__m256)sums[0]);
    __m256 four = _mm256_hadd_ps(two, two);
    __m128 one = _mm_add_ps(_mm256_castps256_ps128(four), _mm256_extractf128_ps(four, 1));
    *c += _mm_cvtss_f32(one);
}

static inline __attribute__((always_inline)) void add_sums(
    float *c, const vf *sums, const int columns) {
    if (columns == 4) {
        add_four_sums(c, sums);
    } else {
        add_one_sum(c, sums);
    }
}

#define PRODUCT(name) f32_##name
#define ELEMENT float
#define LEFT float
#define OPERAND vf
#define STEP 8
#define PARTS 1
#define load_left(x, part) load(x)
#define load_left_part(x, n, part) load_part(x, n, 0)
#define load_right load_left
#define load_right_part load_left_part
#define multiply_add(sum, a, b) fma_(a, b, sum)
#define BLOCK_ROWS 3
#define BLOCK_COLUMNS 4
#include "product_kernel.h"

// Numbers of even and of odd index out of 16.
static inline vf half_of_pairs(__m256i pairs, int odd) {
    __m256i bits = odd ? _mm256_and_si256(pairs, _mm256_set1_epi32((int)0xffff0000))
                       : _mm256_slli_epi32(pairs, 16);
    return (vf)_mm256_castsi256_ps(bits);
}

static inline vf load_half_of_pairs(const uint16_t *x, int odd) {
    return half_of_pairs(_mm256_loadu_si256((const __m256i *)x), odd);
}

static inline vf load_half_of_pairs_part(const uint16_t *x, size_t n, int odd) {
    uint16_t filled[2 * LANES] = {0};
    memcpy(filled, x, n * sizeof *x);
    return load_half_of_pairs(filled, odd);
}

// A row as its rounds are read: 8 numbers of even index, then 8 of odd index, and so on.
static inline void pack_pairs(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i += 2 * LANES) {
        for (int odd = 0; odd < 2; odd++) {
            vf half = i + 2 * LANES <= n ? load_half_of_pairs(x + i, odd)
                                         : load_half_of_pairs_part(x + i, n - i, odd);
            store(out + i + (size_t)odd * LANES, half);
        }
    }
}

#define PRODUCT(name) bf16_##name
#define ELEMENT uint16_t
#define LEFT float
#define OPERAND vf
#define STEP 16
#define PARTS 2
#define load_left(x, part) load((x) + (part) * LANES)
#define load_left_part(x, n, part) load((x) + (part) * LANES)
#define load_right load_half_of_pairs
#define load_right_part load_half_of_pairs_part
#define multiply_add(sum, a, b) fma_(a, b, sum)
#define BLOCK_ROWS 2
#define BLOCK_COLUMNS 4
#define pack_left pack_pairs
#define left_strips f32_strips
#define LEFT_ROWS 3
#include "product_kernel.h"

#define VALUE_SUM(name) value_sum_f32_##name
#define ELEMENT float
#define load_values load
#define load_values_part(x, n) load_part(x, n, 0)
#define BLOCK_ROWS 3
#define BLOCK_VECTORS 4
#include "value_sum_kernel.h"

#define VALUE_SUM(name) value_sum_bf16_##name
#define ELEMENT uint16_t
#define load_values load_bf16
#define load_values_part load_bf16_part
#define BLOCK_ROWS 3
#define BLOCK_VECTORS 4
#include "value_sum_kernel.h"

const ik_table ik_avx2 = {
    .name = "avx2",
    .gemm_f32 = f32_gemm,
    .code_row = ik_code_row_avx2,
    .gemm_int8 = ik_gemm_int8_avx2,
    .gemm_bf16 = bf16_gemm,
    .accumulate_f32 = value_sum_f32_accumulate,
    .accumulate_bf16 = value_sum_bf16_accumulate,
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

#pragma clang attribute pop
#endif
