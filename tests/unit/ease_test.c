/* EASE against an independent NumPy implementation (fixtures/make_ease.py) and against its definition. */
#include "train/ease_train.h"

#include "model/ease.h"
#include "model/popularity.h"
#include "num/dense.h"
#include "tests/check.h"
#include "tests/fixture/numbers.h"
#include "train/popularity_train.h"
#include "train/trainers.h"

struct fixture {
    size_t n_users, n_items;
    double lambda;
    struct csr x;
    double *b;      /* [n_items × n_items] */
    double *scores; /* [n_items] */
};

static bool fixture_read(struct fixture *x)
{
    *x = (struct fixture){0};
    FILE *f = fopen("tests/unit/fixtures/ease.txt", "r");
    if (f == NULL || fscanf(f, "%zu %zu %lf\n", &x->n_users, &x->n_items, &x->lambda) != 3) {
        CHECK_MSG(f != NULL, "run from the top of the repository");
        return false;
    }
    CHECK(numbers_matrix(f, x->n_users, x->n_items, &x->x));
    size_t n = x->n_items;
    x->b = calloc(n * n, sizeof *x->b);
    x->scores = calloc(n, sizeof *x->scores);
    CHECK(numbers_read(f, x->b, n * n) && numbers_read(f, x->scores, n));
    fclose(f);
    return true;
}

static void fixture_free(struct fixture *x)
{
    csr_free(&x->x);
    free(x->b);
    free(x->scores);
}

/* The weights are of order 1 and the condition number is below 20: 1e-5 is some 10 float32 rounding errors
 * times that. */
static void equals_numpy(void)
{
    struct fixture x;
    if (!fixture_read(&x))
        return;
    size_t n = x.n_items;
    float *b = dense_square(n), scores[64];
    memset(b, 0xff, n * n * sizeof *b); /* what it held before must not matter */
    CHECK(ease_train(&x.x, x.lambda, b, NULL, NULL, NULL) == ERR_OK);
    CHECK_NEAR(numbers_worst(b, x.b, n * n), 0, 1e-5);
    ease_score(b, n, csr_row(&x.x, 0), csr_row_count(&x.x, 0), scores);
    for (size_t j = 0; j < n; j++)
        CHECK_NEAR(scores[j], x.scores[j], 1e-5);
    free(b);
    fixture_free(&x);
}

static void gram_counts_pairs(void)
{
    struct fixture x;
    if (!fixture_read(&x))
        return;
    size_t n = x.n_items;
    float *g = dense_square(n);
    struct csr xt;
    CHECK(csr_transpose(&xt, &x.x) == ERR_OK);
    ease_train_gram(&x.x, &xt, NULL, g);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            int both = 0;
            for (size_t u = 0; u < x.n_users; u++)
                both += csr_has(&x.x, u, (int32_t)i) && csr_has(&x.x, u, (int32_t)j);
            CHECK_NEAR(g[i * n + j], j >= i ? both : 0, 0);
        }
    csr_free(&xt);
    free(g);
    fixture_free(&x);
}

/* Scores in tiles equal the plain double sum, at sizes around the tile of 4,096. */
static void score_equals_the_sum(void)
{
    const size_t sizes[] = {1, 3, 4095, 4096, 4097, 8200};
    for (size_t s = 0; s < 6; s++) {
        size_t n = sizes[s];
        const int32_t history[] = {0, (int32_t)(n / 2), (int32_t)(n - 1)};
        float *w = calloc(n * n, sizeof *w), *scores = malloc(n * sizeof *scores);
        for (int h = 0; h < 3; h++)
            for (size_t j = 0; j < n; j++)
                w[(size_t)history[h] * n + j] = (float)((j * 31 + (size_t)h) % 17) / 16;
        ease_score(w, n, history, 3, scores);
        for (size_t j = 0; j < n; j++) {
            float sum = w[(size_t)history[0] * n + j];
            sum += w[(size_t)history[1] * n + j];
            sum += w[(size_t)history[2] * n + j];
            CHECK_NEAR(scores[j], sum, 0);
        }
        ease_score(w, n, NULL, 0, scores);
        CHECK(scores[0] == 0 && scores[n - 1] == 0);
        free(w);
        free(scores);
    }
}

static void refuses_bad_settings(void)
{
    struct fixture x;
    if (!fixture_read(&x))
        return;
    float *b = dense_square(x.n_items);
    const double bad[] = {0, -1, NAN, INFINITY};
    for (int i = 0; i < 4; i++)
        CHECK(ease_train(&x.x, bad[i], b, NULL, NULL, NULL) == ERR_INVALID);
    const struct csr empty = {0};
    CHECK(ease_train(&empty, 1, b, NULL, NULL, NULL) == ERR_OK);
    free(b);
    fixture_free(&x);
}

