/* num/paired.h: the interval of a difference of the same people. */
#include "num/paired.h"

#include "base/rng.h"
#include "tests/check.h"

enum { PEOPLE = 400 };

static void equal_values_do_not_differ(void)
{
    double a[PEOPLE];
    struct paired p;
    struct rng r;
    rng_seed(&r, 1);
    for (size_t i = 0; i < PEOPLE; i++)
        a[i] = rng_unit(&r);
    CHECK(paired_compare(a, a, PEOPLE, &p, NULL) == ERR_OK);
    CHECK(p.n == PEOPLE && p.difference == 0 && p.low == 0 && p.high == 0);
    CHECK(paired_compare(a, a, 0, &p, NULL) == ERR_OK);
    CHECK(p.n == 0 && p.before == 0 && p.low == 0 && p.high == 0);
}

/* The standard error of the mean difference gives the interval of so many people: ± 2.58 of it. */
static void the_interval_is_that_of_the_mean(void)
{
    double a[PEOPLE], b[PEOPLE], sum = 0, squares = 0;
    struct paired p, again;
    struct rng r;
    rng_seed(&r, 2);
    for (size_t i = 0; i < PEOPLE; i++) {
        a[i] = 10 * rng_unit(&r); /* people differ far more from each other than from themselves */
        b[i] = a[i] + 0.1 + 0.2 * rng_normal(&r);
        sum += b[i] - a[i];
        squares += (b[i] - a[i]) * (b[i] - a[i]);
    }
    double mean = sum / PEOPLE, error = sqrt((squares / PEOPLE - mean * mean) / PEOPLE);
    CHECK(paired_compare(a, b, PEOPLE, &p, NULL) == ERR_OK);
    CHECK_NEAR(p.difference, mean, 1e-9);
    CHECK_NEAR(p.after - p.before, mean, 1e-9);
    CHECK_NEAR(p.low, mean - 2.576 * error, 0.4 * error);
    CHECK_NEAR(p.high, mean + 2.576 * error, 0.4 * error);
    CHECK(p.low > 0);
    CHECK(paired_compare(a, b, PEOPLE, &again, NULL) == ERR_OK);
    CHECK(memcmp(&p, &again, sizeof p) == 0);
    CHECK(paired_compare(b, a, PEOPLE, &again, NULL) == ERR_OK);
    CHECK_NEAR(again.high, -p.low, 1e-12);
}

/* Where nothing differs but by chance, the interval leaves 0 out in one of a hundred cases. */
static void chance_is_seldom_taken_for_a_difference(void)
{
    enum { CASES = 400, FEW = 60 };
    double a[FEW], b[FEW];
    struct paired p;
    struct rng r;
    int wrong = 0;
    rng_seed(&r, 3);
    for (int c = 0; c < CASES; c++) {
        for (size_t i = 0; i < FEW; i++) {
            a[i] = rng_unit(&r);
            b[i] = rng_unit(&r);
        }
        CHECK(paired_compare(a, b, FEW, &p, NULL) == ERR_OK);
        wrong += p.low > 0 || p.high < 0;
    }
    CHECK_MSG(wrong >= 0 && wrong <= 14, "%d of %d", wrong, CASES);
}

int main(void)
{
    RUN(equal_values_do_not_differ);
    RUN(the_interval_is_that_of_the_mean);
    RUN(chance_is_seldom_taken_for_a_difference);
    return check_done();
}
