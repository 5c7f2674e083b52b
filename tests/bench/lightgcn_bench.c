/* How long does an epoch of LightGCN take: as many triples as there are interactions, in steps of a batch?
 *
 *     build/tests/bench/lightgcn_bench [users] [items] [batch] [epochs]     default 6000, 3500, 2048, 3
 *     build/tests/bench/lightgcn_bench FILE [batch] [epochs]                lines "user item", for a peer's
 *
 * 64 dimensions, 3 layers. Prints one JSON line: seconds of the median epoch. The first is left out: it
 * touches the memory first. */
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "tests/fixture/bench.h"
#include "train/lightgcn_train.h"

enum { MEAN = 160, DIMENSIONS = 64, LAYERS = 3 };

static struct bench_rounds rounds;

static enum err measure(const struct csr *x, size_t batch, size_t epochs, struct fail *why)
{
    const struct progress progress = {.report = bench_rounds_report, .arg = &rounds};
    const struct lightgcn_plan plan = {.shape = {.dimensions = DIMENSIONS, .layers = LAYERS, .l2 = 1e-4},
                                       .rate = 1e-3,
                                       .epochs = epochs,
                                       .batch = batch,
                                       .seed = 1};
    float *items = malloc((x->n_cols * DIMENSIONS + 1) * sizeof *items);
    bench_rounds_start(&rounds, epochs);
    enum err rc = items == NULL ? ERR_NOMEM : lightgcn_train(x, &plan, NULL, items, &progress, why);
    free(items);
    return rc;
}

int main(int argc, char **argv)
{
    struct bench_arguments a = {.users = 6000, .items = 3500, .a = 2048, .b = 3};
    bench_arguments_read(&a, argc, argv);
    size_t batch = a.a, epochs = a.b;
    struct fail why = {0};
    struct csr x;
    if (epochs < 2 || epochs > BENCH_ROUNDS_MAX || secret_init() != ERR_OK)
        return 64;
    enum err rc = bench_matrix(&a, MEAN, &x, &why);
    if (rc == ERR_OK)
        rc = measure(&x, batch, epochs, &why);
    if (rc == ERR_OK)
        printf("{\"bench\":\"lightgcn\",\"n_users\":%zu,\"n_items\":%zu,\"interactions\":%zu,\"batch\":%zu,"
               "\"layers\":%d,\"epochs\":%zu,\"epoch_seconds\":%.4f}\n",
               x.n_rows, x.n_cols, csr_count(&x), batch, LAYERS, epochs, bench_rounds_seconds(&rounds));
    else
        fprintf(stderr, "lightgcn_bench: %s %s\n", err_name(rc), why.text);
    csr_free(&x);
    return err_exit_status(rc);
}
