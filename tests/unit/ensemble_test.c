#include "train/ensemble.h"

#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/model_file.h"
#include "tests/check.h"
#include "train/ease_train.h"
#include "train/evaluate.h"
#include "train/item_cut.h"
#include "train/item_knn_train.h"
#include "train/popularity_train.h"
#include "train/trainers.h"

enum { PEOPLE = 240, ITEMS = 48, GROUPS = 3 };

/* People like half of their group's items and few others; earlier items are liked more. */
static struct csr likes(void)
{
    uint64_t *keys = malloc(PEOPLE * ITEMS * sizeof *keys);
    size_t n = 0;
    struct rng r;
    struct csr x;
    rng_seed(&r, 4);
    for (size_t u = 0; u < PEOPLE; u++)
        for (size_t j = 0; j < ITEMS; j++)
            if (rng_unit(&r) < (u % GROUPS == j % GROUPS ? 0.6 - 0.004 * (double)j : 0.06))
                keys[n++] = (uint64_t)u << 32 | j;
    CHECK(csr_from_keys(&x, keys, &n, PEOPLE, ITEMS, NULL) == ERR_OK);
    free(keys);
    return x;
}

static struct trainer_values quick(const struct trainer *t)
{
    static const char *const sets[] = {"recvae.epochs=5", "recvae.hidden=20", "recvae.latent=8"};
    struct trainer_values v = {0};
    for (size_t i = 0; i < 3; i++)
        CHECK(trainer_set(t, &v, sets[i], NULL) == ERR_OK);
    return v;
}

/* One person's scores, and the weights that made them. */
static void blend_once(const struct csr *x, uint64_t seed, float scores[ITEMS], float weight[2][FUSION_PARTS])
{
    const struct trainer *t = trainers_find("blend");
    struct trainer_values v = {0};
    const struct train_task task = {.x = x, .seed = seed};
    const int32_t given[] = {0, 3, 6};
    struct trained m;
    struct fail why = {0};
    CHECK(trainer_set(t, &v, "lightgcn++.epochs=5", NULL) == ERR_OK);
    CHECK_MSG(trainer_run(t, &v, &task, &m, &why) == ERR_OK, "%s", why.text);
    struct fusion *f = m.fusion;
    float *room = malloc((f->n_films * f->n_parts + fusion_scratch(f) + 1) * sizeof *room);
    CHECK(room != NULL && f->n_films == ITEMS);
    fusion_score(f, &(struct scorer_person){SCORER_NOBODY, given, 3}, room, scores,
                 room + f->n_films * f->n_parts);
    for (size_t p = 0; p < f->n_parts; p++) {
        weight[0][p] = f->parts[p].weight;
        weight[1][p] = f->parts[p].weight_long;
    }
    free(room);
    trained_free(&m);
}

/* The same data and seed give the same members and weights, on one core and on all. */
static void a_blend_is_the_same_every_night(void)
{
    struct csr x = likes();
    float scores[4][ITEMS], weight[4][2][FUSION_PARTS] = {0};
    cpu_set_t all, one;
    CHECK(sched_getaffinity(0, sizeof all, &all) == 0);
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; cpu++)
        if (CPU_ISSET(cpu, &all))
            CPU_SET(cpu, &one);
    for (int i = 0; i < 4; i++) {
        CHECK(sched_setaffinity(0, sizeof one, i == 2 ? &one : &all) == 0);
        blend_once(&x, i < 3 ? 3 : 4, scores[i], weight[i]);
    }
    CHECK(sched_setaffinity(0, sizeof all, &all) == 0);
    for (int i = 1; i < 3; i++) {
        CHECK(memcmp(weight[i], weight[0], sizeof weight[0]) == 0);
        CHECK(memcmp(scores[i], scores[0], sizeof scores[0]) == 0);
    }
    CHECK(memcmp(scores[3], scores[0], sizeof scores[0]) != 0); /* another seed: the test can tell */
    csr_free(&x);
}

