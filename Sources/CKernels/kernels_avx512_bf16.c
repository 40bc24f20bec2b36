// AVX-512 with the BF16 product instruction, for CPUs that run it at full rate.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "int8.h"
#include "tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma,f16c"))), \
    apply_to = function)

#include "avx512.h"

static inline __m512i load_pairs(const uint16_t *x) { return _mm512_loadu_si512(x); }

static inline __m512i load_pairs_part(const uint16_t *x, size_t n) {
    return _mm512_maskz_loadu_epi16((__mmask32)((1ull << n) - 1), x);
}

static inline vf add_pair_products(vf sum, __m512i a, __m512i b) {
    return (vf)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}

#define PRODUCT(name) bf16_##name
#define ELEMENT uint16_t
#define LEFT uint16_t
#define OPERAND __m512i
#define STEP 32
#define PARTS 1
#define load_left(x, part) load_pairs(x)
#define load_left_part(x, n, part) load_pairs_part(x, n)
#define load_right load_left
#define load_right_part load_left_part
#define multiply_add add_pair_products
#define BLOCK_ROWS 6
#define BLOCK_COLUMNS 4
#include "product_kernel.h"

const ik_table ik_avx512_bf16 = {
    .name = "avx512_bf16",
    .gemm_f32 = f32_gemm,
    .code_row = ik_code_row_avx512,
    .gemm_int8 = ik_gemm_int8_avx512,
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
