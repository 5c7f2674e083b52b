/* mpi/ease_grid.h: by however many processes, the same B as by one (train/ease_train.h). Run by mpirun; process 0 tells. */
#include "mpi/ease_grid.h"

#include <math.h>
#include <stdlib.h>

#include "num/dense.h"
#include "tests/check.h"
#include "tests/fixture/long_tail.h"
#include "train/ease_train.h"

static struct grid grid;

/* float32 and a condition number of some hundred: rounding of some 1e-6 in weights below 1. */
#define NEAR 1e-5

static void equals_one_process(size_t users, size_t items, int block)
{
    struct csr x;
    struct ease_grid_times times;
    struct fail why = {0};
    CHECK(long_tail_draw(&x, users, items, 12) == ERR_OK);
    float *b = grid.rank == 0 ? dense_square(items) : NULL, *want = dense_square(items);
    enum err rc = ease_grid_train(&(struct ease_grid_task){&grid, &x, 20, block}, b, &times, &why);
    CHECK_MSG(rc == ERR_OK, "%s", why.text);
    if (b != NULL) {
        double worst = 0;
        CHECK(ease_train(&x, 20, want, NULL, NULL, &why) == ERR_OK);
        for (size_t i = 0; i < items * items; i++)
            worst = fmax(worst, fabs((double)b[i] - (double)want[i]));
        CHECK_MSG(worst <= NEAR, "%zu items, blocks of %d: %g", items, block, worst);
        printf("%d × %d processes, %zu items, blocks of %d: |difference| <= %.2g\n", grid.rows, grid.cols,
               items, block, worst);
    }
    free(b);
    free(want);
    csr_free(&x);
}

static void whatever_the_blocks(void)
{
    equals_one_process(300, 20, 1);   /* smaller than a block of columns */
    equals_one_process(300, 33, 64);  /* all of it with one process */
    equals_one_process(900, 129, 16); /* no multiple of the block */
    equals_one_process(3000, 520, 64);
    equals_one_process(3000, 700, 128);
}

/* A matrix that is not positive definite is told by all, and nobody waits for ever. */
static void what_diverges_is_told_by_all(void)
{
    struct grid_matrix m;
    struct fail why = {0};
    CHECK(grid_matrix_make(&m, &grid, 100, 16, &why) == ERR_OK);
    CHECK(grid_matrix_cholesky(&m, &why) == ERR_DIVERGED);
    grid_matrix_free(&m);
    CHECK(!grid_all(&grid, grid.rank != grid.size - 1) && grid_all(&grid, true));
    const int own[8] = {grid.rank == grid.size - 1 && grid.size > 1};
    CHECK(grid_same(&grid, own, sizeof own) == (grid.size == 1));
    CHECK(grid_matrix_least(100000) == 5);
}

int main(void)
{
    grid_open(&grid);
    RUN(whatever_the_blocks);
    RUN(what_diverges_is_told_by_all);
    int status = check_done();
    grid_close(&grid);
    return status;
}
