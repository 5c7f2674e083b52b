/* How long does an iteration of iALS take: all people, then all films?
 *
 *     build/tests/bench/ials_bench [users] [items] [factors] [iterations]     default 6000, 3500, 64, 5
 *     build/tests/bench/ials_bench FILE [factors] [iterations]                lines "user item", for a peer's
 *
 * Prints one JSON line: seconds of the median iteration, of 3 conjugate-gradient steps a row; the first is
 * left out: it touches the memory first. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/secret.h"
#include "model/ials.h"
#include "tests/fixture/long_tail.h"
#include "tests/fixture/pairs.h"
#include "train/ials_train.h"

enum { MEAN = 160, ITERATIONS_MAX = 200, STEPS = 3 };

static struct {
    double at[ITERATIONS_MAX + 1]; /* when each iteration began */
    size_t n;
} clocked;

/* Reports come by the half iteration. */
static void on_report(void *arg, const char *stage, uint64_t done, uint64_t total)
{
    (void)arg;
    (void)stage;
    (void)total;
    if (done % 2 == 0 && clocked.n <= ITERATIONS_MAX)
        clocked.at[clocked.n++] = clock_monotonic();
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_iteration(void)
{
    double seconds[ITERATIONS_MAX];
    size_t n = 0;
    for (size_t i = 1; i + 1 < clocked.n; i++)
        seconds[n++] = clocked.at[i + 1] - clocked.at[i];
    qsort(seconds, n, sizeof *seconds, by_value);
    return seconds[n / 2];
}

static enum err measure(const struct csr *x, size_t factors, size_t iterations, struct fail *why)
{
    const struct progress progress = {.report = on_report};
    const struct ials_options o = {
        .factors = factors, .iterations = iterations, .steps = STEPS, .alpha0 = 0.3, .lambda = 0.01, .nu = 1};
    float *weights = malloc((x->n_cols * factors + factors * factors + IALS_SCALARS) * sizeof *weights);
    enum err rc = weights == NULL ? ERR_NOMEM : ials_train(x, &o, 1, weights, &progress, why);
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
    size_t factors = argc > at ? strtoul(argv[at], NULL, 10) : 64;
    size_t iterations = argc > at + 1 ? strtoul(argv[at + 1], NULL, 10) : 5;
    struct fail why = {0};
    struct csr x;
    if (factors < 1 || factors > IALS_MAX_FACTORS || iterations < 2 || iterations > ITERATIONS_MAX ||
        secret_init() != ERR_OK)
        return 64;
    enum err rc = file ? pairs_read(&x, argv[1], &why) : long_tail_draw(&x, users, items, MEAN);
    if (rc == ERR_OK)
        rc = measure(&x, factors, iterations, &why);
    if (rc == ERR_OK)
        printf("{\"bench\":\"ials\",\"n_users\":%zu,\"n_items\":%zu,\"interactions\":%zu,\"factors\":%zu,"
               "\"iterations\":%zu,\"iteration_seconds\":%.4f}\n",
               x.n_rows, x.n_cols, csr_count(&x), factors, iterations, median_iteration());
    else
        fprintf(stderr, "ials_bench: %s %s\n", err_name(rc), why.text);
    csr_free(&x);
    return err_exit_status(rc);
}
