/* Evaluation against a naive twin that sorts all items for each user, and the rules one by one. */
#include "train/evaluate.h"

#include "base/rng.h"
#include "data/interactions.h"
#include "data/lists_reader.h"
#include "num/calibration.h"
#include "tests/check.h"

enum { USERS = 101, ITEMS = 37 };

struct toy {
    struct csr history, mask, held;
    float weights[ITEMS * ITEMS];
};

static void linear_score(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    for (size_t j = 0; j < s->n_items; j++) {
        scores[j] = 0;
        for (size_t h = 0; h < n; h++)
            scores[j] += s->weights[(size_t)history[h] * s->n_items + j];
    }
}

static void random_csr(struct csr *x, struct rng *rng, uint64_t one_in)
{
    uint64_t keys[USERS * ITEMS];
    size_t n = 0;
    for (uint64_t u = 0; u < USERS; u++)
        for (uint64_t i = 0; i < ITEMS; i++)
            if (rng_below(rng, one_in) == 0)
                keys[n++] = u << 32 | i;
    CHECK(csr_from_keys(x, keys, &n, USERS, ITEMS, NULL) == ERR_OK);
}

static void toy_make(struct toy *t)
{
    struct rng rng;
    rng_seed(&rng, 17);
    random_csr(&t->history, &rng, 6);
    random_csr(&t->mask, &rng, 9);
    random_csr(&t->held, &rng, 20);
    for (int i = 0; i < ITEMS * ITEMS; i++)
        t->weights[i] = (float)rng_below(&rng, 7) - 3; /* whole numbers: many ties, some negative */
}

static void toy_free(struct toy *t)
{
    csr_free(&t->history);
    csr_free(&t->mask);
    csr_free(&t->held);
}

/* Recall and NDCG at k by the book; every item in the ranking that is neither history nor mask. */
static void naive(const struct toy *t, bool masked, int k, double *recall, double *ndcg, size_t *n_users)
{
    *recall = *ndcg = 0;
    *n_users = 0;
    for (size_t u = 0; u < USERS; u++) {
        float scores[ITEMS];
        char used[ITEMS] = {0};
        const struct scorer s = {.weights = t->weights, .n_items = ITEMS};
        linear_score(&s, csr_row(&t->history, u), csr_row_count(&t->history, u), scores);
        double hits = 0, gain = 0, ideal = 0;
        for (int p = 1; p <= k; p++) {
            int best = -1;
            for (int i = 0; i < ITEMS; i++) {
                bool out = used[i] || csr_has(&t->history, u, i) || (masked && csr_has(&t->mask, u, i));
                if (!out && (best < 0 || scores[i] > scores[best]))
                    best = i;
            }
            if (best >= 0) {
                used[best] = 1;
                hits += csr_has(&t->held, u, best);
                gain += csr_has(&t->held, u, best) / log2(p + 1);
            }
            ideal += (size_t)p <= csr_row_count(&t->held, u) ? 1 / log2(p + 1) : 0;
        }
        if (csr_row_count(&t->held, u) == 0)
            continue;
        *recall += hits / (double)csr_row_count(&t->held, u);
        *ndcg += gain / ideal;
        ++*n_users;
    }
    *recall /= (double)*n_users;
    *ndcg /= (double)*n_users;
}

static void agrees_with_naive(void)
{
    struct toy *t = malloc(sizeof *t);
    toy_make(t);
    const int k[] = {1, 5, 20, 50};
    for (int masked = 0; masked < 2; masked++) {
        const struct evaluate_task task = {
            .scorer = {.score = linear_score, .weights = t->weights, .n_items = ITEMS},
            .history = &t->history,
            .mask = masked ? &t->mask : NULL,
            .held = &t->held,
            .k = k,
            .n_cuts = 4};
        struct evaluate_result r;
        CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_OK);
        for (size_t c = 0; c < 4; c++) {
            double recall, ndcg;
            size_t n;
            naive(t, masked, k[c], &recall, &ndcg, &n);
            CHECK_INT(r.metrics.n_users, n);
            CHECK(n < USERS); /* some users hold nothing out, or the rule is not tried */
            CHECK_NEAR(metric_mean(&r.metrics, c, METRIC_RECALL), recall, 1e-12);
            CHECK_NEAR(metric_mean(&r.metrics, c, METRIC_NDCG), ndcg, 1e-12);
        }
    }
    toy_free(t);
    free(t);
}