static double ndcg_of(const struct scorer *s, const struct visitor_group *group)
{
    const int k = 10;
    const struct evaluate_task task = {
        .scorer = *s, .unseen = true, .history = &group->given, .held = &group->held, .k = &k, .n_cuts = 1};
    struct evaluate_result r;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_OK);
    return metric_mean(&r.metrics, 0, METRIC_NDCG);
}

static double ndcg_trained(const char *name, const struct visitors *people)
{
    const struct trainer *t = trainers_find(name);
    struct trainer_values v = t->n_members > 0 ? quick(t) : (struct trainer_values){0};
    const struct train_task task = {.x = &people->train, .seed = 3};
    struct trained m;
    struct fail why = {0};
    CHECK_MSG(trainer_run(t, &v, &task, &m, &why) == ERR_OK, "%s: %s", name, why.text);
    struct scorer s = trained_scorer(&m);
    double ndcg = ndcg_of(&s, &people->testing);
    if (t->n_members > 0) {
        float sum = 0;
        for (size_t p = 0; p < m.fusion->n_parts; p++)
            sum += m.fusion->parts[p].weight;
        bool reports = m.fusion->rule == FUSION_RANK && fabsf(sum - 2.2f) < 1e-5f;
        CHECK(t->fitted ? reports || fabsf(sum - 1) < 1e-5f : reports);
        CHECK_INT(m.n_parts, 3);
    }
    trained_free(&m);
    return ndcg;
}

static void ader_beats_popularity(void)
{
    struct csr x = likes();
    struct visitors people;
    CHECK(visitors_draw(&people, &x, 60, VISITORS_GIVEN, 1, NULL) == ERR_OK);
    double popular = ndcg_trained("popularity", &people);
    CHECK(ndcg_trained("ader", &people) > 1.2 * popular);
    CHECK(ndcg_trained("ader-fitted", &people) > 1.2 * popular);
    visitors_free(&people);
    csr_free(&x);
}

static const struct trainer_member small_members[] = {{&ease_trainer, 1.0f, 10, &item_knn_trainer},
                                                      {&item_knn_trainer, 0.5f, 20, NULL},
                                                      {&popularity_trainer, 0.1f, SIZE_MAX, NULL}};
static const struct trainer small = {
    .name = "small", .members = small_members, .n_members = 3, .fitted = true, .silent = 1};

/* Beyond its most items a member is another model, or knows the most liked items only. */
static void large_catalogs_have_smaller_members(void)
{
    struct csr x = likes();
    struct trained m = {.trainer = &small};
    const struct train_task task = {.x = &x, .seed = 3};
    CHECK(ensemble_members(&task, &m, NULL) == ERR_OK);
    CHECK_STR(m.parts[0].trainer->name, "item-knn");
    CHECK(m.parts[0].cut == NULL && m.parts[0].n_items == ITEMS);
    CHECK(m.parts[1].cut != NULL && m.parts[1].n_items == 20);
    CHECK(m.fusion->parts[1].item_of == m.parts[1].cut->at);
    for (size_t i = 0; m.parts[1].cut != NULL && i < 20; i++)
        CHECK_INT(m.parts[1].cut->at[m.parts[1].cut->kept[i]], i);
    trained_free(&m);
    csr_free(&x);
}

/* What docs/measurements.md promises for large catalogs: dense models give way to sparse ones that can be
 * trained and give reasons as they do. */
static void dense_members_have_sparse_twins(void)
{
    const struct trainer *blend = trainers_find("blend");
    static const char *const twins[][2] = {{"ease-by-length", "ease-sparse"}, {"admm-slim", "slim-sparse"}};
    for (size_t i = 0; i < 2; i++) {
        struct scorer s = {0};
        CHECK_STR(blend->members[i].trainer->name, twins[i][0]);
        CHECK(blend->members[i].beyond != NULL && blend->members[i].beyond == trainers_find(twins[i][1]));
        CHECK(model_scorer_of(twins[i][1], &s) && s.link != NULL);
    }
}

