/* Comparing with friends: who is in, who sees what, who may leave, and that nothing stays. */
#include "tests/check.h"

#include <pthread.h>

#include "app/circles.h"
#include "app/limits.h"
#include "fixture/login.h"
#include "fixture/tables.h"
#include "store/circle.h"

static struct mariadb server;
static struct site_fixture f;

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static void forget(void)
{
    static const char *const tables[] = {"visitor", "session", "test",      "test_movie",    "test_result",
                                         "event",   "counter", "list_view", "circle_member", "leaving"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        tables_run(&server, sql);
    }
    f.cookie[0] = '\0';
}

/* A visitor with a test of their own. */
struct person {
    char cookie[64], csrf[64], test[32];
};

static void be(const struct person *p)
{
    snprintf(f.cookie, sizeof f.cookie, "%s", p->cookie);
    snprintf(f.csrf, sizeof f.csrf, "%s", p->csrf);
}

static struct person newcomer(const char *mbti, const char *movies)
{
    struct person p;
    char body[160];
    f.cookie[0] = '\0';
    snprintf(body, sizeof body, "{\"mbti\":\"%s\",\"enneagram\":\"4w5\",\"movies\":[%s]}", mbti, movies);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", body), 201);
    snprintf(p.test, sizeof p.test, "%s", site_at(site_json(&f), "token", NULL)->text);
    snprintf(p.cookie, sizeof p.cookie, "%s", f.cookie);
    snprintf(p.csrf, sizeof p.csrf, "%s", f.csrf);
    return p;
}

static const char *wish(const struct person *p, const char *name)
{
    static char body[400];
    if (name != NULL)
        snprintf(body, sizeof body, "{\"test\":\"%s\",\"name\":\"%s\"}", p->test, name);
    else
        snprintf(body, sizeof body, "{\"test\":\"%s\"}", p->test);
    return body;
}

static void begin(const struct person *p, const char *name, char circle[32])
{
    be(p);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/circles", wish(p, name)), 201);
    snprintf(circle, 32, "%s", site_at(site_json(&f), "circle", NULL)->text);
}

static int ask(enum http_method method, const char *circle, const char *rest, const char *body)
{
    char target[120];
    snprintf(target, sizeof target, "/api/v1/circles/%s%s", circle, rest);
    return site_ask(&f, method, target, body);
}

static int join(const struct person *p, const char *circle, const char *name)
{
    be(p);
    return ask(HTTP_PUT, circle, "/me", wish(p, name));
}

static const struct json_value *look(const char *circle, const char *query)
{
    CHECK_INT(ask(HTTP_GET, circle, query, NULL), 200);
    return site_json(&f);
}

static void two_compare(void)
{
    char circle[32], again[32];
    forget();
    struct person a = newcomer("INFP", "101,102,103"), b = newcomer("ENFJ", "104,105,106");
    begin(&a, "  봄 ", circle);
    begin(&a, NULL,
          again); /* pressed twice: still nobody else is in it, and the name is what was said last */
    CHECK_STR(again, circle);
    CHECK_INT(number("SELECT COUNT(*) FROM circle_member WHERE founder = 1 AND name = ''"), 1);
    begin(&a, "  봄 ", again);
    const struct json_value *v = look(circle, "");
    CHECK_INT(site_at(v, "members", NULL)->n, 1);
    CHECK_STR(site_at(v, "members", "0", "name", NULL)->text, "봄");
    CHECK(site_at(v, "members", "0", "mine", NULL)->truth);
    CHECK_INT(site_at(v, "two", NULL)->kind, JSON_NULL);
    CHECK_INT(join(&b, circle, NULL), 200);
    v = site_json(&f);
    CHECK_INT(site_at(v, "members", NULL)->n, 2);
    CHECK(!site_at(v, "members", "0", "mine", NULL)->truth &&
          site_at(v, "members", "1", "mine", NULL)->truth);
    CHECK_INT(site_at(v, "members", "1", "name", NULL)->kind, JSON_NULL);
    CHECK_STR(site_at(v, "members", "1", "mbti", NULL)->text, "ENFJ");
    CHECK_INT(site_at(v, "pairs", NULL)->n, 1);
    CHECK_NEAR(site_at(v, "pairs", "0", "grade", NULL)->real, 0.6, 1e-9); /* small_snapshot's */
    CHECK_INT(site_at(v, "two", "a", NULL)->integer, 1); /* who looks is the first of the two */
    CHECK(!site_at(v, "two", "letters", "0", "same", NULL)->truth &&
          site_at(v, "two", "letters", "1", "same", NULL)->truth);
    CHECK(site_at(v, "two", "movies", NULL)->n > 0 && site_at(v, "two", "roles", NULL)->n == 5);
    begin(&a, NULL, again); /* somebody is in the first one */
    CHECK(strcmp(again, circle) != 0);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'circle_begin'"), 2);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'circle_join'"), 1);
}

