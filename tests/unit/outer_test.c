/* A vector times the sum of rows' outer products against the plain sum in double. */
#include "num/outer.h"

#include <math.h>

#include "base/rng.h"
#include "tests/check.h"

enum { ROWS = 40, D_MAX = 257 };

static void naive(const float *rows, size_t d, const int32_t *index, size_t n, const float *v, double bias,
                  double by, double *out)
{
    for (size_t i = 0; i < n; i++) {
        const float *row = rows + (size_t)index[i] * d;
        double dot = 0;
        for (size_t c = 0; c < d; c++)
            dot += (double)row[c] * (double)v[c];
        for (size_t c = 0; c < d; c++)
            out[c] += (bias + by * dot) * (double)row[c];
    }
}

static void compare(size_t d, size_t n, double bias, double by)
{
    static float rows[ROWS * D_MAX + 1], v[D_MAX + 1], out[D_MAX + 1];
    static double want[D_MAX + 1];
    int32_t index[ROWS];
    struct rng rng;
    rng_seed(&rng, d * 1000 + n);
    for (size_t i = 0; i < ROWS * d; i++)
        rows[i] = (float)rng_normal(&rng);
    for (size_t c = 0; c < d; c++) {
        v[c] = (float)rng_normal(&rng);
        want[c] = (double)(out[c] = (float)c);
    }
    for (size_t i = 0; i < n; i++)
        index[i] = (int32_t)rng_below(&rng, ROWS);
    out[d] = 7; /* a fence */
    const struct outer o = {rows, d, index, n, (float)bias, (float)by};
    outer_add(&o, v, out);
    naive(rows, d, index, n, v, bias, by, want);
    /* n sums of d products of values about 1, each with an error of some 2⁻²⁴ of its size */
    double room = 1e-5 + 2e-6 * (double)(n + 1) * sqrt((double)d + 1) * (1 + sqrt((double)d));
    for (size_t c = 0; c < d; c++)
        CHECK_MSG(fabs((double)out[c] - want[c]) <= room, "d %zu n %zu: %g, not %g", d, n, (double)out[c],
                  want[c]);
    CHECK(out[d] == 7);
}

static void agrees_with_the_sum(void)
{
    static const size_t lengths[] = {0, 1, 2, 15, 16, 31, 32, 33, 63, 64, 65, 100, 128, 200, 256, 257};
    static const size_t counts[] = {0, 1, 3, 7, 8, 9, 16, 40};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
            compare(lengths[i], counts[k], 0, 1);
            compare(lengths[i], counts[k], 1, -1);
        }
}

static void no_number_is_not_hidden(void)
{
    float rows[3] = {1, NAN, INFINITY}, v = 1, out = 0;
    const int32_t second = 1, third = 2;
    outer_add(&(struct outer){.rows = rows, .d = 1, .index = &second, .n = 1, .by = 1}, &v, &out);
    CHECK(isnan(out));
    out = 0;
    outer_add(&(struct outer){.rows = rows, .d = 1, .index = &third, .n = 1, .by = 1}, &v, &out);
    CHECK(isinf(out));
}

int main(void)
{
    RUN(agrees_with_the_sum);
    RUN(no_number_is_not_hidden);
    return check_done();
}
