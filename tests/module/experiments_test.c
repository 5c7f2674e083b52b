/* Experiments as they are served: who is given what in a result, which rows say so, and what happens when the file is missing or broken. */
#include "tests/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "experiment/lifecycle.h"
#include "experiment/refresh.h"
#include "fixture/site.h"
#include "fixture/tables.h"
#include "store/visitor.h"

#define BROWSER                                                                                              \
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"

static struct mariadb server;
static struct db *db;
static struct site_fixture f;
static struct arena arena;
static double moment;
static char file[160];

static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

/* The worker looks again. */
static void look(void)
{
    serving_refresh(&f.site.serving, moment += 2);
}

static void refresh(void)
{
    struct refresh_result done;
    struct fail why = {0};
    CHECK_MSG(refresh_run(db, file, 1800000000, &arena, &done, &why) == ERR_OK, "%s", why.text);
    look();
}

static void start(const char *definition)
{
    struct definition d;
    const char *state;
    struct fail why = {0};
    enum err rc = definition_read(definition, strlen(definition), "test", &arena, &d, &why);
    if (rc == ERR_OK)
        rc = lifecycle_apply(db, &d, &arena, &state, &why);
    if (rc == ERR_OK)
        rc = lifecycle_start(db, d.name, 1800000000, &arena, &why);
    CHECK_MSG(rc == ERR_OK, "%s", why.text);
    refresh();
}

static void stop(const char *name)
{
    struct fail why = {0};
    CHECK_MSG(lifecycle_stop(db, name, NULL, &arena, &why) == ERR_OK, "%s", why.text);
    refresh();
}

/* A test of whoever f.cookie is, "" for somebody new; the answer is in f. */
static int take(const char *user_agent, const char *key)
{
    static const char body[] = "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,104,110]}";
    struct session s;
    const char *value = strchr(f.cookie, '=');
    session_from_token(&s, &f.site.keys, value != NULL ? value + 1 : NULL);
    f.csrf[0] = '\0';
    if (s.present)
        session_csrf_token(&s, f.csrf);
    struct request r = {.method = HTTP_POST,
                        .cookie = f.cookie,
                        .csrf = f.csrf,
                        .content_type = "application/json",
                        .fetch_site = "same-origin",
                        .user_agent = user_agent,
                        .idempotency_key = key};
    return site_ask_as(&f, &r, "/api/v1/tests", body, sizeof body - 1);
}

static int take_as_new(const char *user_agent)
{
    f.cookie[0] = '\0';
    return take(user_agent, NULL);
}

/* The variant of the first experiment in the answer, "" for none. */
static const char *variant(void)
{
    const struct json_value *v = site_at(site_json(&f), "experiments", "0", "variant", NULL);
    return v != NULL ? v->text : "";
}

/* The answer without what differs from test to test. */
static char *plain(char *out, size_t size)
{
    const char *body = buf_str(&f.site.response.body);
    const char *from = strstr(body, "\"personality\""), *to = strstr(body, "\"created\"");
    CHECK(from != NULL && to != NULL);
    snprintf(out, size, "%.*s", (int)(to - from), from);
    return out;
}

#define BIG (1 << 18)
static char before[BIG], after[BIG];

static void nothing_changes_without_experiments(void)
{
    CHECK_INT(take_as_new(BROWSER), 201);
    CHECK_STR(site_json(&f)->names[site_json(&f)->n - 1], "movies");
    plain(before, BIG);
    CHECK(f.site.serving.experiments.state == EXPERIMENTS_NONE && access(file, F_OK) != 0);
    refresh(); /* makes no file of nothing */
    CHECK(access(file, F_OK) != 0);
    CHECK_INT(site_ask(&f, HTTP_GET, "/readyz", NULL), 200);
    CHECK_STR(site_at(site_json(&f), "experiments", NULL)->text, "none");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure"), 0);
}

#define TASTE                                                                                                \
    "{\"name\":\"taste\",\"layer\":\"result\",\"variants\":[{\"name\":\"control\",\"share\":1},"             \
    "{\"name\":\"taste\",\"share\":1,\"settings\":{\"match\":{\"film\":5,\"enneagram\":90,\"certainty\":5}}" \
    "}]}"

