// Products c = a bT + bias over rows of dot products, for one way to multiply. Included once per
// way, behind the row kernels, with
//
//     PRODUCT(name)        a name of this instance
//     ELEMENT, LEFT        as stored; elements of a as the block reads them
//     OPERAND, STEP        a register, and how many elements one round of the loop takes
//     PARTS                registers that a round's elements make
//     load_left, load_left_part, load_right, load_right_part
//                          (x, part) or (x, n, part): of STEP elements or the first n, the rest 0
//     multiply_add         (vf sum, OPERAND a, OPERAND b)
//     BLOCK_ROWS, BLOCK_COLUMNS   rows of a and of b whose sums stay in registers
//     pack_left            optional (LEFT *out, const ELEMENT *a, size_t k): a row of a as LEFT,
//                          filled up with zeros to a multiple of STEP
//     left_strips, LEFT_ROWS      with pack_left: strips and BLOCK_ROWS of the instance whose
//                          ELEMENT is LEFT
//
// An element is summed in LANES partial sums, slice by slice of k, and the slices one after the
// other. Its order depends on k only.

#ifndef COLUMNS_AT_ONCE
#define COLUMNS_AT_ONCE 128
#endif

// Of a slice, the block's rows of a and b stay in the first-level cache together, and rows that
// lie a power of two apart do not push each other out of it. The rows of a of a whole call and
// COLUMNS_AT_ONCE rows of b stay in the second-level cache.
enum { PRODUCT(slice) = 4096 / sizeof(LEFT) };

static inline size_t PRODUCT(slice_of)(size_t k) {
    const size_t most = PRODUCT(slice);
    if (k <= most) return k;
    // Equal ones, of which more rows fit: a short slice costs as many sums of lanes as a long one.
    const size_t count = (k + most * 3 / 4 - 1) / (most * 3 / 4);
    return ((k + count - 1) / count + STEP - 1) / STEP * STEP;
}

static inline __attribute__((always_inline)) void PRODUCT(round)(
    vf sums[BLOCK_ROWS][BLOCK_COLUMNS], const LEFT *a, const ELEMENT *b, const int rows,
    const int columns, size_t n, size_t lda, size_t ldb) {
#pragma clang loop unroll(full)
    for (int part = 0; part < PARTS; part++) {
        OPERAND right[BLOCK_COLUMNS];
#pragma clang loop unroll(full)
        for (int j = 0; j < columns; j++) {
            const ELEMENT *x = b + (size_t)j * ldb;
            right[j] = n == STEP ? load_right(x, part) : load_right_part(x, n, part);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            // Loads of a row stay with it: all of them at once would not fit the registers.
            __asm__ volatile("" ::: "memory");
            const LEFT *x = a + (size_t)i * lda;
            OPERAND left = n == STEP ? load_left(x, part) : load_left_part(x, n, part);
#pragma clang loop unroll(full)
            for (int j = 0; j < columns; j++) {
                sums[i][j] = multiply_add(sums[i][j], left, right[j]);
            }
        }
    }
}

static inline __attribute__((always_inline)) void PRODUCT(block)(
    float *c, const LEFT *a, const ELEMENT *b, const int rows, const int columns, size_t k,
    size_t ldc, size_t lda, size_t ldb) {
    vf sums[BLOCK_ROWS][BLOCK_COLUMNS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
        for (int j = 0; j < columns; j++) sums[i][j] = all(0);
    }
    size_t l = 0;
    for (; l + STEP <= k; l += STEP) {
        // The next block's rows of b: each is a new page, where the hardware starts late.
#pragma clang loop unroll(full)
        for (int j = 0; j < columns; j++) __builtin_prefetch(b + (size_t)(columns + j) * ldb + l);
        PRODUCT(round)(sums, a + l, b + l, rows, columns, STEP, lda, ldb);
    }
    if (l < k) PRODUCT(round)(sums, a + l, b + l, rows, columns, k - l, lda, ldb);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) add_sums(c + (size_t)i * ldc, sums[i], columns);
}

// One row of blocks.
static inline __attribute__((always_inline)) void PRODUCT(strip)(
    float *c, const ELEMENT *a, const ELEMENT *b, const int rows, size_t n, size_t k, size_t ldc,
    size_t lda, size_t ldb) {
#ifdef pack_left
    _Alignas(64) LEFT left[BLOCK_ROWS * PRODUCT(slice)];
    const size_t ldl = PRODUCT(slice);
    for (int i = 0; i < rows; i++) pack_left(left + (size_t)i * ldl, a + (size_t)i * lda, k);
#else
    const LEFT *left = a;
    const size_t ldl = lda;
#endif
    size_t j = 0;
    for (; j + BLOCK_COLUMNS <= n; j += BLOCK_COLUMNS) {
        PRODUCT(block)(c + j, left, b + j * ldb, rows, BLOCK_COLUMNS, k, ldc, ldl, ldb);
    }
    for (; j < n; j++) PRODUCT(block)(c + j, left, b + j * ldb, rows, 1, k, ldc, ldl, ldb);
}

