// Products of bytes on AVX2. Bytes are widened to 16 bits first: the instruction that multiplies
// bytes saturates.
#if defined(__x86_64__)
#include "int8.h"

#include <float.h>
#include <immintrin.h>
#include <math.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

enum { BLOCK_ROWS = 2, PARTS = 4 };

// Largest magnitude of 8 numbers at a time, and whether all are finite; the rest one by one.
static float largest_magnitude(const float *x, size_t n, int *is_finite) {
    __m256 sign = _mm256_set1_ps(-0.0f), most = _mm256_setzero_ps(), bad = most;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256 magnitude = _mm256_andnot_ps(sign, _mm256_loadu_ps(x + i));
        bad = _mm256_or_ps(bad, _mm256_cmp_ps(magnitude, _mm256_set1_ps(FLT_MAX), _CMP_NLE_UQ));
        most = _mm256_max_ps(most, magnitude);
    }
    float lanes[8], largest = 0;
    _mm256_storeu_ps(lanes, most);
    for (int lane = 0; lane < 8; lane++) largest = lanes[lane] > largest ? lanes[lane] : largest;
    *is_finite = _mm256_movemask_ps(bad) == 0;
    for (; i < n; i++) {
        float magnitude = fabsf(x[i]);
        if (magnitude > largest) largest = magnitude;
        *is_finite &= magnitude <= FLT_MAX;
    }
    return largest;
}

int32_t ik_code_row_avx2(int8_t *codes, float *scale, const float *x, size_t n) {
    int is_finite;
    float inverse, largest = largest_magnitude(x, n, &is_finite);
    *scale = ik_code_scale(largest, &inverse);
    if (!is_finite) {
        *scale = NAN;
        memset(codes, 0, (n + 3) / 4 * 4);
        return 0;
    }
    int32_t sum = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        __m256 scaled = _mm256_mul_ps(_mm256_loadu_ps(x + i), _mm256_set1_ps(inverse));
        int32_t rounded[8];
        _mm256_storeu_si256((__m256i *)rounded, _mm256_cvtps_epi32(scaled));
        for (int lane = 0; lane < 8; lane++) {
            codes[i + (size_t)lane] = (int8_t)rounded[lane];
            sum += rounded[lane];
        }
    }
    for (; i < n; i++) {
        codes[i] = (int8_t)nearbyintf(x[i] * inverse);
        sum += codes[i];
    }
    for (; i % 4 != 0; i++) codes[i] = 0;
    return sum;
}

// Sums of pairs, two for each of 4 outputs, of two quarters of a panel → 8 outputs in order.
static inline __m256i joined(__m256i low, __m256i high) {
    return _mm256_permute4x64_epi64(_mm256_hadd_epi32(low, high), 0xd8);
}

static inline void put(
    float *c, __m256i sum, int32_t a_sum, float a_scale, const float *b_scales, const float *bias,
    size_t n) {
    float values[8];
    __m256 product = _mm256_cvtepi32_ps(_mm256_sub_epi32(sum, _mm256_set1_epi32(128 * a_sum)));
    _mm256_storeu_ps(values, product);
    for (size_t j = 0; j < n && j < 8; j++) {
        c[j] = values[j] * (a_scale * b_scales[j]) + (bias != NULL ? bias[j] : 0);
    }
}

static inline __attribute__((always_inline)) void block(
    __m256i sums[BLOCK_ROWS][PARTS], const int8_t *a, const uint8_t *b, const int rows,
    size_t groups) {
    for (int i = 0; i < rows; i++) {
        for (int part = 0; part < PARTS; part++) sums[i][part] = _mm256_setzero_si256();
    }
    for (size_t l = 0; l < groups; l++) {
        __m256i right[PARTS];
#pragma clang loop unroll(full)
        for (int part = 0; part < PARTS; part++) {
            const __m128i *bytes = (const __m128i *)(b + l * 64 + (size_t)part * 16);
            right[part] = _mm256_cvtepu8_epi16(_mm_loadu_si128(bytes));
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            int32_t group;
            memcpy(&group, a + ((size_t)i * groups + l) * 4, sizeof group);
            __m256i left = _mm256_cvtepi8_epi16(_mm_set1_epi32(group));
#pragma clang loop unroll(full)
            for (int part = 0; part < PARTS; part++) {
                __m256i pairs = _mm256_madd_epi16(right[part], left);
                sums[i][part] = _mm256_add_epi32(sums[i][part], pairs);
            }
        }
    }
}

INT8_PRODUCT(ik_gemm_int8_avx2) {
    for (size_t j = 0; j < n; j += 16) {
        const uint8_t *panel = b + j / 16 * groups * 64;
        for (size_t i = 0; i < m; i += BLOCK_ROWS) {
            __m256i sums[BLOCK_ROWS][PARTS];
            size_t rows = m - i < BLOCK_ROWS ? m - i : BLOCK_ROWS;
            const int8_t *left = a + i * groups * 4;
            if (rows == BLOCK_ROWS) {
                block(sums, left, panel, BLOCK_ROWS, groups);
            } else {
                block(sums, left, panel, 1, groups);
            }
            for (size_t row = i; row < i + rows; row++) {
                for (size_t half = 0; half < 2 && j + 8 * half < n; half++) {
                    size_t first = j + 8 * half;
                    put(c + row * ldc + first,
                        joined(sums[row - i][2 * half], sums[row - i][2 * half + 1]), a_sums[row],
                        a_scales[row], b_scales + first, bias != NULL ? bias + first : NULL,
                        n - first);
                }
            }
        }
    }
}

#pragma clang attribute pop
#endif
