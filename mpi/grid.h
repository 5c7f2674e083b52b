/* Processes as a grid, and a symmetric matrix spread over it in blocks, over ScaLAPACK (the only file that calls it; Blackford et al.,
 * ScaLAPACK Users' Guide, SIAM 1997).
 *
 * Block-cyclic: block (I, J) of `block` rows and columns lies with process (I mod rows, J mod cols), so that each has its share of what is left
 * at every step of a factorisation. Locally the blocks are one column-major matrix [rows × cols]. Only the lower triangle is read or written.
 * Everything here is called by all processes together, in the same order. */
#ifndef MVTI_MPI_GRID_H
#define MVTI_MPI_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct grid {
    int context, first; /* first: a grid of process 0 alone; −1 elsewhere */
    int rows, cols, row, col;
    int size, rank;
};

/* Once in a program: starts MPI. The grid is as square as their number allows. */
void grid_open(struct grid *g);
/* Ends MPI. */
void grid_close(struct grid *g);
/* Is it so for every process? */
bool grid_all(const struct grid *g, bool here);
/* Has every process the same n bytes (a multiple of 4)? */
bool grid_same(const struct grid *g, const void *bytes, size_t n);

enum { GRID_DESCRIPTOR = 9 };

struct grid_matrix {
    const struct grid *grid;
    size_t n, rows, cols; /* of all; of this process */
    int block;
    float *local; /* [rows × cols] column-major */
    int descriptor[GRID_DESCRIPTOR];
};

/* The fewest processes that a matrix of n rows needs: ScaLAPACK counts the elements of one in an int. */
size_t grid_matrix_least(size_t n);
/* Zeros. ERR_NOMEM; ERR_TOO_LARGE: more processes are needed. grid_matrix_free it. */
MUST_USE enum err grid_matrix_make(struct grid_matrix *m, const struct grid *g, size_t n, int block,
                                   struct fail *why);
void grid_matrix_free(struct grid_matrix *m);
/* How many of the rows (columns) before `global` this process has; also the local number of `global` if it has that one. */
size_t grid_matrix_row(const struct grid_matrix *m, size_t global);
size_t grid_matrix_col(const struct grid_matrix *m, size_t global);
bool grid_matrix_has_row(const struct grid_matrix *m, size_t global);
bool grid_matrix_has_col(const struct grid_matrix *m, size_t global);

/* Lower triangle := that of its Cholesky factor (pspotrf, n³/3 flops), and of that factor := that of the inverse (pspotri, 2n³/3).
 * ERR_DIVERGED: not positive definite or not finite. The same answer everywhere. */
MUST_USE enum err grid_matrix_cholesky(struct grid_matrix *m, struct fail *why);
MUST_USE enum err grid_matrix_cholesky_inverse(struct grid_matrix *m, struct fail *why);
/* Everybody receives the whole diagonal[n]. */
void grid_matrix_diagonal(const struct grid_matrix *m, float *diagonal);
/* Process 0 receives the lower triangle of `width` columns from `first` on, with the rows from `first` on: to [n − first × width] column-major. Above
 * the diagonal it has anything. */
void grid_matrix_columns(const struct grid_matrix *m, size_t first, size_t width, float *to);

#endif
