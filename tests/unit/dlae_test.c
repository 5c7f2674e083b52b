/* Denoising linear autoencoders against an independent NumPy implementation (fixtures/make_dlae.py). */
#include "train/dlae_train.h"

#include "model/ease.h"
#include "num/dense.h"
#include "tests/check.h"
#include "tests/fixture/numbers.h"
#include "train/ease_train.h"
#include "train/trainers.h"

enum { OPTION_SETS = 5 };

static struct csr x;
static struct dlae_options options[OPTION_SETS];
static double *expected[OPTION_SETS]; /* [n × n] */

static bool options_read(FILE *f, size_t s)
{
    struct dlae_options *o = &options[s];
    return fscanf(f, "%lf %lf %lf %lf %lf", &o->lambda, &o->dropout, &o->xi, &o->alpha, &o->beta) == 5;
}

static const struct numbers_cases cases = {.path = "tests/unit/fixtures/dlae.txt",
                                           .options = options_read,
                                           .n = OPTION_SETS,
                                           .x = &x,
                                           .expected = expected};

static enum err trained_with(size_t s, float *b)
{
    return dlae_train(&x, &options[s], b, NULL, NULL);
}

/* Weights of order 1, condition numbers below 30: 2e-5 is some 10 float32 rounding errors times that. */
static void equals_numpy(void)
{
    numbers_cases_check(&cases, trained_with, 2e-5);
}

/* Without dropout, relaxation and normalisation, to the last bit. */
static void plain_is_ease(void)
{
    size_t n = x.n_cols;
    float *b = dense_square(n), *ease = dense_square(n);
    CHECK(dlae_train(&x, &(struct dlae_options){.lambda = 7.5}, b, NULL, NULL) == ERR_OK);
    CHECK(ease_train(&x, 7.5, ease, NULL, NULL, NULL) == ERR_OK);
    CHECK(memcmp(b, ease, n * n * sizeof *b) == 0);
    free(b);
    free(ease);
}

static void refuses_bad_options(void)
{
    float b[1] = {0};
    const struct dlae_options bad[] = {{.lambda = 0},
                                       {.lambda = NAN},
                                       {.lambda = 1, .dropout = 1},
                                       {.lambda = 1, .dropout = -0.1},
                                       {.lambda = 1, .xi = 1.1},
                                       {.lambda = 1, .alpha = -1},
                                       {.lambda = 1, .beta = 2}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(dlae_train(&x, &bad[i], b, NULL, NULL) == ERR_INVALID);
    const struct csr empty = {0};
    CHECK(dlae_train(&empty, &(struct dlae_options){.lambda = 1}, b, NULL, NULL) == ERR_OK);
}

/* Each trainer hands its own settings on; the others are as if they were 0. Scores are sums over the history. */
static void trainers_and_their_scores(void)
{
    const struct {
        const char *name, *sets[5];
        size_t options;
    } rows[] = {{"edlae", {"lambda=4", "dropout=0.6"}, 1},
                {"rdlae", {"lambda=4", "dropout=0.6", "xi=0.25"}, 2},
                {"dan", {"lambda=3", "dropout=0.5", "xi=0.1", "alpha=0.2", "beta=0.3"}, 4}};
    size_t n = x.n_cols;
    for (size_t r = 0; r < 3; r++) {
        const struct trainer *t = trainers_find(rows[r].name);
        struct trainer_values v = {0};
        struct trained m;
        float scores[64];
        for (size_t i = 0; i < 5 && rows[r].sets[i] != NULL; i++)
            CHECK(trainer_set(t, &v, rows[r].sets[i], NULL) == ERR_OK);
        CHECK(trainer_run(t, &v, &(struct train_task){.x = &x, .seed = 1}, &m, NULL) == ERR_OK);
        CHECK_NEAR(numbers_worst(m.weights, expected[rows[r].options], n * n), 0, 2e-5);
        const struct scorer s = trained_scorer(&m);
        const int32_t history[] = {0, 2, 5};
        s.score(&s, history, 3, scores);
        for (size_t j = 0; j < n; j++) {
            float sum = 0;
            for (int h = 0; h < 3; h++)
                sum += s.link(&s, history[h], (int32_t)j);
            CHECK_NEAR(scores[j], sum, 0);
        }
        trained_free(&m);
    }
}

int main(void)
{
    if (!numbers_cases_read(&cases))
        return check_done();
    RUN(equals_numpy);
    RUN(plain_is_ease);
    RUN(refuses_bad_options);
    RUN(trainers_and_their_scores);
    numbers_cases_free(&cases);
    return check_done();
}
