/* How long does an iteration of iALS take: all people, then all films?
 *
 *     build/tests/bench/ials_bench [users] [items] [factors] [iterations]     default 6000, 3500, 64, 5
 *     build/tests/bench/ials_bench FILE [factors] [iterations]                lines "user item", for a peer's
 *
 * Prints one JSON line: seconds of the median iteration, of 3 conjugate-gradient steps a row; the first is
 * left out: it touches the memory first. */
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "model/ials.h"
#include "tests/fixture/bench.h"
#include "train/ials_train.h"

enum { MEAN = 160, STEPS = 3 };

static struct bench_rounds rounds;

static enum err measure(const struct csr *x, size_t factors, size_t iterations, struct fail *why)
{
    const struct progress progress = {.report = bench_rounds_report, .arg = &rounds};
    const struct ials_options o = {
        .factors = factors, .iterations = iterations, .steps = STEPS, .alpha0 = 0.3, .lambda = 0.01, .nu = 1};
    float *weights = malloc((x->n_cols * factors + factors * factors + IALS_SCALARS) * sizeof *weights);
    bench_rounds_start(&rounds, iterations);
    enum err rc = weights == NULL ? ERR_NOMEM : ials_train(x, &o, 1, weights, &progress, why);
    free(weights);
    return rc;
}

int main(int argc, char **argv)
{
    struct bench_arguments a = {.users = 6000, .items = 3500, .a = 64, .b = 5};
    bench_arguments_read(&a, argc, argv);
    size_t factors = a.a, iterations = a.b;
    struct fail why = {0};
    struct csr x;
    if (factors < 1 || factors > IALS_MAX_FACTORS || iterations < 2 || iterations > BENCH_ROUNDS_MAX ||
        secret_init() != ERR_OK)
        return 64;
    enum err rc = bench_matrix(&a, MEAN, &x, &why);
    if (rc == ERR_OK)
        rc = measure(&x, factors, iterations, &why);
    if (rc == ERR_OK)
        printf("{\"bench\":\"ials\",\"n_users\":%zu,\"n_items\":%zu,\"interactions\":%zu,\"factors\":%zu,"
               "\"iterations\":%zu,\"iteration_seconds\":%.4f}\n",
               x.n_rows, x.n_cols, csr_count(&x), factors, iterations, bench_rounds_seconds(&rounds));
    else
        fprintf(stderr, "ials_bench: %s %s\n", err_name(rc), why.text);
    csr_free(&x);
    return err_exit_status(rc);
}
