#include "tables.h"

#if defined(__x86_64__)
static int has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("f16c");
}

static int has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static int has_avx512_bf16(void) {
    return has_avx512() && __builtin_cpu_supports("avx512bf16");
}
#endif

const ik_table *ik_table_for(ik_isa isa) {
    switch (isa) {
    case IK_ISA_SCALAR: return &ik_scalar;
#if defined(__x86_64__)
    case IK_ISA_AVX2: return has_avx2() ? &ik_avx2 : NULL;
    case IK_ISA_AVX512: return has_avx512() ? &ik_avx512 : NULL;
    case IK_ISA_AVX512_BF16: return has_avx512_bf16() ? &ik_avx512_bf16 : NULL;
#endif
    default: return NULL;
    }
}

const ik_table *ik_best_table(void) {
#if defined(__x86_64__)
    // AMD's cores start a BF16 product instruction every cycle or more often. Intel's start one
    // every other cycle: half the rate of widening the operands and multiplying in f32.
    if (has_avx512_bf16() && __builtin_cpu_is("amd")) return &ik_avx512_bf16;
    if (has_avx512()) return &ik_avx512;
    if (has_avx2()) return &ik_avx2;
#endif
    return &ik_scalar;
}
