#include "model/fusion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "data/visitors.h"
#include "model/ease.h"
#include "model/model_file.h"
#include "num/topk.h"
#include "tests/check.h"
#include "train/fusion_fit.h"

enum { FILMS = 40, FIRST = 30, SECOND = 36, ITEMS = 40 };

/* Two square models that know some of the films, numbered by themselves, and a content model that knows all
 * but one; films 36 … 39 are known to the content model only. */
static float weights[3][ITEMS * ITEMS];
static int32_t item_of[2][FILMS];
static struct fusion make(enum fusion_rule rule)
{
    struct rng r;
    rng_seed(&r, 5);
    struct fusion f = {.rule = rule, .n_films = FILMS, .n_parts = 3, .cold = 0.25f};
    const size_t n[3] = {FIRST, SECOND, FILMS};
    for (size_t p = 0; p < 3; p++) {
        struct scorer s = {.weights = weights[p], .n_items = n[p]};
        CHECK(model_scorer_of("ease", &s));
        for (size_t i = 0; i < n[p] * n[p]; i++)
            weights[p][i] = (float)(rng_unit(&r) - 0.4);
        f.parts[p] = (struct fusion_part){.scorer = s, .weight = 0.2f + 0.3f * (float)p, .content = p == 2};
    }
    for (int32_t j = 0; j < FILMS; j++) {
        item_of[0][j] = j < FIRST ? FIRST - 1 - j : -1; /* in the opposite order */
        item_of[1][j] = j < SECOND ? j : -1;
    }
    f.parts[0].item_of = item_of[0];
    f.parts[1].item_of = item_of[1];
    return f;
}

static int32_t naive_item(size_t p, int32_t film)
{
    return p == 2 ? film : item_of[p][film];
}

static double naive_term(const struct fusion *f, size_t p, int32_t from, int32_t to)
{
    int32_t i = naive_item(p, from), j = naive_item(p, to);
    return i < 0 || j < 0 ? 0 : (double)weights[p][(size_t)i * f->parts[p].scorer.n_items + (size_t)j];
}

static bool in(const int32_t *films, size_t n, int32_t film)
{
    for (size_t i = 0; i < n; i++)
        if (films[i] == film)
            return true;
    return false;
}

/* The header's definition, film by film. */
static double naive_feature(const struct fusion *f, size_t p, const int32_t *films, size_t n, int32_t film)
{
    double x[FILMS], sum = 0, squares = 0;
    size_t count = 0, better = 0;
    bool knows = false;
    for (size_t i = 0; i < n; i++)
        knows |= naive_item(p, films[i]) >= 0;
    if (!knows || naive_item(p, film) < 0)
        return 0;
    for (int32_t j = 0; j < FILMS; j++) {
        x[j] = 0;
        for (size_t i = 0; i < n; i++)
            x[j] += naive_term(f, p, films[i], j);
        if (naive_item(p, j) < 0 || in(films, n, j))
            continue;
        sum += x[j];
        squares += x[j] * x[j];
        count++;
    }
    for (int32_t j = 0; j < FILMS; j++)
        if (naive_item(p, j) >= 0 && !in(films, n, j))
            better += x[j] > x[film] || (x[j] == x[film] && naive_item(p, j) < naive_item(p, film));
    double mean = sum / (double)count;
    if (f->rule == FUSION_STANDARD)
        return (x[film] - mean) / sqrt(squares / (double)count - mean * mean);
    return f->rule == FUSION_RANK ? 1 - (double)better / 500 : 61 / (61 + (double)better);
}

