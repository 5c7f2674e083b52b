/* stats/policy_value.h: estimates from a log, by hand and against a truth that is known. obp's own estimates: tests/estimate. */
#include "stats/policy_value.h"

#include "base/rng.h"
#include "tests/check.h"

static struct policy_value p; /* large */

static void begin(double clip)
{
    memset(&p, 0, sizeof p);
    p.clip = clip;
}

static double value(enum policy_value_kind kind)
{
    struct policy_value_estimate e;
    CHECK(policy_value_estimate(&p, kind, &e, NULL) == ERR_OK);
    CHECK(isnan(e.value) || (e.low <= e.value && e.value <= e.high));
    return e.value;
}

static void by_hand(void)
{
    begin(0);
    CHECK(isnan(value(POLICY_VALUE_IPS)));
    const struct policy_value_row rows[] = {
        {.visitor = 1, .logged = .5, .wanted = .25, .reward = 1, .guess = .5, .value = .4},
        {.visitor = 2, .logged = .25, .wanted = .5, .reward = 1, .guess = .25, .value = .3},
        {.visitor = 3, .logged = .5, .wanted = .5, .reward = 0, .guess = .125, .value = .2},
        {.visitor = 4, .logged = .1, .wanted = 0, .reward = 1, .guess = .5, .value = .1},
    };
    for (size_t i = 0; i < 4; i++)
        policy_value_add(&p, &rows[i]);
    CHECK_NEAR(value(POLICY_VALUE_IPS), 2.5 / 4, 1e-15);
    CHECK_NEAR(value(POLICY_VALUE_SNIPS), 2.5 / 3.5, 1e-15);
    CHECK_NEAR(value(POLICY_VALUE_DM), .25, 1e-15);
    CHECK_NEAR(value(POLICY_VALUE_DR), .25 + (.5 * .5 + 2 * .75 - .125) / 4, 1e-15);
    CHECK_NEAR(policy_value_rows(&p), 3.5 * 3.5 / (.25 + 4 + 1), 1e-12);
    CHECK_NEAR(policy_value_rewards(&p), 2.5 * 2.5 / (.25 + 4), 1e-12);
    CHECK_NEAR(policy_value_support(&p), 3.5 / 4, 1e-15);
    CHECK_NEAR(p.rewards, 3, 0);
    CHECK_INT(p.clipped, 0);
}

static void heavy_weights_are_cut_and_counted(void)
{
    begin(4);
    const struct policy_value_row heavy = {.visitor = 1, .logged = .01, .wanted = .1, .reward = 1},
                                  light = {.visitor = 2, .logged = .5, .wanted = .5};
    policy_value_add(&p, &heavy);
    policy_value_add(&p, &light);
    CHECK_INT(p.clipped, 1);
    CHECK_NEAR(p.clipped_weight, 6, 1e-12);
    CHECK_NEAR(value(POLICY_VALUE_IPS), 2, 1e-12);
}

/* Ten actions; the log shows the first most often, the wanted policy the last; action a is liked with a/20. The guess is 0.2 for all. */
static double simulate(uint64_t seed, int n, double least)
{
    struct rng rng;
    rng_seed(&rng, seed);
    begin(0);
    double logged[10], wanted[10], truth = 0;
    for (int a = 0; a < 10; a++) {
        logged[a] = a == 0 ? 1 - 9 * least : least;
        wanted[a] = (a + 1) / 55.0;
        truth += wanted[a] * a / 20;
    }
    for (int i = 0; i < n; i++) {
        double u = rng_unit(&rng);
        int a = u < logged[0] ? 0 : 1 + (int)((u - logged[0]) / least);
        a = a > 9 ? 9 : a;
        struct policy_value_row row = {.visitor = i,
                                       .logged = logged[a],
                                       .wanted = wanted[a],
                                       .reward = rng_unit(&rng) < a / 20.0,
                                       .guess = .2,
                                       .value = .2};
        policy_value_add(&p, &row);
    }
    return truth;
}

