/* Sparse 0/1 matrices in compressed row form: the users × items matrix X of implicit feedback.
 *
 * Row r holds the columns col[start[r]] … col[start[r+1] − 1], strictly ascending. 64-bit offsets: the number
 * of entries may pass 2³¹. A struct csr is a view; one that a csr_* function made owns its arrays and goes to
 * csr_free, one that points into a mapped dataset does not. */
#ifndef MVTI_NUM_CSR_H
#define MVTI_NUM_CSR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct csr {
    size_t n_rows, n_cols;
    const uint64_t *start; /* [n_rows + 1], start[0] = 0, ascending */
    const int32_t *col;    /* [start[n_rows]], each in [0, n_cols) */
};

/* Number of entries; 0 for an empty view. */
size_t csr_count(const struct csr *x);
size_t csr_row_count(const struct csr *x, size_t row);
const int32_t *csr_row(const struct csr *x, size_t row);
/* True if every rule above holds. That col is as long as start[n_rows] says is the caller's word: a reader of
 * foreign bytes compares the two first. One pass over start, one over col, which is not followed if an offset
 * falls. */
bool csr_valid(const struct csr *x);
/* Is column `col` in row `row`? O(log). */
bool csr_has(const struct csr *x, size_t row, int32_t col);

/* Builds from keys (row << 32 | column), which are sorted in place and freed of doubles; *n becomes the
 * number left. ERR_INVALID: a row or column out of range; ERR_NOMEM. O(n) by radix sort. */
MUST_USE enum err csr_from_keys(struct csr *out, uint64_t *keys, size_t *n, size_t n_rows, size_t n_cols,
                                struct fail *why);
/* out = xᵀ, by counting. ERR_NOMEM. */
MUST_USE enum err csr_transpose(struct csr *out, const struct csr *x);
/* Entries of each column into counts[n_cols]. */
void csr_column_counts(const struct csr *x, uint64_t *counts);
/* Frees what a csr_* function made; safe on a zeroed struct. */
void csr_free(struct csr *x);

/* Sorts n 64-bit keys ascending, radix 2^11, skipping digits that are all equal. ERR_NOMEM (n keys of
 * scratch memory). */
MUST_USE enum err csr_sort_keys(uint64_t *keys, size_t n);

#endif
