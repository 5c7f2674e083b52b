/* iALS and BPR-MF against an independent NumPy implementation (fixtures/make_factors.py), their kernels
 * against naive twins, and every row of the trainer table from training over a model file to scores. */
#include "model/ials.h"

#include <unistd.h>

#include "base/rng.h"
#include "base/secret.h"
#include "model/model_file.h"
#include "num/kernel.h"
#include "tests/check.h"
#include "tests/fixture/numbers.h"
#include "train/bpr_train.h"
#include "train/ensemble.h"
#include "train/ials_train.h"
#include "train/trainers.h"

enum { U = 60, N = 23, D = 3 };

static void kernels_equal_their_twins(void)
{
    struct rng rng;
    rng_seed(&rng, 3);
    float a[100], b[100];
    for (size_t n = 0; n < 100; n++) {
        double want = 0;
        for (size_t i = 0; i < n; i++) {
            a[i] = (float)rng_normal(&rng);
            b[i] = (float)rng_normal(&rng);
            want += (double)a[i] * (double)b[i];
        }
        CHECK_NEAR(kernel_dot(a, b, n), want, 1e-5); /* 100 terms of order 1, at least 8 partial sums */
        CHECK(kernel_within(a, n, 10));
        float before = n > 0 ? b[n - 1] : 0;
        kernel_axpy(b, 2, a, n);
        CHECK(n == 0 || b[n - 1] == before + 2 * a[n - 1]);
    }
    a[50] = NAN;
    CHECK(!kernel_within(a, 99, 1e30f) && kernel_within(a, 50, 10) && kernel_within(NULL, 0, 1));
    a[50] = INFINITY;
    CHECK(!kernel_within(a, 99, 1e30f));
}

static void solves_what_it_should(void)
{
    enum { MOST = 40 };
    struct rng rng;
    rng_seed(&rng, 4);
    for (size_t d = 0; d < MOST; d += d < 4 ? 1 : 7) {
        float f[MOST * MOST], a[MOST * MOST], kept[MOST * MOST], x[MOST], b[MOST];
        for (size_t i = 0; i < d * d; i++)
            f[i] = (float)rng_normal(&rng);
        for (size_t i = 0; i < d; i++)
            for (size_t j = 0; j < d; j++)
                kept[i * d + j] = a[i * d + j] = kernel_dot(f + i * d, f + j * d, d) + (i == j ? 5.0f : 0.0f);
        for (size_t i = 0; i < d; i++)
            x[i] = b[i] = (float)rng_normal(&rng);
        CHECK(kernel_solve(a, x, d));
        for (size_t i = 0; i < d; i++)
            CHECK_NEAR(kernel_dot(kept + i * d, x, d), b[i], 1e-4); /* condition number below 50 */
    }
    float indefinite[] = {1, 2, 2, 1}, nan[] = {NAN}, b[] = {1, 1};
    CHECK(!kernel_solve(indefinite, b, 2) && !kernel_solve(nan, b, 1));
}

/* With this much regularisation all starts end in one minimum, up to a rotation of the vectors, which scores
 * do not see. */
static void ials_equals_numpy(void)
{
    struct csr x;
    double want[U * N], worst = 0;
    FILE *f = numbers_open("tests/unit/fixtures/factors.txt", &x);
    CHECK(f != NULL && numbers_read(f, want, U * N));
    if (f == NULL)
        return;
    fclose(f);
    const struct ials_options o = {
        .factors = D, .iterations = 2000, .steps = D, .alpha0 = 0.2, .lambda = 0.15, .nu = 0.8};
    float weights[N * D + D * D + IALS_SCALARS], scores[N];
    CHECK(ials_train(&x, &o, 1, weights, NULL, NULL) == ERR_OK);
    const struct scorer s = {.score = ials_score, .weights = weights, .n_items = N, .n_factors = D};
    for (size_t u = 0; u < U; u++) {
        scorer_score(&s, &(struct scorer_person){u, csr_row(&x, u), csr_row_count(&x, u)}, scores, NULL);
        for (size_t j = 0; j < N; j++) {
            double d = fabs((double)scores[j] - want[u * N + j]);
            worst = d <= worst ? worst : d;
        }
    }
    CHECK_NEAR(worst, 0, 1e-3); /* scores up to 1, float32, condition number below 100 */
    csr_free(&x);
}

