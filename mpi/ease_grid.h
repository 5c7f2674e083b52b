/* EASE (train/ease_train.h) by several processes: the same steps on a matrix that is spread over a grid, G = XᵀX + λI, its inverse by Cholesky, B
 * from P. Each process counts the part of G that lies with it from the whole of X, which all of them map. Memory of a process: 4·n² bytes over their
 * number, and its part of X. B arrives with process 0 column by column, in a file that is mapped, not in memory. */
#ifndef MVTI_MPI_EASE_GRID_H
#define MVTI_MPI_EASE_GRID_H

#include "base/err.h"
#include "mpi/grid.h"
#include "num/csr.h"

/* Seconds of each step, as this process saw them. */
struct ease_grid_times {
    double gram, factor, inverse, gather;
};

/* The same for all processes. */
struct ease_grid_task {
    const struct grid *grid;
    const struct csr *x;
    double lambda; /* above 0 */
    int block;     /* rows and columns of a block */
};

/* b [n × n] row-major of process 0 (elsewhere NULL) receives B. By all processes together; the same answer everywhere. ERR_NOMEM, ERR_TOO_LARGE,
 * ERR_DIVERGED. */
MUST_USE enum err ease_grid_train(const struct ease_grid_task *task, float *b, struct ease_grid_times *times,
                                  struct fail *why);

#endif