static const char *page_of(const char *circle, const char *user_agent)
{
    char target[64];
    snprintf(target, sizeof target, "/w/%s", circle);
    CHECK_INT(site_ask_as(&f,
                          &(struct request){.method = HTTP_GET, .user_agent = user_agent, .cookie = f.cookie},
                          target, NULL, 0),
              200);
    CHECK(strstr(f.site.response.body.data, "noindex") != NULL);
    return f.site.response.body.data;
}

/* A messenger's preview is made of the head; robots get no more, and people read in the page who is in it. */
static void previews_name_nobody(void)
{
    char circle[32];
    forget();
    struct person a = newcomer("INFP", "101,102,103"), b = newcomer("ENFJ", "104,105,106");
    begin(&a, "<b>봄", circle);
    CHECK_INT(join(&b, circle, NULL), 200);
    f.cookie[0] = '\0';
    const char *people =
        page_of(circle, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    const char *body = strstr(people, "</head>");
    CHECK(body != NULL && strstr(people, "봄") > body && strstr(people, "INFP") > body);
    CHECK(strstr(body, "&lt;b&gt;봄") != NULL && strstr(body, "<b>봄") == NULL);
    CHECK(strstr(body, a.test) == NULL && strstr(body, b.test) == NULL);
    CHECK(strstr(body, "친구 2") != NULL); /* nobody looks who is in it */
    const char *robot = page_of(circle, "facebookexternalhit/1.1");
    CHECK(strstr(robot, "봄") == NULL && strstr(robot, "INFP") == NULL);
    be(&b);
    CHECK(strstr(page_of(circle, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
                 "나와") != NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/w/AAAAAAAAAAAAAAAAAAAAAA", NULL), 404);
}

static void nobody_is_named_who_is_not_in_it(void)
{
    char circle[32];
    forget();
    struct person a = newcomer("INFP", "101,102,103"), b = newcomer("ENFJ", "104,105,106");
    begin(&a, NULL, circle);
    CHECK_INT(join(&b, circle, NULL), 200);
    CHECK(strstr(f.site.response.body.data, a.test) == NULL); /* no way to another's result */
    f.cookie[0] = '\0';
    const struct json_value *v = look(circle, "");
    CHECK(!site_at(v, "members", "0", "mine", NULL)->truth &&
          !site_at(v, "members", "1", "mine", NULL)->truth);
    CHECK_INT(ask(HTTP_PUT, circle, "/me", wish(&a, "thief")), 400); /* by somebody else's test */
    struct person c = newcomer("ISTJ", "101,104,107");
    be(&c);
    CHECK_INT(ask(HTTP_PUT, circle, "/me", wish(&a, "thief")), 400);
    CHECK(*site_problem(&f, "test") != '\0');
    CHECK_INT(ask(HTTP_DELETE, circle, "/me", "{}"), 404);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/circles", wish(&a, "thief")), 400);
    CHECK_INT(number("SELECT COUNT(*) FROM circle_member"), 2);
}

static void eight_at_most(void)
{
    char circle[32], rest[32];
    struct person p[CIRCLE_MOST + 1];
    forget();
    for (int i = 0; i <= CIRCLE_MOST; i++)
        p[i] = newcomer(i % 2 == 0 ? "INFP" : "ESTJ", "101,102,103");
    begin(&p[0], "0", circle);
    for (int i = 1; i < CIRCLE_MOST; i++)
        CHECK_INT(join(&p[i], circle, "somebody"), 200);
    CHECK(site_at(site_json(&f), "full", NULL)->truth);
    CHECK_INT(site_at(site_json(&f), "pairs", NULL)->n, 28);
    CHECK_INT(join(&p[CIRCLE_MOST], circle, "late"), 409);
    CHECK_INT(join(&p[3], circle, "renamed"), 200); /* who is in may still change */
    CHECK_INT(number("SELECT COUNT(*) FROM circle_member WHERE name = 'renamed'"), 1);
    for (int i = 0; i < CIRCLE_MOST; i++)
        for (int k = 0; k < CIRCLE_MOST; k++) {
            snprintf(rest, sizeof rest, "?a=%d&b=%d", i, k);
            CHECK_INT(ask(HTTP_GET, circle, rest, NULL), i == k ? 400 : 200);
        }
    CHECK_INT(ask(HTTP_GET, circle, "?a=8", NULL), 400);
    CHECK_INT(ask(HTTP_GET, circle, "?b=x", NULL), 400);
    be(&p[0]);
    CHECK_INT(ask(HTTP_DELETE, circle, "/me", "{}"), 204);
    CHECK_INT(join(&p[CIRCLE_MOST], circle, NULL), 200); /* a place is free, though the founder is gone */
}

static void everybody_may_leave_and_nothing_stays(void)
{
    char circle[32], target[80];
    forget();
    struct person a = newcomer("INFP", "101,102,103"), b = newcomer("ENFJ", "104,105,106");
    begin(&a, NULL, circle);
    CHECK_INT(join(&b, circle, NULL), 200);
    CHECK_INT(ask(HTTP_DELETE, circle, "/me", "{}"), 204);
    CHECK_INT(site_at(look(circle, ""), "members", NULL)->n, 1);
    CHECK_INT(ask(HTTP_DELETE, circle, "/me", "{}"), 404);
    CHECK_INT(join(&b, circle, NULL), 200);
    snprintf(target, sizeof target, "/api/v1/me/tests/%s", b.test); /* with the test goes the place */
    CHECK_INT(site_ask(&f, HTTP_DELETE, target, "{}"), 204);
    CHECK_INT(site_at(look(circle, ""), "members", NULL)->n, 1);
    be(&a);
    CHECK_INT(site_ask(&f, HTTP_DELETE, "/api/v1/me", "{\"confirm\":\"delete\"}"), 204);
    CHECK_INT(ask(HTTP_GET, circle, "", NULL), 404);
    CHECK_INT(number("SELECT COUNT(*) FROM circle_member"), 0);
}

static void wrong_wishes_store_nothing(void)
{
    static const struct {
        const char *body, *field;
    } rows[] = {{"{}", "test"},
                {"[]", "test"},
                {"{\"test\":7}", "test"},
                {"{\"test\":\"short\"}", "test"},
                {"{\"test\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"name\":7}", "name"}};
    char circle[32];
    forget();
    struct person a = newcomer("INFP", "101,102,103");
    begin(&a, NULL, circle);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_MSG(site_ask(&f, HTTP_POST, "/api/v1/circles", rows[i].body) == 400, "%s", rows[i].body);
        CHECK_MSG(*site_problem(&f, rows[i].field) != '\0', "%s", rows[i].body);
        CHECK_MSG(ask(HTTP_PUT, circle, "/me", rows[i].body) == 400, "%s", rows[i].body);
    }
    CHECK_INT(ask(HTTP_GET, "AAAAAAAAAAAAAAAAAAAAAA", "", NULL), 404);
    CHECK_INT(join(&a, "AAAAAAAAAAAAAAAAAAAAAA", NULL), 404); /* nobody can make up a circle */
    CHECK_INT(number("SELECT COUNT(*) FROM circle_member"), 1);
}

enum { BEGINNERS = 4, ROUNDS = 10 };

struct beginner {
    struct db *db;
    const struct person *who;
    pthread_barrier_t *start;
    enum err rc;
    char circle[SHARE_TOKEN_CHARS + 1];
};

static void *begin_at_once(void *arg)
{
    struct beginner *b = arg;
    struct session session;
    const struct circles_wish w = {.test = b->who->test};
    session_from_token(&session, &f.site.keys, strchr(b->who->cookie, '=') + 1);
    pthread_barrier_wait(b->start);
    b->rc = circles_begin(b->db, &session, &w, b->circle, NULL);
    return NULL;
}

static void one_circle_is_begun_whoever_begins_at_once(void)
{
    struct beginner b[BEGINNERS];
    pthread_t t[BEGINNERS];
    pthread_barrier_t start;
    forget();
    pthread_barrier_init(&start, NULL, BEGINNERS);
    for (int i = 0; i < BEGINNERS; i++)
        b[i] = (struct beginner){.db = db_new(&server.config, 20000), .start = &start};
    for (int round = 1; round <= ROUNDS; round++) {
        struct person a = newcomer("INFP", "101,102,103");
        for (int i = 0; i < BEGINNERS; i++) {
            b[i].who = &a;
            pthread_create(&t[i], NULL, begin_at_once, &b[i]);
        }
        for (int i = 0; i < BEGINNERS; i++) {
            pthread_join(t[i], NULL);
            CHECK_INT(b[i].rc, ERR_OK);
            CHECK_STR(b[i].circle, b[0].circle);
        }
        CHECK_INT(number("SELECT COUNT(*) FROM circle_member"), round);
        CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'circle_begin'"), round);
    }
    for (int i = 0; i < BEGINNERS; i++)
        db_free(b[i].db);
    pthread_barrier_destroy(&start);
}

static void names_are_cut_and_cleaned(void)
{
    char circle[32];
    forget();
    struct person a = newcomer("INFP", "101,102,103");
    begin(&a, "a\\u202eb", circle);
    CHECK_STR(site_at(look(circle, ""), "members", "0", "name", NULL)->text, "ab");
    begin(&a, "가나다라마바사아자차카타파하거너더러머버서어", circle);
    CHECK_STR(site_at(look(circle, ""), "members", "0", "name", NULL)->text,
              "가나다라마바사아자차카타파하거너더러머버");
    begin(&a, "\\u3164", circle); /* shows nothing */
    CHECK_INT(site_at(look(circle, ""), "members", "0", "name", NULL)->kind, JSON_NULL);
}

static void two_guests_of_one_account_leave_together(void)
{
    char circle[32];
    forget();
    struct browser one = browser_new(&f), other = browser_new(&f);
    struct person a = newcomer("INFP", "101,102,103");
    snprintf(one.session, sizeof one.session, "%s", strchr(a.cookie, '=') + 1);
    struct person b = newcomer("ENFJ", "104,105,106");
    snprintf(other.session, sizeof other.session, "%s", strchr(b.cookie, '=') + 1);
    begin(&a, NULL, circle);
    CHECK_INT(join(&b, circle, NULL), 200);
    CHECK_INT(browser_sign_in(&one, "twice", NULL), 303);
    CHECK_INT(browser_sign_in(&other, "twice", NULL), 303);
    snprintf(f.cookie, sizeof f.cookie, "mvti=%.*s", SECRET_TOKEN_CHARS, other.session);
    const struct json_value *v = look(circle, "");
    CHECK_INT(site_at(v, "members", NULL)->n, 2);
    CHECK_INT(ask(HTTP_DELETE, circle, "/me", "{}"), 204);
    CHECK_INT(number("SELECT COUNT(*) FROM circle_member"), 0);
}

static void ones_own_result_and_export_name_circles(void)
{
    char circle[32], target[80];
    forget();
    struct person a = newcomer("INFP", "101,102,103"), b = newcomer("ENFJ", "104,105,106");
    begin(&a, "봄", circle);
    CHECK_INT(join(&b, circle, NULL), 200);
    snprintf(target, sizeof target, "/api/v1/tests/%s", a.test);
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK(site_at(site_json(&f), "circles", NULL) == NULL); /* b looks at it */
    be(&a);
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK_STR(site_at(site_json(&f), "circles", "0", "circle", NULL)->text, circle);
    CHECK_INT(site_at(site_json(&f), "circles", "0", "members", NULL)->integer, 2);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/export", NULL), 200);
    CHECK_STR(site_at(site_json(&f), "tests", "0", "circles", "0", "name", NULL)->text, "봄");
}

static void joining_counts_with_the_other_reactions(void)
{
    char circle[32];
    forget();
    f.config.rate_limits = 1;
    struct person a = newcomer("INFP", "101,102,103"), b = newcomer("ENFJ", "104,105,106");
    begin(&a, NULL, circle);
    int limited = 0;
    for (int i = 0; i < limits_table[LIMITS_REACTIONS].most; i++)
        limited += (i % 2 == 0 ? join(&b, circle, NULL) : ask(HTTP_DELETE, circle, "/me", "{}")) == 429;
    CHECK_INT(limited, 0); /* b's */
    CHECK_INT(join(&b, circle, NULL), 429);
    f.config.rate_limits = 0;
}

int main(void)
{
    db_free(tables_start(&server, "circles_test"));
    site_make(&f, 60, &server.config);
    login_provider_open(&f);
    f.config.rate_limits = 0;
    RUN(two_compare);
    RUN(previews_name_nobody);
    RUN(nobody_is_named_who_is_not_in_it);
    RUN(eight_at_most);
    RUN(everybody_may_leave_and_nothing_stays);
    RUN(wrong_wishes_store_nothing);
    RUN(one_circle_is_begun_whoever_begins_at_once);
    RUN(names_are_cut_and_cleaned);
    RUN(two_guests_of_one_account_leave_together);
    RUN(ones_own_result_and_export_name_circles);
    RUN(joining_counts_with_the_other_reactions);
    login_provider_close();
    site_free(&f);
    mariadb_stop(&server);
    return check_done();
}
