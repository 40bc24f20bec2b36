// Attention in tiles of keys (Rabe and Staats, "Self-attention does not need O(n^2) memory"): the
// running maximum and sum of each row rescale what earlier tiles gave. Written once over the
// table's functions, since all its time is spent in them.
#include <math.h>

#include "include/CKernels.h"

// Tiles of keys begin at multiples of TILE_KEYS counted from the first key, whatever the spans.
enum { TILE_KEYS = 64, TILE_ROWS = 12 };

typedef struct problem {
    const ik_table *table;
    const ik_span *spans;
    size_t span_count;
    float scale;
    size_t d, ldo, ldq, ldkv;
} problem;

typedef struct row_tile {
    float *out;
    const float *queries;
    const uint16_t *queries_bf16;
    size_t m, visible, visible_step;
    float maximum[TILE_ROWS], sum[TILE_ROWS];
    float scores[TILE_ROWS * TILE_KEYS];
} row_tile;

static size_t visible_keys(const row_tile *rows, size_t row) {
    return rows->visible + row * rows->visible_step;
}

static const void *row_of(const void *base, int is_bf16, size_t row, size_t ld) {
    size_t offset = row * ld;
    return is_bf16 ? (const void *)((const uint16_t *)base + offset)
                   : (const void *)((const float *)base + offset);
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void add_scores(
    const problem *p, row_tile *rows, const ik_span *span, size_t at, size_t n, size_t column) {
    const void *keys = row_of(span->keys, span->is_bf16, at, p->ldkv);
    if (span->is_bf16) {
        p->table->gemm_bf16(
            rows->scores + column, rows->queries_bf16, keys, NULL, rows->m, n, p->d, TILE_KEYS,
            p->ldq, p->ldkv);
    } else {
        p->table->gemm_f32(
            rows->scores + column, rows->queries, keys, NULL, rows->m, n, p->d, TILE_KEYS, p->ldq,
            p->ldkv);
    }
}

static void accumulate(
    const problem *p, row_tile *rows, const ik_span *span, size_t at, size_t n, size_t column,
    size_t first_row, size_t m) {
    const void *values = row_of(span->values, span->is_bf16, at, p->ldkv);
    float *out = rows->out + first_row * p->ldo;
    const float *weights = rows->scores + first_row * TILE_KEYS + column;
    if (span->is_bf16) {
        p->table->accumulate_bf16(out, weights, values, m, n, p->d, p->ldo, TILE_KEYS, p->ldkv);
    } else {
        p->table->accumulate_f32(out, weights, values, m, n, p->d, p->ldo, TILE_KEYS, p->ldkv);
    }
}

// Adds the values of a piece of the tile. Rows that do not see all of the piece go one by one: a
// key that a row does not see must not touch it, not even with weight 0 (0 x infinity is NaN).
static void add_values(
    const problem *p, row_tile *rows, const ik_span *span, size_t at, size_t n, size_t start,
    size_t column) {
    size_t end = start + column + n;
    size_t first_full = 0;
    while (first_full < rows->m && visible_keys(rows, first_full) < end) {
        size_t visible = visible_keys(rows, first_full);
        if (visible > start + column) {
            accumulate(p, rows, span, at, visible - start - column, column, first_full, 1);
        }
        first_full++;
    }
    if (first_full < rows->m) {
        accumulate(p, rows, span, at, n, column, first_full, rows->m - first_full);
    }
}

static void weigh(const problem *p, row_tile *rows, size_t start, size_t n) {
    for (size_t i = 0; i < rows->m; i++) {
        size_t visible = visible_keys(rows, i);
        if (visible <= start) continue;
        float factor = p->table->softmax_tile(
            rows->scores + i * TILE_KEYS, &rows->maximum[i], &rows->sum[i], p->scale,
            smaller(visible - start, n));
        if (factor != 1) p->table->scale(rows->out + i * p->ldo, factor, p->d);
    }
}

typedef void piece_action(
    const problem *p, row_tile *rows, const ik_span *span, size_t at, size_t n, size_t start,
    size_t column);

static void score_piece(
    const problem *p, row_tile *rows, const ik_span *span, size_t at, size_t n, size_t start,
    size_t column) {
    (void)start;
    add_scores(p, rows, span, at, n, column);
}

// Calls the action for each part of keys start ..< start + n that lies in one span.
static void for_pieces(
    const problem *p, row_tile *rows, size_t start, size_t n, piece_action *action) {
    size_t span_start = 0, column = 0;
    for (size_t s = 0; s < p->span_count && column < n; s++) {
        const ik_span *span = &p->spans[s];
        size_t position = start + column;
        if (position < span_start + span->count) {
            size_t at = position - span_start;
            size_t piece = smaller(span->count - at, n - column);
            action(p, rows, span, at, piece, start, column);
            column += piece;
        }
        span_start += span->count;
    }
}

static void attend(const problem *p, row_tile *rows) {
    for (size_t i = 0; i < rows->m; i++) {
        rows->maximum[i] = -INFINITY;
        rows->sum[i] = 0;
    }
    size_t total = visible_keys(rows, rows->m - 1);
    for (size_t start = 0; start < total; start += TILE_KEYS) {
        size_t n = smaller(TILE_KEYS, total - start);
        for_pieces(p, rows, start, n, score_piece);
        weigh(p, rows, start, n);
        for_pieces(p, rows, start, n, add_values);
    }
    for (size_t i = 0; i < rows->m; i++) {
        if (visible_keys(rows, i) > 0) {
            p->table->scale(rows->out + i * p->ldo, 1 / rows->sum[i], p->d);
        }
    }
}

void ik_attention(
    const ik_table *table, float *out, const float *queries, const uint16_t *queries_bf16,
    const ik_span *spans, size_t span_count, float scale, size_t m, size_t visible,
    size_t visible_step, size_t d, size_t ldo, size_t ldq, size_t ldkv) {
    problem p = {table, spans, span_count, scale, d, ldo, ldq, ldkv};
    for (size_t first = 0; first < m; first += TILE_ROWS) {
        row_tile rows;
        rows.out = out + first * ldo;
        rows.queries = queries + first * ldq;
        rows.queries_bf16 = queries_bf16 ? queries_bf16 + first * ldq : NULL;
        rows.m = smaller(TILE_ROWS, m - first);
        rows.visible = visible + first * visible_step;
        rows.visible_step = visible_step;
        attend(&p, &rows);
    }
}
