/* Who becomes a guest: the proof that a first write carries, once, and how many a network makes. */
#include "app/limits.h"
#include "tests/check.h"

#include "app/visit.h"
#include "fixture/proof.h"
#include "fixture/site_tables.h"
#include "fixture/tables.h"
#include "store/arrival.h"
#include "store/pace.h"

static struct mariadb server;
static struct site_fixture f;
static struct db *db;

static void run_sql(const char *text)
{
    tables_run(&server, text);
}

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static int64_t visitors(void)
{
    return number("SELECT COUNT(*) FROM visitor");
}

/* What a page of a browser without a session has. */
static void proof_of_a_page(char out[GUEST_PROOF_CHARS])
{
    f.cookie[0] = '\0';
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me", NULL), 200);
    CHECK(*site_header(&f, "X-Guest-Challenge") != '\0');
    proof_make(site_header(&f, "X-Guest-Challenge"), out);
}

/* The first write of a browser. */
static int first_write(const char *proof, const char *key, const char *address)
{
    struct request r = {.method = HTTP_POST,
                        .cookie = "",
                        .guest_proof = proof,
                        .user_agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) Version/17.5 Safari/604.1",
                        .idempotency_key = key,
                        .content_type = "application/json",
                        .fetch_site = "same-origin",
                        .address = address};
    return site_ask_as(&f, &r, "/api/v1/tests", SITE_TEST, strlen(SITE_TEST));
}

static void a_proof_makes_one_guest(void)
{
    char proof[GUEST_PROOF_CHARS], other[GUEST_PROOF_CHARS];
    int64_t before = visitors();
    proof_of_a_page(proof);
    proof_of_a_page(other);
    static const char *const none[] = {"", "0.0.x", "4.1.2.3"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int status = first_write(none[i], NULL, "192.0.2.1");
        CHECK_MSG(status >= 400 && status < 500, "%d", status);
        CHECK(*site_header(&f, "Set-Cookie") == '\0');
    }
    CHECK_INT(visitors(), before);
    CHECK_INT(first_write(proof, NULL, "192.0.2.1"), 201);
    CHECK_INT(visitors(), before + 1);
    int again = first_write(proof, NULL, "192.0.2.1");
    CHECK_MSG(again >= 400 && again < 500 && *site_header(&f, "Set-Cookie") == '\0', "%d", again);
    /* what it takes to try again */
    CHECK(again == 403 && *site_header(&f, "X-Guest-Challenge") != '\0');
    CHECK_STR(site_problem(&f, "X-Guest-Proof"), "was used already");
    CHECK_INT(visitors(), before + 1);
    CHECK_INT(number("SELECT COUNT(*) FROM test"), before + 1);
    CHECK_INT(first_write(other, NULL, "192.0.2.1"), 201);
    CHECK_INT(visitors(), before + 2);
}

/* Who has a session needs none. */
static void a_guest_that_is_there_goes_on(void)
{
    char proof[GUEST_PROOF_CHARS];
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, NULL, "192.0.2.1"), 201);
    int64_t before = visitors();
    CHECK_INT(number("SELECT client = 'Safari, iPhone' FROM session ORDER BY session_id DESC LIMIT 1"), 1);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", SITE_TEST), 201);
    CHECK_INT(visitors(), before);
}

/* The answer to the first was lost: the same request again, with the same proof, is the same guest. */
static void a_write_that_is_repeated_is_the_same_guest(void)
{
    static const char key[] = "7b8ff2a5-7d35-4f5e-9d8e-000000000001";
    char proof[GUEST_PROOF_CHARS], cookie[sizeof f.cookie];
    proof_of_a_page(proof);
    int64_t before = visitors();
    CHECK_INT(first_write(proof, key, "192.0.2.1"), 201);
    strcpy(cookie, f.cookie);
    CHECK_INT(first_write(proof, key, "192.0.2.1"), 201);
    CHECK_STR(f.cookie, cookie);
    CHECK_INT(visitors(), before + 1);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/tests", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "items", NULL)->n, 1);
}