static void every_rule_is_what_its_definition_says(void)
{
    static const int32_t histories[][4] = {{3, 17, 29, 35}, {0, 1, 2, 38}, {36, 37, 38, 39}};
    for (int rule = 0; rule < FUSION_RULES; rule++) {
        struct fusion f = make((enum fusion_rule)rule);
        float *scratch = malloc(fusion_scratch(&f) * sizeof *scratch);
        float features[3 * FILMS], scores[FILMS];
        for (size_t h = 0; h < 3; h++) {
            bool cold = h == 2; /* none of these is known to a model that learnt from likes */
            fusion_score(&f, &(struct scorer_person){SCORER_NOBODY, histories[h], 4}, features, scores,
                         scratch);
            for (int32_t j = 0; j < FILMS; j++) {
                if (in(histories[h], 4, j)) { /* has no place */
                    CHECK(rule == FUSION_STANDARD || features[j] == 0);
                    continue;
                }
                double sum = 0, content = naive_feature(&f, 2, histories[h], 4, j);
                for (size_t p = 0; p < 3; p++) {
                    double feature = naive_feature(&f, p, histories[h], 4, j);
                    CHECK_NEAR(features[p * FILMS + (size_t)j], feature, 1e-4); /* float32 sums */
                    sum += (double)f.parts[p].weight * feature;
                }
                CHECK_NEAR(scores[j], cold ? content : j >= SECOND ? 0.25 * content : sum, 1e-4);
            }
        }
        free(scratch);
    }
}

static void shares_are_the_positive_terms_of_each_part(void)
{
    struct fusion f = make(FUSION_STANDARD);
    static const int32_t history[4] = {3, 17, 29, 38};
    float *scratch = malloc(fusion_scratch(&f) * sizeof *scratch);
    float features[3 * FILMS], scores[FILMS], share[4];
    fusion_score(&f, &(struct scorer_person){SCORER_NOBODY, history, 4}, features, scores, scratch);
    for (int32_t j = 0; j < FILMS; j++) {
        double want[4] = {0}, all = 0, sum = 0;
        for (size_t p = 0; p < 3; p++) {
            double by = (p == 2 && j >= SECOND ? 1 : (double)f.parts[p].weight) *
                        (double)features[p * FILMS + (size_t)j],
                   positive = 0;
            for (size_t i = 0; i < 4; i++)
                positive += fmax(0, naive_term(&f, p, history[i], j));
            if (by <= 0 || positive == 0)
                continue;
            all += by;
            for (size_t i = 0; i < 4; i++)
                want[i] += by * fmax(0, naive_term(&f, p, history[i], j)) / positive;
        }
        fusion_shares(&f, features, &(struct scorer_person){SCORER_NOBODY, history, 4}, j, share);
        for (size_t i = 0; i < 4; i++) {
            CHECK_NEAR(share[i], all > 0 ? want[i] / all : 0, 1e-5);
            sum += (double)share[i];
        }
        CHECK(all > 0 ? fabs(sum - 1) < 1e-5 : sum == 0);
    }
    free(scratch);
}

static void a_part_without_an_opinion_changes_nothing(void)
{
    struct fusion f = make(FUSION_STANDARD);
    memset(weights[1], 0, sizeof weights[1]); /* all scores equal: no spread, no feature */
    static const int32_t history[3] = {3, 17, 29};
    float *scratch = malloc(fusion_scratch(&f) * sizeof *scratch);
    float features[3 * FILMS], scores[FILMS];
    fusion_score(&f, &(struct scorer_person){SCORER_NOBODY, history, 3}, features, scores, scratch);
    for (size_t j = 0; j < FILMS; j++)
        CHECK(features[FILMS + j] == 0 && isfinite(scores[j]));
    free(scratch);
}

/* Of weight 0, a part is not asked; where only it knows the films, content decides, as for films newer than
 * likes. */
static void a_part_without_weight_is_not_asked(void)
{
    struct fusion f = make(FUSION_RANK);
    static const int32_t both[3] = {3, 17, 29}, second[2] = {33, 35};
    float *scratch = malloc(fusion_scratch(&f) * sizeof *scratch);
    float features[3 * FILMS], scores[FILMS];
    f.parts[1].weight = 0;
    for (size_t j = 0; j < sizeof features / sizeof *features; j++)
        features[j] = 7; /* of another visitor */
    fusion_score(&f, &(struct scorer_person){SCORER_NOBODY, both, 3}, features, scores, scratch);
    for (int32_t j = 0; j < FILMS; j++) {
        CHECK(features[FILMS + j] == 0);
        if (!in(both, 3, j) && j < FIRST)
            CHECK_NEAR(scores[j],
                       (double)f.parts[0].weight * naive_feature(&f, 0, both, 3, j) +
                           (double)f.parts[2].weight * naive_feature(&f, 2, both, 3, j),
                       1e-5);
    }
    fusion_score(&f, &(struct scorer_person){SCORER_NOBODY, second, 2}, features, scores, scratch);
    for (int32_t j = 0; j < FILMS; j++)
        if (!in(second, 2, j))
            CHECK_NEAR(scores[j], naive_feature(&f, 2, second, 2, j), 1e-6);
    free(scratch);
}

