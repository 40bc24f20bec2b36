// The tables, for dispatch.c only.
#ifndef CKERNELS_TABLES_H
#define CKERNELS_TABLES_H

#include "include/CKernels.h"

extern const ik_table ik_scalar;
#if defined(__x86_64__)
extern const ik_table ik_avx2;
extern const ik_table ik_avx512;
extern const ik_table ik_avx512_bf16;
#endif

#endif
