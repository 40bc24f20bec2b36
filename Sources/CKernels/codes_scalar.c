// The specification of coded vectors: plain loops.
#include <math.h>
#include <string.h>

#include "include/CKernelsCodes.h"

static void encode(
    int8_t *codes, ik_coding *coding, const float *x, const float *centre, size_t n) {
    float largest = 0;
    for (size_t i = 0; i < n; i++) {
        float magnitude = fabsf(x[i] - centre[i]);
        if (magnitude > largest) largest = magnitude;
    }
    // Without a scale, what is too small or too large for codes is all error.
    float inverse = 127 / largest;
    float scale = inverse <= 3e38f && largest <= 3e38f ? largest / 127 : 0;
    double squares = 0, errors = 0, product = 0;
    int32_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        float y = x[i] - centre[i];
        codes[i] = scale > 0 ? (int8_t)nearbyintf(y * inverse) : 0;
        double error = (double)y - (double)scale * codes[i];
        squares += (double)y * (double)y;
        errors += error * error;
        product += (double)centre[i] * (double)y;
        sum += codes[i];
    }
    *coding = (ik_coding){
        .scale = scale,
        .length = (float)sqrt(squares),
        .error = (float)sqrt(errors),
        .centre_product = (float)product,
        .sum = sum,
    };
}

static void multiply(
    int32_t *c, const int8_t *a, const uint8_t *b, size_t m, size_t panels, size_t groups) {
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < panels * IK_PANEL_ROWS; j++) {
            const uint8_t *row = b + j / IK_PANEL_ROWS * groups * 64 + j % IK_PANEL_ROWS * 4;
            int32_t sum = 0;
            for (size_t l = 0; l < groups * IK_GROUP_CODES; l++) {
                sum += a[i * groups * IK_GROUP_CODES + l] * row[l / 4 * 64 + l % 4];
            }
            c[i * panels * IK_PANEL_ROWS + j] = sum;
        }
    }
}

static size_t reaching(
    uint32_t *indices, const int32_t *c, const float *scales, const float *offsets, int32_t shift,
    float factor, float bound, size_t n) {
    size_t count = 0;
    for (size_t j = 0; j < n; j++) {
        float value = factor * scales[j] * (float)(c[j] - shift) + offsets[j];
        if (!(value < bound)) indices[count++] = (uint32_t)j;
    }
    return count;
}

void ik_pack_codes(uint8_t *panel, const int8_t *codes, size_t row, size_t n) {
    uint8_t *target = panel + row * IK_GROUP_CODES;
    size_t i = 0;
    for (; i + 4 <= n; i += 4, target += 64) {
        uint32_t group;
        memcpy(&group, codes + i, 4);
        group ^= 0x80808080;
        memcpy(target, &group, 4);
    }
    if (i < n) {
        memset(target, 128, 4);
        for (size_t j = 0; i < n; i++, j++) target[j] = (uint8_t)(codes[i] + 128);
    }
}

const ik_code_table *ik_scalar_code_table(void) {
    static const ik_code_table table = {
        .name = "scalar",
        .encode = encode,
        .multiply = multiply,
        .reaching = reaching,
    };
    return &table;
}