/* From the eleventh film on the other weights hold, in scores and shares, unless there are none. */
static void long_histories_have_their_own_weights(void)
{
    struct fusion f = make(FUSION_STANDARD), other = f;
    int32_t films[FUSION_SHORT + 1];
    float *scratch = malloc(fusion_scratch(&f) * sizeof *scratch);
    float features[3 * FILMS], scores[FILMS], want[FILMS], share[FUSION_SHORT + 1], its[FUSION_SHORT + 1];
    for (int32_t i = 0; i <= FUSION_SHORT; i++)
        films[i] = i;
    for (size_t n = FUSION_SHORT; n <= FUSION_SHORT + 1; n++)
        for (int long_ones = 0; long_ones < 2; long_ones++) {
            const struct scorer_person who = {SCORER_NOBODY, films, n};
            f.parts[0].weight_long = long_ones ? 0.9f : 0;
            f.parts[1].weight_long = long_ones ? 0.1f : 0;
            other.parts[0].weight = n > FUSION_SHORT && long_ones ? 0.9f : 0.2f;
            other.parts[1].weight = n > FUSION_SHORT && long_ones ? 0.1f : 0.5f;
            other.parts[2].weight = n > FUSION_SHORT && long_ones ? 0 : 0.8f;
            fusion_score(&f, &who, features, scores, scratch);
            fusion_shares(&f, features, &who, 20, share);
            fusion_score(&other, &who, features, want, scratch);
            fusion_shares(&other, features, &who, 20, its);
            for (size_t j = 0; j < FILMS; j++)
                CHECK(scores[j] == want[j]);
            for (size_t i = 0; i < n; i++)
                CHECK(share[i] == its[i]);
        }
    free(scratch);
}

/* ---- fitting ---- */

static struct csr likes(size_t people, size_t films, size_t groups, uint64_t seed)
{
    uint64_t *keys = malloc(people * films * sizeof *keys);
    size_t n = 0;
    struct rng r;
    struct csr x;
    rng_seed(&r, seed);
    for (size_t u = 0; u < people; u++)
        for (size_t j = 0; j < films; j++)
            if (rng_unit(&r) < (u % groups == j % groups ? 0.5 : 0.05))
                keys[n++] = (uint64_t)u << 32 | j;
    CHECK(csr_from_keys(&x, keys, &n, people, films, NULL) == ERR_OK);
    free(keys);
    return x;
}

