/* The definitions, worked by hand, and a naive twin on random rankings. */
#include "num/metric.h"

#include "base/rng.h"
#include "tests/check.h"

static void by_hand(void)
{
    /* positions:           1  2  3  4  5      held out: 2 of them at positions 2 and 5, one never found */
    const int32_t ranked[] = {8, 3, 9, 1, 7}, held[] = {3, 4, 7};
    const int k[] = {1, 2, 5, 10};
    struct metric_sum s = {0};
    metric_add(&s, k, 4, &(struct metric_user){ranked, 5, held, 3});
    CHECK_NEAR(metric_mean(&s, 0, METRIC_RECALL), 0, 0);
    CHECK_NEAR(metric_mean(&s, 0, METRIC_MRR), 0, 0);
    CHECK_NEAR(metric_mean(&s, 1, METRIC_RECALL), 1.0 / 3, 1e-15);
    CHECK_NEAR(metric_mean(&s, 1, METRIC_HIT), 1, 0);
    CHECK_NEAR(metric_mean(&s, 1, METRIC_MRR), 0.5, 0);
    /* the ideal over min(2, 3) positions: 1 + 1/log2(3) */
    CHECK_NEAR(metric_mean(&s, 1, METRIC_NDCG), 0.63092975357145743 / 1.63092975357145743, 1e-12);
    CHECK_NEAR(metric_mean(&s, 2, METRIC_RECALL), 2.0 / 3, 1e-15);
    /* hits at 2 and 5: 1/log2(3) + 1/log2(6); ideal over 3: 1 + 1/log2(3) + 1/2 */
    CHECK_NEAR(metric_mean(&s, 2, METRIC_NDCG),
               (0.63092975357145743 + 0.38685280723454163) / 2.13092975357145743, 1e-12);
    CHECK_NEAR(metric_mean(&s, 2, METRIC_PRECISION), 2.0 / 5, 1e-15);
    /* precision 1/2 at position 2 and 2/5 at 5, over min(2, 3) and min(5, 3) */
    CHECK_NEAR(metric_mean(&s, 1, METRIC_MAP), 0.5 / 2, 1e-15);
    CHECK_NEAR(metric_mean(&s, 2, METRIC_MAP), (0.5 + 0.4) / 3, 1e-15);
    CHECK_NEAR(metric_mean(&s, 3, METRIC_PRECISION), 2.0 / 10, 1e-15);
    /* a ranking shorter than k adds nothing */
    CHECK_NEAR(metric_mean(&s, 3, METRIC_NDCG), metric_mean(&s, 2, METRIC_NDCG), 1e-15);
    CHECK_INT(s.n_users, 1);
}

static void recall_over_what_can_be_found(void)
{
    const int32_t ranked[] = {8, 3, 9, 1, 7}, held[] = {3, 4, 7};
    const int k[] = {1, 2, 5};
    struct metric_sum s = {.recall_min = true};
    metric_add(&s, k, 3, &(struct metric_user){ranked, 5, held, 3});
    CHECK_NEAR(metric_mean(&s, 0, METRIC_RECALL), 0, 0);
    CHECK_NEAR(metric_mean(&s, 1, METRIC_RECALL), 1.0 / 2, 1e-15);
    CHECK_NEAR(metric_mean(&s, 2, METRIC_RECALL), 2.0 / 3, 1e-15);
}

static void names_figures(void)
{
    char label[METRIC_LABEL];
    enum metric_kind kind;
    int k;
    metric_label(label, METRIC_HIT, 10);
    CHECK_STR(label, "hit.10");
    metric_label(label, METRIC_PRECISION, METRIC_MAX_K);
    CHECK_STR(label, "precision.1000");
    for (int i = 0; i < METRIC_KINDS; i++) {
        metric_label(label, (enum metric_kind)i, 20 + i);
        CHECK(metric_label_read(label, &kind, &k));
        CHECK_INT(kind, i);
        CHECK_INT(k, 20 + i);
    }
    const char *const none[] = {
        "",         ".",        "ndcg",  "ndcg.", "ndcg.0",  "ndcg.-1",         "ndcg.1001",
        "ndcg.010", "ndcg.10x", "nd.10", ".10",   "ndcg@10", "ndcg.99999999999"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_MSG(!metric_label_read(none[i], &kind, &k), "%s", none[i]);
}

static void users_without_held_items_are_left_out(void)
{
    const int32_t ranked[] = {1}, held[] = {1};
    const int k[] = {1};
    struct metric_sum s = {0}, t = {0};
    CHECK_NEAR(metric_mean(&s, 0, METRIC_NDCG), 0, 0);
    metric_add(&s, k, 1, &(struct metric_user){ranked, 1, NULL, 0});
    CHECK_INT(s.n_users, 0);
    metric_add(&s, k, 1, &(struct metric_user){ranked, 1, held, 1});
    metric_add(&t, k, 1, &(struct metric_user){NULL, 0, held, 1});
    metric_merge(&s, &t);
    CHECK_INT(s.n_users, 2);
    for (int kind = 0; kind < METRIC_KINDS; kind++)
        CHECK_NEAR(metric_mean(&s, 0, (enum metric_kind)kind), 0.5, 0);
}

static double naive(enum metric_kind kind, int k, const int32_t *ranked, int n, const int32_t *held, int h)
{
    double hits = 0, gain = 0, ideal = 0, first = 0, exact = 0;
    for (int p = 1; p <= k; p++) {
        bool hit = false;
        for (int i = 0; i < h && p <= n; i++)
            hit = hit || held[i] == ranked[p - 1];
        hits += hit;
        exact += hit ? hits / p : 0;
        gain += hit ? log(2) / log(p + 1) : 0;
        ideal += p <= h ? log(2) / log(p + 1) : 0;
        first = hit && first == 0 ? p : first;
    }
    const double all[] = {hits / h, gain / ideal,           hits > 0, first > 0 ? 1 / first : 0,
                          hits / k, exact / (k < h ? k : h)};
    return all[kind];
}

static void agrees_with_naive(void)
{
    struct rng rng;
    rng_seed(&rng, 5);
    const int k[] = {1, 3, 10, 50};
    for (int round = 0; round < 300; round++) {
        int32_t ranked[60], held[60];
        int n = (int)rng_below(&rng, 60), h = 0;
        for (int i = 0; i < n; i++)
            ranked[i] = (i * 7 + round) % 61; /* distinct, 61 is prime */
        for (int32_t i = 0; i < 60; i++)
            if (rng_below(&rng, 6) == 0)
                held[h++] = i;
        if (h == 0)
            held[h++] = 2;
        struct metric_sum s = {0};
        metric_add(&s, k, 4, &(struct metric_user){ranked, (size_t)n, held, (size_t)h});
        for (size_t c = 0; c < 4; c++)
            for (int kind = 0; kind < METRIC_KINDS; kind++)
                CHECK_NEAR(metric_mean(&s, c, (enum metric_kind)kind),
                           naive((enum metric_kind)kind, k[c], ranked, n, held, h), 1e-12);
    }
}

int main(void)
{
    RUN(by_hand);
    RUN(recall_over_what_can_be_found);
    RUN(names_figures);
    RUN(users_without_held_items_are_left_out);
    RUN(agrees_with_naive);
    return check_done();
}
