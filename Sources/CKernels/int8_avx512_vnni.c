// Products of bytes on AVX-512 with VNNI, whose instruction does four multiply-adds per lane.
#if defined(__x86_64__)
#include "int8.h"

#include <float.h>
#include <immintrin.h>
#include <math.h>
#include <string.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)

enum { LANES = 16, BLOCK_ROWS = 6, BLOCK_PANELS = 4 };

static inline __mmask16 lanes_from(size_t i, size_t n) {
    return n - i < LANES ? (__mmask16)((1u << (n - i)) - 1) : 0xffff;
}

int32_t ik_code_row_avx512(int8_t *codes, float *scale, const float *x, size_t n) {
    __m512 most = _mm512_setzero_ps();
    __mmask16 bad = 0;
    for (size_t i = 0; i < n; i += LANES) {
        __m512 magnitude = _mm512_abs_ps(_mm512_maskz_loadu_ps(lanes_from(i, n), x + i));
        bad |= _mm512_cmp_ps_mask(magnitude, _mm512_set1_ps(FLT_MAX), _CMP_NLE_UQ);
        most = _mm512_max_ps(most, magnitude);
    }
    float inverse;
    *scale = ik_code_scale(_mm512_reduce_max_ps(most), &inverse);
    if (bad != 0) {
        *scale = NAN;
        memset(codes, 0, (n + 3) / 4 * 4);
        return 0;
    }
    __m512i sum = _mm512_setzero_si512();
    size_t padded = (n + 3) / 4 * 4;
    for (size_t i = 0; i < n; i += LANES) {
        __m512 numbers = _mm512_maskz_loadu_ps(lanes_from(i, n), x + i);
        __m512i code = _mm512_cvtps_epi32(_mm512_mul_ps(numbers, _mm512_set1_ps(inverse)));
        sum = _mm512_add_epi32(sum, code);
        _mm_mask_storeu_epi8(codes + i, lanes_from(i, padded), _mm512_cvtepi32_epi8(code));
    }
    return _mm512_reduce_add_epi32(sum);
}

#pragma clang attribute pop
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma"))), \
    apply_to = function)

// What a block needs besides its operands.
typedef struct target {
    float *c;
    const float *a_scales;
    const int32_t *a_sums;
    const float *b_scales;
    const float *bias;
    size_t n;
    size_t ldc;
} target;

static inline __attribute__((always_inline)) void put(
    const target *to, size_t i, size_t j, __m512i sum) {
    if (j >= to->n) return;
    __mmask16 mask = lanes_from(j, to->n);
    __m512i exact = _mm512_sub_epi32(sum, _mm512_set1_epi32(128 * to->a_sums[i]));
    __m512 scale = _mm512_mul_ps(
        _mm512_set1_ps(to->a_scales[i]), _mm512_maskz_loadu_ps(mask, to->b_scales + j));
    __m512 product = _mm512_mul_ps(_mm512_cvtepi32_ps(exact), scale);
    __m512 bias = to->bias != NULL ? _mm512_maskz_loadu_ps(mask, to->bias + j)
                                   : _mm512_setzero_ps();
    _mm512_mask_storeu_ps(to->c + i * to->ldc + j, mask, _mm512_add_ps(product, bias));
}

static inline __attribute__((always_inline)) void block(
    const target *to, const int8_t *a, const uint8_t *b, size_t i, size_t j, const int rows,
    const int panels, size_t groups) {
    __m512i sums[BLOCK_ROWS][BLOCK_PANELS];
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
        for (int panel = 0; panel < panels; panel++) sums[row][panel] = _mm512_setzero_si512();
    }
    const uint8_t *right = b + j / LANES * groups * 64;
    const int8_t *left = a + i * groups * 4;
    for (size_t l = 0; l < groups; l++) {
        __m512i columns[BLOCK_PANELS];
#pragma clang loop unroll(full)
        for (int panel = 0; panel < panels; panel++) {
            const uint8_t *bytes = right + ((size_t)panel * groups + l) * 64;
            columns[panel] = _mm512_loadu_si512(bytes);
            __builtin_prefetch(bytes + 1024);
        }
#pragma clang loop unroll(full)
        for (int row = 0; row < rows; row++) {
            int32_t group;
            memcpy(&group, left + ((size_t)row * groups + l) * 4, sizeof group);
            __m512i four = _mm512_set1_epi32(group);
#pragma clang loop unroll(full)
            for (int panel = 0; panel < panels; panel++) {
                sums[row][panel] = _mm512_dpbusd_epi32(sums[row][panel], columns[panel], four);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
#pragma clang loop unroll(full)
        for (int panel = 0; panel < panels; panel++) {
            put(to, i + (size_t)row, j + (size_t)panel * LANES, sums[row][panel]);
        }
    }
}

static inline __attribute__((always_inline)) void strip(
    const target *to, const int8_t *a, const uint8_t *b, size_t m, size_t j, const int panels,
    size_t groups) {
    size_t i = 0;
    for (; i + BLOCK_ROWS <= m; i += BLOCK_ROWS) {
        block(to, a, b, i, j, BLOCK_ROWS, panels, groups);
    }
    switch (m - i) {
    case 5: block(to, a, b, i, j, 5, panels, groups); break;
    case 4: block(to, a, b, i, j, 4, panels, groups); break;
    case 3: block(to, a, b, i, j, 3, panels, groups); break;
    case 2: block(to, a, b, i, j, 2, panels, groups); break;
    case 1: block(to, a, b, i, j, 1, panels, groups); break;
    default: break;
    }
}

INT8_PRODUCT(ik_gemm_int8_avx512_vnni) {
    const target to = {c, a_scales, a_sums, b_scales, bias, n, ldc};
    size_t j = 0;
    for (; j + (BLOCK_PANELS - 1) * LANES < n; j += BLOCK_PANELS * LANES) {
        strip(&to, a, b, m, j, BLOCK_PANELS, groups);
    }
    for (; j < n; j += LANES) strip(&to, a, b, m, j, 1, groups);
}

#pragma clang attribute pop

INT8_PRODUCT(ik_gemm_int8_avx512) {
    if (__builtin_cpu_supports("avx512vnni")) {
        ik_gemm_int8_avx512_vnni(
            c, a, a_scales, a_sums, b, b_scales, bias, m, n, groups, ldc);
    } else {
        ik_gemm_int8_avx2(c, a, a_scales, a_sums, b, b_scales, bias, m, n, groups, ldc);
    }
}
#endif