static void PRODUCT(strips)(
    float *c, const ELEMENT *a, const ELEMENT *b, size_t m, size_t n, size_t k, size_t ldc,
    size_t lda, size_t ldb) {
    size_t left = (m + BLOCK_ROWS - 1) / BLOCK_ROWS;
    for (size_t i = 0; i < m; left--) {
        // Strips of about equal height: 4 + 4 rows need fewer loads of b than 6 + 2.
        size_t rows = (m - i + left - 1) / left;
        float *ci = c + i * ldc;
        const ELEMENT *ai = a + i * lda;
        switch (rows) {
        case 1: PRODUCT(strip)(ci, ai, b, 1, n, k, ldc, lda, ldb); break;
#if BLOCK_ROWS > 2
        case 2: PRODUCT(strip)(ci, ai, b, 2, n, k, ldc, lda, ldb); break;
#endif
#if BLOCK_ROWS > 3
        case 3: PRODUCT(strip)(ci, ai, b, 3, n, k, ldc, lda, ldb); break;
        case 4: PRODUCT(strip)(ci, ai, b, 4, n, k, ldc, lda, ldb); break;
        case 5: PRODUCT(strip)(ci, ai, b, 5, n, k, ldc, lda, ldb); break;
#endif
        default: PRODUCT(strip)(ci, ai, b, BLOCK_ROWS, n, k, ldc, lda, ldb); break;
        }
        i += rows;
    }
}

#ifdef pack_left
// From so many rows on, widening a row of b once for all of them pays.
enum { PRODUCT(rows_to_widen) = 48 };

// What `strips` computes, to the bit.
static void PRODUCT(widened_strips)(
    float *c, const ELEMENT *a, const ELEMENT *b, size_t m, size_t n, size_t k, size_t ldc,
    size_t lda, size_t ldb) {
    _Alignas(64) LEFT right[COLUMNS_AT_ONCE * PRODUCT(slice)];
    _Alignas(64) LEFT left[LEFT_ROWS * PRODUCT(slice)];
    const size_t ld = (k + STEP - 1) / STEP * STEP;
    for (size_t j = 0; j < n; j++) pack_left(right + j * ld, b + j * ldb, k);
    size_t strips = (m + LEFT_ROWS - 1) / LEFT_ROWS;
    for (size_t i = 0; i < m; strips--) {
        size_t rows = (m - i + strips - 1) / strips;
        for (size_t r = 0; r < rows; r++) pack_left(left + r * ld, a + (i + r) * lda, k);
        left_strips(c + i * ldc, left, right, rows, n, ld, ldc, ld, ld);
        i += rows;
    }
}
#endif

static inline void PRODUCT(columns)(
    float *c, const ELEMENT *a, const ELEMENT *b, size_t m, size_t n, size_t k, size_t ldc,
    size_t lda, size_t ldb) {
#ifdef pack_left
    if (m >= PRODUCT(rows_to_widen)) {
        PRODUCT(widened_strips)(c, a, b, m, n, k, ldc, lda, ldb);
        return;
    }
#endif
    PRODUCT(strips)(c, a, b, m, n, k, ldc, lda, ldb);
}

static void PRODUCT(gemm)(
    float *c, const ELEMENT *a, const ELEMENT *b, const float *bias, size_t m, size_t n, size_t k,
    size_t ldc, size_t lda, size_t ldb) {
    for (size_t i = 0; i < m; i++) {
        if (bias != NULL) {
            memcpy(c + i * ldc, bias, n * sizeof *c);
        } else {
            memset(c + i * ldc, 0, n * sizeof *c);
        }
    }
    const size_t slice = PRODUCT(slice_of)(k);
    for (size_t l = 0; l < k; l += slice) {
        const size_t depth = k - l < slice ? k - l : slice;
        for (size_t j = 0; j < n; j += COLUMNS_AT_ONCE) {
            const size_t width = n - j < COLUMNS_AT_ONCE ? n - j : COLUMNS_AT_ONCE;
            PRODUCT(columns)(c + j, a + l, b + j * ldb + l, m, width, depth, ldc, lda, ldb);
        }
    }
}

#undef PRODUCT
#undef ELEMENT
#undef LEFT
#undef OPERAND
#undef STEP
#undef PARTS
#undef BLOCK_ROWS
#undef BLOCK_COLUMNS
#undef load_left
#undef load_left_part
#undef load_right
#undef load_right_part
#undef multiply_add
#undef pack_left
#undef left_strips
#undef LEFT_ROWS
