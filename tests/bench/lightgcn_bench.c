/* How long does an epoch of LightGCN take: as many triples as there are interactions, in steps of a batch?
 *
 *     build/tests/bench/lightgcn_bench [users] [items] [batch] [epochs]     default 6000, 3500, 2048, 3
 *     build/tests/bench/lightgcn_bench FILE [batch] [epochs]                lines "user item", for a peer's
 *
 * 64 dimensions, 3 layers. Prints one JSON line: seconds of the median epoch. The first is left out: it
 * touches the memory first. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/secret.h"
#include "tests/fixture/long_tail.h"
#include "tests/fixture/pairs.h"
#include "train/lightgcn_train.h"

enum { MEAN = 160, EPOCHS_MAX = 200, DIMENSIONS = 64, LAYERS = 3 };

static struct {
    double at[EPOCHS_MAX + 1]; /* when each epoch began */
    size_t n;
} clocked;

/* Reports come by the batch, in epochs. */
static void on_report(void *arg, const char *stage, uint64_t done, uint64_t total)
{
    (void)arg;
    (void)stage;
    (void)total;
    if (done == clocked.n && clocked.n <= EPOCHS_MAX)
        clocked.at[clocked.n++] = clock_monotonic();
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_epoch(void)
{
    double seconds[EPOCHS_MAX];
    size_t n = 0;
    for (size_t e = 1; e + 1 < clocked.n; e++)
        seconds[n++] = clocked.at[e + 1] - clocked.at[e];
    qsort(seconds, n, sizeof *seconds, by_value);
    return seconds[n / 2];
}

static enum err measure(const struct csr *x, size_t batch, size_t epochs, struct fail *why)
{
    const struct progress progress = {.report = on_report};
    const struct lightgcn_plan plan = {.shape = {.dimensions = DIMENSIONS, .layers = LAYERS, .l2 = 1e-4},
                                       .rate = 1e-3,
                                       .epochs = epochs,
                                       .batch = batch,
                                       .seed = 1};
    float *items = malloc((x->n_cols * DIMENSIONS + 1) * sizeof *items);
    enum err rc = items == NULL ? ERR_NOMEM : lightgcn_train(x, &plan, NULL, items, &progress, why);
    free(items);
    return rc;
}

int main(int argc, char **argv)
{
    char *end = NULL;
    size_t users = argc > 1 ? strtoul(argv[1], &end, 10) : 6000;
    bool file = end != NULL && *end != '\0';
    int at = file ? 2 : 3;
    size_t items = argc > 2 && !file ? strtoul(argv[2], NULL, 10) : 3500;
    size_t batch = argc > at ? strtoul(argv[at], NULL, 10) : 2048;
    size_t epochs = argc > at + 1 ? strtoul(argv[at + 1], NULL, 10) : 3;
    struct fail why = {0};
    struct csr x;
    if (epochs < 2 || epochs > EPOCHS_MAX || secret_init() != ERR_OK)
        return 64;
    enum err rc = file ? pairs_read(&x, argv[1], &why) : long_tail_draw(&x, users, items, MEAN);
    if (rc == ERR_OK)
        rc = measure(&x, batch, epochs, &why);
    if (rc == ERR_OK)
        printf("{\"bench\":\"lightgcn\",\"n_users\":%zu,\"n_items\":%zu,\"interactions\":%zu,\"batch\":%zu,"
               "\"layers\":%d,\"epochs\":%zu,\"epoch_seconds\":%.4f}\n",
               x.n_rows, x.n_cols, csr_count(&x), batch, LAYERS, epochs, median_epoch());
    else
        fprintf(stderr, "lightgcn_bench: %s %s\n", err_name(rc), why.text);
    csr_free(&x);
    return err_exit_status(rc);
}