/* Ranks held-out items among candidates by counting who is better. */
static void naive_candidates(const struct toy *t, const struct csr *candidates, int k, double *hit)
{
    size_t n_users = 0;
    *hit = 0;
    for (size_t u = 0; u < USERS; u++) {
        float scores[ITEMS];
        const struct scorer s = {.weights = t->weights, .n_items = ITEMS};
        linear_score(&s, csr_row(&t->history, u), csr_row_count(&t->history, u), scores);
        int best = ITEMS;
        for (int32_t i = 0; i < ITEMS; i++) {
            int better = 0;
            for (int32_t j = 0; j < ITEMS; j++)
                if (csr_has(&t->held, u, j) || csr_has(candidates, u, j))
                    better += scores[j] > scores[i] || (scores[j] == scores[i] && j < i);
            if (csr_has(&t->held, u, i) && better < best)
                best = better;
        }
        *hit += best < k;
        n_users += csr_row_count(&t->held, u) > 0;
    }
    *hit /= (double)n_users;
}

static void ranks_among_candidates(void)
{
    struct toy *t = malloc(sizeof *t);
    toy_make(t);
    const int k[] = {1, 2, 4};
    const struct evaluate_task task = {
        .scorer = {.score = linear_score, .weights = t->weights, .n_items = ITEMS},
        .history = &t->history,
        .held = &t->held,
        .candidates = &t->mask, /* as good as any other; overlaps held and history */
        .k = k,
        .n_cuts = 3};
    struct evaluate_result r;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_OK);
    for (size_t c = 0; c < 3; c++) {
        double hit;
        naive_candidates(t, &t->mask, k[c], &hit);
        CHECK_NEAR(metric_mean(&r.metrics, c, METRIC_HIT), hit, 1e-12);
        CHECK(hit < 1);
    }
    toy_free(t);
    free(t);
}

/* A model of some items is the same as one that gives all others −inf: the same scores, but the rest counts.
 */
static void cut_items_are_missed(void)
{
    struct toy *t = malloc(sizeof *t);
    struct item_cut cut;
    struct csr held;
    toy_make(t);
    const int k[] = {1, 5, 20};
    CHECK(item_cut_make(&cut, &t->history, 20, NULL) == ERR_OK);
    float *small = calloc(cut.n * cut.n, sizeof *small);
    for (size_t i = 0; i < cut.n; i++)
        for (size_t j = 0; j < cut.n; j++)
            small[i * cut.n + j] = t->weights[cut.kept[i] * ITEMS + cut.kept[j]];
    struct evaluate_task task = {.scorer = {.score = linear_score, .weights = small, .n_items = cut.n},
                                 .history = &t->history,
                                 .held = &t->held,
                                 .cut = &cut,
                                 .k = k,
                                 .n_cuts = 3};
    struct evaluate_result r, inside;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_OK);
    /* The same inside the cut: as many hits, but none of the items outside is asked for. */
    uint64_t keys[USERS * ITEMS];
    size_t n = 0;
    for (uint64_t u = 0; u < USERS; u++)
        for (uint64_t i = 0; i < cut.n; i++)
            if (csr_has(&t->held, u, cut.kept[i]))
                keys[n++] = u << 32 | i;
    CHECK(n < csr_count(&t->held));
    CHECK(csr_from_keys(&held, keys, &n, USERS, cut.n, NULL) == ERR_OK);
    task.cut = NULL;
    task.history = &cut.x;
    task.held = &held;
    CHECK(evaluate_run(&task, &inside, NULL, NULL) == ERR_OK);
    CHECK(r.metrics.n_users > inside.metrics.n_users);
    for (size_t c = 0; c < 3; c++) {
        CHECK_NEAR(r.metrics.value[c][METRIC_HIT], inside.metrics.value[c][METRIC_HIT], 1e-12);
        CHECK_NEAR(r.metrics.value[c][METRIC_MRR], inside.metrics.value[c][METRIC_MRR], 1e-12);
        CHECK(r.metrics.value[c][METRIC_RECALL] < inside.metrics.value[c][METRIC_RECALL]);
    }
    CHECK(r.metrics.value[2][METRIC_HIT] > 0);
    csr_free(&held);
    item_cut_free(&cut);
    free(small);
    toy_free(t);
    free(t);
}

