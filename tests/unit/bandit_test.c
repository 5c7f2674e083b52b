/* lib/experiment: the numbers behind experiments. Weights of a bandit against the integral they estimate,
 * frequencies of drawn places against their chances, the guard-rail against the error rate that it promises.
 * Random numbers have fixed seeds. */
#include "tests/check.h"

#include "experiment/bandit.h"
#include "experiment/explore.h"
#include "experiment/guard.h"

/* P(x is better than y) on a grid: ∫ f_x(p) F_y(p) dp. */
static double better_on_grid(const struct bandit_arm *x, const struct bandit_arm *y)
{
    enum { N = 200000 };
    double a = (double)x->wins, b = (double)(x->views - x->wins), c = (double)y->wins,
           d = (double)(y->views - y->wins);
    double below = 0, sum = 0, all_x = 0, all_y = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < N; i++) {
            double p = (i + 0.5) / N;
            double fx =
                exp(a * log(p) + b * log1p(-p) + lgamma(a + b + 2) - lgamma(a + 1) - lgamma(b + 1)) / N;
            double fy =
                exp(c * log(p) + d * log1p(-p) + lgamma(c + d + 2) - lgamma(c + 1) - lgamma(d + 1)) / N;
            if (pass == 0) {
                all_x += fx;
                all_y += fy;
                continue;
            }
            sum += fx / all_x * (below + 0.5 * fy / all_y);
            below += fy / all_y;
        }
    return sum;
}

static void weights_are_chances_of_being_best(void)
{
    static const struct bandit_arm pairs[][2] = {{{0, 0}, {0, 0}},
                                                 {{10, 3}, {10, 2}},
                                                 {{100, 30}, {100, 20}},
                                                 {{1000, 105}, {3000, 290}},
                                                 {{40, 0}, {5, 5}}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct rng r;
        double w[2];
        rng_seed(&r, 17 + i);
        bandit_weights(pairs[i], 2, 0, &r, w);
        CHECK_NEAR(w[0] + w[1], 1, 1e-12);
        /* Three standard errors of BANDIT_DRAWS draws, and the grid's own error. */
        CHECK_NEAR(w[0], better_on_grid(&pairs[i][0], &pairs[i][1]), 3 * 0.005 + 1e-3);
    }
}

static void every_arm_keeps_the_floor(void)
{
    const struct bandit_arm arms[] = {{5000, 1000}, {5000, 500}, {5000, 600}, {5000, 0}};
    struct rng r, again;
    double w[4], v[4], sum = 0;
    rng_seed(&r, 5);
    rng_seed(&again, 5);
    bandit_weights(arms, 4, 0.05, &r, w);
    bandit_weights(arms, 4, 0.05, &again, v);
    for (size_t i = 0; i < 4; i++) {
        CHECK(w[i] >= 0.05 && w[i] == v[i]);
        sum += w[i];
    }
    CHECK_NEAR(sum, 1, 1e-12);
    CHECK_NEAR(w[0], 0.85, 1e-3);
}

/* A stream of visitors: the better arm gets most of them, and the sum of wins beats an even split. */
static void the_better_arm_is_learned(void)
{
    const double rates[] = {0.10, 0.16};
    struct bandit_arm arms[2] = {{0, 0}, {0, 0}};
    double w[2] = {0.5, 0.5};
    struct rng r;
    rng_seed(&r, 99);
    for (int batch = 0; batch < 100; batch++) {
        for (int i = 0; i < 50; i++) {
            size_t arm = rng_unit(&r) < w[0] ? 0 : 1;
            arms[arm].views++;
            arms[arm].wins += rng_unit(&r) < rates[arm];
        }
        bandit_weights(arms, 2, 0.02, &r, w);
    }
    CHECK_MSG(arms[1].views > 4000, "%lld of 5000", (long long)arms[1].views);
    CHECK(arms[0].wins + arms[1].wins > 5000 * 0.13);
}

/* 100,000 draws of a list's open places, each with its own candidates: how often each stood where against what was said. */
static void drawn_places_have_their_chances(void)
{
    enum { N = 100000, PLACES = 3, POOL = 6 };
    static int64_t stood[PLACES][POOL];
    double m[PLACES][POOL], chances[PLACES][POOL];
    struct rng r;
    size_t places[EXPLORE_PLACES];
    CHECK_INT(explore_places(20, 0.15, places), PLACES);
    CHECK(places[0] == 5 && places[1] == 12 && places[2] == 19);
    rng_seed(&r, 2026);
    for (size_t k = 0; k < PLACES; k++)
        for (size_t i = 0; i < POOL; i++)
            m[k][i] = 0.8 - 0.03 * (double)(i * PLACES + k);
    for (int draw = 0; draw < N; draw++)
        for (size_t k = 0; k < PLACES; k++)
            stood[k][explore_draw(m[k], POOL, 0.1, rng_unit(&r), chances[k])]++;
    for (size_t k = 0; k < PLACES; k++) {
        double chi = 0, sum = 0;
        for (size_t i = 0; i < POOL; i++) {
            double expected = N * chances[k][i];
            chi += ((double)stood[k][i] - expected) * ((double)stood[k][i] - expected) / expected;
            sum += chances[k][i];
        }
        CHECK_NEAR(sum, 1, 1e-12);
        CHECK_NEAR(chances[k][0] / chances[k][1], exp((m[k][0] - m[k][1]) / 0.1), 1e-9);
        CHECK_MSG(chi < 20.5, "place %zu: chi square %.1f with 5 degrees", k, chi); /* p = .001 */
    }
}

