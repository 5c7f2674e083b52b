/* mvti-mpi: trains EASE by several processes, on one machine or many (mpirun -n 4 mvti-mpi ease --dataset FILE --out FILE).
 *
 * A program of its own, so that nobody else needs MPI; it writes the model file that `mvti train ease` writes. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/version.h"
#include "data/dataset.h"
#include "mpi/ease_grid.h"
#include "num/dense.h"
#include "train/ease_train.h"
#include "train/model_save.h"
#include "train/trainers.h"

enum { BLOCK = 128, BLOCK_MOST = 4096 };

struct request {
    const char *dataset, *out;
    struct trainer_values values;
    int block;
};

/* What the training needs that train_task does not carry. */
static struct {
    struct grid grid;
    int block;
    const char *out;
    struct ease_grid_times times;
} run;

static void print_help(FILE *f)
{
    fputs("usage: mpirun -n N mvti-mpi ease --dataset FILE --out FILE [--lambda X] [--block N]\n"
          "  --dataset FILE   the dataset (mvti dataset build), under this name on every machine\n"
          "  --out FILE       model file to write, by the first process; mvti publish --model FILE takes it\n"
          "  --lambda X       L2 regularisation (default: as mvti train ease)\n"
          "  --block N        rows and columns of a block (default 128)\n",
          f);
}

/* ---- B lies in a file, not in memory ---- */

/* Zeros, n × n floats in a file that has no name any more, beside the model's; NULL: it cannot be. */
static float *map_square(const char *beside, size_t n)
{
    char path[1088];
    snprintf(path, sizeof path, "%s.XXXXXX", beside);
    int fd = mkstemp(path);
    size_t bytes = dense_square_bytes(n);
    if (fd < 0)
        return NULL;
    unlink(path);
    void *map = ftruncate(fd, (off_t)bytes) == 0
                    ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                    : MAP_FAILED;
    close(fd);
    return map == MAP_FAILED ? NULL : map;
}

static void unmap(struct trained *t)
{
    if (t->weights != NULL)
        munmap(t->weights, dense_square_bytes(t->n_items));
    t->weights = NULL;
    t->n_weights = 0;
}

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct grid *g = &run.grid;
    size_t n = out->n_items;
    if (g->rank == 0) {
        out->weights = map_square(run.out, n);
        out->n_weights = n * n;
    }
    const struct ease_grid_task grid_task = {g, task->x, out->value[0], run.block};
    bool ok = g->rank != 0 || out->weights != NULL;
    enum err rc = grid_all(g, ok) ? ease_grid_train(&grid_task, out->weights, &run.times, why)
                                  : fail_set(why, ERR_IO, "%s: no room for %.1f GB beside it", run.out,
                                             (double)dense_square_bytes(n) / 1e9);
    if (rc != ERR_OK)
        unmap(out);
    return rc;
}

static enum err train_and_save(const struct request *q, const struct dataset *d, struct fail *why)
{
    const struct trainer on_grid = {.name = ease_trainer.name,
                                    .settings = ease_trainer.settings,
                                    .n_settings = ease_trainer.n_settings,
                                    .train = train};
    const struct train_task task = {.x = &d->x, .seed = 1};
    struct trained t;
    enum err rc = trainer_run(&on_grid, &q->values, &task, &t, why);
    if (rc != ERR_OK)
        return rc;
    if (run.grid.rank == 0) {
        rc = model_save(&(struct model_save){.dataset = d, .seed = 1}, &t, q->out, NULL, why);
        if (rc == ERR_OK)
            printf("trained ease on %zu users, %zu films by %d × %d processes in %.1f s (counting %.1f, "
                   "Cholesky "
                   "%.1f, inverse %.1f, gathering %.1f)\nwritten to %s\n",
                   d->x.n_rows, d->x.n_cols, run.grid.rows, run.grid.cols, t.seconds, run.times.gram,
                   run.times.factor, run.times.inverse, run.times.gather, q->out);
    }
    unmap(&t);
    trained_free(&t);
    return rc;
}