/* Of all ways of joining that are better than the best member, the best is taken. */
static void the_best_way_of_joining_is_taken(void)
{
    struct csr x = likes();
    struct ensemble_people people;
    struct trained m = {.trainer = &small};
    struct ensemble_choice choices[ENSEMBLE_CHOICES];
    size_t best;
    CHECK(ensemble_people_draw(&people, &x, 60, 1, NULL) == ERR_OK);
    const struct train_task task = {.x = &people.visitors[0].train, .seed = 3};
    CHECK(ensemble_members(&task, &m, NULL) == ERR_OK);
    CHECK(ensemble_fit(&m, &people, choices, &best, NULL, NULL) == ERR_OK);
    for (size_t c = 0; c < ENSEMBLE_CHOICES; c++)
        CHECK(choices[best].fitted.ndcg >= choices[c].fitted.ndcg || (c == 0 && !choices[c].fitted.better));
    CHECK(m.fusion->rule == choices[best].fusion.rule);
    CHECK(m.fusion->parts[1].weight == choices[best].fusion.parts[1].weight);
    CHECK(m.fusion->parts[1].weight_long == choices[best].fusion.parts[1].weight_long);
    for (size_t c = 1; c < ENSEMBLE_CHOICES; c++) {
        float sums[2] = {0};
        for (size_t p = 0; p < 3; p++) {
            sums[0] += choices[c].fusion.parts[p].weight;
            sums[1] += choices[c].fusion.parts[p].weight_long;
        }
        CHECK(fabsf(sums[0] - 1) < 1e-5f && fabsf(sums[1] - 1) < 1e-5f);
    }
    double sum = 0; /* the report's weights are fitted to nobody: what is said of them is what is measured */
    const struct scorer joined = fusion_scorer(&choices[0].fusion);
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++)
        sum += ndcg_of(&joined, &people.fitting[l]) / ENSEMBLE_LENGTHS;
    CHECK_NEAR(choices[0].fitted.ndcg, sum, 1e-12);
    trained_free(&m);
    ensemble_people_free(&people);
    csr_free(&x);
}

/* Two sums over the films that are given: fame, the same order for everybody, and noise, which covers most and knows nothing. */
static struct fusion fame_and_noise(const struct csr *x, float weights[2][ITEMS * ITEMS])
{
    struct fusion f = {.rule = FUSION_STANDARD, .n_films = ITEMS, .n_parts = 2};
    struct rng r;
    uint64_t liked[ITEMS] = {0};
    rng_seed(&r, 9);
    csr_column_counts(x, liked);
    for (size_t i = 0; i < ITEMS * ITEMS; i++) {
        weights[0][i] = (float)liked[i % ITEMS];
        weights[1][i] = (float)rng_normal(&r);
    }
    for (size_t p = 0; p < 2; p++) {
        f.parts[p].scorer = (struct scorer){.weights = weights[p], .n_items = ITEMS};
        CHECK(model_scorer_of("ease", &f.parts[p].scorer));
    }
    f.parts[0].weight = f.parts[0].weight_long = 1;
    return f;
}

