#include "mpi/ease_grid.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
    COLUMNS = 256, /* of P that process 0 receives at a time */
    AHEAD = 8      /* people whose rows are asked for before they are needed */
};

/* Seconds since *last, which moves on. */
static double lap(double *last)
{
    double now = clock_monotonic(), seconds = now - *last;
    *last = now;
    return seconds;
}

/* ---- G ---- */

/* X with the items of which this process has rows, by their local numbers: start [users + 1], row [start[users]]. */
struct own_rows {
    uint64_t *start;
    int32_t *row;
};

static bool own_rows_make(struct own_rows *own, const struct csr *x, const struct grid_matrix *m)
{
    uint64_t n = 0;
    int32_t *local = malloc((x->n_cols + 1) * sizeof *local);
    own->start = malloc((x->n_rows + 1) * sizeof *own->start);
    own->row = malloc((csr_count(x) + 1) * sizeof *own->row);
    if (local == NULL || own->start == NULL || own->row == NULL) {
        free(local);
        return false;
    }
    for (size_t i = 0; i < x->n_cols; i++)
        local[i] = grid_matrix_has_row(m, i) ? (int32_t)grid_matrix_row(m, i) : -1;
    for (size_t u = 0; u < x->n_rows; u++) {
        own->start[u] = n;
        for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
            if (local[x->col[p]] >= 0)
                own->row[n++] = local[x->col[p]];
    }
    own->start[x->n_rows] = n;
    free(local);
    return true;
}

static void own_rows_free(struct own_rows *own)
{
    free(own->start);
    free(own->row);
}

/* Counts the rows of one person that are ≥ least, which are the last ones; four at a time. */
static void count_tail(float *to, const int32_t *first, const int32_t *end, int32_t least)
{
    for (; end - first >= 4 && end[-4] >= least; end -= 4) {
        to[end[-1]] += 1;
        to[end[-2]] += 1;
        to[end[-3]] += 1;
        to[end[-4]] += 1;
    }
    while (end > first && end[-1] >= least)
        to[*--end] += 1;
}

/* Column j of G from the diagonal down, as far as its rows are here: counted from those who like j, as train/ease_train.c does. */
static void count_column(const struct own_rows *own, const struct csr *xt, size_t j, int32_t least, float *to)
{
    uint64_t last = xt->start[j + 1];
    for (uint64_t p = xt->start[j]; p < last; p++) {
        if (last - p > AHEAD)
            __builtin_prefetch(own->row + own->start[xt->col[p + AHEAD] + 1] - 1);
        count_tail(to, own->row + own->start[xt->col[p]], own->row + own->start[xt->col[p] + 1], least);
    }
}

static enum err count(struct grid_matrix *m, const struct csr *x, double lambda, struct fail *why)
{
    struct own_rows own = {0};
    struct csr xt = {0};
    bool ok = own_rows_make(&own, x, m) && csr_transpose(&xt, x) == ERR_OK;
    for (size_t j = 0; ok && j < m->n; j++) {
        if (!grid_matrix_has_col(m, j))
            continue;
        size_t row = grid_matrix_row(m, j);
        float *to = m->local + grid_matrix_col(m, j) * m->rows;
        count_column(&own, &xt, j, (int32_t)row, to);
        if (grid_matrix_has_row(m, j))
            to[row] += (float)lambda;
    }
    own_rows_free(&own);
    csr_free(&xt);
    return grid_all(m->grid, ok) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory for the dataset");
}

/* ---- B ---- */

/* B[i,j] = −P[i,j]/P[j,j] and B[j,i] = −P[i,j]/P[i,i] of columns first … first + width. */
static void scale_columns(float *b, size_t n, size_t first, size_t width, const float *p,
                          const float *diagonal)
{
    size_t rows = n - first;
    for (size_t j = 0; j < width; j++)
        for (size_t i = j + 1; i < rows; i++)
            b[(first + j) * n + first + i] = -p[j * rows + i] / diagonal[first + i];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < width && j < i; j++)
            b[(first + i) * n + first + j] = -p[j * rows + i] / diagonal[first + j];
    for (size_t j = 0; j < width; j++)
        b[(first + j) * n + first + j] = 0;
}

static enum err gather(const struct grid_matrix *m, float *b, struct fail *why)
{
    size_t n = m->n;
    bool first = m->grid->rank == 0, ok = true;
    float *diagonal = malloc((n + 1) * sizeof *diagonal), *p = malloc((n * COLUMNS + 1) * sizeof *p);
    if (!grid_all(m->grid, diagonal != NULL && p != NULL)) {
        free(diagonal);
        free(p);
        return fail_set(why, ERR_NOMEM, "out of memory for the columns of the result");
    }
    grid_matrix_diagonal(m, diagonal);
    for (size_t j = 0; j < n; j++)
        ok = ok && diagonal[j] > 0 && isfinite(diagonal[j]);
    for (size_t j = 0; ok && j < n; j += COLUMNS) {
        size_t width = n - j < COLUMNS ? n - j : COLUMNS;
        grid_matrix_columns(m, j, width, p);
        if (first)
            scale_columns(b, n, j, width, p, diagonal);
    }
    free(diagonal);
    free(p);
    return ok ? ERR_OK
              : fail_set(why, ERR_DIVERGED, "the inverse has a diagonal that is not positive; raise lambda");
}

enum err ease_grid_train(const struct ease_grid_task *task, float *b, struct ease_grid_times *times,
                         struct fail *why)
{
    struct grid_matrix m;
    double last = clock_monotonic();
    enum err rc = grid_matrix_make(&m, task->grid, task->x->n_cols, task->block, why);
    if (!grid_all(task->grid, rc == ERR_OK)) {
        grid_matrix_free(&m);
        return rc != ERR_OK ? rc : fail_set(why, ERR_NOMEM, "another process has no memory");
    }
    rc = count(&m, task->x, task->lambda, why);
    times->gram = lap(&last);
    if (rc == ERR_OK)
        rc = grid_matrix_cholesky(&m, why);
    times->factor = lap(&last);
    if (rc == ERR_OK)
        rc = grid_matrix_cholesky_inverse(&m, why);
    times->inverse = lap(&last);
    if (rc == ERR_OK)
        rc = gather(&m, b, why);
    times->gather = lap(&last);
    grid_matrix_free(&m);
    return rc;
}