/* ---- the program ---- */

static enum err read_words(struct request *q, int argc, char **argv, struct fail *why)
{
    static const struct option options[] = {{"dataset", required_argument, NULL, 'd'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"lambda", required_argument, NULL, 'l'},
                                            {"block", required_argument, NULL, 'b'},
                                            {0}};
    char set[64];
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        enum err rc = ERR_OK;
        if (c == 'd')
            q->dataset = optarg;
        else if (c == 'o')
            q->out = optarg;
        else if (c == 'b')
            q->block = atoi(optarg);
        else if (c == 'l' && snprintf(set, sizeof set, "lambda=%.40s", optarg) > 0)
            rc = trainer_set(&ease_trainer, &q->values, set, why);
        else
            rc = fail_set(why, ERR_INVALID, "unknown option '%.60s'", argv[optind - 1]);
        if (rc != ERR_OK)
            return rc;
    }
    if (optind + 1 != argc || strcmp(argv[optind], "ease") != 0)
        return fail_set(why, ERR_INVALID, "what to train? Only ease can be");
    if (q->dataset == NULL || q->out == NULL)
        return fail_set(why, ERR_INVALID, "--dataset and --out are needed");
    return q->block >= 1 && q->block <= BLOCK_MOST
               ? ERR_OK
               : fail_set(why, ERR_INVALID, "--block: from 1 to %d", BLOCK_MOST);
}

/* All processes fail together: one that cannot read its file must not leave the others waiting. */
static enum err work(const struct request *q, struct fail *why)
{
    struct dataset d;
    enum err rc = dataset_open(&d, q->dataset, why);
    if (!grid_all(&run.grid, rc == ERR_OK)) {
        dataset_close(&d);
        return rc != ERR_OK ? rc
                            : fail_set(why, ERR_UNAVAILABLE, "another process cannot read %s", q->dataset);
    }
    rc = grid_same(&run.grid, d.hash, SECTION_HASH)
             ? train_and_save(q, &d, why)
             : fail_set(why, ERR_CONFLICT, "%s is not the same dataset for all processes", q->dataset);
    dataset_close(&d);
    return rc;
}

/* Better kernels as in mvti (num/dense.h), and one thread a process, as mpirun starts one on each core: OpenBLAS reads both when it is loaded. */
static void settle_kernels(char **argv)
{
    const char *better = dense_better_kernels();
    bool kernels = better != NULL && getenv("OPENBLAS_CORETYPE") == NULL;
    bool threads = getenv("OPENBLAS_NUM_THREADS") == NULL;
    if ((!kernels || setenv("OPENBLAS_CORETYPE", better, 0) == 0) &&
        (!threads || setenv("OPENBLAS_NUM_THREADS", "1", 0) == 0) && (kernels || threads))
        execv("/proc/self/exe", argv);
}

int main(int argc, char **argv)
{
    struct request q = {.block = BLOCK};
    struct fail why = {0};
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "--version") == 0)) {
        if (argv[1][2] == 'h')
            print_help(stdout);
        else
            printf("mvti-mpi %s\n", version_text());
        return 0;
    }
    settle_kernels(argv);
    if (read_words(&q, argc, argv, &why) != ERR_OK) {
        fprintf(stderr, "mvti-mpi: %s\n", why.text);
        print_help(stderr);
        return 64;
    }
    if (secret_init() != ERR_OK)
        return err_exit_status(ERR_FAULT);
    grid_open(&run.grid);
    run.block = q.block;
    run.out = q.out;
    enum err rc = work(&q, &why);
    if (rc != ERR_OK && (run.grid.rank == 0 || rc == ERR_NOT_FOUND))
        fprintf(stderr, "mvti-mpi: %s\n", why.text);
    grid_close(&run.grid);
    return err_exit_status(rc);
}
