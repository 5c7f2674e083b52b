/* A fitted fusion is not worse than its best part: on few people and many, for histories short and long. */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/model_file.h"
#include "tests/check.h"
#include "train/ensemble.h"
#include "train/evaluate.h"
#include "train/fusion_fit.h"

enum { FILMS = 150, GROUPS = 3, PARTS = 2 };

static double liked(size_t film)
{
    return 0.9 * exp(-2.5 * (double)film / FILMS);
}

/* People like films of their group, the first ones most, and some of the others. */
static struct csr likes(size_t people)
{
    uint64_t *keys = malloc(people * FILMS * sizeof *keys);
    size_t n = 0;
    struct rng r;
    struct csr x;
    rng_seed(&r, 4);
    for (size_t u = 0; u < people; u++)
        for (size_t j = 0; j < FILMS; j++)
            if (rng_unit(&r) < liked(j) * (u % GROUPS == j % GROUPS ? 1 : 0.15))
                keys[n++] = (uint64_t)u << 32 | j;
    CHECK(csr_from_keys(&x, keys, &n, people, FILMS, NULL) == ERR_OK);
    free(keys);
    return x;
}

/* What is popular and a little of the groups, which helps where three films are given; and the groups with noise in
 * every link, which cancels out where many are given. */
static float few[FILMS * FILMS], many[FILMS * FILMS];

static void make_parts(struct fusion *f)
{
    struct rng r;
    rng_seed(&r, 7);
    for (size_t i = 0; i < FILMS; i++)
        for (size_t j = 0; j < FILMS; j++) {
            double own = i % GROUPS == j % GROUPS ? 1 : 0;
            few[i * FILMS + j] = (float)(liked(j) * (1 + 0.3 * own));
            many[i * FILMS + j] = (float)(liked(j) * (0.15 + 0.85 * own) + 0.15 * rng_normal(&r));
        }
    const float *weights[PARTS] = {few, many};
    *f = (struct fusion){.rule = FUSION_STANDARD, .n_films = FILMS, .n_parts = PARTS};
    for (size_t p = 0; p < PARTS; p++) {
        f->parts[p] = (struct fusion_part){.scorer = {.weights = weights[p], .n_items = FILMS}};
        CHECK(model_scorer_of("ease", &f->parts[p].scorer));
    }
}

static double ndcg_of(const struct fusion *f, const struct visitor_group *group)
{
    const int k = 10;
    const struct evaluate_task task = {.scorer = fusion_scorer(f),
                                       .unseen = true,
                                       .history = &group->given,
                                       .held = &group->held,
                                       .k = &k,
                                       .n_cuts = 1};
    struct evaluate_result r;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_OK);
    return metric_mean(&r.metrics, 0, METRIC_NDCG);
}

/* Of each part by itself, on people nothing was fitted on. */
static void alone(const struct fusion *f, const struct visitor_group *group, double ndcg[PARTS])
{
    for (size_t p = 0; p < PARTS; p++) {
        struct fusion one = *f;
        for (size_t q = 0; q < PARTS; q++)
            one.parts[q].weight = q == p ? 1 : 0;
        ndcg[p] = ndcg_of(&one, group);
    }
}

/* The fusion's NDCG less that of the best part. */
static double above_best(const struct fusion *f, const struct visitor_group *group)
{
    double ndcg[PARTS];
    alone(f, group, ndcg);
    return ndcg_of(f, group) - fmax(ndcg[0], ndcg[1]);
}

static void no_length_is_worse_on_any_size(void)
{
    static const size_t sizes[] = {160, 800, 4000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct csr x = likes(sizes[s]);
        struct ensemble_people people;
        struct fusion f;
        struct fusion_fitted found;
        const struct fusion_fit_plan all = {people.fitting, ENSEMBLE_LENGTHS, 1},
                                     shortest = {people.fitting, 1, 1};
        CHECK(ensemble_people_draw(&people, &x, 2000, 3, NULL) == ERR_OK);
        make_parts(&f);
        CHECK(fusion_fit(&f, &all, &found, NULL, NULL) == ERR_OK);
        for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++) {
            double above = above_best(&f, &people.visitors[l].testing);
            CHECK_MSG(above > -0.005, "%zu people, length %zu: %g", sizes[s], l, above);
        }
        /* Why every length is asked: what is best for three films alone is worse than the best part for many. */
        CHECK(fusion_fit(&f, &shortest, &found, NULL, NULL) == ERR_OK);
        double above = above_best(&f, &people.visitors[ENSEMBLE_LENGTHS - 1].testing);
        CHECK_MSG(sizes[s] != 800 || above < -0.01, "%zu people: %g", sizes[s], above);
        ensemble_people_free(&people);
        csr_free(&x);
    }
}

/* Where the other part only adds noise, the best one has nearly all; where it may not, being silent, what it may. Given
 * weights are judged as they are. */
static void noise_has_no_weight(void)
{
    struct csr x = likes(800);
    struct ensemble_people people;
    struct fusion f;
    struct fusion_fitted found;
    struct fusion_fit_plan plan = {people.fitting, ENSEMBLE_LENGTHS, 1};
    struct rng r;
    CHECK(ensemble_people_draw(&people, &x, 2000, 3, NULL) == ERR_OK);
    make_parts(&f);
    rng_seed(&r, 9);
    for (size_t i = 0; i < FILMS * FILMS; i++)
        few[i] = (float)rng_normal(&r);
    CHECK(fusion_fit(&f, &plan, &found, NULL, NULL) == ERR_OK);
    CHECK_MSG(f.parts[0].weight < 0.1f, "%g", (double)f.parts[0].weight);
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++)
        CHECK_MSG(above_best(&f, &people.visitors[l].testing) > -0.005, "length %zu", l);
    f.parts[0].weight = f.parts[1].weight = 0.5f;
    CHECK(fusion_fit_judge(&f, &plan, &found, NULL, NULL) == ERR_OK);
    CHECK(!found.better && f.parts[0].weight == 0.5f);
    f.parts[1].scorer.link = NULL;
    plan.silent = 0.5;
    CHECK(fusion_fit(&f, &plan, &found, NULL, NULL) == ERR_OK);
    CHECK_MSG(f.parts[1].weight < 0.501f, "%g", (double)f.parts[1].weight);
    ensemble_people_free(&people);
    csr_free(&x);
}

/* Parts that know nothing, where the order of the films' numbers, which is what no weights at all would give, is that
 * of their popularity. */
static void something_has_weight(void)
{
    struct csr x = likes(400);
    struct ensemble_people people;
    struct fusion f;
    struct fusion_fitted found;
    struct rng r;
    const struct fusion_fit_plan plan = {people.fitting, ENSEMBLE_LENGTHS, 1};
    CHECK(ensemble_people_draw(&people, &x, 2000, 3, NULL) == ERR_OK);
    make_parts(&f);
    rng_seed(&r, 9);
    for (size_t i = 0; i < FILMS * FILMS; i++) {
        few[i] = (float)rng_normal(&r);
        many[i] = (float)rng_normal(&r);
    }
    CHECK(fusion_fit(&f, &plan, &found, NULL, NULL) == ERR_OK);
    CHECK_NEAR(f.parts[0].weight + f.parts[1].weight, 1, 1e-5);
    ensemble_people_free(&people);
    csr_free(&x);
}

int main(void)
{
    RUN(no_length_is_worse_on_any_size);
    RUN(noise_has_no_weight);
    RUN(something_has_weight);
    return check_done();
}
