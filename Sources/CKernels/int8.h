// Products of bytes, for the tables of the instruction sets; see CKernels.h for what they compute.
// Sums of integers are exact and the rest is done in one way, so all of them give the same bits.
#ifndef CKERNELS_INT8_H
#define CKERNELS_INT8_H

#include <stddef.h>
#include <stdint.h>

#define INT8_PRODUCT(name)                                                                        \
    void name(                                                                                    \
        float *c, const int8_t *a, const float *a_scales, const int32_t *a_sums,                  \
        const uint8_t *b, const float *b_scales, const float *bias, size_t m, size_t n,           \
        size_t groups, size_t ldc)

int32_t ik_code_row_scalar(int8_t *codes, float *scale, const float *x, size_t n);
INT8_PRODUCT(ik_gemm_int8_scalar);

#if defined(__x86_64__)
int32_t ik_code_row_avx2(int8_t *codes, float *scale, const float *x, size_t n);
INT8_PRODUCT(ik_gemm_int8_avx2);
int32_t ik_code_row_avx512(int8_t *codes, float *scale, const float *x, size_t n);
INT8_PRODUCT(ik_gemm_int8_avx512_vnni);
// The fastest that this CPU has, which has AVX-512.
INT8_PRODUCT(ik_gemm_int8_avx512);
#endif

// The scale of a row whose largest magnitude is `largest`, and the factor that makes codes.
static inline float ik_code_scale(float largest, float *inverse) {
    *inverse = 127 / largest;
    if (*inverse <= 3e38f) return largest / 127;
    *inverse = 0;  // nothing, or too little for a factor
    return 0;
}

#endif
