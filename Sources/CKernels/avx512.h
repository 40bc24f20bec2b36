// What the AVX-512 tables share: all but the products of bf16. Included by their files behind the
// pragma that sets the target, since a function can be inlined only where the target is the same.

enum { LANES = 16 };
typedef float vf __attribute__((vector_size(64)));
typedef int vi __attribute__((vector_size(64)));

// MARK: Primitives, see vector_rows.h

static inline __mmask16 first_lanes(size_t n) { return (__mmask16)((1u << n) - 1); }

static inline vf load_part(const float *x, size_t n, float fill) {
    return (vf)_mm512_mask_loadu_ps(_mm512_set1_ps(fill), first_lanes(n), x);
}

static inline void store_part(float *x, size_t n, vf v) {
    _mm512_mask_storeu_ps(x, first_lanes(n), (__m512)v);
}

static inline vf fma_(vf a, vf b, vf c) {
    return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}

static inline vf larger(vf a, vf b) { return (vf)_mm512_max_ps((__m512)a, (__m512)b); }

static inline vf smaller(vf a, vf b) { return (vf)_mm512_min_ps((__m512)a, (__m512)b); }

static inline vf nearest(vf x) {
    return (vf)_mm512_roundscale_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

static inline vi to_int(vf x) { return (vi)_mm512_cvtps_epi32((__m512)x); }

static inline vf power_of_two(vi n) { return (vf)((n + 127) << 23); }

static inline vf magnitude(vf x) { return (vf)_mm512_abs_ps((__m512)x); }

static inline vf with_sign(vf x, vf sign) {
    return (vf)_mm512_or_ps(
        (__m512)x, _mm512_and_ps((__m512)sign, _mm512_set1_ps(-0.0f)));
}

static inline vf select_below(vf a, vf b, vf yes, vf no) {
    __mmask16 mask = _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ);
    return (vf)_mm512_mask_blend_ps(mask, (__m512)no, (__m512)yes);
}

static inline unsigned lanes_at_least(vf x, float bound) {
    return _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(bound), _CMP_GE_OQ);
}

static inline float sum_lanes(vf v) { return _mm512_reduce_add_ps((__m512)v); }

static inline float largest_lane(vf v) { return _mm512_reduce_max_ps((__m512)v); }

#include "vector_rows.h"

// MARK: Conversions

static inline __m256i round_vector(__m512 x) {
    // The bf16 conversion instruction treats subnormals as zero, hence integer arithmetic.
    __m512i bits = _mm512_castps_si512(x);
    __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    __m512i quiet = _mm512_or_si512(bits, _mm512_set1_epi32(0x400000));
    __mmask16 is_nan = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    rounded = _mm512_mask_blend_epi32(is_nan, rounded, quiet);
    return _mm512_cvtepi32_epi16(_mm512_srli_epi32(rounded, 16));
}

static void round_bf16(uint16_t *out, const float *x, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        __m256i halves = round_vector((__m512)load_at(x, i, n, 0));
        if (i + LANES <= n) {
            _mm256_storeu_si256((__m256i *)(out + i), halves);
        } else {
            _mm256_mask_storeu_epi16(out + i, first_lanes(n - i), halves);
        }
    }
}

static inline vf widened(__m256i halves) {
    return (vf)_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

static inline vf load_bf16(const uint16_t *x) {
    return widened(_mm256_loadu_si256((const __m256i *)x));
}

static inline vf load_bf16_part(const uint16_t *x, size_t n) {
    return widened(_mm256_maskz_loadu_epi16(first_lanes(n), x));
}

static void widen_bf16(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        store_at(out, i, n, i + LANES <= n ? load_bf16(x + i) : load_bf16_part(x + i, n - i));
    }
}

static void widen_f16(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i += LANES) {
        __mmask16 mask = n - i < LANES ? first_lanes(n - i) : 0xffff;
        store_at(out, i, n, (vf)_mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, x + i)));
    }
}

// MARK: Products

// Adds the lanes of four vectors to four floats.
static inline void add_four_sums(float *c, const vf *sums) {
    __m512 a = (__m512)sums[0], b = (__m512)sums[1], d = (__m512)sums[2], e = (__m512)sums[3];
    __m512 low = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
    __m512 high = _mm512_add_ps(_mm512_unpacklo_ps(d, e), _mm512_unpackhi_ps(d, e));
    __m512 four = _mm512_add_ps(
        (__m512)_mm512_unpacklo_pd((__m512d)low, (__m512d)high),
        (__m512)_mm512_unpackhi_pd((__m512d)low, (__m512d)high));
    __m256 two = _mm256_add_ps(_mm512_castps512_ps256(four), _mm512_extractf32x8_ps(four, 1));
    __m128 one = _mm_add_ps(_mm256_castps256_ps128(two), _mm256_extractf128_ps(two, 1));
    _mm_storeu_ps(c, _mm_add_ps(_mm_loadu_ps(c), one));
}

// The same tree for one vector, so that a column has the same bits alone and among four.
static inline void add_one_sum(float *c, const vf *sums) {
    __m512 a = (__m512)sums[0];
    __m512 low = _mm512_add_ps(_mm512_unpacklo_ps(a, a), _mm512_unpackhi_ps(a, a));
    __m512 four = _mm512_add_ps(
        (__m512)_mm512_unpacklo_pd((__m512d)low, (__m512d)low),
        (__m512)_mm512_unpackhi_pd((__m512d)low, (__m512d)low));
    __m256 two = _mm256_add_ps(_mm512_castps512_ps256(four), _mm512_extractf32x8_ps(four, 1));
    __m128 one = _mm_add_ps(_mm256_castps256_ps128(two), _mm256_extractf128_ps(two, 1));
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
#define STEP 16
#define PARTS 1
#define load_left(x, part) load(x)
#define load_left_part(x, n, part) load_part(x, n, 0)
#define load_right load_left
#define load_right_part load_left_part
#define multiply_add(sum, a, b) fma_(a, b, sum)
#define BLOCK_ROWS 6
#define BLOCK_COLUMNS 4
#include "product_kernel.h"

#define VALUE_SUM(name) value_sum_f32_##name
#define ELEMENT float
#define load_values load
#define load_values_part(x, n) load_part(x, n, 0)
#define BLOCK_ROWS 6
#define BLOCK_VECTORS 4
#include "value_sum_kernel.h"

#define VALUE_SUM(name) value_sum_bf16_##name
#define ELEMENT uint16_t
#define load_values load_bf16
#define load_values_part load_bf16_part
#define BLOCK_ROWS 6
#define BLOCK_VECTORS 4
#include "value_sum_kernel.h"
