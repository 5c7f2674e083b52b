/* findings/off_policy.h: what a ranker that nobody was shown would have earned, from a log whose truth is
 * known. A visitor likes a character the more, the closer their Enneagram types are; the logs are made by the
 * code that makes results. */
#include "tests/check.h"

#include <unistd.h>

#include "app/recommend.h"
#include "base/rng.h"
#include "findings/off_policy.h"
#include "findings/pool_guess.h"
#include "fixture/small_snapshot.h"
#include "fixture/tables.h"

enum { FILMS = 300, TESTS = 2600, BLOCK = 100 };

static struct mariadb server;
static struct db *db;
static struct arena arena, lists;
static struct small_snapshot files;
static struct snapshot snapshot;
static struct off_policy result;
static double truth;  /* of the wanted ranker, over the places of the log */
static double logged; /* conversions of the log, a place */
static int64_t places;

static const struct variant_settings exploring = {
    .parts = VARIANT_EXPLORE, .explore_share = 0.2f, .explore_temperature = 0.1f, .explore_pool = 5};
static const struct variant_settings by_enneagram = {.parts = VARIANT_MATCH, .enneagram = 100};

static double chance_of_like(double similarity)
{
    return 0.02 + 0.3 * similarity;
}

/* Visitors like what the Enneagram's part of a match says: a similar type among those like them, a good grade among those who complete them. */
static double likes(const struct snapshot *s, int test, uint8_t enneagram, uint32_t character)
{
    const struct snapshot_character *c = &s->characters[character];
    uint8_t mbti = (uint8_t)(test % MBTI_COUNT);
    bool completes = mbti_distance(c->mbti, s->partners[mbti]) < mbti_distance(c->mbti, mbti);
    return chance_of_like((double)(completes ? s->grades[mbti * MBTI_COUNT + c->mbti]
                                             : s->similarity[enneagram * ENNEAGRAM_COUNT + c->enneagram]));
}

struct rows {
    struct buf tests, given, films, shown, events;
};

static void begin(struct rows *r)
{
    memset(r, 0, sizeof *r);
    buf_printf(&r->tests, "INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, "
                          "snapshot_id, created_at) VALUES ");
    buf_printf(&r->given,
               "INSERT INTO test_experiment (test_id, experiment_id, position, propensity) VALUES ");
    buf_printf(&r->films, "INSERT INTO test_movie (test_id, position, movie_id) VALUES ");
    buf_printf(&r->shown,
               "INSERT INTO test_result (test_id, list, position, character_id, match_type, percent, "
               "enneagram_similarity, because_json, propensity) VALUES ");
    buf_printf(
        &r->events,
        "INSERT INTO event (visitor_id, kind, character_id, created_at) VALUES (0, 'like', 0, '2026-03-01')");
}

static void end(struct rows *r)
{
    struct buf *all[] = {&r->tests, &r->given, &r->films, &r->shown, &r->events};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        tables_run(&server, buf_str(all[i]));
        buf_free(all[i]);
    }
}

static void add_list(struct rows *r, int test, uint8_t enneagram, const struct recommend_list *l,
                     struct rng *rng)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct recommend_item *it = &l->items[i];
        const char *comma = r->shown.data[r->shown.len - 2] == 'S' ? "" : ",";
        int32_t id = snapshot.characters[it->character].id;
        if (!it->drawn && i > 0)
            continue;
        buf_printf(&r->shown, "%s(%d, '%s', %zu, %d, 'same', 50, 0, '[]', ", comma, test,
                   l->items[0].match.type == MATCH_COMPATIBLE ? "compatible" : "same", i, id);
        if (!it->drawn) {
            buf_printf(&r->shown, "NULL)");
            continue;
        }
        buf_printf(&r->shown, "%.17g)", it->propensity);
        double best = 0;
        for (size_t k = 0; k < it->n_pool; k++)
            best = fmax(best, likes(&snapshot, test, enneagram, it->pool[k].character));
        bool like = rng_unit(rng) < likes(&snapshot, test, enneagram, it->character);
        truth += best;
        logged += like;
        places++;
        if (like)
            buf_printf(&r->events, ", (%d, 'like', %d, '2026-03-05 12:00')", test, id);
    }
}

/* Each visitor takes one test. */
static void add_test(struct rows *r, int test, struct rng *rng)
{
    int32_t films[3];
    struct recommend_result made;
    struct fail why = {0};
    const char *comma = r->tests.data[r->tests.len - 2] == 'S' ? "" : ",";
    for (int i = 0; i < 3; i++)
        films[i] = 101 + (int32_t)((unsigned)(test * 7 + i * 13) % FILMS);
    struct recommend_request q = {.mbti = (uint8_t)(test % MBTI_COUNT),
                                  .enneagram = (uint8_t)rng_below(rng, ENNEAGRAM_COUNT),
                                  .movies = films,
                                  .n_movies = 3,
                                  .limit = RECOMMEND_DEFAULT,
                                  .settings = &exploring,
                                  .seed = rng_u64(rng),
                                  .pools = true};
    arena_reset(&lists);
    CHECK_MSG(recommend_run(&snapshot, &q, &lists, &made, &why) == ERR_OK, "%s", why.text);
    buf_printf(&r->tests, "%s(%d, '%d', %d, '%s', '%s', 'ko', '%s', '2026-03-05')", comma, test, test, test,
               mbti_name(q.mbti), enneagram_name(q.enneagram), snapshot.id);
    buf_printf(&r->given, "%s(%d, 1, 1, 0.5)", comma, test);
    for (int i = 0; i < 3; i++)
        buf_printf(&r->films, "%s(%d, %d, %d)", i > 0 ? "," : comma, test, i, films[i]);
    add_list(r, test, q.enneagram, &made.same, rng);
    add_list(r, test, q.enneagram, &made.compatible, rng);
}