static void visitors_are_drawn_as_promised(void)
{
    struct csr x = likes(300, 60, 3, 1);
    struct visitors v, again;
    struct visitor_group both;
    CHECK(visitors_draw(&v, &x, 40, 5, 9, NULL) == ERR_OK);
    CHECK(visitors_join(&both, &v, NULL) == ERR_OK);
    CHECK_INT(both.n, 80);
    CHECK(visitors_draw(&again, &x, 40, 5, 9, NULL) == ERR_OK);
    CHECK_INT(v.fitting.n, 40);
    CHECK_INT(v.testing.n, 40);
    size_t n[2] = {0};
    for (size_t u = 0; u < x.n_rows; u++) {
        size_t counts[] = {csr_row_count(&v.train, u), csr_row_count(&v.fitting.given, u),
                           csr_row_count(&v.fitting.held, u), csr_row_count(&v.testing.given, u),
                           csr_row_count(&v.testing.held, u)};
        size_t all = csr_row_count(&x, u), sum = 0;
        for (size_t i = 0; i < 5; i++)
            sum += counts[i];
        CHECK_INT(sum, all);
        CHECK((counts[0] > 0) + (counts[1] > 0) + (counts[3] > 0) <= 1);
        CHECK_INT(csr_row_count(&both.given, u), counts[1] + counts[3]);
        CHECK_INT(csr_row_count(&both.held, u), counts[2] + counts[4]);
        for (size_t g = 0; g < 2; g++)
            if (counts[1 + 2 * g] > 0) {
                n[g]++;
                CHECK_INT(counts[1 + 2 * g], all / 2 < 5 ? all / 2 : 5);
            }
        for (size_t i = 0; i < counts[1]; i++) {
            CHECK(csr_has(&x, u, csr_row(&v.fitting.given, u)[i]));
            CHECK(!csr_has(&v.fitting.held, u, csr_row(&v.fitting.given, u)[i]));
            CHECK_INT(csr_row(&v.fitting.given, u)[i], csr_row(&again.fitting.given, u)[i]);
        }
    }
    CHECK_INT(n[0], 40);
    CHECK_INT(n[1], 40);
    CHECK(csr_valid(&v.train) && csr_valid(&v.fitting.held) && csr_valid(&v.testing.given));
    CHECK(csr_valid(&both.given) && csr_valid(&both.held));
    visitors_free_group(&both);
    visitors_free(&v);
    visitors_free(&again);
    csr_free(&x);
}

static void too_few_people_are_refused(void)
{
    struct csr x = likes(3, 60, 3, 1);
    struct visitors v;
    struct fail why = {0};
    CHECK(visitors_draw(&v, &x, 40, 5, 9, &why) == ERR_INVALID);
    CHECK(strstr(why.text, "too few people") != NULL);
    visitors_free(&v);
    csr_free(&x);
}

/* A model that knows the groups and one that says anything: the first must get most of the weight. */
static void fitting_finds_the_model_that_is_right(void)
{
    enum { N = 60, GROUPS = 3 };
    static float right[N * N], noise[N * N], wrong[N * N];
    struct rng r;
    rng_seed(&r, 3);
    for (size_t i = 0; i < N * N; i++) {
        right[i] = (i / N) % GROUPS == (i % N) % GROUPS ? 1 : 0;
        noise[i] = (float)rng_unit(&r);
    }
    struct csr x = likes(400, N, GROUPS, 2);
    struct visitors v;
    CHECK(visitors_draw(&v, &x, 100, 5, 1, NULL) == ERR_OK);
    for (int rule = 0; rule < FUSION_RULES; rule++) {
        struct fusion f = {.rule = (enum fusion_rule)rule, .n_films = N, .n_parts = 2};
        const float *w[2] = {noise, right};
        for (size_t p = 0; p < 2; p++) {
            f.parts[p].scorer = (struct scorer){.weights = w[p], .n_items = N};
            CHECK(model_scorer_of("ease", &f.parts[p].scorer));
        }
        struct fusion_fitted found;
        struct fail why = {0};
        CHECK_MSG(fusion_fit(&f, &(struct fusion_fit_plan){&v.fitting, 1, 1}, &found, NULL, &why) == ERR_OK,
                  "%s", why.text);
        CHECK_NEAR(f.parts[0].weight + f.parts[1].weight, 1, 1e-5);
        /* Both began with a half. Some noise may stay: it harms nothing where the right model is sure. */
        CHECK_MSG(f.parts[0].weight < 0.35f, "rule %d: %g", rule, (double)f.parts[0].weight);
        CHECK(found.ndcg > 0.4 && found.ndcg <= 1);
        CHECK_MSG(found.gain[1] > 0.1 && found.gain[0] < 0.05, "%g, %g", found.gain[0], found.gain[1]);
        /* One that says the opposite gets none, and why is known. */
        for (size_t i = 0; i < N * N; i++)
            wrong[i] = -right[i];
        f.parts[0].scorer.weights = wrong;
        CHECK(fusion_fit(&f, &(struct fusion_fit_plan){&v.fitting, 1, 1}, &found, NULL, NULL) == ERR_OK);
        CHECK_MSG(f.parts[0].weight == 0 && found.gain[0] < -0.1, "rule %d: %g, %g", rule,
                  (double)f.parts[0].weight, found.gain[0]);
        /* A content model that says what the only other one says may expect just its score. */
        f.parts[0] = f.parts[1];
        f.parts[1].content = true;
        CHECK(fusion_fit(&f, &(struct fusion_fit_plan){&v.fitting, 1, 1}, &found, NULL, NULL) == ERR_OK);
        CHECK_NEAR(f.cold, 1, 1e-4);
    }
    visitors_free(&v);
    csr_free(&x);
}

