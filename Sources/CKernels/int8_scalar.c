// The specification of products of bytes: plain loops.
#include "int8.h"

#include <float.h>
#include <math.h>

int32_t ik_code_row_scalar(int8_t *codes, float *scale, const float *x, size_t n) {
    float largest = 0;
    int is_finite = 1;
    for (size_t i = 0; i < n; i++) {
        float magnitude = fabsf(x[i]);
        if (magnitude > largest) largest = magnitude;
        is_finite &= magnitude <= FLT_MAX;
    }
    float inverse;
    *scale = ik_code_scale(largest, &inverse);
    if (!is_finite) *scale = NAN, inverse = 0;
    int32_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        codes[i] = is_finite ? (int8_t)nearbyintf(x[i] * inverse) : 0;
        sum += codes[i];
    }
    for (size_t i = n; i % 4 != 0; i++) codes[i] = 0;
    return sum;
}

INT8_PRODUCT(ik_gemm_int8_scalar) {
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            const uint8_t *row = b + j / 16 * groups * 64 + j % 16 * 4;
            int32_t sum = 0;
            for (size_t l = 0; l < groups * 4; l++) {
                sum += a[i * groups * 4 + l] * row[l / 4 * 64 + l % 4];
            }
            float product = (float)(sum - 128 * a_sums[i]) * (a_scales[i] * b_scales[j]);
            c[i * ldc + j] = product + (bias != NULL ? bias[j] : 0);
        }
    }
}
