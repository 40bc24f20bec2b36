// Coded vectors on AVX-512 with VNNI, whose product of bytes does four multiply-adds per lane.
#include "include/CKernelsCodes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma"))), \
    apply_to = function)

enum { LANES = 16, BLOCK_ROWS = 6, BLOCK_PANELS = 4 };

static inline __mmask16 lanes_from(size_t i, size_t n) {
    return n - i < LANES ? (__mmask16)((1u << (n - i)) - 1) : 0xffff;
}

// x - centre from element i on; zero beyond the end.
static inline __m512 centred(const float *x, const float *centre, size_t i, size_t n) {
    __mmask16 mask = lanes_from(i, n);
    return _mm512_sub_ps(
        _mm512_maskz_loadu_ps(mask, x + i), _mm512_maskz_loadu_ps(mask, centre + i));
}

static void encode(
    int8_t *codes, ik_coding *coding, const float *x, const float *centre, size_t n) {
    __m512 most = _mm512_setzero_ps();
    for (size_t i = 0; i < n; i += LANES) {
        most = _mm512_max_ps(most, _mm512_abs_ps(centred(x, centre, i, n)));
    }
    float largest = _mm512_reduce_max_ps(most);
    float inverse = 127 / largest;
    float scale = inverse <= 3e38f && largest <= 3e38f ? largest / 127 : 0;
    if (scale == 0) inverse = 0;
    __m512 squares = _mm512_setzero_ps(), errors = squares, product = squares;
    __m512i sum = _mm512_setzero_si512();
    for (size_t i = 0; i < n; i += LANES) {
        __mmask16 mask = lanes_from(i, n);
        __m512 y = centred(x, centre, i, n);
        __m512i code = _mm512_cvtps_epi32(_mm512_mul_ps(y, _mm512_set1_ps(inverse)));
        __m512 error = _mm512_fnmadd_ps(_mm512_set1_ps(scale), _mm512_cvtepi32_ps(code), y);
        squares = _mm512_fmadd_ps(y, y, squares);
        errors = _mm512_fmadd_ps(error, error, errors);
        product = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(mask, centre + i), y, product);
        sum = _mm512_add_epi32(sum, code);
        _mm_mask_storeu_epi8(codes + i, mask, _mm512_cvtepi32_epi8(code));
    }
    *coding = (ik_coding){
        .scale = scale,
        .length = sqrtf(_mm512_reduce_add_ps(squares)),
        .error = sqrtf(_mm512_reduce_add_ps(errors)),
        .centre_product = _mm512_reduce_add_ps(product),
        .sum = _mm512_reduce_add_epi32(sum),
    };
}

static inline __attribute__((always_inline)) void block(
    int32_t *c, const int8_t *a, const uint8_t *b, const int rows, const int panels, size_t groups,
    size_t width) {
    __m512i sums[BLOCK_ROWS][BLOCK_PANELS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) sums[i][j] = _mm512_setzero_si512();
    }
    for (size_t l = 0; l < groups; l++) {
        __m512i right[BLOCK_PANELS];
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) {
            right[j] = _mm512_loadu_si512(b + ((size_t)j * groups + l) * 64);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            int32_t group;
            __builtin_memcpy(&group, a + ((size_t)i * groups + l) * IK_GROUP_CODES, sizeof group);
            __m512i left = _mm512_set1_epi32(group);
#pragma clang loop unroll(full)
            for (int j = 0; j < panels; j++) {
                sums[i][j] = _mm512_dpbusd_epi32(sums[i][j], right[j], left);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < panels; j++) {
            _mm512_storeu_si512(c + (size_t)i * width + (size_t)j * LANES, sums[i][j]);
        }
    }
}

// A few panels with all rows.
static inline __attribute__((always_inline)) void strip(
    int32_t *c, const int8_t *a, const uint8_t *b, size_t m, const int panels, size_t groups,
    size_t width) {
    size_t i = 0;
    for (; i + BLOCK_ROWS <= m; i += BLOCK_ROWS) {
        block(c + i * width, a + i * groups * 4, b, BLOCK_ROWS, panels, groups, width);
    }
    for (; i < m; i++) block(c + i * width, a + i * groups * 4, b, 1, panels, groups, width);
}

static void multiply(
    int32_t *c, const int8_t *a, const uint8_t *b, size_t m, size_t panels, size_t groups) {
    size_t width = panels * LANES, j = 0;
    for (; j + BLOCK_PANELS <= panels; j += BLOCK_PANELS) {
        strip(c + j * LANES, a, b + j * groups * 64, m, BLOCK_PANELS, groups, width);
    }
    for (; j < panels; j++) strip(c + j * LANES, a, b + j * groups * 64, m, 1, groups, width);
}

static size_t reaching(
    uint32_t *indices, const int32_t *c, const float *scales, const float *offsets, int32_t shift,
    float factor, float bound, size_t n) {
    size_t count = 0;
    for (size_t j = 0; j < n; j += LANES) {
        __mmask16 mask = lanes_from(j, n);
        __m512i product = _mm512_maskz_loadu_epi32(mask, c + j);
        __m512 value = _mm512_cvtepi32_ps(_mm512_sub_epi32(product, _mm512_set1_epi32(shift)));
        __m512 scale = _mm512_maskz_loadu_ps(mask, scales + j);
        scale = _mm512_mul_ps(_mm512_set1_ps(factor), scale);
        value = _mm512_fmadd_ps(scale, value, _mm512_maskz_loadu_ps(mask, offsets + j));
        __mmask16 lanes = _mm512_mask_cmp_ps_mask(mask, value, _mm512_set1_ps(bound), _CMP_NLT_UQ);
        for (unsigned rest = lanes; rest != 0; rest &= rest - 1) {
            indices[count++] = (uint32_t)(j + (size_t)__builtin_ctz(rest));
        }
    }
    return count;
}

#pragma clang attribute pop

const ik_code_table *ik_fast_code_table(void) {
    static const ik_code_table table = {
        .name = "avx512_vnni",
        .encode = encode,
        .multiply = multiply,
        .reaching = reaching,
    };
    int isThere = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                  __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("fma");
    return isThere ? &table : NULL;
}
#else
const ik_code_table *ik_fast_code_table(void) { return NULL; }
#endif