static void a_guest_is_given_a_variant_in_the_post_that_makes_her(void)
{
    enum { GUESTS = 40 };
    int64_t given[2] = {0};
    start(TASTE);
    CHECK(f.site.serving.experiments.state == EXPERIMENTS_READY);
    for (int i = 0; i < GUESTS; i++) {
        CHECK_INT(take_as_new(BROWSER), 201);
        bool taste = strcmp(variant(), "taste") == 0;
        CHECK(taste || strcmp(variant(), "control") == 0);
        given[taste]++;
        plain(after, BIG);
        CHECK(strcmp(before, after) != 0 || !taste);
        CHECK(strcmp(before, after) == 0 || taste); /* the control is the site, byte for byte */
    }
    CHECK_MSG(given[0] >= 8 && given[1] >= 8, "%lld and %lld", (long long)given[0], (long long)given[1]);
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure WHERE propensity = 0.5"), GUESTS);
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure WHERE position = 1"), given[1]);
    CHECK_INT(number("SELECT COUNT(*) FROM test_experiment m JOIN test t ON t.test_id = m.test_id JOIN "
                     "experiment_exposure e "
                     "ON e.visitor_id = t.visitor_id AND e.experiment_id = m.experiment_id AND e.position = "
                     "m.position"),
              GUESTS);
    CHECK_INT(number("SELECT COUNT(*) FROM test_result WHERE propensity IS NOT NULL"), 0);
}

static void she_keeps_it(void)
{
    char first[20];
    int64_t exposed = number("SELECT COUNT(*) FROM experiment_exposure");
    CHECK_INT(take_as_new(BROWSER), 201);
    snprintf(first, sizeof first, "%s", variant());
    for (int i = 0; i < 3; i++) {
        CHECK_INT(take(BROWSER, NULL), 201);
        CHECK_STR(variant(), first);
    }
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure"), exposed + 1);
    tables_run(&server,
               "UPDATE experiment_exposure SET position = 1 - position ORDER BY visitor_id DESC LIMIT 1");
    CHECK_INT(take(BROWSER, NULL), 201);
    CHECK(strcmp(variant(), first) != 0); /* what she was shown counts, not the hash */
}

/* Everything that is kept about her, this too. */
static void she_may_take_it_away(void)
{
    CHECK_INT(take_as_new(BROWSER), 201);
    char given[20];
    snprintf(given, sizeof given, "%s", variant());
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/export", NULL), 200);
    const struct json_value *v = site_at(site_json(&f), "experiments", "0", NULL);
    CHECK(v != NULL && strcmp(json_text(v, "experiment"), "taste") == 0 &&
          strcmp(json_text(v, "variant"), given) == 0);
    CHECK(v != NULL && json_text(v, "shown") != NULL);
}

static void programs_are_not_assigned(void)
{
    int64_t exposed = number("SELECT COUNT(*) FROM experiment_exposure");
    CHECK_INT(take_as_new("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"), 201);
    CHECK_STR(variant(), "");
    CHECK_STR(plain(after, BIG), before);
    CHECK_INT(take_as_new(""), 201);
    CHECK_STR(variant(), "");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure"), exposed);
}

static void a_wrong_request_stores_nothing(void)
{
    int64_t visitors = number("SELECT COUNT(*) FROM visitor");
    f.cookie[0] = '\0';
    struct request r = {.method = HTTP_POST,
                        .content_type = "application/json",
                        .fetch_site = "same-origin",
                        .user_agent = BROWSER};
    const char body[] = "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,104,9999999]}";
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/tests", body, sizeof body - 1), 400);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor"), visitors);
}

static void a_request_that_comes_twice_is_answered_alike(void)
{
    const char *key = "abcdefghijklmnop-1";
    f.cookie[0] = '\0';
    CHECK_INT(take(BROWSER, key), 201);
    char token[40];
    snprintf(token, sizeof token, "%s", site_at(site_json(&f), "token", NULL)->text);
    int64_t made = number("SELECT COUNT(*) FROM test_experiment");
    CHECK_INT(take(BROWSER, key), 201);
    CHECK_STR(site_at(site_json(&f), "token", NULL)->text, token);
    CHECK_INT(number("SELECT COUNT(*) FROM test_experiment"), made);
    stop("taste");
    CHECK_INT(take_as_new(BROWSER), 201);
    CHECK_STR(variant(), "");
}

