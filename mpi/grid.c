#include "mpi/grid.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ScaLAPACK and its BLACS have no headers: these are their interfaces to C and Fortran. */
void Cblacs_pinfo(int *rank, int *size);
void Cblacs_get(int context, int what, int *value);
void Cblacs_gridinit(int *context, const char *order, int rows, int cols);
void Cblacs_gridinfo(int context, int *rows, int *cols, int *row, int *col);
void Cblacs_gridexit(int context);
void Cblacs_exit(int more);
void Cigsum2d(int context, const char *scope, const char *topology, int m, int n, int *a, int lda, int to_row,
              int to_col);
void Csgsum2d(int context, const char *scope, const char *topology, int m, int n, float *a, int lda,
              int to_row, int to_col);
void Cigebs2d(int context, const char *scope, const char *topology, int m, int n, int *a, int lda);
void Cigebr2d(int context, const char *scope, const char *topology, int m, int n, int *a, int lda,
              int from_row, int from_col);
void Cpsgemr2d(int m, int n, float *a, int ia, int ja, int *desc_a, float *b, int ib, int jb, int *desc_b,
               int context);
int numroc_(const int *n, const int *block, const int *process, const int *first, const int *processes);
void descinit_(int *desc, const int *m, const int *n, const int *mb, const int *nb, const int *first_row,
               const int *first_col, const int *context, const int *lld, int *info);
void pspotrf_(const char *uplo, const int *n, float *a, const int *ia, const int *ja, const int *desc,
              int *info, size_t uplo_length);
void pspotri_(const char *uplo, const int *n, float *a, const int *ia, const int *ja, const int *desc,
              int *info, size_t uplo_length);
/* ScaLAPACK asks this function in how many columns at a time its products go (Users' Guide, "PBLAS: performance"). The one it brings says 32, which is
 * too few for the kernels of today: with 128 the inverse of 5,000 items takes .54 s in place of .73. Its calls come here, because a program's symbols
 * go before a library's. */
int pilaenv_(const int *context, const char *precision);
int pilaenv_(const int *context, const char *precision)
{
    (void)context;
    (void)precision;
    return 128;
}

static const char lower[] = "L";
static const int ZERO = 0, ONE = 1;

void grid_open(struct grid *g)
{
    *g = (struct grid){.first = -1};
    Cblacs_pinfo(&g->rank, &g->size);
    g->rows = (int)sqrt((double)g->size);
    while (g->size % g->rows != 0)
        g->rows--;
    g->cols = g->size / g->rows;
    Cblacs_get(-1, 0, &g->context);
    Cblacs_gridinit(&g->context, "Row", g->rows, g->cols);
    Cblacs_gridinfo(g->context, &g->rows, &g->cols, &g->row, &g->col);
    Cblacs_get(-1, 0, &g->first);
    Cblacs_gridinit(&g->first, "Row", 1, 1);
}

void grid_close(struct grid *g)
{
    if (g->first >= 0)
        Cblacs_gridexit(g->first);
    Cblacs_gridexit(g->context);
    Cblacs_exit(0);
}

bool grid_all(const struct grid *g, bool here)
{
    int fail = !here;
    Cigsum2d(g->context, "All", " ", 1, 1, &fail, 1, -1, -1);
    return fail == 0;
}

bool grid_same(const struct grid *g, const void *bytes, size_t n)
{
    int words[64] = {0}, own[64] = {0}, count = (int)(n / sizeof(int));
    memcpy(own, bytes, n <= sizeof own ? n : sizeof own);
    memcpy(words, own, sizeof own);
    if (g->rank == 0)
        Cigebs2d(g->context, "All", " ", count, 1, words, count);
    else
        Cigebr2d(g->context, "All", " ", count, 1, words, count, 0, 0);
    return grid_all(g, memcmp(words, own, sizeof own) == 0);
}

/* ---- the matrix ---- */

size_t grid_matrix_least(size_t n)
{
    return (size_t)((double)n * (double)n / INT_MAX) + 1;
}

