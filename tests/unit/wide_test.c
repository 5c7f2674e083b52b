/* The encoder's kernels, each way this processor can go, against plain loops in double. Numbers are of order
 * 1, so a sum of n products is off by some √n rounding errors of 6e-8: 1e-6·√n + 1e-6 leaves room. */
#include "num/wide.h"

#include "base/rng.h"
#include "num/attention.h"
#include "num/linear.h"
#include "tests/check.h"

static float *draw(struct rng *rng, size_t n)
{
    float *x = malloc(n * sizeof *x + 1);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(2 * rng_unit(rng) - 1);
    return x;
}

static double gelu(double x)
{
    return 0.5 * x * (1 + erf(x / sqrt(2)));
}

static void check_linear(const struct wide *way, struct rng *rng, size_t rows, size_t inner, size_t cols)
{
    float *x = draw(rng, rows * inner), *w = draw(rng, cols * inner), *bias = draw(rng, cols);
    float *out = calloc(rows * cols + 1, sizeof *out),
          *scratch = malloc(linear_scratch(inner, rows) * sizeof *out + 1);
    struct linear l;
    CHECK(linear_open(&l, inner, cols));
    for (size_t c = 0; c < cols; c++)
        linear_put(&l, c, w + c * inner, bias[c]);
    out[rows * cols] = 7;
    for (int then = WIDE_AS_IS; then <= WIDE_GELU; then++) {
        double worst = 0;
        linear_apply(&l, way, &(struct linear_rows){x, rows, (enum wide_then)then, out, scratch});
        for (size_t r = 0; r < rows; r++)
            for (size_t c = 0; c < cols; c++) {
                double sum = bias[c];
                for (size_t k = 0; k < inner; k++)
                    sum += (double)x[r * inner + k] * w[c * inner + k];
                double off = fabs((then == WIDE_GELU ? gelu(sum) : sum) - out[r * cols + c]);
                worst = off > worst || isnan(off) ? off : worst;
            }
        CHECK_MSG(worst <= 1e-6 * (1 + sqrt((double)inner)), "%s %zu×%zu×%zu: %g", way->name, rows, inner,
                  cols, worst);
    }
    CHECK(out[rows * cols] == 7); /* nothing behind the last */
    linear_close(&l);
    free(x);
    free(w);
    free(bias);
    free(out);
    free(scratch);
}

static void test_linear(void)
{
    static const size_t sizes[] = {1, 3, 11, 12, 13, 32, 33, 70};
    struct rng rng;
    rng_seed(&rng, 1);
    for (size_t w = 0; wide_way(w) != NULL; w++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
            for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++)
                check_linear(wide_way(w), &rng, sizes[i], sizes[7 - i], sizes[j]);
        check_linear(wide_way(w), &rng, 0, 5, 5);
        check_linear(wide_way(w), &rng, 30, 384, 96);
    }
}

/* gelu at one point, as the kernels do it: a product of nothing with that bias. */
static float gelu_of(const struct wide *way, float x)
{
    float bias[WIDE_COLS] = {x}, out[WIDE_COLS];
    way->product(&(struct wide_block){.a = bias,
                                      .b = bias,
                                      .bias = bias,
                                      .out = out,
                                      .out_step = WIDE_COLS,
                                      .rows = 1,
                                      .cols = WIDE_COLS,
                                      .then = WIDE_GELU});
    return out[0];
}

static void test_gelu(void)
{
    for (size_t w = 0; wide_way(w) != NULL; w++) {
        const struct wide *way = wide_way(w);
        double worst = 0;
        for (int i = -200000; i <= 200000; i++) {
            float x = (float)i * 5e-5F;
            double off = fabs(gelu_of(way, x) - gelu(x)) / (fabs((double)x) + 1e-9);
            worst = off > worst || isnan(off) ? off : worst;
        }
        CHECK_MSG(worst <= 3e-7, "%s: %g", way->name, worst);
        CHECK(gelu_of(way, 1e30F) == 1e30F && fabsf(gelu_of(way, -100)) <= 3e-5F);
    }
}

static void check_softmax(const struct wide *way, struct rng *rng, size_t n, float scale)
{
    float *x = draw(rng, n * WIDE_COLS), *y = malloc(n * WIDE_COLS * sizeof *y);
    double worst = 0;
    for (size_t i = 0; i < n * WIDE_COLS; i++)
        y[i] = x[i] *= 20;
    way->softmax(y, n, scale);
    for (size_t c = 0; c < WIDE_COLS; c++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += exp((double)scale * x[i * WIDE_COLS + c]);
        for (size_t i = 0; i < n; i++)
            worst = fmax(worst, fabs(exp((double)scale * x[i * WIDE_COLS + c]) / sum - y[i * WIDE_COLS + c]));
    }
    /* the exponent of e, up to 40 here, is off by its own rounding: 40 · 6e-8 */
    CHECK_MSG(worst <= 3e-6, "%s %zu: %g", way->name, n, worst);
    free(x);
    free(y);
}

