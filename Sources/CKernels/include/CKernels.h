// Arithmetic kernels. One table of functions per instruction set; every table computes the same
// things, equal up to rounding. A function neither allocates nor starts threads nor keeps state.
//
// Order of sums. Within one table, every output element is reduced in an order that depends only
// on the length of the reduction: never on how many rows or columns a call covers, where in the
// block the element lies, or how the caller splits the work. Callers may therefore split rows and
// columns as they like and get the same bits.
//
// Matrices are row-major; `ld…` is the distance between rows, in elements.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "CKernelsCodes.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ik_isa {
    IK_ISA_SCALAR = 0,       // plain C, the specification
    IK_ISA_AVX2 = 1,         // AVX2, FMA, F16C
    IK_ISA_AVX512 = 2,       // AVX-512 F, BW, DQ, VL
    IK_ISA_AVX512_BF16 = 3,  // the same and BF16
    IK_ISA_COUNT = 4
} ik_isa;

typedef enum ik_activation {
    IK_GELU = 0,        // 0.5 x (1 + erf(x / sqrt 2))
    IK_QUICK_GELU = 1,  // x sigmoid(1.702 x)
    IK_RELU = 2,        // max(x, 0)
    IK_SILU = 3         // x sigmoid(x)
} ik_activation;

typedef struct ik_table {
    const char *name;

    // c = a bT + bias. a: [m, k], b: [n, k], bias: [n] or NULL, c: [m, n].
    void (*gemm_f32)(
        float *c, const float *a, const float *b, const float *bias,
        size_t m, size_t n, size_t k, size_t ldc, size_t lda, size_t ldb);
    // The same for bf16 operands; sums in f32. Subnormal operands may count as zero.
    void (*gemm_bf16)(
        float *c, const uint16_t *a, const uint16_t *b, const float *bias,
        size_t m, size_t n, size_t k, size_t ldc, size_t lda, size_t ldb);

    // A row as signed bytes: codes = x 127 / largest magnitude, nearest even, zeros up to a multiple
    // of 4; *scale = largest magnitude / 127, 0 for a row of zeros, NaN (and codes 0) for a row that
    // is not finite. Returns the sum of the codes.
    int32_t (*code_row)(int8_t *codes, float *scale, const float *x, size_t n);
    // c = (a bT) scales + bias for coded operands: sums of integers are exact (k below 65,536), then
    // one rounding to float, one product with a_scale * b_scale, one sum with the bias: the same bits
    // in every table. a: [m, 4 groups]; a_scales, a_sums: [m] as code_row gives them; b: panels of 16
    // rows as ik_pack_codes fills them; b_scales, bias (or NULL): [n]; c: [m, n].
    void (*gemm_int8)(
        float *c, const int8_t *a, const float *a_scales, const int32_t *a_sums, const uint8_t *b,
        const float *b_scales, const float *bias, size_t m, size_t n, size_t groups, size_t ldc);

    // out += p v, one key after the other. p: [m, keys], v: [keys, d], out: [m, d].
    void (*accumulate_f32)(
        float *out, const float *p, const float *v,
        size_t m, size_t keys, size_t d, size_t ldo, size_t ldp, size_t ldv);
    void (*accumulate_bf16)(
        float *out, const float *p, const uint16_t *v,
        size_t m, size_t keys, size_t d, size_t ldo, size_t ldp, size_t ldv);
    // One tile of a softmax taken tile by tile: x becomes exp(scale x - m) where m is the larger of
    // *maximum and the tile's; *maximum becomes m; *sum is rescaled and grows by the tile's sum.
    // Returns the factor that earlier tiles' results must be multiplied with. Start with
    // *maximum = -infinity, *sum = 0. A tile of only -infinity contributes zeros.
    float (*softmax_tile)(float *x, float *maximum, float *sum, float scale, size_t n);

    // Nearest even; a NaN stays a quiet NaN of the same sign.
    void (*round_bf16)(uint16_t *out, const float *x, size_t n);
    void (*widen_bf16)(float *out, const uint16_t *x, size_t n);
    void (*widen_f16)(float *out, const uint16_t *x, size_t n);

    // One row each. x may be out.
    void (*rms_norm)(float *out, const float *x, const float *weight, float epsilon, size_t n);
    void (*layer_norm)(
        float *out, const float *x, const float *weight, const float *bias, float epsilon,
        size_t n);

    void (*activate)(float *out, const float *x, ik_activation activation, size_t n);
    void (*multiply)(float *x, const float *y, size_t n);                      // x *= y
    void (*scale)(float *x, float factor, size_t n);                           // x *= factor
    void (*add)(float *x, const float *y, size_t n);                           // x += y
    void (*add_scaled)(float *x, const float *y, float factor, size_t n);      // x += factor y
    void (*add_gated)(float *x, const float *y, const float *gate, size_t n);  // x += gate y

    // Rotary embedding of one row of heads, in place, half-split. cosines, sines: [d / 2].
    void (*rotate)(
        float *x, const float *cosines, const float *sines, size_t heads, size_t d);

    // Largest element; NaN is below all; -infinity if there is no number.
    float (*maximum)(const float *x, size_t n);
    // Sum of exp(x - maximum), in double.
    double (*sum_exp)(const float *x, float maximum, size_t n);
    // Indices of the elements that are at least `bound`, ascending; returns how many. NaN is not.
    size_t (*at_least)(uint32_t *indices, const float *x, float bound, size_t n);
} ik_table;

// The table for an instruction set, or NULL if this CPU (or this build's target) lacks it.
const ik_table *ik_table_for(ik_isa isa);

// The table that is fastest on this CPU.
const ik_table *ik_best_table(void);

// A run of keys and values of one head, in order of position.
typedef struct ik_span {
    const void *keys;    // [count, d], rows ldkv apart
    const void *values;  // [count, d], rows ldkv apart
    size_t count;
    int is_bf16;  // bf16 if not 0, else f32
} ik_span;

// Softmax attention of m query rows of one head over spans of keys, read as one sequence: where it
// is cut into spans does not change a bit. Row i sees the first `visible + i * visible_step` keys.
// out: [m, d], zeros on entry. queries: [m, d], and the same rounded to bf16 (may be NULL if no
// span is bf16). Keys are taken in tiles at fixed positions, so a row's result depends on the row
// and its keys only.
void ik_attention(
    const ik_table *table, float *out, const float *queries, const uint16_t *queries_bf16,
    const ik_span *spans, size_t span_count, float scale, size_t m, size_t visible,
    size_t visible_step, size_t d, size_t ldo, size_t ldq, size_t ldkv);

// Tells the core that the caller is waiting in a loop.
static inline void ik_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

#ifdef __cplusplus
}
#endif

#endif