/* Of the first `end` rows or columns, those of process `at` of `of`. */
static size_t share(size_t end, int block, int at, int of)
{
    const int n = (int)end;
    return (size_t)numroc_(&n, &block, &at, &ZERO, &of);
}

enum err grid_matrix_make(struct grid_matrix *m, const struct grid *g, size_t n, int block, struct fail *why)
{
    *m = (struct grid_matrix){.grid = g, .n = n, .block = block};
    m->rows = share(n, block, g->row, g->rows);
    m->cols = share(n, block, g->col, g->cols);
    if (m->rows * m->cols > INT_MAX)
        return fail_set(why, ERR_TOO_LARGE,
                        "%zu items are too many for %d processes: some %zu are needed, in a number that is a "
                        "square or nearly one",
                        n, g->size, grid_matrix_least(n));
    m->local = calloc(m->rows * m->cols + 1, sizeof *m->local);
    if (m->local == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory: a process's part of the matrix needs %.1f GB",
                        (double)(m->rows * m->cols) * sizeof *m->local / 1e9);
    int info, lld = m->rows > 0 ? (int)m->rows : 1, size = (int)n;
    descinit_(m->descriptor, &size, &size, &block, &block, &ZERO, &ZERO, &g->context, &lld, &info);
    return info == 0 ? ERR_OK : fail_set(why, ERR_FAULT, "descinit: %d", info);
}

void grid_matrix_free(struct grid_matrix *m)
{
    free(m->local);
    *m = (struct grid_matrix){0};
}

size_t grid_matrix_row(const struct grid_matrix *m, size_t global)
{
    return share(global, m->block, m->grid->row, m->grid->rows);
}

size_t grid_matrix_col(const struct grid_matrix *m, size_t global)
{
    return share(global, m->block, m->grid->col, m->grid->cols);
}

bool grid_matrix_has_row(const struct grid_matrix *m, size_t global)
{
    return (int)(global / (size_t)m->block % (size_t)m->grid->rows) == m->grid->row;
}

bool grid_matrix_has_col(const struct grid_matrix *m, size_t global)
{
    return (int)(global / (size_t)m->block % (size_t)m->grid->cols) == m->grid->col;
}

static enum err judge(const struct grid_matrix *m, int info, struct fail *why)
{
    return grid_all(m->grid, info == 0)
               ? ERR_OK
               : fail_set(why, ERR_DIVERGED, "the matrix is not positive definite (row %d); raise lambda",
                          info);
}

enum err grid_matrix_cholesky(struct grid_matrix *m, struct fail *why)
{
    int n = (int)m->n, info = 0;
    pspotrf_(lower, &n, m->local, &ONE, &ONE, m->descriptor, &info, 1);
    return judge(m, info, why);
}

enum err grid_matrix_cholesky_inverse(struct grid_matrix *m, struct fail *why)
{
    int n = (int)m->n, info = 0;
    pspotri_(lower, &n, m->local, &ONE, &ONE, m->descriptor, &info, 1);
    return judge(m, info, why);
}

void grid_matrix_diagonal(const struct grid_matrix *m, float *diagonal)
{
    for (size_t j = 0; j < m->n; j++)
        diagonal[j] = grid_matrix_has_row(m, j) && grid_matrix_has_col(m, j)
                          ? m->local[grid_matrix_col(m, j) * m->rows + grid_matrix_row(m, j)]
                          : 0;
    Csgsum2d(m->grid->context, "All", " ", (int)m->n, 1, diagonal, (int)m->n, -1, -1);
}

void grid_matrix_columns(const struct grid_matrix *m, size_t first, size_t width, float *to)
{
    int rows = (int)(m->n - first), cols = (int)width, info;
    int here[GRID_DESCRIPTOR] = {1, -1}; /* whoever is not of that grid says so */
    if (m->grid->first >= 0)
        descinit_(here, &rows, &cols, &rows, &cols, &ZERO, &ZERO, &m->grid->first, &rows, &info);
    Cpsgemr2d(rows, cols, m->local, (int)first + 1, (int)first + 1, (int *)m->descriptor, to, 1, 1, here,
              m->grid->context);
}