#define EXPLORE                                                                                              \
    "{\"name\":\"explore\",\"layer\":\"result\",\"variants\":[{\"name\":\"control\",\"share\":0.001},"       \
    "{\"name\":\"some\",\"share\":1000,\"settings\":{\"explore\":{\"share\":0.2,\"temperature\":0.5,"        \
    "\"pool\":5}}}]}"

static void drawn_places_are_stored_with_their_chance(void)
{
    start(EXPLORE);
    CHECK_INT(take_as_new(BROWSER), 201);
    CHECK_STR(variant(), "some");
    CHECK_INT(number("SELECT COUNT(*) FROM test_result r JOIN test_experiment m ON m.test_id = r.test_id "
                     "JOIN experiment e ON "
                     "e.experiment_id = m.experiment_id WHERE e.name = 'explore' AND r.propensity > 0 AND "
                     "r.propensity < 1"),
              8);
    CHECK_INT(number("SELECT COUNT(DISTINCT position) FROM test_result WHERE propensity IS NOT NULL AND "
                     "position IN (4, 9, 14, 19)"),
              4);
    plain(after, BIG);
    CHECK(strcmp(before, after) != 0);
    CHECK_INT(take(BROWSER, NULL), 201); /* the same visitor, the same answers: the same draws */
    static char again[BIG];
    CHECK_STR(plain(again, BIG), after);
    int different = 0;
    for (int i = 0; i < 5; i++) {
        CHECK_INT(take_as_new(BROWSER), 201);
        different += strcmp(plain(again, BIG), after) != 0;
    }
    CHECK(different > 0);
    stop("explore");
}

#define ARMS                                                                                                 \
    "{\"name\":\"arms\",\"layer\":\"result\",\"kind\":\"bandit\",\"variants\":[{\"name\":\"all\",\"share\":" \
    "1},"                                                                                                    \
    "{\"name\":\"bts\",\"share\":1,\"settings\":{\"rankers\":{\"bts\":1}}}]}"

static void a_bandit_draws_for_each_test(void)
{
    int bts = 0;
    char key[40];
    start(ARMS);
    f.cookie[0] = '\0';
    for (int i = 0; i < 30; i++) {
        snprintf(key, sizeof key, "abcdefghijklmnop-arms-%d", i);
        CHECK_INT(take(BROWSER, key), 201);
        bts += strcmp(variant(), "bts") == 0;
    }
    CHECK_MSG(bts >= 5 && bts <= 25, "%d of 30", bts);
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure x JOIN experiment e ON e.experiment_id = "
                     "x.experiment_id WHERE e.name = 'arms'"),
              1);
    CHECK_INT(number("SELECT COUNT(*) FROM test_experiment m JOIN experiment e ON e.experiment_id = "
                     "m.experiment_id WHERE e.name = "
                     "'arms' AND m.propensity = 0.5"),
              30);
    stop("arms");
}

static int get(const char *target)
{
    struct request r = {.method = HTTP_GET, .cookie = f.cookie, .user_agent = BROWSER};
    return site_ask_as(&f, &r, target, NULL, 0);
}

#define WALL "/api/v1/movies?seed=5&limit=30"