static void the_edges_of_a_draw(void)
{
    const double one[] = {0.4}, far[] = {1, 0.01}, same[] = {0.3, 0.3, 0.3};
    double chances[3];
    size_t places[EXPLORE_PLACES];
    CHECK(explore_draw(one, 1, 0.1, 0.999999, chances) == 0 && chances[0] == 1);
    CHECK(explore_draw(far, 2, 0.001, 0.999999999, chances) == 0); /* the other's chance is none */
    CHECK(explore_draw(same, 3, 5, 0, chances) == 0 && explore_draw(same, 3, 5, 0.5, chances) == 1 &&
          explore_draw(same, 3, 5, 0.9999999999999999, chances) == 2);
    CHECK_INT(explore_places(20, 0, places), 0);
    CHECK_INT(explore_places(20, 0.04, places), 0);
    CHECK_INT(explore_places(20, (double)0.1f, places), 2);
    CHECK(explore_places(50, 0.5, places) == 25 && places[0] == 1 && places[24] == 49);
}

/* Tests of a control and a variant with these rates, looked at every 50. True: it was stopped. */
static bool is_stopped(const struct guard_rule *rule, struct rng *r, double like, double like_variant,
                       double down, double down_variant, int most)
{
    struct guard_arm control = {0}, variant = {0};
    for (int i = 1; i <= most; i++) {
        control.tests++;
        control.liked += rng_unit(r) < like;
        control.down += rng_unit(r) < down;
        variant.tests++;
        variant.liked += rng_unit(r) < like_variant;
        variant.down += rng_unit(r) < down_variant;
        if (i % 50 == 0 && guard_judge(rule, &control, &variant) != GUARD_FINE)
            return true;
    }
    return false;
}

/* Looked at 100 times each, 400 experiments without a difference, with no drop bearable: at most alpha of them are stopped. */
static void noise_stops_as_rarely_as_promised(void)
{
    const struct guard_rule rule = {.like_drop = 0, .down_rise = 0, .alpha = 0.05, .tests = 200};
    struct rng r;
    int stopped = 0;
    rng_seed(&r, 11);
    for (int i = 0; i < 400; i++)
        stopped += is_stopped(&rule, &r, 0.3, 0.3, 0.05, 0.05, 5000);
    CHECK_MSG(stopped <= 20, "%d of 400", stopped);
}

static void what_is_worse_is_stopped(void)
{
    const struct guard_rule rule = {.like_drop = 0.1, .down_rise = 0.02, .alpha = 0.01, .tests = 200};
    struct guard_rule off = rule;
    struct rng r;
    int likes = 0, down = 0, better_one = 0;
    off.alpha = 0;
    rng_seed(&r, 12);
    for (int i = 0; i < 50; i++) {
        likes += is_stopped(&rule, &r, 0.3, 0.18, 0.05, 0.05, 5000);
        down += is_stopped(&rule, &r, 0.3, 0.3, 0.05, 0.13, 5000);
        better_one += is_stopped(&rule, &r, 0.3, 0.45, 0.05, 0.01, 5000);
    }
    CHECK(likes == 50 && down == 50 && better_one == 0);
    const struct guard_arm control = {1000, 300, 10}, none = {1000, 0, 10}, angry = {1000, 300, 500},
                           few = {199, 0, 199};
    CHECK(guard_judge(&rule, &control, &none) == GUARD_LIKES &&
          guard_judge(&rule, &control, &angry) == GUARD_DOWN);
    CHECK(guard_judge(&rule, &control, &few) == GUARD_FINE &&
          guard_judge(&off, &control, &none) == GUARD_FINE);
    CHECK(guard_judge(&rule, &(struct guard_arm){0}, &none) == GUARD_FINE);
}

int main(void)
{
    RUN(weights_are_chances_of_being_best);
    RUN(every_arm_keeps_the_floor);
    RUN(the_better_arm_is_learned);
    RUN(drawn_places_have_their_chances);
    RUN(the_edges_of_a_draw);
    RUN(noise_stops_as_rarely_as_promised);
    RUN(what_is_worse_is_stopped);
    return check_done();
}