static void the_truth_is_within_the_interval(void)
{
    enum { LOGS = 60 };
    int inside[POLICY_VALUE_KINDS] = {0}, n = 0;
    for (uint64_t seed = 1; seed <= LOGS; seed++, n++) {
        double truth = simulate(seed, 3000, 0.05);
        CHECK(policy_value_check(&p, NULL) == ERR_OK);
        for (int kind = 0; kind < POLICY_VALUE_KINDS; kind++) {
            struct policy_value_estimate e;
            CHECK(policy_value_estimate(&p, (enum policy_value_kind)kind, &e, NULL) == ERR_OK);
            inside[kind] += e.low <= truth && truth <= e.high;
        }
    }
    CHECK_MSG(inside[POLICY_VALUE_IPS] >= 52, "%d of %d", inside[POLICY_VALUE_IPS], LOGS);
    CHECK_MSG(inside[POLICY_VALUE_SNIPS] >= 52, "%d of %d", inside[POLICY_VALUE_SNIPS], LOGS);
    CHECK_MSG(inside[POLICY_VALUE_DR] >= 52, "%d of %d", inside[POLICY_VALUE_DR], LOGS);
    CHECK_MSG(inside[POLICY_VALUE_DM] == 0, "a wrong guess is not the truth: %d", inside[POLICY_VALUE_DM]);
}

/* The order of the rows, and whose they are in number only: rows of one visitor count together and widen the interval. */
static void rows_of_one_visitor_belong_together(void)
{
    struct policy_value_estimate alone, again, together;
    struct rng rng;
    bool likes[500];
    rng_seed(&rng, 3);
    for (int i = 0; i < 500; i++)
        likes[i] = rng_unit(&rng) < .3;
    for (int round = 0; round < 3; round++) {
        begin(0);
        for (int j = 0; j < 4000; j++) {
            int i = round == 1 ? 3999 - j : j;
            struct policy_value_row row = {
                .visitor = round == 2 ? i / 8 : i, .logged = .5, .wanted = .5, .reward = likes[i / 8]};
            policy_value_add(&p, &row);
        }
        CHECK(policy_value_estimate(&p, POLICY_VALUE_IPS,
                                    round == 0   ? &alone
                                    : round == 1 ? &again
                                                 : &together,
                                    NULL) == ERR_OK);
    }
    CHECK_NEAR(alone.low, again.low, 1e-12);
    CHECK_NEAR(alone.high, again.high, 1e-12);
    CHECK_NEAR((together.high - together.low) / (alone.high - alone.low), sqrt(8), .35);
    CHECK_NEAR(alone.high - alone.low, 2 * 1.96 * sqrt(.3 * .7 / 4000), .004);
}

static void what_rests_on_too_little_is_refused(void)
{
    struct fail why = {0};
    simulate(1, 10000, 0.001);
    CHECK(policy_value_check(&p, &why) == ERR_INVALID && strstr(why.text, "too small") != NULL);
    begin(0);
    for (int i = 0; i < 5000; i++)
        policy_value_add(
            &p, &(struct policy_value_row){.visitor = i, .logged = .5, .wanted = .5, .reward = i % 200 == 0});
    CHECK(policy_value_check(&p, &why) == ERR_INVALID &&
          strstr(why.text, "25 effective conversions") != NULL);
    begin(0);
    for (int i = 0; i < 5000; i++) /* never shown: half of what the other ranker wants */
        policy_value_add(
            &p, &(struct policy_value_row){.visitor = i, .logged = .5, .wanted = .25, .reward = i % 2});
    CHECK(policy_value_check(&p, &why) == ERR_INVALID && strstr(why.text, "0.50") != NULL);
}

int main(void)
{
    RUN(by_hand);
    RUN(heavy_weights_are_cut_and_counted);
    RUN(the_truth_is_within_the_interval);
    RUN(rows_of_one_visitor_belong_together);
    RUN(what_rests_on_too_little_is_refused);
    return check_done();
}