static void refuses_what_does_not_fit(void)
{
    struct toy *t = malloc(sizeof *t);
    toy_make(t);
    const int descending[] = {5, 5}, zero[] = {0}, large[] = {METRIC_MAX_K + 1}, good[] = {5};
    struct evaluate_task task = {.scorer = {.score = linear_score, .weights = t->weights, .n_items = ITEMS},
                                 .history = &t->history,
                                 .held = &t->held,
                                 .k = descending,
                                 .n_cuts = 2};
    struct evaluate_result r;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_INVALID);
    task.n_cuts = 1;
    task.k = zero;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_INVALID);
    task.k = large;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_INVALID);
    task.k = good;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_OK);
    task.scorer.n_items--;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_INVALID);
    toy_free(t);
    free(t);
}

static enum err parse(struct interactions *in, enum lists_shape shape, const char *text, struct fail *why)
{
    struct id_tokens ids = {0};
    *in = INTERACTIONS_NONE;
    enum err rc = lists_reader_parse(in, &ids, &(struct named_bytes){text, strlen(text), "f"}, shape, why);
    id_tokens_free(&ids);
    return rc;
}

static void check_parse(enum lists_shape shape, const char *text, size_t n, uint64_t last)
{
    struct interactions in;
    struct fail why = {0};
    CHECK_MSG(parse(&in, shape, text, &why) == ERR_OK, "%s: %s", text, why.text);
    CHECK_INT(in.keys.len, n);
    if (n > 0)
        CHECK_INT(((uint64_t *)in.keys.data)[in.keys.len - 1], last);
    interactions_free(&in);
}

static void reads_lists_and_pairs(void)
{
    check_parse(LISTS_LISTS, "", 0, 0);
    check_parse(LISTS_LISTS, "0 1 2\n1\n2 5", 3, 2ull << 32 | 5);
    check_parse(LISTS_LISTS,
                "\xef\xbb\xbf"
                "3 4 \r\n\r\n7 2147483647\r\n",
                2, 7ull << 32 | 2147483647);
    check_parse(LISTS_PAIRS, "user,item\n1,2\n3 , 4\n", 2, 3ull << 32 | 4);
    check_parse(LISTS_PAIRS, "1\t2\n4294967295 4", 2,
                2147483648ull << 32 | 4); /* the first that is no number */
    check_parse(LISTS_PAIRS, "uid,sid\nA1,B1\nA2,B1\n", 2, 2147483649ull << 32 | 2147483648);
    check_parse(LISTS_PAIRS, "ann,heat\nbob,heat\n", 2, 2147483649ull << 32 | 2147483648);
    check_parse(LISTS_PAIRS, "who,what\n1,2\n", 1, 1ull << 32 | 2);
    check_parse(LISTS_LISTS, "ann heat 2\nbob 007 7\n", 4, 2147483649ull << 32 | 7);
    check_parse(LISTS_ROWS, "0\t32\t4\t978824330\n0\t34\tx\n5 6\r\n", 3, 5ull << 32 | 6);
}