/* More may be paid, more is covered; nothing is given where nothing may be paid, or where nothing covers more; no length pays more than its price. */
static void variety_is_bought_at_its_price(void)
{
    static float weights[2][ITEMS * ITEMS];
    const double prices[] = {0, 0.1, 0.5};
    struct csr x = likes();
    struct ensemble_people people;
    double covered = 0;
    CHECK(ensemble_people_draw(&people, &x, 60, 1, NULL) == ERR_OK);
    for (size_t i = 0; i < 3; i++) {
        struct fusion f = fame_and_noise(&x, weights), before = f;
        struct ensemble_variety got;
        const struct ensemble_variety_plan plan = {people.fitting, 2, false, prices[i]};
        CHECK(ensemble_variety_buy(&f, &plan, &got, NULL, NULL) == ERR_OK);
        CHECK_INT(got.part, 1);
        CHECK_NEAR(f.parts[0].weight, 1 - got.by, 1e-6);
        CHECK_NEAR(f.parts[1].weight, got.by, 1e-6);
        CHECK(f.parts[0].weight_long == 1 && f.parts[1].weight_long == 0);
        CHECK_MSG(i == 0 ? got.by == 0 : got.coverage[1] > covered, "%g: %g", prices[i], got.coverage[1]);
        covered = got.coverage[1];
        const struct scorer was = fusion_scorer(&before), is = fusion_scorer(&f);
        for (size_t g = 0; g < 2; g++)
            CHECK(ndcg_of(&is, &people.fitting[g]) >=
                  (1 - prices[i]) * ndcg_of(&was, &people.fitting[g]) - 1e-12);
    }
    struct fusion f = fame_and_noise(&x, weights);
    struct ensemble_variety got;
    const struct ensemble_variety_plan longer = {people.fitting + 3, 1, true, 0.3};
    f.parts[0].weight_long = 0;
    f.parts[1].weight_long = 1; /* it covers most already */
    CHECK(ensemble_variety_buy(&f, &longer, &got, NULL, NULL) == ERR_OK);
    CHECK(got.by == 0 && got.coverage[0] == got.coverage[1] && f.parts[1].weight_long == 1);
    ensemble_people_free(&people);
    csr_free(&x);
}

/* What an ensemble is asked for reaches the fit, and the model that is kept says it. */
static void the_blend_has_a_price_for_variety(void)
{
    const struct trainer *blend = trainers_find("blend");
    struct csr x = likes();
    struct trainer_values v = {0};
    struct ensemble_found found;
    struct trained m;
    static const char *const sets[] = {"variety=0.25", "lightgcn++.epochs=3"};
    for (size_t i = 0; i < 2; i++)
        CHECK(trainer_set(blend, &v, sets[i], NULL) == ERR_OK);
    const struct train_task task = {.x = &x, .seed = 3, .found = &found};
    CHECK(trainer_run(blend, &v, &task, &m, NULL) == ERR_OK);
    const struct ensemble_choice *taken = &found.choices[found.chosen];
    CHECK(m.value[0] == 0.25 && taken->variety[0].ndcg[0] > 0);
    CHECK(m.fusion->rule == FUSION_STANDARD && found.chosen == 1 + FUSION_STANDARD);
    CHECK(taken->variety[0].coverage[1] >= taken->variety[0].coverage[0]);
    for (size_t p = 0; p < m.fusion->n_parts; p++)
        CHECK(m.fusion->parts[p].weight == taken->fusion.parts[p].weight &&
              m.fusion->parts[p].scorer.link != NULL); /* shares speak for all of a score */
    trained_free(&m);
    csr_free(&x);
}

static bool weighs_alike(const struct fusion *a, const struct fusion *b)
{
    bool alike = a->rule == b->rule && a->n_parts == b->n_parts;
    for (size_t p = 0; p < a->n_parts; p++)
        alike = alike && a->parts[p].weight == b->parts[p].weight &&
                a->parts[p].weight_long == b->parts[p].weight_long;
    return alike;
}