static void make_log(void)
{
    struct rng rng;
    rng_seed(&rng, 11);
    for (int first = 1; first <= TESTS; first += BLOCK) {
        struct rows r;
        begin(&r);
        for (int test = first; test < first + BLOCK; test++)
            add_test(&r, test, &rng);
        end(&r);
    }
    truth /= (double)places;
    logged /= (double)places;
}

static void setup(void)
{
    char path[300];
    struct fail why = {0};
    small_snapshot_make(&files, FILMS, 4);
    CHECK_MSG(snapshot_open(&snapshot, files.path, &why) == ERR_OK, "%s", why.text);
    snprintf(path, sizeof path, "%s/mvti-%s.mvs", files.folder, snapshot.id);
    CHECK(strcmp(path, files.path) == 0 || link(files.path, path) == 0);
    tables_run(&server, "INSERT INTO experiment (experiment_id, name, layer, salt, kind, goal, state, "
                        "traffic, floor, min_views, guard_like, "
                        "guard_down, guard_alpha, guard_tests, created_at, started_at) VALUES (1, 'drawn', "
                        "'main', 's', 'split', 'like', "
                        "'running', 1, .02, 200, .2, .05, .01, 200, '2026-03-01', '2026-03-01')");
    tables_run(&server, "INSERT INTO experiment_variant (experiment_id, position, name, share, weight, "
                        "settings, is_control) VALUES (1, 0, "
                        "'control', .5, .5, '{}', 1), (1, 1, 'drawn', .5, .5, "
                        "'{\"explore\":{\"share\":0.2,\"temperature\":0.1,\"pool\":5}}', 0)");
    make_log();
}

static enum err estimate(const struct variant_settings *wanted, const char *goal, struct fail *why)
{
    const struct off_policy_task task = {
        .experiment = "drawn", .goal = goal, .wanted = wanted, .snapshots = files.folder};
    arena_reset(&arena);
    return off_policy_estimate(db, &task, &arena, &result, why);
}

