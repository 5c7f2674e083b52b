/* stats/: tails, moments, differences and the check of shares, held to tables and to the plain formulas. */
#include "stats/difference.h"
#include "stats/moments.h"
#include "stats/normal.h"
#include "stats/ratio_check.h"
#include "stats/sequence.h"

#include "base/rng.h"
#include "tests/check.h"

static const double NOTHING[MOMENTS_COVARIATES];
static const double OUTCOME[MOMENTS_WIDTH] = {0, 1};

/* Of scipy.stats.norm.isf, norm.sf and chi2.sf. */
static void tails(void)
{
    CHECK_NEAR(normal_point(0.025), 1.959963984540054, 1e-12);
    CHECK_NEAR(normal_point(0.2), 0.8416212335729143, 1e-12);
    CHECK_NEAR(normal_point(1e-9), 5.997807015007774, 1e-9);
    CHECK_NEAR(normal_point(0.5), 0, 1e-12);
    CHECK_NEAR(normal_above(-1), 0.8413447460685429, 1e-15);
    CHECK_NEAR(normal_above(10) / 7.619853024160489e-24, 1, 1e-12);
    CHECK_NEAR(normal_chi_square_above(3.841458820694124, 1), 0.05, 1e-12);
    CHECK_NEAR(normal_chi_square_above(10.827566170662733, 1), 0.001, 1e-12);
    CHECK_NEAR(normal_chi_square_above(13.815510557964274, 2), 0.001, 1e-12);
    CHECK_NEAR(normal_chi_square_above(16.26623619623813, 3), 0.001, 1e-12);
    CHECK_NEAR(normal_chi_square_above(24.321886347856854, 7), 0.001, 1e-12);
    CHECK_NEAR(normal_chi_square_above(0, 3), 1, 0);
    CHECK_NEAR(normal_chi_square_above(INFINITY, 1), 0, 0);
}

static void intervals_are_narrowest_where_planned(void)
{
    double best = sequence_width(2000, 2000, 0.05);
    CHECK_NEAR(best, 3.04, 0.01);
    for (double n = 200; n <= 20000; n *= 1.1)
        CHECK(sequence_width(n, 2000, 0.05) < 1.3 * best);
    /* no other plan is narrower there by more than what the approximation of ρ gives away */
    for (double plan = 200; plan <= 20000; plan *= 1.1)
        CHECK(sequence_width(2000, plan, 0.05) > best - 0.002);
    CHECK(sequence_width(2000, 2000, 0.01) > best);
    double n = sequence_people(0.5, 0.02, 2000, 0.05);
    CHECK(0.5 / sqrt(n) * sequence_width(n, 2000, 0.05) <= 0.02);
    CHECK(0.5 / sqrt(n - 2) * sequence_width(n - 2, 2000, 0.05) > 0.02);
    CHECK(isinf(sequence_people(0.5, 0, 2000, 0.05)));
}

static struct moments side(int n, int events, double p)
{
    struct moments m = {0};
    for (int i = 0; i < n; i++)
        moments_add(&m, p, i < events, NOTHING);
    return m;
}

static void moments_are_those_of_the_plain_formulas(void)
{
    struct moments m = side(400, 100, 0.5), weighted = {0}, none = {0};
    CHECK_INT(m.n, 400);
    CHECK_INT(m.events, 100);
    CHECK_NEAR(moments_mean(&m, OUTCOME), 0.25, 1e-15);
    CHECK_NEAR(moments_variance(&m, OUTCOME), 0.25 * 0.75 / 400, 1e-15);
    CHECK_NEAR(moments_mean(&none, OUTCOME), 0, 0);
    CHECK_NEAR(moments_variance(&none, OUTCOME), 0, 0);
    /* 100 visitors at 1/2 of whom 50 converted, 100 at 1/4 of whom none did: they stand for 200 and 400 */
    for (int i = 0; i < 200; i++)
        moments_add(&weighted, i < 100 ? 0.5 : 0.25, i < 50, NOTHING);
    CHECK_NEAR(moments_mean(&weighted, OUTCOME), 100.0 / 600, 1e-15);
    double r = 1.0 / 6, sum = 50 * 4 * (1 - r) * (1 - r) + 50 * 4 * r * r + 100 * 16 * r * r;
    CHECK_NEAR(moments_variance(&weighted, OUTCOME), sum / (600.0 * 600), 1e-15);
}

static void a_difference_has_its_interval(void)
{
    struct moments a = side(1000, 100, 0.5), b = side(1000, 160, 0.5), few = side(99, 20, 0.5);
    struct difference d = difference_of(&a, &b, 0.05);
    double pa = 101 / 1002.0, pb = 161 / 1002.0, error = sqrt((pa * (1 - pa) + pb * (1 - pb)) / 1000);
    CHECK_NEAR(d.control, 0.1, 1e-15);
    CHECK_NEAR(d.variant, 0.16, 1e-15);
    CHECK_NEAR(d.error, error, 1e-12);
    CHECK_NEAR(d.low, 0.06 - sequence_width(2000, SEQUENCE_PLAN, 0.05) * error, 1e-12);
    CHECK_NEAR(d.high + d.low, 2 * d.by, 1e-12);
    CHECK(d.verdict == DIFFERENCE_BETTER);
    CHECK(difference_of(&b, &a, 0.05).verdict == DIFFERENCE_WORSE);
    CHECK(difference_of(&a, &a, 0.05).verdict == DIFFERENCE_OPEN);
    CHECK(difference_of(&a, &few, 0.05).verdict == DIFFERENCE_EARLY);
    struct moments none = side(1000, 0, 0.5), all = side(1000, 1000, 0.5);
    CHECK(difference_of(&none, &none, 0.05).verdict == DIFFERENCE_EARLY);
    CHECK(difference_of(&none, &none, 0.05).high > 0);
    CHECK(difference_of(&all, &all, 0.05).verdict == DIFFERENCE_EARLY);
    CHECK(difference_of(&none, &all, 0.05).high <= 1);
    /* the people that are asked for find it */
    double n = difference_people(&d, 2000, 0.03, 0.05);
    double then = d.error * sqrt(2000 / n);
    CHECK_NEAR((sequence_width(n, SEQUENCE_PLAN, 0.05) + normal_point(0.2)) * then, 0.03, 3e-4);
    CHECK(isinf(difference_people(&d, 2000, 0, 0.05)));
    struct moments nobody = {0};
    struct difference empty = difference_of(&nobody, &nobody, 0.05);
    CHECK(empty.verdict == DIFFERENCE_EARLY && isfinite(empty.low) && isfinite(empty.high));
}

