/* How long does an epoch of RecVAE take: three passes of the encoder, one of the decoder?
 *
 *     build/tests/bench/recvae_bench [users] [items] [batch] [epochs]     default 6000, 3500, 500, 3
 *     build/tests/bench/recvae_bench FILE [batch] [epochs]                lines "user item", for a peer's
 * data
 *
 * Prints one JSON line: seconds of the median epoch. The first is left out: it touches the memory first. */
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "model/recvae.h"
#include "tests/fixture/bench.h"
#include "train/recvae_train.h"

enum { MEAN = 100, HIDDEN = 600, LATENT = 200 };

static struct bench_rounds rounds;

static enum err measure(const struct csr *x, size_t batch, size_t epochs)
{
    const struct progress progress = {.report = bench_rounds_report, .arg = &rounds};
    const struct recvae_plan plan = {.hidden = HIDDEN,
                                     .latent = LATENT,
                                     .epochs = epochs,
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
    bench_rounds_start(&rounds, epochs);
    enum err rc = weights == NULL ? ERR_NOMEM : recvae_train(x, &plan, weights, &loss, &progress, NULL);
    free(weights);
    return rc;
}

int main(int argc, char **argv)
{
    struct bench_arguments a = {.users = 6000, .items = 3500, .a = 500, .b = 3};
    bench_arguments_read(&a, argc, argv);
    size_t batch = a.a, epochs = a.b;
    struct fail why = {0};
    struct csr x;
    if (epochs < 1 || epochs > BENCH_ROUNDS_MAX || secret_init() != ERR_OK)
        return 64;
    enum err rc = bench_matrix(&a, MEAN, &x, &why);
    if (rc == ERR_OK)
        rc = measure(&x, batch, epochs);
    if (rc == ERR_OK)
        printf("{\"bench\":\"recvae\",\"n_users\":%zu,\"n_items\":%zu,\"interactions\":%zu,\"batch\":%zu,"
               "\"epochs\":%zu,\"epoch_seconds\":%.4f}\n",
               x.n_rows, x.n_cols, csr_count(&x), batch, epochs, bench_rounds_seconds(&rounds));
    else
        fprintf(stderr, "recvae_bench: %s %s\n", err_name(rc), why.text);
    csr_free(&x);
    return err_exit_status(rc);
}