static void the_truth_is_found(void)
{
    struct fail why = {0};
    struct policy_value_estimate e, difference;
    CHECK_MSG(estimate(&by_enneagram, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(result.places, places);
    CHECK_INT(result.tests, TESTS);
    CHECK_INT(result.odd + result.gone + result.unable, 0);
    CHECK_NEAR(result.wanted.rewards / result.wanted.all.n, logged, 1e-12);
    for (int k = 0; k < POLICY_VALUE_KINDS; k++) {
        CHECK(policy_value_estimate(&result.wanted, (enum policy_value_kind)k, &e, NULL) == ERR_OK);
        /* Of 95 % intervals one draw in twenty lies beside the truth, and any change of lists is another draw: twice as wide, none does.
         * Who stands where in a pool says nothing of Enneagram types, so DM is wrong, and by more than that. */
        bool found = fabs(e.value - truth) <= e.high - e.low;
        CHECK_MSG(found == (k != POLICY_VALUE_DM), "%s: %.4f (%.4f to %.4f), truth %.4f",
                  policy_value_name((enum policy_value_kind)k), e.value, e.low, e.high, truth);
        CHECK(e.high - e.low < 0.035); /* less than the truth is above what was seen */
    }
    CHECK(truth > logged + 0.03);
    CHECK(policy_value_difference(&result.wanted, &result.site, POLICY_VALUE_DR, &difference, NULL) ==
          ERR_OK);
    CHECK_MSG(difference.low > 0, "%.4f (%.4f to %.4f)", difference.value, difference.low, difference.high);
    CHECK_NEAR(policy_value_support(&result.wanted), 1, 0.1);
}

/* The policy that logged: every weight is 1, and the estimate what was seen. */
static void what_was_shown_is_worth_what_came_of_it(void)
{
    struct fail why = {0};
    struct policy_value_estimate e;
    CHECK_MSG(estimate(&exploring, "engage", &why) == ERR_OK, "%s", why.text);
    CHECK_NEAR(policy_value_rows(&result.wanted), (double)places, 1e-3);
    CHECK(policy_value_estimate(&result.wanted, POLICY_VALUE_IPS, &e, NULL) == ERR_OK);
    CHECK_NEAR(e.value, logged, 1e-6);
}

#define REFUSED(wanted, goal, words)                                                                         \
    do {                                                                                                     \
        struct fail refused = {0};                                                                           \
        enum err rc = estimate(wanted, goal, &refused);                                                      \
        CHECK_MSG(rc == ERR_INVALID && strstr(refused.text, words) != NULL, "%s: %s", err_name(rc),          \
                  refused.text);                                                                             \
    } while (0)

static void what_cannot_be_estimated_is_refused(void)
{
    const struct variant_settings varied = {.parts = VARIANT_DIVERSITY, .film_cap = 1, .mmr = 0.5f},
                                  unknown = {
                                      .parts = VARIANT_RANKERS, .n_members = 1, .members = {{"nobody", 1}}};
    REFUSED(&varied, NULL, "diversity is not what orders characters");
    REFUSED(&by_enneagram, "up", "up is of a whole result");
    REFUSED(&by_enneagram, "money", "money is not a goal");
    REFUSED(&unknown, NULL, "have no such models");
    REFUSED(&by_enneagram, "watch", "effective conversions");
    struct fail why = {0};
    const struct off_policy_task other = {
        .experiment = "none", .wanted = &by_enneagram, .snapshots = files.folder};
    CHECK(off_policy_estimate(db, &other, &arena, &result, &why) == ERR_NOT_FOUND);
}

static void settings_that_are_not_those_of_the_log_are_noticed(void)
{
    tables_run(&server, "UPDATE experiment_variant SET settings = REPLACE(settings, '0.1', '0.3')");
    REFUSED(&by_enneagram, NULL, "do not come out as they were logged");
    tables_run(&server, "UPDATE experiment_variant SET settings = REPLACE(settings, '0.3', '0.1')");
}

static void programs_and_likes_of_another_time_do_not_count(void)
{
    struct fail why = {0};
    tables_run(&server, "INSERT INTO first_visit (visitor_id, path, device, locale, bot, created_at) SELECT "
                        "seq, '/', 'phone', 'ko', 1, "
                        "'2026-03-05' FROM " TABLES_NUMBERS("150"));
    CHECK_MSG(estimate(&by_enneagram, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(result.tests, TESTS - 150);
    tables_run(&server, "UPDATE experiment SET stopped_at = '2026-03-05 06:00' WHERE experiment_id = 1");
    REFUSED(&by_enneagram, NULL, "0 effective conversions");
    tables_run(&server, "UPDATE experiment SET stopped_at = NULL WHERE experiment_id = 1");
    tables_run(
        &server,
        "INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, snapshot_id, "
        "created_at) SELECT 100000 + seq, "
        "100000 + seq, seq, 'INFP', '4w5', 'ko', 's', '2026-03-05 06:00' FROM " TABLES_NUMBERS("2600"));
    REFUSED(&by_enneagram, NULL, "0 effective conversions"); /* they are of the next test */
    tables_run(&server, "DELETE FROM test WHERE test_id > 100000");
}

static void a_log_that_is_too_small_is_refused(void)
{
    tables_run(&server, "DELETE FROM test_experiment WHERE test_id > 300");
    REFUSED(&by_enneagram, NULL, "the log is too small");
    tables_run(&server, "UPDATE test_result SET propensity = NULL");
    REFUSED(&by_enneagram, NULL, "no results in which places were drawn");
    tables_run(&server, "UPDATE test_result SET propensity = 0.2");
}

static void a_snapshot_that_is_gone_is_named(void)
{
    char words[100];
    tables_run(&server, "UPDATE test SET snapshot_id = 'ffff000011112222'");
    snprintf(words, sizeof words, "results, such as ffff000011112222, are not kept any more");
    REFUSED(&by_enneagram, NULL, words);
}

static void a_guess_is_of_what_was_seen(void)
{
    static struct pool_guess g;
    double nothing = pool_guess(&g, 0, 0);
    CHECK(nothing > 0 && nothing < 1);
    for (int i = 0; i < 1000; i++) {
        pool_guess_learn(&g, 3, 1, i % 2 == 0);
        pool_guess_learn(&g, 3, 2, false);
    }
    CHECK_NEAR(pool_guess(&g, 3, 1), .5, .01);
    CHECK_NEAR(pool_guess(&g, 3, 2), 0, .01);
    CHECK_NEAR(pool_guess(&g, 7, 0), .25, .01); /* never seen: as all */
    pool_guess_learn(&g, 1000, 1000, true);
    CHECK_NEAR(pool_guess(&g, 49, 49), pool_guess(&g, 2000, 2000), 0);
}

int main(void)
{
    db = tables_start(&server, "mvti_off_policy_test");
    setup();
    RUN(the_truth_is_found);
    RUN(what_was_shown_is_worth_what_came_of_it);
    RUN(what_cannot_be_estimated_is_refused);
    RUN(settings_that_are_not_those_of_the_log_are_noticed);
    RUN(programs_and_likes_of_another_time_do_not_count);
    RUN(a_log_that_is_too_small_is_refused);
    RUN(a_snapshot_that_is_gone_is_named);
    RUN(a_guess_is_of_what_was_seen);
    arena_free(&arena);
    arena_free(&lists);
    snapshot_close(&snapshot);
    small_snapshot_free(&files);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