/* The wall is for everybody and every cache, unless an experiment runs on it: then it is the visitor's own. */
static void a_wall_is_drawn_as_the_variant_says(void)
{
    static char site[BIG];
    CHECK_INT(take_as_new(BROWSER), 201);
    CHECK_INT(get(WALL), 200);
    snprintf(site, sizeof site, "%s", buf_str(&f.site.response.body));
    CHECK_STR(site_header(&f, "Cache-Control"), "public, max-age=60");
    CHECK_STR(site_header(&f, "X-Accel-Expires"), "1");
    CHECK_STR(site_header(&f, "X-CSRF-Token"), "");
    start("{\"name\":\"wall\",\"layer\":\"wall\",\"variants\":[{\"name\":\"control\",\"share\":0.001},{"
          "\"name\":\"even\","
          "\"share\":1000,\"settings\":{\"wall\":\"even\"}}]}");
    int64_t exposed = number("SELECT COUNT(*) FROM experiment_exposure");
    for (int i = 0; i < 2; i++) {
        CHECK_INT(get(WALL), 200);
        CHECK_STR(variant(), "even");
        CHECK_STR(site_header(&f, "Cache-Control"), "private, no-store");
        CHECK_STR(site_header(&f, "X-Accel-Expires"), "");
        CHECK(strcmp(buf_str(&f.site.response.body), site) != 0);
        CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure"), exposed + 1);
    }
    CHECK_INT(get("/api/v1/movies?q=a"), 200); /* a search is no wall */
    CHECK_STR(variant(), "");
    f.cookie[0] = '\0';
    CHECK_INT(get(WALL), 200);
    CHECK_STR(buf_str(&f.site.response.body), site);
    CHECK_STR(site_header(&f, "Cache-Control"), "private, no-store");
    CHECK_STR(site_header(&f, "X-Guest-Challenge"), "");
    stop("wall");
    CHECK_INT(get(WALL), 200);
    CHECK_STR(buf_str(&f.site.response.body), site);
    CHECK_STR(site_header(&f, "Cache-Control"), "public, max-age=60");
}

static const char *said(const char *name)
{
    const struct json_value *v = site_at(site_json(&f), "texts", name, "ko", NULL);
    return v != NULL ? v->text : "";
}

static void texts_come_with_the_page_they_stand_on(void)
{
    char target[80];
    start("{\"name\":\"words\",\"layer\":\"words\",\"variants\":[{\"name\":\"control\",\"share\":0.001},{"
          "\"name\":\"warm\","
          "\"share\":1000,\"settings\":{\"texts\":{\"result.end\":{\"ko\":\"끝\",\"en\":\"End\"}}}}]}");
    CHECK_INT(take_as_new(BROWSER), 201);
    CHECK_STR(variant(), "warm");
    CHECK_STR(said("result.end"), "끝");
    snprintf(target, sizeof target, "/api/v1/tests/%s", site_at(site_json(&f), "token", NULL)->text);
    CHECK_INT(get(target), 200);
    CHECK_STR(said("result.end"), "끝");
    CHECK_INT(get("/api/v1/home"), 200); /* has none of these texts, so shows nothing of it */
    CHECK(strcmp(said("result.end"), "") == 0 && strcmp(variant(), "") == 0);
    stop("words");
    start(
        "{\"name\":\"title\",\"layer\":\"words\",\"variants\":[{\"name\":\"control\",\"share\":1000},{"
        "\"name\":\"warm\","
        "\"share\":0.001,\"settings\":{\"texts\":{\"home.title.1\":{\"ko\":\"안녕\",\"en\":\"Hello\"}}}}]}");
    int64_t exposed = number("SELECT COUNT(*) FROM experiment_exposure");
    CHECK_INT(get("/api/v1/home"), 200);
    CHECK_STR(variant(), "control"); /* who is shown our own words is compared with who is not */
    CHECK_STR(said("home.title.1"), "");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure"), exposed + 1);
    CHECK_INT(take(BROWSER, NULL), 201);
    CHECK_STR(variant(), "");
    stop("title");
}

/* A model that the snapshot does not have: nobody is assigned, in either variant. */
static void a_snapshot_without_the_model_assigns_nobody(void)
{
    start("{\"name\":\"lacks\",\"layer\":\"result\",\"variants\":[{\"name\":\"control\",\"share\":1},{"
          "\"name\":\"other\",\"share\":1,"
          "\"settings\":{\"rankers\":{\"recvae\":1}}}]}");
    for (int i = 0; i < 6; i++) {
        CHECK_INT(take_as_new(BROWSER), 201);
        CHECK_STR(variant(), "");
        CHECK_STR(plain(after, BIG), before);
    }
    stop("lacks");
}

