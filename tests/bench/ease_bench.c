/* How much of the speed of spotrf + spotri alone does training EASE reach?
 *
 *     build/tests/bench/ease_bench [n_items] [users] [repeats]     default 4000, 7 × items, 3
 *
 * Each repeat trains on a drawn long-tailed dataset, then runs the two LAPACK calls alone on the same Gram
 * matrix. Prints one JSON line: n³ flops over the seconds of each (medians), their ratio, and the peak of
 * memory against one n² matrix. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "num/dense.h"
#include "tests/fixture/bench.h"
#include "tests/fixture/long_tail.h"
#include "train/ease_train.h"

enum { MEAN = 72, REPEATS_MAX = 15 }; /* MovieLens-20M has 72 ratings of 4 and more a user */

static enum err lapack_alone(const struct csr *x, float *a, double *seconds)
{
    struct csr xt;
    enum err rc = csr_transpose(&xt, x);
    if (rc != ERR_OK)
        return rc;
    memset(a, 0, dense_square_bytes(x->n_cols));
    ease_train_gram(x, &xt, NULL, a);
    csr_free(&xt);
    for (size_t i = 0; i < x->n_cols; i++)
        a[i * x->n_cols + i] += 500;
    double start = clock_monotonic();
    rc = dense_invert_upper(a, x->n_cols, NULL);
    *seconds = clock_monotonic() - start;
    return rc;
}

static void report(const struct csr *x, const struct ease_times *t, double ours, double alone)
{
    double n = (double)x->n_cols, flops = n * n * n;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"bench\":\"ease\",\"n_items\":%zu,\"n_users\":%zu,\"interactions\":%zu,\"train_seconds\":%.3f,"
           "\"lapack_seconds\":%.3f,\"train_gflops\":%.1f,\"lapack_gflops\":%.1f,\"ratio\":%.3f,"
           "\"gram\":%.3f,\"factor\":%.3f,\"inverse\":%.3f,\"scale\":%.3f,\"peak_mb\":%.0f,\"matrix_mb\":%."
           "0f}\n",
           x->n_cols, x->n_rows, csr_count(x), ours, alone, flops / ours / 1e9, flops / alone / 1e9,
           alone / ours, t->gram, t->factor, t->inverse, t->scale, (double)usage.ru_maxrss / 1e3,
           (double)dense_square_bytes(x->n_cols) / 1e6);
}

int main(int argc, char **argv)
{
    size_t items = argc > 1 ? strtoul(argv[1], NULL, 10) : 4000;
    size_t users = argc > 2 ? strtoul(argv[2], NULL, 10) : 7 * items;
    size_t repeats = argc > 3 ? strtoul(argv[3], NULL, 10) : 3;
    double ours[REPEATS_MAX], alone[REPEATS_MAX];
    struct ease_times times;
    struct csr x;
    if (repeats < 1 || repeats > REPEATS_MAX || long_tail_draw(&x, users, items, MEAN) != ERR_OK)
        return 64;
    float *a = dense_square(items);
    enum err rc = a == NULL ? ERR_NOMEM : ERR_OK;
    for (size_t r = 0; r < repeats && rc == ERR_OK; r++) {
        double start = clock_monotonic();
        rc = ease_train(&x, 500, a, &times, NULL, NULL);
        ours[r] = clock_monotonic() - start;
        if (rc == ERR_OK)
            rc = lapack_alone(&x, a, &alone[r]);
    }
    if (rc == ERR_OK)
        report(&x, &times, bench_median(ours, repeats), bench_median(alone, repeats));
    else
        fprintf(stderr, "ease_bench: %s\n", err_name(rc));
    free(a);
    csr_free(&x);
    return err_exit_status(rc);
}