static void bpr_step_equals_numpy(void)
{
    enum { LONG = 19 };
    struct csr x;
    double skip[U * N], before[3 * LONG] = {0}, after[3 * LONG] = {0};
    float v[3 * LONG];
    FILE *f = numbers_open("tests/unit/fixtures/factors.txt", &x);
    CHECK(f != NULL);
    if (f == NULL)
        return;
    CHECK(numbers_read(f, skip, U * N) && numbers_read(f, before, 3 * LONG) &&
          numbers_read(f, after, 3 * LONG));
    fclose(f);
    csr_free(&x);
    for (int i = 0; i < 3 * LONG; i++)
        v[i] = (float)before[i];
    bpr_train_step(v, v + LONG, v + 2 * LONG, LONG, 0.05f, 0.02f);
    for (int i = 0; i < 3 * LONG; i++)
        CHECK_NEAR(v[i], after[i], 1e-6);
}

/* ln σ(p·(q_i − q_j)) − reg/2·(…), in double. */
static double objective(const double *v, size_t d, double reg)
{
    double x = 0, norm = 0;
    for (size_t k = 0; k < d; k++) {
        x += v[k] * (v[d + k] - v[2 * d + k]);
        norm += v[k] * v[k] + v[d + k] * v[d + k] + v[2 * d + k] * v[2 * d + k];
    }
    return -log1p(exp(-x)) - reg / 2 * norm;
}

static void bpr_steps_along_the_gradient(void)
{
    enum { LONG = 5 };
    struct rng rng;
    rng_seed(&rng, 9);
    double v[3 * LONG];
    float moved[3 * LONG];
    for (int i = 0; i < 3 * LONG; i++) {
        moved[i] = (float)rng_normal(&rng);
        v[i] = (double)moved[i];
    }
    bpr_train_step(moved, moved + LONG, moved + 2 * LONG, LONG, 0.1f, 0.05f);
    for (int i = 0; i < 3 * LONG; i++) {
        double h = 1e-5, kept = v[i];
        v[i] = kept + h;
        double up = objective(v, LONG, 0.05);
        v[i] = kept - h;
        double down = objective(v, LONG, 0.05);
        v[i] = kept;
        CHECK_NEAR(((double)moved[i] - v[i]) / 0.1, (up - down) / (2 * h),
                   1e-5); /* float32 over a rate of 0.1 */
    }
}

static void check_model(const struct trainer *t, const struct csr *x, const char *path)
{
    struct trainer_values v = {0};
    struct trained a, b;
    struct fail why = {0};
    for (size_t i = 0; i < t->n_settings; i++) { /* short, for a test */
        bool is_epochs = strcmp(t->settings[i].name, "epochs") == 0;
        v.given[i] = is_epochs;
        v.value[i] = 5;
    }
    const struct train_task task = {.x = x, .seed = 7};
    CHECK_MSG(trainer_run(t, &v, &task, &a, &why) == ERR_OK, "%s: %s", t->name, why.text);
    CHECK(trainer_run(t, &v, &task, &b, NULL) == ERR_OK);
    CHECK_MSG(a.n_weights == b.n_weights &&
                  memcmp(a.weights == NULL ? "" : (void *)a.weights,
                         b.weights == NULL ? "" : (void *)b.weights, a.n_weights * sizeof(float)) == 0,
              "%s: another result for the same seed", t->name);
    int32_t ids[N];
    for (int32_t i = 0; i < N; i++)
        ids[i] = 10 + i;
    struct model_info info = {.threshold = 3.5f, .n_factors = (uint32_t)a.n_factors};
    snprintf(info.kind, sizeof info.kind, "%s", t->name);
    const struct model m = {.info = &info,
                            .item_ids = ids,
                            .n_items = N,
                            .weights = a.weights,
                            .n_weights = a.n_weights,
                            .links = a.links,
                            .strength = a.strength};
    struct model back;
    CHECK_MSG(model_write(&m, path, NULL, &why) == ERR_OK, "%s: %s", t->name, why.text);
    CHECK_MSG(model_open(&back, path, &why) == ERR_OK, "%s: %s", t->name, why.text);
    struct scorer one = trained_scorer(&a), two = model_scorer(&back);
    float s1[N], s2[N];
    one.score(&one, csr_row(x, 0), csr_row_count(x, 0), s1);
    two.score(&two, csr_row(x, 0), csr_row_count(x, 0), s2);
    for (size_t j = 0; j < N; j++)
        CHECK_MSG(s1[j] == s2[j], "%s: the file scores otherwise", t->name);
    one.score(&one, NULL, 0, s1);
    CHECK_MSG(kernel_within(s1, N, 1e6f), "%s: no history", t->name);
    model_close(&back);
    trained_free(&a);
    trained_free(&b);
}