/* Half have a past, and of these it explains 0.64 of the variance; the variant adds 0.05. */
static void cuped_takes_off_what_the_past_explains(void)
{
    struct moments side[2] = {{0}};
    struct rng rng;
    rng_seed(&rng, 7);
    for (int i = 0; i < 40000; i++) {
        bool variant = i % 2 == 1, past = rng_unit(&rng) < 0.5;
        double what = past ? rng_normal(&rng) : 0, x[] = {past, what};
        double y = 0.3 + 0.05 * variant + 0.2 * past + 0.08 * what + (past ? 0.06 : 0.1) * rng_normal(&rng);
        moments_add(&side[variant], 0.5, y, x);
    }
    struct difference d;
    double kept;
    CHECK(difference_cuped(&side[0], &side[1], 0.05, &d, &kept));
    /* within strata: the mean of 0.06² and 0.1², of 0.1² all over and the strata's own distance, 0.2²/4 */
    CHECK_NEAR(kept, (0.06 * 0.06 + 0.1 * 0.1) / 2 / (0.1 * 0.1 + 0.01), 0.02);
    CHECK_NEAR(d.by, 0.05, 0.003);
    struct moments plain[2] = {{0}};
    for (int i = 0; i < 400; i++)
        moments_add(&plain[i % 2], 0.5, i % 3 == 0, NOTHING);
    CHECK(!difference_cuped(&plain[0], &plain[1], 0.05, &d, &kept));
    struct moments nobody = {0};
    CHECK(!difference_cuped(&nobody, &nobody, 0.05, &d, &kept));
}

/* All have a past, and the same figure twice: one of the two is left out. */
static void cuped_bears_figures_that_say_the_same(void)
{
    struct moments side[2] = {{0}};
    struct rng rng;
    rng_seed(&rng, 8);
    for (int i = 0; i < 4000; i++) {
        double what = rng_unit(&rng), x[] = {what, what};
        moments_add(&side[i % 2], 0.5, rng_unit(&rng) < what, x);
    }
    struct difference d;
    double kept;
    CHECK(difference_cuped(&side[0], &side[1], 0.05, &d, &kept));
    CHECK_NEAR(kept, 2.0 / 3, 0.03); /* of the variance 1/4, 1/12 is explained */
    CHECK(d.verdict == DIFFERENCE_OPEN);
}

static void shares_are_checked(void)
{
    double even[] = {5000, 5000}, wanted[] = {5000, 5000}, off[] = {5200, 4800};
    struct ratio_check c = ratio_check(even, wanted, 2);
    CHECK(!c.refused && c.p == 1 && c.always == 1);
    c = ratio_check(off, wanted, 2);
    CHECK_NEAR(c.chi_square, 16, 1e-9);
    CHECK_NEAR(c.p, 6.334248366623973e-05, 1e-12); /* chi2.sf(16, 1) */
    CHECK(c.refused && c.always > c.p && c.always < 0.05);
    double three[] = {810, 110, 80}, of_three[] = {800, 100, 100};
    c = ratio_check(three, of_three, 3);
    CHECK_NEAR(c.chi_square, 0.125 + 1 + 4, 1e-12);
    CHECK_NEAR(c.p, exp(-5.125 / 2), 1e-12);
    CHECK(!c.refused);
    /* bounds of the refusal, by the point where χ² with one degree has p = .001 */
    double just = sqrt(10.8275 * 10000) / 2, over = sqrt(10.8277 * 10000) / 2;
    CHECK(!ratio_check((double[]){5000 + just, 5000 - just}, wanted, 2).refused);
    CHECK(ratio_check((double[]){5000 + over, 5000 - over}, wanted, 2).refused);
    double none[] = {0, 0}, never[] = {10, 0}, some[] = {9, 1};
    c = ratio_check(none, none, 2);
    CHECK(!c.refused && c.p == 1);
    CHECK(ratio_check(some, never, 2).refused && ratio_check(some, never, 2).always == 0);
    CHECK(!ratio_check(never, never, 2).refused);
}

int main(void)
{
    RUN(tails);
    RUN(intervals_are_narrowest_where_planned);
    RUN(moments_are_those_of_the_plain_formulas);
    RUN(a_difference_has_its_interval);
    RUN(cuped_takes_off_what_the_past_explains);
    RUN(cuped_bears_figures_that_say_the_same);
    RUN(shares_are_checked);
    return check_done();
}
