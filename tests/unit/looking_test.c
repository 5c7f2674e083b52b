/* Looking at an experiment after every visitor: the promised error rate, and what is found. The long form, 2,000 experiments each, is
 * tests/bench/looking_bench; its figures are in docs/measurements.md. */
#include "tests/fixture/looking.h"

#include "tests/check.h"

enum { RUNS = 250 };

/* At most 5 % and what chance adds to it in so many runs: three standard deviations of the count. */
static int most(double rate)
{
    return (int)(RUNS * rate + 3 * sqrt(RUNS * rate * (1 - rate)));
}

static void without_a_difference_few_are_decided(void)
{
    const struct looking cases[] = {
        {.name = "even", .control = .1, .variant = .1, .share = .5, .visitors = 3000, .seed = 1},
        {.name = "rare", .control = .02, .variant = .02, .share = .5, .visitors = 3000, .seed = 2},
        {.name = "skewed", .control = .1, .variant = .1, .share = .1, .visitors = 3000, .seed = 3},
        {.name = "past",
         .control = .2,
         .variant = .2,
         .share = .5,
         .past = .5,
         .taste = .8,
         .visitors = 2000,
         .seed = 4},
        {.name = "bandit",
         .control = .1,
         .variant = .1,
         .share = .5,
         .bandit = true,
         .visitors = 3000,
         .seed = 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct looking_result r = looking_run(&cases[i], RUNS);
        CHECK_MSG(r.decided <= most(0.05), "%s: %d of %d", cases[i].name, r.decided, RUNS);
        CHECK_MSG(r.cuped <= most(0.05), "%s: CUPED %d of %d", cases[i].name, r.cuped, RUNS);
        CHECK_MSG(r.missed <= most(0.05), "%s: %d of %d", cases[i].name, r.missed, RUNS);
        CHECK_MSG(r.always_refused <= most(0.001), "%s: %d of %d", cases[i].name, r.always_refused, RUNS);
        /* what the sequence is for: the ordinary interval is wrong in a large part of them */
        CHECK_MSG(r.fixed > RUNS / 8, "%s: %d of %d", cases[i].name, r.fixed, RUNS);
    }
}

static void a_difference_is_found(void)
{
    const struct looking better = {.control = .1, .variant = .14, .share = .5, .visitors = 5000, .seed = 6},
                         worse = {.control = .1, .variant = .06, .share = .5, .visitors = 5000, .seed = 7},
                         known = {.control = .2,
                                  .variant = .24,
                                  .share = .5,
                                  .past = 1,
                                  .taste = .9,
                                  .visitors = 3000,
                                  .seed = 8};
    struct looking_result r = looking_run(&better, RUNS / 2);
    CHECK_MSG(r.decided > 0.9 * r.runs && r.right >= r.decided - 1, "%d, %d", r.decided, r.right);
    r = looking_run(&worse, RUNS / 2);
    CHECK_MSG(r.decided > 0.9 * r.runs && r.right >= r.decided - 1, "%d, %d", r.decided, r.right);
    r = looking_run(&known, RUNS / 2);
    CHECK_MSG(r.cuped > r.decided && r.kept < 0.85, "%d, %d, %.2f", r.cuped, r.decided, r.kept);
}

static void a_skewed_assignment_is_refused(void)
{
    const struct looking skewed = {
        .control = .1, .variant = .1, .share = .5, .drawn = .55, .visitors = 3000, .seed = 9};
    struct looking_result r = looking_run(&skewed, RUNS / 2);
    CHECK_MSG(r.refused > 0.99 * r.runs && r.always_refused > 0.9 * r.runs, "%d, %d", r.refused,
              r.always_refused);
}

int main(void)
{
    RUN(without_a_difference_few_are_decided);
    RUN(a_difference_is_found);
    RUN(a_skewed_assignment_is_refused);
    return check_done();
}
