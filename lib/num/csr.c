#include "num/csr.h"

#include <stdlib.h>
#include <string.h>

#include "num/sorted.h"

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

size_t csr_count(const struct csr *x)
{
    return x->start == NULL ? 0 : x->start[x->n_rows];
}

size_t csr_row_count(const struct csr *x, size_t row)
{
    return x->start[row + 1] - x->start[row];
}

const int32_t *csr_row(const struct csr *x, size_t row)
{
    return x->col + x->start[row];
}

/* All of them before any is followed: an offset that falls later on has led out of col by then. */
static bool offsets_valid(const struct csr *x)
{
    if (x->start[0] != 0)
        return false;
    for (size_t r = 0; r < x->n_rows; r++)
        if (x->start[r] > x->start[r + 1])
            return false;
    return true;
}

bool csr_valid(const struct csr *x)
{
    if (x->n_cols > (size_t)INT32_MAX + 1 || !offsets_valid(x))
        return false;
    for (size_t r = 0; r < x->n_rows; r++) {
        int64_t before = -1;
        for (uint64_t p = x->start[r]; p < x->start[r + 1]; p++) {
            if (x->col[p] <= before || (size_t)x->col[p] >= x->n_cols)
                return false;
            before = x->col[p];
        }
    }
    return true;
}

bool csr_has(const struct csr *x, size_t row, int32_t col)
{
    return sorted_find(csr_row(x, row), csr_row_count(x, row), col) >= 0;
}

/* Radix sort from the least digit up: 6 digits of 11 bits; each pass is stable, so what earlier ones ordered stays so. */
static void histograms(const uint64_t *keys, size_t n, size_t counts[DIGITS][BUCKETS])
{
    for (size_t i = 0; i < n; i++)
        for (int d = 0; d < DIGITS; d++)
            counts[d][keys[i] >> (d * DIGIT_BITS) & (BUCKETS - 1)]++;
}

/* One stable pass from `from` to `to` by the digit whose bucket counts are given. */
static void scatter(const uint64_t *from, uint64_t *to, size_t n, int shift, size_t counts[BUCKETS])
{
    size_t at = 0;
    for (size_t b = 0; b < BUCKETS; b++) {
        size_t c = counts[b];
        counts[b] = at;
        at += c;
    }
    for (size_t i = 0; i < n; i++)
        to[counts[from[i] >> shift & (BUCKETS - 1)]++] = from[i];
}

enum err csr_sort_keys(uint64_t *keys, size_t n)
{
    bool sorted = true;
    for (size_t i = 1; i < n && sorted; i++)
        sorted = keys[i - 1] <= keys[i];
    if (sorted)
        return ERR_OK;
    uint64_t *scratch = malloc(n * sizeof *scratch);
    size_t(*counts)[BUCKETS] = calloc(DIGITS, sizeof *counts);
    if (scratch == NULL || counts == NULL) {
        free(scratch);
        free(counts);
        return ERR_NOMEM;
    }
    histograms(keys, n, counts);
    uint64_t *from = keys, *to = scratch;
    for (int d = 0; d < DIGITS; d++) {
        if (counts[d][from[0] >> (d * DIGIT_BITS) & (BUCKETS - 1)] == n)
            continue;
        scatter(from, to, n, d * DIGIT_BITS, counts[d]);
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys)
        memcpy(keys, from, n * sizeof *keys);
    free(scratch);
    free(counts);
    return ERR_OK;
}

static size_t drop_doubles(uint64_t *keys, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || keys[i] != keys[kept - 1])
            keys[kept++] = keys[i];
    return kept;
}

enum err csr_from_keys(struct csr *out, uint64_t *keys, size_t *n, size_t n_rows, size_t n_cols,
                       struct fail *why)
{
    *out = (struct csr){0};
    if (csr_sort_keys(keys, *n) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu interactions", *n);
    *n = drop_doubles(keys, *n);
    uint64_t *start = calloc(n_rows + 1, sizeof *start);
    int32_t *col = malloc((*n + 1) * sizeof *col);
    *out = (struct csr){.n_rows = n_rows, .n_cols = n_cols, .start = start, .col = col};
    enum err rc = start == NULL || col == NULL
                      ? fail_set(why, ERR_NOMEM, "out of memory for %zu interactions", *n)
                      : ERR_OK;
    for (size_t i = 0; i < *n && rc == ERR_OK; i++) {
        uint64_t row = keys[i] >> 32, c = keys[i] & UINT32_MAX;
        if (row >= n_rows || c >= n_cols || c > INT32_MAX)
            rc = fail_set(why, ERR_INVALID, "interaction (%llu, %llu) outside %zu x %zu",
                          (unsigned long long)row, (unsigned long long)c, n_rows, n_cols);
        else {
            start[row + 1]++;
            col[i] = (int32_t)c;
        }
    }
    if (rc != ERR_OK) {
        csr_free(out);
        return rc;
    }
    for (size_t r = 0; r < n_rows; r++)
        start[r + 1] += start[r];
    return ERR_OK;
}

void csr_column_counts(const struct csr *x, uint64_t *counts)
{
    memset(counts, 0, x->n_cols * sizeof *counts);
    for (size_t i = 0; i < csr_count(x); i++)
        counts[x->col[i]]++;
}

enum err csr_transpose(struct csr *out, const struct csr *x)
{
    size_t n = csr_count(x);
    uint64_t *start = calloc(x->n_cols + 2, sizeof *start);
    int32_t *col = malloc((n + 1) * sizeof *col);
    *out = (struct csr){.n_rows = x->n_cols, .n_cols = x->n_rows, .start = start, .col = col};
    if (start == NULL || col == NULL) {
        csr_free(out);
        return ERR_NOMEM;
    }
    /* start[c + 1] is the write position of row c while filling, and its end afterwards. */
    for (size_t i = 0; i < n; i++)
        start[x->col[i] + 2]++;
    for (size_t c = 0; c < x->n_cols; c++)
        start[c + 2] += start[c + 1];
    for (size_t r = 0; r < x->n_rows; r++)
        for (uint64_t p = x->start[r]; p < x->start[r + 1]; p++)
            col[start[x->col[p] + 1]++] = (int32_t)r;
    return ERR_OK;
}

void csr_free(struct csr *x)
{
    free((void *)x->start);
    free((void *)x->col);
    *x = (struct csr){0};
}