/* The right links of a fourth of the films each, by chance. */
static void partly_right(float *w, size_t n, size_t groups, uint64_t seed)
{
    struct rng r;
    rng_seed(&r, seed);
    for (size_t i = 0; i < n * n; i++)
        w[i] = ((i / n) % groups == (i % n) % groups && rng_unit(&r) < 0.25 ? 1.0f : 0.0f) +
               0.5f * (float)rng_unit(&r);
}

/* Parts that are worth the same all keep a weight, whichever people they are fitted on, and it differs less than
 * of one fit; what each is worth is known. */
static void other_people_give_nearly_the_same_weights(void)
{
    enum { N = 60, GROUPS = 3, PARTS = 4, ROUNDS = 6 };
    static float w[PARTS][N * N];
    struct rng r;
    rng_seed(&r, 8);
    for (size_t p = 0; p + 1 < PARTS; p++)
        partly_right(w[p], N, GROUPS, 20 + p);
    for (size_t i = 0; i < N * N; i++)
        w[PARTS - 1][i] = (float)rng_unit(&r);
    double low[PARTS] = {1, 1, 1, 1}, high[PARTS] = {0};
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct csr x = likes(800, N, GROUPS, 100 + round);
        struct visitors v;
        CHECK(visitors_draw(&v, &x, 200, 5, 1, NULL) == ERR_OK);
        struct fusion f = {.rule = FUSION_STANDARD, .n_films = N, .n_parts = PARTS};
        for (size_t p = 0; p < PARTS; p++) {
            f.parts[p].scorer = (struct scorer){.weights = w[p], .n_items = N};
            CHECK(model_scorer_of("ease", &f.parts[p].scorer));
        }
        struct fusion_fitted found;
        CHECK(fusion_fit(&f, &(struct fusion_fit_plan){&v.fitting, 1, 1}, &found, NULL, NULL) == ERR_OK);
        for (size_t p = 0; p < PARTS; p++) {
            low[p] = fmin(low[p], (double)f.parts[p].weight);
            high[p] = fmax(high[p], (double)f.parts[p].weight);
        }
        CHECK_MSG(found.gain[3] < 0.01 && found.gain[1] > -0.01 && found.gain[2] > -0.01, "%g %g %g %g",
                  found.gain[0], found.gain[1], found.gain[2], found.gain[3]);
        visitors_free(&v);
        csr_free(&x);
    }
    double spread = 0;
    for (size_t p = 0; p + 1 < PARTS; p++) {
        spread += (high[p] - low[p]) / (PARTS - 1);
        CHECK_MSG(low[p] > 0.1, "part %zu: %g to %g", p, low[p], high[p]);
    }
    CHECK_MSG(spread < 0.26, "%g", spread); /* 0.29 of one fit of all */
}

int main(void)
{
    RUN(every_rule_is_what_its_definition_says);
    RUN(shares_are_the_positive_terms_of_each_part);
    RUN(a_part_without_an_opinion_changes_nothing);
    RUN(a_part_without_weight_is_not_asked);
    RUN(long_histories_have_their_own_weights);
    RUN(visitors_are_drawn_as_promised);
    RUN(too_few_people_are_refused);
    RUN(fitting_finds_the_model_that_is_right);
    RUN(other_people_give_nearly_the_same_weights);
    return check_done();
}