/* What is served is fitted on those too whom it was measured on; what is kept as it was measured is not. */
static void weights_that_are_served_are_fitted_on_all(void)
{
    struct csr x = likes();
    struct ensemble_people people, all = {0};
    struct ensemble_choice choices[ENSEMBLE_CHOICES];
    struct ensemble_found found[2];
    struct trained m[2] = {{.trainer = &small}, {.trainer = &small}}, first = {.trainer = &small};
    size_t best;
    for (size_t i = 0; i < 2; i++)
        CHECK(ensemble_train(&(struct train_task){.x = &x, .seed = 3, .once = i == 1, .found = &found[i]},
                             &m[i], NULL) == ERR_OK);
    CHECK(ensemble_people_draw(&people, &x, VISITORS_MOST, 3, NULL) == ERR_OK);
    CHECK(ensemble_members(&(struct train_task){.x = &people.visitors[0].train, .seed = 3}, &first, NULL) ==
          ERR_OK);
    CHECK(ensemble_fit(&first, &people, choices, &best, NULL, NULL) == ERR_OK);
    CHECK(weighs_alike(m[1].fusion, &choices[best].fusion));
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++)
        CHECK(visitors_join(&all.fitting[l], &people.visitors[l], NULL) == ERR_OK);
    CHECK(ensemble_fit(&first, &all, choices, &best, NULL, NULL) == ERR_OK);
    CHECK(weighs_alike(m[0].fusion, &choices[best].fusion) && found[0].chosen == best);
    CHECK(!weighs_alike(m[0].fusion, m[1].fusion)); /* the test can tell */
    for (size_t c = 0; c < ENSEMBLE_CHOICES; c++)   /* and what was measured is what was measured before */
        CHECK(metric_mean(&found[0].joined[c], 0, METRIC_NDCG) ==
              metric_mean(&found[1].joined[c], 0, METRIC_NDCG));
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++)
        visitors_free_group(&all.fitting[l]);
    ensemble_people_free(&people);
    trained_free(&first);
    for (size_t i = 0; i < 2; i++)
        trained_free(&m[i]);
    csr_free(&x);
}

/* Lengths are of the same people, and `train` is that of each. */
static void lengths_are_of_the_same_people(void)
{
    struct csr x = likes();
    struct ensemble_people people;
    struct visitors whole;
    CHECK(ensemble_people_draw(&people, &x, 60, 1, NULL) == ERR_OK);
    CHECK(visitors_draw(&whole, &x, 60, SIZE_MAX, 1, NULL) == ERR_OK);
    CHECK(csr_count(&whole.train) == csr_count(&people.visitors[0].train));
    for (size_t u = 0; u < PEOPLE; u++)
        for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++) {
            size_t n = csr_row_count(&people.fitting[l].given, u), all = csr_row_count(&x, u);
            size_t most = ensemble_lengths[l] == SIZE_MAX ? all * 4 / 5
                          : all / 2 < ensemble_lengths[l] ? all / 2
                                                          : ensemble_lengths[l];
            CHECK_INT(n, csr_row_count(&whole.fitting.held, u) > 0 ? most : 0);
        }
    visitors_free(&whole);
    ensemble_people_free(&people);
    csr_free(&x);
}

static void settings_of_members_are_checked(void)
{
    const struct trainer *t = trainers_find("blend");
    struct trainer_values v = {0};
    struct fail why = {0};
    static const char *const wrong[] = {
        "admm-slim.rho=no", "admm-slim.roh=3", "nothing.lambda=3", "admm-slim.=3", "lambda=3", "=3", ".=3",
        "variety=0.6"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_MSG(trainer_set(t, &v, wrong[i], &why) == ERR_INVALID, "%s", wrong[i]);
    CHECK(trainer_set(t, &v, "admm-slim.rho=300", NULL) == ERR_OK);
    CHECK(trainer_set(t, &v, "ease-sparse.lambda=300", NULL) == ERR_OK);
    CHECK_INT(v.n_member, 2);
}

int main(void)
{
    RUN(ader_beats_popularity);
    RUN(large_catalogs_have_smaller_members);
    RUN(dense_members_have_sparse_twins);
    RUN(the_best_way_of_joining_is_taken);
    RUN(variety_is_bought_at_its_price);
    RUN(the_blend_has_a_price_for_variety);
    RUN(weights_that_are_served_are_fitted_on_all);
    RUN(lengths_are_of_the_same_people);
    RUN(a_blend_is_the_same_every_night);
    RUN(settings_of_members_are_checked);
    return check_done();
}