static void every_trainer_to_a_file_and_back(void)
{
    struct csr x;
    FILE *f = numbers_open("tests/unit/fixtures/factors.txt", &x);
    CHECK(f != NULL);
    if (f == NULL)
        return;
    fclose(f);
    char path[] = "/tmp/mvti-factors-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0 && secret_init() == ERR_OK);
    size_t n;
    const struct trainer *const *rows = trainers(&n);
    for (size_t i = 0; i < n; i++)
        if (rows[i]->n_members == 0) /* their files name their members' */
            check_model(rows[i], &x, path);
    unlink(path);
    csr_free(&x);
}

static void known_users_have_their_own_vector(void)
{
    const float items[] = {1, 0, 0, 1, 1, 1}, users[] = {2, -1};
    const struct scorer s = {
        .score = factors_score, .weights = items, .n_items = 3, .n_factors = 2, .users = users, .n_users = 1};
    const int32_t history[] = {0, 2};
    float scores[3];
    scorer_score(&s, &(struct scorer_person){0, history, 2}, scores, NULL);
    CHECK(scores[0] == 2 && scores[1] == -1 && scores[2] == 1);
    scorer_score(&s, &(struct scorer_person){1, history, 2}, scores,
                 NULL); /* unknown: the mean of items 0 and 2 */
    CHECK(scores[0] == 1 && scores[1] == 0.5f && scores[2] == 1.5f);
}

static void says_when_it_diverges(void)
{
    struct csr x;
    FILE *f = numbers_open("tests/unit/fixtures/factors.txt", &x);
    CHECK(f != NULL);
    if (f == NULL)
        return;
    fclose(f);
    float items[N * D], users[U * D], weights[N * D + D * D + IALS_SCALARS];
    const struct bpr_options wild = {.factors = D, .epochs = 50, .candidates = 1, .rate = 1000, .reg = 1};
    struct fail why = {0};
    CHECK(bpr_train(&x, &wild, 1, &(struct bpr_vectors){items, users}, NULL, &why) == ERR_DIVERGED);
    CHECK(strstr(why.text, "epoch") != NULL);
    const struct bpr_options bad[] = {
        {0, 1, 1, 1, 0, NULL},   {1, 0, 1, 1, 0, NULL},   {1, 1, 0, 1, 0, NULL},   {1, 1, 1, 0, 0, NULL},
        {1, 1, 1, NAN, 0, NULL}, {1, 1, 1, 1, NAN, NULL}, {1000, 1, 1, 1, 0, NULL}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(bpr_train(&x, &bad[i], 1, &(struct bpr_vectors){items, users}, NULL, NULL) == ERR_INVALID);
    const struct ials_options none[] = {{0, 1, 1, 1, 1, 1, NULL}, {D, 0, 1, 1, 1, 1, NULL},
                                        {D, 1, 0, 1, 1, 1, NULL}, {D, 1, 1, -1, 1, 1, NULL},
                                        {D, 1, 1, 1, 0, 1, NULL}, {D, 1, 1, 1, NAN, 1, NULL},
                                        {D, 1, 1, 1, 1, 2, NULL}, {1000, 1, 1, 1, 1, 1, NULL}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK(ials_train(&x, &none[i], 1, weights, NULL, NULL) == ERR_INVALID);
    csr_free(&x);
}

int main(void)
{
    RUN(kernels_equal_their_twins);
    RUN(solves_what_it_should);
    RUN(ials_equals_numpy);
    RUN(bpr_step_equals_numpy);
    RUN(bpr_steps_along_the_gradient);
    RUN(every_trainer_to_a_file_and_back);
    RUN(known_users_have_their_own_vector);
    RUN(says_when_it_diverges);
    return check_done();
}
