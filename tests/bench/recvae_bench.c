/* How long does an epoch of RecVAE take: three passes of the encoder, one of the decoder?
 *
 *     build/tests/bench/recvae_bench [users] [items] [batch] [epochs]     default 6000, 3500, 500, 3
 *     build/tests/bench/recvae_bench FILE [batch] [epochs]                lines "user item", for a peer's
 * data
 *
 * Prints one JSON line: seconds of the median epoch. The first is left out: it touches the memory first. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/secret.h"
#include "model/recvae.h"
#include "tests/fixture/long_tail.h"
#include "tests/fixture/pairs.h"
#include "train/recvae_train.h"

enum { MEAN = 100, EPOCHS_MAX = 200, HIDDEN = 600, LATENT = 200 };

static struct {
    double at[EPOCHS_MAX + 1]; /* when each epoch began */
    size_t epochs, n;
} clocked;

/* Reports come by the batch, in batches: as many an epoch. */
static void on_report(void *arg, const char *stage, uint64_t done, uint64_t total)
{
    (void)arg;
    (void)stage;
    bool begins = total == 1 || done % (total / clocked.epochs) == 0;
    if (begins && clocked.n <= EPOCHS_MAX)
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
    for (size_t e = clocked.epochs > 1 ? 1 : 0; e < clocked.epochs; e++)
        seconds[n++] = clocked.at[e + 1] - clocked.at[e];
    qsort(seconds, n, sizeof *seconds, by_value);
    return seconds[n / 2];
}

static enum err measure(const struct csr *x, size_t batch)
{
    const struct progress progress = {.report = on_report};
    const struct recvae_plan plan = {.hidden = HIDDEN,
                                     .latent = LATENT,
                                     .epochs = clocked.epochs,
                                     .batch = batch,
                                     .rate = 5e-4,
                                     .gamma = 5e-3,
                                     .dropout = 0.5,
                                     .noise = 1,
                                     .seed = 1};
    struct recvae_layout layout;
    double loss;
    if (!recvae_layout(&layout, x->n_cols, HIDDEN, LATENT))
        return ERR_INVALID;
    float *weights = malloc(recvae_weight_count(&layout) * sizeof *weights);
    enum err rc = weights == NULL ? ERR_NOMEM : recvae_train(x, &plan, weights, &loss, &progress, NULL);
    free(weights);
    return rc;
}

int main(int argc, char **argv)
{
    char *end = NULL;
    size_t users = argc > 1 ? strtoul(argv[1], &end, 10) : 6000;
    bool file = end != NULL && *end != '\0';
    int at = file ? 2 : 3;
    size_t items = argc > 2 && !file ? strtoul(argv[2], NULL, 10) : 3500;
    size_t batch = argc > at ? strtoul(argv[at], NULL, 10) : 500;
    clocked.epochs = argc > at + 1 ? strtoul(argv[at + 1], NULL, 10) : 3;
    struct fail why = {0};
    struct csr x;
    if (clocked.epochs < 1 || clocked.epochs > EPOCHS_MAX || secret_init() != ERR_OK)
        return 64;
    enum err rc = file ? pairs_read(&x, argv[1], &why) : long_tail_draw(&x, users, items, MEAN);
    if (rc == ERR_OK)
        rc = measure(&x, batch);
    if (rc == ERR_OK)
        printf("{\"bench\":\"recvae\",\"n_users\":%zu,\"n_items\":%zu,\"interactions\":%zu,\"batch\":%zu,"
               "\"epochs\":%zu,\"epoch_seconds\":%.4f}\n",
               x.n_rows, x.n_cols, csr_count(&x), batch, clocked.epochs, median_epoch());
    else
        fprintf(stderr, "recvae_bench: %s %s\n", err_name(rc), why.text);
    csr_free(&x);
    return err_exit_status(rc);
}
