/* How long does EASE take by several processes?
 *
 *     OPENBLAS_NUM_THREADS=1 mpirun -n 2 build/tests/mpi/ease_grid_bench [n_items] [users] [block]     default 4000, 7 × items, 128
 *
 * The data are those of build/tests/bench/ease_bench, whose "train_seconds" is the same work by one process. One JSON line. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "mpi/ease_grid.h"
#include "num/dense.h"
#include "tests/fixture/long_tail.h"

enum { MEAN = 72 };

int main(int argc, char **argv)
{
    size_t items = argc > 1 ? strtoul(argv[1], NULL, 10) : 4000;
    size_t users = argc > 2 ? strtoul(argv[2], NULL, 10) : 7 * items;
    int block = argc > 3 ? atoi(argv[3]) : 128;
    struct grid g;
    struct csr x;
    struct ease_grid_times t = {0};
    struct fail why = {0};
    struct rusage usage;
    grid_open(&g);
    bool drawn = long_tail_draw(&x, users, items, MEAN) == ERR_OK;
    float *b = g.rank == 0 ? dense_square(items) : NULL;
    enum err rc = grid_all(&g, drawn && (g.rank != 0 || b != NULL))
                      ? ease_grid_train(&(struct ease_grid_task){&g, &x, 500, block}, b, &t, &why)
                      : ERR_NOMEM;
    double seconds = t.gram + t.factor + t.inverse + t.gather, n = (double)items;
    getrusage(RUSAGE_SELF, &usage);
    if (g.rank == 0 && rc == ERR_OK)
        printf(
            "{\"bench\":\"ease_grid\",\"n_items\":%zu,\"n_users\":%zu,\"rows\":%d,\"cols\":%d,\"block\":%d,"
            "\"train_seconds\":%.3f,\"train_gflops\":%.1f,\"gram\":%.3f,\"factor\":%.3f,\"inverse\":%.3f,"
            "\"gather\":%.3f,\"peak_mb\":%.0f}\n",
            items, users, g.rows, g.cols, block, seconds, n * n * n / seconds / 1e9, t.gram, t.factor,
            t.inverse, t.gather, (double)usage.ru_maxrss / 1e3);
    if (rc != ERR_OK)
        fprintf(stderr, "ease_grid_bench: %s\n", why.text);
    free(b);
    csr_free(&x);
    grid_close(&g);
    return rc == ERR_OK ? 0 : 1;
}
