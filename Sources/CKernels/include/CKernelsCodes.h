// Vectors as codes of 8 bits: products of codes tell cheaply which products cannot be large.
//
// A vector x is taken relative to a centre: y = x - centre is about scale * code, with codes in
// -127 ... 127, and how far off that is at most is known. One table of functions per instruction
// set that has products of bytes; codes and products are the same in every table, the other
// numbers equal up to rounding.
#ifndef CKERNELS_CODES_H
#define CKERNELS_CODES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Rows of a panel; codes of a group, which one instruction multiplies.
enum { IK_PANEL_ROWS = 16, IK_GROUP_CODES = 4 };

// What is known about a coded vector.
typedef struct ik_coding {
    float scale;
    float length;          // of y
    float error;           // length of y - scale * code
    float centre_product;  // centre . y
    int32_t sum;           // of the codes
} ik_coding;

typedef struct ik_code_table {
    const char *name;

    // Codes a vector of n numbers, n > 0.
    void (*encode)(int8_t *codes, ik_coding *coding, const float *x, const float *centre, size_t n);

    // c[i, j] = sum over l of a[i, l] * (b[j, l] + 128), exact while it fits 32 bits.
    // a: [m, 4 groups]; b: `panels` panels as ik_pack_codes fills them; c: [m, 16 panels].
    void (*multiply)(
        int32_t *c, const int8_t *a, const uint8_t *b, size_t m, size_t panels, size_t groups);

    // Indices j < n where factor * scales[j] * (c[j] - shift) + offsets[j] is not below `bound`,
    // ascending; returns how many. What is NaN is not below.
    size_t (*reaching)(
        uint32_t *indices, const int32_t *c, const float *scales, const float *offsets,
        int32_t shift, float factor, float bound, size_t n);
} ik_code_table;

// Puts one row's codes into a panel: group by group, of each group 4 codes of each row, plus 128.
// The panel has 64 bytes for each group of a row's n codes; missing codes are 0.
void ik_pack_codes(uint8_t *panel, const int8_t *codes, size_t row, size_t n);

// Plain C, the specification.
const ik_code_table *ik_scalar_code_table(void);

// The fast table of this CPU, or NULL if it has no instruction for products of bytes.
const ik_code_table *ik_fast_code_table(void);

#ifdef __cplusplus
}
#endif

#endif