static void names_the_line_of_bad_text(void)
{
    const struct {
        enum lists_shape shape;
        const char *text, *says;
    } bad[] = {
        {LISTS_LISTS, "1,2\n",
         "f:1: a comma in an ID, although fields are separated by spaces; is it --format pairs?"},
        {LISTS_LISTS, "user_id:token\titem_id:token\n1\t2\n", "f:1: a RecBole header; is it --format inter?"},
        {LISTS_LISTS, "1 2\n1 \xff\n", "f:2: an id of more than 255 bytes, or no text"},
        {LISTS_PAIRS, "1 \x01\n", "f:1: an id of more than 255 bytes, or no text"},
        {LISTS_PAIRS, "1 2\n\n1 2 3\n", "f:3:"},
        {LISTS_PAIRS, "1\n", "f:1:"},
        {LISTS_PAIRS, "1,,2\n", "f:1:"},
        {LISTS_ROWS, "1 2 x\n1\n", "f:2:"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct interactions in;
        struct fail why = {0};
        CHECK_MSG(parse(&in, bad[i].shape, bad[i].text, &why) == ERR_INVALID, "%s", bad[i].text);
        CHECK_MSG(strncmp(why.text, bad[i].says, strlen(bad[i].says)) == 0, "%s: %s", bad[i].text, why.text);
        interactions_free(&in);
    }
}

static void reads_candidates(void)
{
    struct interactions positive = INTERACTIONS_NONE, negative = INTERACTIONS_NONE;
    struct id_tokens ids = {0};
    const char good[] = "(0,25)\t1064\t174\n\n ( 7 , 1 ) 2\r\n";
    CHECK(lists_reader_parse_candidates(&positive, &negative, &ids,
                                        &(struct named_bytes){good, strlen(good), "f"}, NULL) == ERR_OK);
    CHECK_INT(positive.keys.len, 2);
    CHECK_INT(negative.keys.len, 3);
    CHECK_INT(((uint64_t *)positive.keys.data)[1], 7ull << 32 | 1);
    CHECK_INT(((uint64_t *)negative.keys.data)[1], 174);
    const struct {
        const char *text, *says;
    } bad[] = {
        {"(1,2)\t3\n(1,4)\t3\n", "f:2: user 1 already has line 1"},
        {"(1,2)\t3\n(2,2)\n", "f:2: user 2 has no negatives"},
        {"\n1,2\t3\n", "f:2:"},
        {"(1 2)\t3\n", "f:1:"},
        {"(1,2\t3\n", "f:1:"},
        {"(1,2)\t3,4\n", "f:1:"},
        {"(ann,2)\t3\n(ann,4)\t3\n", "f:2: user ann already has line 1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fail why = {0};
        CHECK_MSG(lists_reader_parse_candidates(&positive, &negative, &ids,
                                                &(struct named_bytes){bad[i].text, strlen(bad[i].text), "f"},
                                                &why) == ERR_INVALID,
                  "%s", bad[i].text);
        CHECK_MSG(strncmp(why.text, bad[i].says, strlen(bad[i].says)) == 0, "%s: %s", bad[i].text, why.text);
    }
    interactions_free(&positive);
    interactions_free(&negative);
}

/* By the definition, from lists of our own: three items, of which one is never recommended. */
static void lists_are_described(void)
{
    const uint64_t given[] = {6, 0, 2}, liked[] = {8, 4, 0}, none[] = {0, 0, 0};
    double v[VARIETY_KINDS], naive = 0;
    CHECK(variety_of(given, liked, 3, 16, v) == ERR_OK);
    CHECK_NEAR(v[VARIETY_COVERAGE], 2.0 / 3, 1e-12);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) /* half the mean difference of two items, of the mean */
            naive += fabs((double)given[i] - (double)given[j]) / (2 * 3 * 3 * (8.0 / 3));
    CHECK_NEAR(v[VARIETY_GINI], naive, 1e-12);
    CHECK_NEAR(v[VARIETY_POPULARITY], (6 * 0.5 + 2 * 0) / 8, 1e-12);
    CHECK_NEAR(v[VARIETY_NOVELTY], (6 * 1.0 + 2 * 4.0) / 8, 1e-12); /* nobody counts as one of 16 */
    CHECK(variety_of(none, liked, 3, 16, v) == ERR_OK);
    for (int kind = 0; kind < VARIETY_KINDS; kind++)
        CHECK_NEAR(v[kind], 0, 0);
}

/* Steck's C_KL by hand: two comedies and a drama that is one as well are known; the list has a drama and one without a genre. */
static void genres_are_compared(void)
{
    enum { COMEDY = 1, DRAMA = 2 };
    const uint64_t genres[] = {COMEDY, COMEDY, COMEDY | DRAMA, DRAMA, 0};
    const int32_t given[] = {0, 1, 2}, list[] = {3, 4}, none[] = {4};
    double p = 5.0 / 6, q = 0.01 * p, other = 1 - p, of_other = 0.99 + 0.01 * other;
    CHECK_NEAR(calibration_of(genres, given, 3, list, 2), p * log(p / q) + other * log(other / of_other),
               1e-12);
    CHECK_NEAR(calibration_of(genres, given, 3, given, 3), 0, 1e-12);
    CHECK_NEAR(calibration_of(genres, given, 1, list, 1), log(100), 1e-12); /* nothing in common */
    CHECK(isnan(calibration_of(genres, none, 1, list, 1)) &&
          isnan(calibration_of(genres, given, 3, none, 1)));
    CHECK(isnan(calibration_of(genres, given, 0, list, 1)));
}

/* What is said of each person adds up to what is said of all; lists of all items cover all, evenly. */
static void each_person_and_their_lists(void)
{
    struct toy t;
    double each[USERS], sum = 0, apart = 0, n_apart = 0;
    uint64_t genres[ITEMS];
    const int k[] = {5, ITEMS};
    toy_make(&t);
    for (size_t i = 0; i < ITEMS; i++)
        genres[i] = (uint64_t)1 << (i % 5) | i % 3;
    struct evaluate_task task = {
        .scorer = {.score = linear_score, .weights = t.weights, .n_items = ITEMS},
        .genres = genres,
        .history = &t.history,
        .held = &t.held,
        .learnt = &t.history,
        .each = each,
        .k = k,
        .n_cuts = 2,
    };
    struct evaluate_result r;
    CHECK(evaluate_run(&task, &r, NULL, NULL) == ERR_OK);
    size_t n = 0;
    for (size_t u = 0; u < USERS; u++) {
        CHECK(isnan(each[u]) == (csr_row_count(&t.held, u) == 0));
        n += !isnan(each[u]);
        sum += isnan(each[u]) ? 0 : each[u];
    }
    CHECK_INT(n, r.metrics.n_users);
    CHECK_NEAR(sum / (double)n, metric_mean(&r.metrics, 0, METRIC_NDCG), 1e-12);
    CHECK_NEAR(r.variety[1][VARIETY_COVERAGE], 1, 1e-12);
    for (size_t u = 0; u < USERS; u++) { /* the longer list has all that is not known already */
        int32_t others[ITEMS];
        size_t n_others = 0;
        for (int32_t i = 0; i < ITEMS; i++)
            if (!csr_has(&t.history, u, i))
                others[n_others++] = i;
        double one =
            calibration_of(genres, csr_row(&t.history, u), csr_row_count(&t.history, u), others, n_others);
        if (!isnan(each[u]) && !isnan(one)) {
            apart += one;
            n_apart++;
        }
    }
    CHECK_NEAR(r.miscalibration[1], apart / n_apart, 1e-12);
    CHECK(r.miscalibration[0] > r.miscalibration[1]); /* of few films a worse picture */
    CHECK(r.variety[0][VARIETY_COVERAGE] <= 1 && r.variety[0][VARIETY_GINI] > r.variety[1][VARIETY_GINI]);
    toy_free(&t);
}

int main(void)
{
    RUN(agrees_with_naive);
    RUN(ranks_among_candidates);
    RUN(lists_are_described);
    RUN(genres_are_compared);
    RUN(each_person_and_their_lists);
    RUN(cut_items_are_missed);
    RUN(refuses_what_does_not_fit);
    RUN(reads_lists_and_pairs);
    RUN(names_the_line_of_bad_text);
    RUN(reads_candidates);
    return check_done();
}