/* A key gives back the session of the guest that it made, and no other: not where that is an account now, and not
 * where the session speaks for somebody else. */
static void a_key_opens_nothing_but_its_guest(void)
{
    static const char key[] = "7b8ff2a5-7d35-4f5e-9d8e-0000000000ab";
    static const char *const changes[][2] = {
        {"INSERT INTO account (visitor_id) SELECT MAX(visitor_id) FROM visitor", "DELETE FROM account"},
        {"UPDATE session SET visitor_id = visitor_id - 1 ORDER BY session_id DESC LIMIT 1",
         "UPDATE session SET visitor_id = visitor_id + 1 ORDER BY session_id DESC LIMIT 1"},
        {"UPDATE session SET expires_at = expires_at - INTERVAL 1000 DAY", NULL},
    };
    char proof[GUEST_PROOF_CHARS];
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, key, "192.0.2.1"), 201);
    struct keyring before = f.site.keys, *k = &f.site.keys; /* also under the key before the newest */
    int64_t guests = visitors();
    memcpy(k->keys[1], before.keys[0], sizeof k->keys[1]);
    secret_random(k->keys[0], sizeof k->keys[0]);
    k->n = 2;
    CHECK_INT(first_write(proof, key, "192.0.2.1"), 201);
    CHECK(visitors() == guests);
    *k = before;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        CHECK_INT(first_write(proof, key, "192.0.2.1"), 201);
        run_sql(changes[i][0]);
        CHECK_INT(first_write(proof, key, "192.0.2.1"), 422);
        CHECK_STR(site_header(&f, "Set-Cookie"), "");
        CHECK(strstr(site_problem(&f, "Idempotency-Key"), "a visitor who has been deleted") != NULL);
        if (changes[i][1] != NULL)
            run_sql(changes[i][1]);
    }
}

/* With a session the key belongs to it: it is one test however often, and nobody without the session gets it.
 */
static void a_key_of_a_session_is_the_sessions(void)
{
    static const char key[] = "7b8ff2a5-7d35-4f5e-9d8e-000000000002";
    char proof[GUEST_PROOF_CHARS], cookie[sizeof f.cookie];
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, NULL, "192.0.2.1"), 201);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/tests", NULL), 200);
    strcpy(cookie, f.cookie);
    for (int i = 0; i < 2; i++) {
        struct request r = {.method = HTTP_POST,
                            .cookie = cookie,
                            .csrf = f.csrf,
                            .idempotency_key = key,
                            .content_type = "application/json",
                            .fetch_site = "same-origin"};
        CHECK_INT(site_ask_as(&f, &r, "/api/v1/tests", SITE_TEST, strlen(SITE_TEST)), 201);
    }
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/tests", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "items", NULL)->n, 2);
    int64_t before = visitors();
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, key, "192.0.2.1"), 422);
    CHECK(strstr(site_problem(&f, "Idempotency-Key"), "with a session") != NULL && visitors() == before);
}

/* A test with this key, as the visitor of the cookie and token. */
static int keyed(const char *key, const char *body)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me", NULL), 200); /* which sets f.csrf */
    struct request r = {.method = HTTP_POST,
                        .cookie = f.cookie,
                        .csrf = f.csrf,
                        .idempotency_key = key,
                        .content_type = "application/json",
                        .fetch_site = "same-origin"};
    return site_ask_as(&f, &r, "/api/v1/tests", body, strlen(body));
}

