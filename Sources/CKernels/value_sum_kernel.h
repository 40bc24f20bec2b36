// Weighted sums out += p v of rows of values, for one type of element. Included once per type,
// behind the row kernels, with
//
//     VALUE_SUM(name)                   a name of this instance
//     ELEMENT                           as stored
//     load_values, load_values_part     LANES elements as floats; the first n < LANES, the rest 0
//     BLOCK_ROWS, BLOCK_VECTORS         rows of out and vectors of them that stay in registers
//
// Every element of out is summed over the keys one by one: nothing else has a say in its bits.

static inline __attribute__((always_inline)) void VALUE_SUM(block)(
    float *out, const float *p, const ELEMENT *v, const int rows, const int vectors, size_t keys,
    size_t width, size_t ldo, size_t ldp, size_t ldv) {
    vf sums[BLOCK_ROWS][BLOCK_VECTORS];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
        for (int l = 0; l < vectors; l++) {
            sums[i][l] = load_at(out + (size_t)i * ldo, (size_t)l * LANES, width, 0);
        }
    }
    for (size_t j = 0; j < keys; j++) {
        vf values[BLOCK_VECTORS];
#pragma clang loop unroll(full)
        for (int l = 0; l < vectors; l++) {
            const ELEMENT *x = v + j * ldv + (size_t)l * LANES;
            size_t rest = width - (size_t)l * LANES;
            values[l] = rest >= LANES ? load_values(x) : load_values_part(x, rest);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
            vf weight = all(p[(size_t)i * ldp + j]);
#pragma clang loop unroll(full)
            for (int l = 0; l < vectors; l++) sums[i][l] = fma_(weight, values[l], sums[i][l]);
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
        for (int l = 0; l < vectors; l++) {
            store_at(out + (size_t)i * ldo, (size_t)l * LANES, width, sums[i][l]);
        }
    }
}

static inline __attribute__((always_inline)) void VALUE_SUM(strip)(
    float *out, const float *p, const ELEMENT *v, const int rows, size_t keys, size_t d, size_t ldo,
    size_t ldp, size_t ldv) {
    size_t l = 0;
    enum { WIDTH = BLOCK_VECTORS * LANES };
    for (; l + WIDTH <= d; l += WIDTH) {
        VALUE_SUM(block)(out + l, p, v + l, rows, BLOCK_VECTORS, keys, WIDTH, ldo, ldp, ldv);
    }
    for (; l + LANES <= d; l += LANES) {
        VALUE_SUM(block)(out + l, p, v + l, rows, 1, keys, LANES, ldo, ldp, ldv);
    }
    if (l < d) VALUE_SUM(block)(out + l, p, v + l, rows, 1, keys, d - l, ldo, ldp, ldv);
}

static void VALUE_SUM(accumulate)(
    float *out, const float *p, const ELEMENT *v, size_t m, size_t keys, size_t d, size_t ldo,
    size_t ldp, size_t ldv) {
    size_t i = 0;
    for (; i + BLOCK_ROWS <= m; i += BLOCK_ROWS) {
        VALUE_SUM(strip)(out + i * ldo, p + i * ldp, v, BLOCK_ROWS, keys, d, ldo, ldp, ldv);
    }
    for (; i < m; i++) VALUE_SUM(strip)(out + i * ldo, p + i * ldp, v, 1, keys, d, ldo, ldp, ldv);
}

#undef VALUE_SUM
#undef ELEMENT
#undef BLOCK_ROWS
#undef BLOCK_VECTORS
#undef load_values
#undef load_values_part
