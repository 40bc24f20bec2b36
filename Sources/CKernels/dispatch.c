#include "tables.h"

#if defined(__x86_64__)
static int has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("f16c");
}

static int has_avx512_bf16(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bf16");
}
#endif

const ik_table *ik_table_for(ik_isa isa) {
    switch (isa) {
    case IK_ISA_SCALAR: return &ik_scalar;
#if defined(__x86_64__)
    case IK_ISA_AVX2: (void)has_avx2; return NULL;
    case IK_ISA_AVX512_BF16: (void)has_avx512_bf16; return NULL;
#endif
    default: return NULL;
    }
}

const ik_table *ik_best_table(void) {
    for (int isa = IK_ISA_COUNT - 1; isa > IK_ISA_SCALAR; isa--) {
        const ik_table *table = ik_table_for((ik_isa)isa);
        if (table != NULL) return table;
    }
    return &ik_scalar;
}
