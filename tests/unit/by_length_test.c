/* Four matrices, one for each length of history: each is DAN's with that length's settings, the length of what is
 * given chooses, and shares are those of the matrix that scored. */
#include "model/by_length.h"

#include "base/rng.h"
#include "model/fusion.h"
#include "tests/check.h"
#include "train/trainers.h"

enum { USERS = 80, ITEMS = 30 };

static struct csr x;
static struct trained whole;

static void make_likes(void)
{
    uint64_t keys[USERS * ITEMS];
    size_t n = 0;
    struct rng rng;
    rng_seed(&rng, 11);
    for (uint64_t u = 0; u < USERS; u++)
        for (uint64_t i = 0; i < ITEMS; i++)
            if (rng_below(&rng, 100) < (u % 3 == i % 3 ? 45 : 15))
                keys[n++] = u << 32 | i;
    CHECK(csr_from_keys(&x, keys, &n, USERS, ITEMS, NULL) == ERR_OK);
}

static void train(const char *name, const char *const *sets, size_t n, struct trained *out)
{
    const struct trainer *t = trainers_find(name);
    struct trainer_values v = {0};
    for (size_t i = 0; i < n; i++)
        CHECK(trainer_set(t, &v, sets[i], NULL) == ERR_OK);
    CHECK(trainer_run(t, &v, &(struct train_task){.x = &x, .seed = 1}, out, NULL) == ERR_OK);
}

static void lengths_choose(void)
{
    const size_t matrix[] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3};
    for (size_t n = 0; n <= 15; n++)
        CHECK_INT(by_length_matrix(n), matrix[n]);
    CHECK_INT(by_length_matrix(1000), 3);
}

/* At every length, the scores of DAN trained with that length's settings, to the last bit. */
static void each_length_is_scored_by_its_own(void)
{
    const char *const sets[BY_LENGTH][5] = {{"lambda=40", "dropout=0.7", "xi=0.1", "alpha=0.1", "beta=0.2"},
                                            {"lambda=20", "dropout=0.5", "xi=0.1", "alpha=0.1", "beta=0.2"},
                                            {"lambda=5", "dropout=0.2", "xi=0.1", "alpha=0.1", "beta=0.2"},
                                            {"lambda=2", "dropout=0.1", "xi=0.1", "alpha=0.1", "beta=0.2"}};
    const int32_t history[] = {0, 1, 3, 4, 7, 8, 11, 12, 15, 17, 19, 20, 21, 23, 26, 29};
    const struct scorer s = trained_scorer(&whole);
    struct trained one[BY_LENGTH];
    for (int m = 0; m < BY_LENGTH; m++)
        train("dan", sets[m], 5, &one[m]);
    for (size_t n = 0; n <= 16; n++) {
        float got[ITEMS], expected[ITEMS];
        const struct scorer own = trained_scorer(&one[by_length_matrix(n)]);
        scorer_score(&s, &(struct scorer_person){SCORER_NOBODY, history, n}, got, NULL);
        scorer_score(&own, &(struct scorer_person){SCORER_NOBODY, history, n}, expected, NULL);
        CHECK(memcmp(got, expected, sizeof got) == 0);
    }
    for (int m = 0; m < BY_LENGTH; m++)
        trained_free(&one[m]);
}

/* The share of a film is its positive term in the score that was given, not in one of another length's. */
static void shares_are_of_what_scored(void)
{
    const int32_t history[] = {0, 3, 7, 8, 11, 12, 15, 20};
    struct fusion f = {.rule = FUSION_STANDARD, .n_films = ITEMS, .n_parts = 1, .cold = 1};
    f.parts[0] = (struct fusion_part){.scorer = trained_scorer(&whole), .weight = 1};
    float features[ITEMS], scores[ITEMS], share[8],
        *scratch = malloc((fusion_scratch(&f) + 1) * sizeof *scratch);
    for (size_t n = 1; n <= 8; n++) {
        const struct scorer_person who = {SCORER_NOBODY, history, n};
        const struct scorer one = by_length_of(&f.parts[0].scorer, n);
        fusion_score(&f, &who, features, scores, scratch);
        for (int32_t film = 0; film < ITEMS; film++) {
            float sum = 0;
            fusion_shares(&f, features, &who, film, share);
            for (size_t i = 0; i < n; i++)
                sum += fmaxf(0, one.link(&one, history[i], film));
            for (size_t i = 0; i < n && features[film] > 0 && sum > 0; i++)
                CHECK_NEAR(share[i], fmaxf(0, one.link(&one, history[i], film)) / sum, 1e-6);
        }
    }
    free(scratch);
}

int main(void)
{
    make_likes();
    const char *const sets[] = {"lambda3=40",   "lambda5=20",   "lambda10=5",    "lambda20=2",
                                "dropout3=0.7", "dropout5=0.5", "dropout10=0.2", "dropout20=0.1",
                                "xi=0.1",       "alpha=0.1",    "beta=0.2"};
    train("ease-by-length", sets, 11, &whole);
    RUN(lengths_choose);
    RUN(each_length_is_scored_by_its_own);
    RUN(shares_are_of_what_scored);
    trained_free(&whole);
    csr_free(&x);
    return check_done();
}
