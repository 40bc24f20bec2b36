// AVX-512 without the BF16 product instruction: operands are widened and multiplied in f32, which
// is exact for a product of two bf16 numbers.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "int8.h"
#include "tables.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,f16c"))), \
    apply_to = function)

#include "avx512.h"

// Numbers of even and of odd index out of 32.
static inline vf half_of_pairs(__m512i pairs, int odd) {
    __m512i bits = odd ? _mm512_and_si512(pairs, _mm512_set1_epi32((int)0xffff0000))
                       : _mm512_slli_epi32(pairs, 16);
    return (vf)_mm512_castsi512_ps(bits);
}

static inline vf load_half_of_pairs(const uint16_t *x, int odd) {
    return half_of_pairs(_mm512_loadu_si512(x), odd);
}

static inline vf load_half_of_pairs_part(const uint16_t *x, size_t n, int odd) {
    return half_of_pairs(_mm512_maskz_loadu_epi16((__mmask32)((1ull << n) - 1), x), odd);
}

// A row as its rounds are read: 16 numbers of even index, then 16 of odd index, and so on.
static inline void pack_pairs(float *out, const uint16_t *x, size_t n) {
    for (size_t i = 0; i < n; i += 32) {
        for (int odd = 0; odd < 2; odd++) {
            vf half = i + 32 <= n ? load_half_of_pairs(x + i, odd)
                                  : load_half_of_pairs_part(x + i, n - i, odd);
            store(out + i + (size_t)odd * LANES, half);
        }
    }
}

#define PRODUCT(name) bf16_##name
#define ELEMENT uint16_t
#define LEFT float
#define OPERAND vf
#define STEP 32
#define PARTS 2
#define load_left(x, part) load((x) + (part) * LANES)
#define load_left_part(x, n, part) load((x) + (part) * LANES)
#define load_right load_half_of_pairs
#define load_right_part load_half_of_pairs_part
#define multiply_add(sum, a, b) fma_(a, b, sum)
#define BLOCK_ROWS 6
#define BLOCK_COLUMNS 4
#define pack_left pack_pairs
#define left_strips f32_strips
#define LEFT_ROWS 6
#include "product_kernel.h"

const ik_table ik_avx512 = {
    .name = "avx512",
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