static void test_softmax(void)
{
    struct rng rng;
    rng_seed(&rng, 2);
    for (size_t w = 0; wide_way(w) != NULL; w++) {
        for (size_t n = 1; n < 40; n += 3)
            check_softmax(wide_way(w), &rng, n, 0.1767767F);
        check_softmax(wide_way(w), &rng, 300, 1);
        float far[2 * WIDE_COLS] = {3e38F}; /* a score far above the others takes all */
        wide_way(w)->softmax(far, 2, 1);
        CHECK(far[0] == 1 && far[WIDE_COLS] >= 0 && far[WIDE_COLS] < 1e-37F && far[1] == 0.5F);
    }
}

static void test_norm(void)
{
    struct rng rng;
    rng_seed(&rng, 3);
    for (size_t w = 0; wide_way(w) != NULL; w++)
        for (size_t n = 2; n < 400; n += n < 40 ? 1 : 57) {
            float *x = draw(&rng, n), *add = draw(&rng, n), *gain = draw(&rng, n), *shift = draw(&rng, n),
                  *y = draw(&rng, n);
            double mean = 0, var = 0, worst = 0;
            memcpy(y, x, n * sizeof *y);
            for (size_t i = 0; i < n; i++)
                mean += ((double)x[i] + add[i]) / (double)n;
            for (size_t i = 0; i < n; i++)
                var += pow((double)x[i] + add[i] - mean, 2) / (double)n;
            wide_way(w)->norm(y, add, gain, shift, n, 1e-12F);
            for (size_t i = 0; i < n; i++)
                worst = fmax(worst, fabs(gain[i] * ((double)x[i] + add[i] - mean) / sqrt(var + 1e-12) +
                                         shift[i] - y[i]));
            /* two numbers that are nearly equal lose digits: their distance is at least some 1e-2 here */
            CHECK_MSG(worst <= (n < 4 ? 1e-4 : 2e-5), "%s %zu: %g", wide_way(w)->name, n, worst);
            free(x);
            free(add);
            free(gain);
            free(shift);
            free(y);
        }
}

/* One number of the result, from the definition. */
static double attend(const struct attention *at, size_t head, size_t token, size_t c)
{
    size_t all = at->heads * at->width, step = 3 * all;
    const float *q = at->qkv + token * step + head * at->width, *k = at->qkv + all + head * at->width,
                *v = k + all;
    double sum = 0, out = 0;
    for (size_t i = 0; i < at->n; i++) {
        double score = 0;
        for (size_t j = 0; j < at->width; j++)
            score += (double)q[j] * k[i * step + j];
        double e = exp(score / sqrt((double)at->width));
        sum += e;
        out += e * v[i * step + c];
    }
    return out / sum;
}

static void check_attention(const struct wide *way, struct rng *rng, size_t n, size_t heads, size_t width)
{
    size_t all = heads * width;
    struct attention at = {.n = n, .heads = heads, .width = width};
    float *qkv = draw(rng, n * 3 * all + ATTENTION_SLACK);
    at.qkv = qkv;
    at.out = calloc(n * all, sizeof(float));
    at.scratch = calloc(attention_scratch(n, width), sizeof(float));
    double worst = 0;
    attention_apply(&at, way);
    for (size_t t = 0; t < n; t++)
        for (size_t h = 0; h < heads; h++)
            for (size_t c = 0; c < width; c++)
                worst = fmax(worst, fabs(attend(&at, h, t, c) - at.out[t * all + h * width + c]));
    CHECK_MSG(worst <= 3e-6, "%s %zu tokens, %zu × %zu: %g", way->name, n, heads, width, worst);
    free(qkv);
    free(at.out);
    free(at.scratch);
}

static void test_attention(void)
{
    struct rng rng;
    rng_seed(&rng, 4);
    for (size_t w = 0; wide_way(w) != NULL; w++) {
        static const size_t tokens[] = {1, 2, 5, 12, 31, 32, 33, 50, 100};
        for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
            check_attention(wide_way(w), &rng, tokens[i], 3, 5);
            check_attention(wide_way(w), &rng, tokens[i], 2, 32);
        }
        check_attention(wide_way(w), &rng, 40, 1, 64);
        check_attention(wide_way(w), &rng, 40, 2, 70);
    }
}

int main(void)
{
    RUN(test_linear);
    RUN(test_gelu);
    RUN(test_softmax);
    RUN(test_norm);
    RUN(test_attention);
    return check_done();
}