static void a_broken_file_means_none(void)
{
    start("{\"name\":\"next\",\"layer\":\"result\",\"variants\":[{\"name\":\"control\",\"share\":1},{"
          "\"name\":\"other\",\"share\":1,"
          "\"settings\":{\"diversity\":{\"film_cap\":1}}}]}");
    CHECK_INT(take_as_new(BROWSER), 201);
    CHECK(variant()[0] != '\0');
    FILE *out = fopen(file, "w");
    CHECK(out != NULL && fputs("MVTIEXPT and nothing else", out) >= 0 && fclose(out) == 0);
    look();
    CHECK(f.site.serving.experiments.state == EXPERIMENTS_BROKEN);
    CHECK_INT(take_as_new(BROWSER), 201);
    CHECK_STR(variant(), "");
    CHECK_INT(site_ask(&f, HTTP_GET, "/readyz", NULL), 200);
    CHECK_STR(site_at(site_json(&f), "experiments", NULL)->text, "broken");
    refresh();
    CHECK_INT(take_as_new(BROWSER), 201);
    CHECK(variant()[0] != '\0');
}

/* Configured, and by nothing that a request can say. */
static void variants_are_forced_by_configuration(void)
{
    int64_t exposed = number("SELECT COUNT(*) FROM experiment_exposure");
    snprintf(f.config.experiment_force, sizeof f.config.experiment_force, "next=other");
    CHECK(unlink(file) == 0);
    refresh();
    for (int i = 0; i < 4; i++) {
        CHECK_INT(take_as_new(i % 2 == 0 ? BROWSER : ""), 201);
        CHECK_STR(variant(), "other");
    }
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_exposure"), exposed);
    f.config.experiment_force[0] = '\0';
    CHECK(unlink(file) == 0);
    refresh();
}

static void deletion_and_merging_take_the_rows_along(void)
{
    struct fail why = {0};
    f.cookie[0] = '\0';
    CHECK_INT(take(BROWSER, NULL), 201);
    int64_t from = number("SELECT MAX(visitor_id) FROM test");
    CHECK_INT(take_as_new(BROWSER), 201);
    int64_t to = number("SELECT MAX(visitor_id) FROM test");
    char sql[200];
    CHECK(db_begin(db, &why) == ERR_OK && visitor_merge(db, from, to, &why) == ERR_OK &&
          db_commit(db, &why) == ERR_OK);
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM experiment_exposure WHERE visitor_id IN (%lld, %lld)",
             (long long)from, (long long)to);
    CHECK_INT(number(sql), 1);
    CHECK(db_begin(db, &why) == ERR_OK && visitor_delete(db, to, &why) == ERR_OK &&
          db_commit(db, &why) == ERR_OK);
    CHECK_INT(number(sql), 0);
    CHECK_INT(number("SELECT COUNT(*) FROM test_experiment m LEFT JOIN test t ON t.test_id = m.test_id WHERE "
                     "t.test_id IS NULL"),
              0);
}

int main(void)
{
    db = tables_start(&server, "experiments");
    site_make(&f, 60, &server.config);
    memset(f.site.keys.keys, 7, sizeof f.site.keys.keys); /* the same visitors are given the same */
    char folder[140];
    snprintf(folder, sizeof folder, "%s/%s", f.small.folder, EXPERIMENT_FOLDER);
    snprintf(file, sizeof file, "%s/%s", f.small.folder, EXPERIMENT_FILE);
    if (mkdir(folder, 0755) != 0)
        return 2;
    RUN(nothing_changes_without_experiments);
    RUN(a_guest_is_given_a_variant_in_the_post_that_makes_her);
    RUN(she_keeps_it);
    RUN(she_may_take_it_away);
    RUN(programs_are_not_assigned);
    RUN(a_wrong_request_stores_nothing);
    RUN(a_request_that_comes_twice_is_answered_alike);
    RUN(drawn_places_are_stored_with_their_chance);
    RUN(a_bandit_draws_for_each_test);
    RUN(a_wall_is_drawn_as_the_variant_says);
    RUN(texts_come_with_the_page_they_stand_on);
    RUN(a_snapshot_without_the_model_assigns_nobody);
    RUN(a_broken_file_means_none);
    RUN(variants_are_forced_by_configuration);
    RUN(deletion_and_merging_take_the_rows_along);
    unlink(file);
    rmdir(folder);
    site_free(&f);
    arena_free(&arena);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