static void a_key_is_for_one_request_of_one_visitor(void)
{
    static const char key[] = "7b8ff2a5-7d35-4f5e-9d8e-000000000003",
                      other[] = "{\"mbti\":\"ESTJ\",\"enneagram\":\"4w5\",\"movies\":[101,102,103]}";
    char proof[GUEST_PROOF_CHARS], cookie[sizeof f.cookie];
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, key, "192.0.2.1"), 201);
    strcpy(cookie, f.cookie);
    CHECK_INT(keyed(key, SITE_TEST), 201);
    CHECK_INT(keyed(key, other), 422);
    CHECK_STR(site_problem(&f, "Idempotency-Key"), "was used for another request");
    char second[GUEST_PROOF_CHARS];
    proof_of_a_page(second);
    CHECK_INT(first_write(second, NULL, "192.0.2.1"), 201);
    int64_t tests = number("SELECT COUNT(*) FROM test");
    CHECK_INT(keyed(key, SITE_TEST), 422);
    CHECK_STR(site_problem(&f, "Idempotency-Key"), "was used by another visitor");
    run_sql("DELETE FROM session"); /* both have left */
    f.cookie[0] = '\0';
    CHECK_INT(first_write(proof, key, "192.0.2.1"), 422);
    CHECK_STR(site_problem(&f, "Idempotency-Key"), "was used by a visitor who has been deleted");
    CHECK_INT(number("SELECT COUNT(*) FROM test"), tests);
}

/* The moment before there is room is a second, not none. */
static void room_comes_in_a_second_at_the_earliest(void)
{
    static const struct db_sql NOW = {"now", "SELECT 0"},
                               NEVER = {"never", "SELECT 7 FROM visitor WHERE 1 = 0"};
    struct fail why;
    int64_t wait = 9;
    CHECK(pace_left(db, &NOW, DB_NOTHING, &wait, &why) == ERR_OK && wait == 1);
    CHECK(pace_left(db, &NEVER, DB_NOTHING, &wait, &why) == ERR_OK && wait == 0);
}

static void fill_network(int n, int seconds_ago)
{
    char sql[600];
    snprintf(
        sql, sizeof sql,
        "INSERT INTO arrival (proof_hash, network_hash, created_at) SELECT UNHEX(SHA2(seq, 256)), (SELECT "
        "network_hash FROM arrival LIMIT 1), UTC_TIMESTAMP() - INTERVAL %d SECOND FROM " TABLES_NUMBERS("%d"),
        seconds_ago, n);
    run_sql(sql);
}

static void a_network_makes_so_many(void)
{
    char proof[GUEST_PROOF_CHARS];
    f.config.rate_limits = 1;
    run_sql("DELETE FROM arrival");
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, NULL, "192.0.2.1"), 201);
    fill_network(limits_table[LIMITS_GUESTS].most - 2, 500);
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, NULL, "192.0.2.1"), 201); /* the last one */
    int64_t before = visitors();
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, NULL, "192.0.2.1"), 429);
    long wait = strtol(site_header(&f, "Retry-After"), NULL, 10);
    CHECK_MSG(wait > 60 && wait <= limits_table[LIMITS_GUESTS].seconds - 500, "%ld", wait);
    CHECK_INT(visitors(), before);
    CHECK_INT(first_write(proof, NULL, "192.0.2.2"), 201); /* another network, and the proof is unused */
    run_sql("UPDATE arrival SET created_at = created_at - INTERVAL 100 SECOND");
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, NULL, "192.0.2.1"), 201);
    /* The moment before there is room is a second, not none. */
    uint8_t network[SECRET_HASH_BYTES] = {9}, hash[SECRET_HASH_BYTES] = {9};
    int64_t seconds = 7;
    struct fail why;
    CHECK(arrival_wait(db, network, 1, 600, &seconds, &why) == ERR_OK && seconds == 0);
    CHECK(arrival_add(db, hash, network, &why) == ERR_OK);
    CHECK(arrival_wait(db, network, 1, 600, &seconds, &why) == ERR_OK && seconds > 590 && seconds <= 600);
    CHECK(arrival_wait(db, network, 2, 600, &seconds, &why) == ERR_OK && seconds == 0);
    CHECK(arrival_add(db, hash, network, &why) == ERR_CONFLICT);
    f.config.rate_limits = 0;
}