static void one_item(void)
{
    uint64_t keys[] = {0, 1ull << 32};
    size_t n = 2;
    struct csr x;
    float b = 7;
    CHECK(csr_from_keys(&x, keys, &n, 2, 1, NULL) == ERR_OK);
    CHECK(ease_train(&x, 1, &b, NULL, NULL, NULL) == ERR_OK);
    CHECK_NEAR(b, 0, 0);
    csr_free(&x);
}

static void popularity_counts_users(void)
{
    struct fixture x;
    if (!fixture_read(&x))
        return;
    float w[64], scores[64];
    uint64_t counts[64];
    popularity_train(&x.x, w);
    csr_column_counts(&x.x, counts);
    popularity_score(w, x.n_items, NULL, 0, scores);
    for (size_t j = 0; j < x.n_items; j++)
        CHECK_NEAR(scores[j], (double)counts[j], 0);
    fixture_free(&x);
}

static void trainer_table(void)
{
    size_t n;
    const struct trainer *const *rows = trainers(&n);
    const struct trainer *ease = trainers_find("ease");
    struct trainer_values v = {0};
    CHECK(n >= 2 && rows != NULL && ease != NULL && trainers_find("eas") == NULL);
    CHECK(trainer_set(ease, &v, "lambda=400", NULL) == ERR_OK);
    CHECK_NEAR(v.value[0], 400, 0);
    const char *const bad[] = {"lambda",     "lambda=",   "lambda=x", "lambda=4x",
                               "lambda=nan", "lambda=-1", "l=1",      "=1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(trainer_set(ease, &v, bad[i], NULL) == ERR_INVALID, "%s", bad[i]);
    CHECK(trainer_set(trainers_find("popularity"), &v, "lambda=1", NULL) == ERR_INVALID);
    struct fixture x;
    if (!fixture_read(&x))
        return;
    struct trained m;
    CHECK(trainer_run(ease, &v, &(struct train_task){.x = &x.x, .seed = 1}, &m, NULL) == ERR_OK);
    CHECK_INT(m.n_weights, x.n_items * x.n_items);
    CHECK_NEAR(m.value[0], 400, 0);
    trained_free(&m);
    fixture_free(&x);
}

/* A column at a time, by the definition; everything else stays. */
static void what_many_know_is_discounted(void)
{
    struct fixture x;
    if (!fixture_read(&x))
        return;
    const struct trainer *ease = trainers_find("ease");
    const struct train_task task = {.x = &x.x, .seed = 1};
    struct trainer_values plain = {0}, less = {0};
    struct trained a, b;
    uint64_t users[64];
    size_t n = x.n_items;
    CHECK(trainer_set(ease, &less, "discount=0.3", NULL) == ERR_OK);
    CHECK(trainer_run(ease, &plain, &task, &a, NULL) == ERR_OK);
    CHECK(trainer_run(ease, &less, &task, &b, NULL) == ERR_OK);
    csr_column_counts(&x.x, users);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            CHECK_NEAR(b.weights[i * n + j], a.weights[i * n + j] / pow((double)users[j] + 20, 0.3),
                       2e-5); /* each is rounded */
    trained_free(&a);
    trained_free(&b);
    fixture_free(&x);
}

/* So that a snapshot travels in a third of its size. Finer than half of a thousandth of the greatest weight, coarser than floats. */
static void weights_are_in_steps(void)
{
    static const char *const names[] = {"ease", "admm-slim"};
    struct fixture x;
    if (!fixture_read(&x))
        return;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct trained m;
        struct trainer_values v = {0};
        float most = 0;
        int exponent;
        CHECK(trainer_run(trainers_find(names[k]), &v, &(struct train_task){.x = &x.x, .seed = 1}, &m,
                          NULL) == ERR_OK);
        const float *w = m.strength != NULL ? m.strength : m.weights;
        size_t n = m.strength != NULL ? csr_count(&m.links) : m.n_weights, fine = 0;
        for (size_t i = 0; i < n; i++)
            most = fmaxf(most, fabsf(w[i]));
        frexpf(most, &exponent);
        for (size_t i = 0; i < n; i++) {
            float steps = ldexpf(w[i], 15 - exponent);
            CHECK(steps == rintf(steps));
            fine += steps != 2 * rintf(steps / 2);
        }
        CHECK(most > 0 && fine > 0);
        trained_free(&m);
    }
    fixture_free(&x);
}

int main(void)
{
    RUN(equals_numpy);
    RUN(gram_counts_pairs);
    RUN(score_equals_the_sum);
    RUN(refuses_bad_settings);
    RUN(one_item);
    RUN(popularity_counts_users);
    RUN(trainer_table);
    RUN(what_many_know_is_discounted);
    RUN(weights_are_in_steps);
    return check_done();
}