static void the_first_of_a_network_and_day_are_counted(void)
{
    char proof[GUEST_PROOF_CHARS];
    run_sql("DELETE FROM arrival");
    f.config.guest_counted = 2;
    for (int i = 0; i < 3; i++) {
        proof_of_a_page(proof);
        CHECK_INT(first_write(proof, NULL, "192.0.2.3"), 201);
        CHECK_INT(number("SELECT counted FROM visitor ORDER BY visitor_id DESC LIMIT 1"), i < 2);
    }
    run_sql("DELETE FROM arrival");
    f.config.guest_counted = 0;
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, NULL, "192.0.2.3"), 201);
    CHECK_INT(number("SELECT counted FROM visitor ORDER BY visitor_id DESC LIMIT 1"), 0);
    f.config.guest_counted = 40;
}

static void old_arrivals_are_removed(void)
{
    struct fail why;
    int64_t n;
    run_sql("DELETE FROM arrival");
    char proof[GUEST_PROOF_CHARS];
    proof_of_a_page(proof);
    CHECK_INT(first_write(proof, NULL, "192.0.2.1"), 201);
    fill_network(3, 0);
    CHECK(arrival_expire(db, 10, &n, &why) == ERR_OK && n == 0);
    run_sql("UPDATE arrival SET created_at = created_at - INTERVAL 3 DAY");
    CHECK(arrival_expire(db, 3, &n, &why) == ERR_OK && n == 3);
    CHECK(arrival_expire(db, 3, &n, &why) == ERR_OK && n == 1);
}

/* A token that is none, or that has just been made here, is in no table: nobody is asked. */
static void without_a_session_there_is_no_query(void)
{
    struct visitor_session who;
    struct fail why;
    CHECK_INT(visit_who(NULL, &(struct session){.present = false}, &who, &why), ERR_NOT_FOUND);
    CHECK_INT(visit_who(NULL, &(struct session){.present = true, .fresh = true}, &who, &why), ERR_NOT_FOUND);
}

/* Room in the network is no proof. */
static void a_network_with_room_needs_the_proof_too(void)
{
    struct fail why = {0};
    int64_t known = 7;
    struct session s = {
        .keys = &f.site.keys,
        .entry = {.proof = "", .network = "192.0.2.9", .work = 5, .counted = 40, .limited = true}};
    CHECK_INT(visit_enter(db, &s, &known, &why), ERR_UNPROVEN);
    CHECK_INT(known, 0);
    s.entry.work = 0;
    CHECK_INT(visit_enter(db, &s, &known, &why), ERR_OK);
}

static void who_is_gone_cannot_write(void)
{
    struct fail why;
    CHECK_INT(visit_hold(db, 2147483647, &why), ERR_UNAVAILABLE);
    CHECK(strstr(why.text, "merged into another") != NULL);
}

int main(void)
{
    db = site_tables_start(&f, &server, "mvti_newcomer");
    f.config.guest_work = 5;
    RUN(a_proof_makes_one_guest);
    RUN(a_guest_that_is_there_goes_on);
    RUN(a_write_that_is_repeated_is_the_same_guest);
    RUN(a_key_opens_nothing_but_its_guest);
    RUN(a_key_of_a_session_is_the_sessions);
    RUN(a_key_is_for_one_request_of_one_visitor);
    RUN(room_comes_in_a_second_at_the_earliest);
    RUN(a_network_makes_so_many);
    RUN(the_first_of_a_network_and_day_are_counted);
    RUN(old_arrivals_are_removed);
    RUN(without_a_session_there_is_no_query);
    RUN(a_network_with_room_needs_the_proof_too);
    RUN(who_is_gone_cannot_write);
    site_tables_stop(&f, &server, db);
    return check_done();
}
