/* analytics/google_event: what Google Analytics is told, and never told, of events. Its limits are those of the protocol's reference. */
#include <inttypes.h>
#include <stdlib.h>

#include "analytics/analytics.h"
#include "analytics/google_event.h"
#include "base/config.h"
#include "base/secret.h"
#include "json/json.h"
#include "tests/check.h"

static const uint8_t key[OUTBOX_KEY] = {7, 1, 4};
static const struct google_event_site site = {"https://films.example", key};
static const int64_t START = INT64_C(1764460800123);

static struct outbox_event event_of(int64_t id, const char *kind, int64_t at_ms)
{
    return (struct outbox_event){.event_id = id,
                                 .at_ms = at_ms,
                                 .kind = kind,
                                 .character_id = -1,
                                 .movie_id = -1,
                                 .list = "",
                                 .value = "",
                                 .position = -1,
                                 .took_ms = -1};
}

static struct outbox_batch batch_of(const struct outbox_event *events, size_t n)
{
    return (struct outbox_batch){
        .visitor_id = 41, .events = events, .n = n, .path = "", .referrer = "", .device = "", .locale = ""};
}

/* The body as a tree in the arena. */
static const struct json_value *body(struct arena *a, struct outbox_batch *b, size_t want)
{
    struct buf text = {0};
    const struct json_value *v = NULL;
    CHECK_INT(google_event_body(&text, &site, b), want);
    CHECK(!text.failed && text.len < 20000);
    CHECK(json_read(a, text.data, text.len, &v, NULL) == ERR_OK);
    buf_free(&text);
    return v;
}

static const struct json_value *event_at(const struct json_value *v, size_t i)
{
    return &json_member(v, "events")->items[i];
}

static const struct json_value *param(const struct json_value *v, size_t i, const char *name)
{
    return json_member(json_member(event_at(v, i), "params"), name);
}

/* Of 21 kinds; no name twice, so that a report there can tell them apart. */
static void names_are_what_google_takes(void)
{
    static const char *const kinds[] = {
        "landing", "start",  "question", "choose", "unchoose", "result",     "impression",
        "click",   "watch",  "share",    "retake", "friend",   "share_open", "share_start",
        "like",    "unlike", "feedback", "mark",   "unmark",   "vote",       "unvote"};
    enum { N = sizeof kinds / sizeof *kinds };
    struct arena a = {0};
    struct outbox_event events[N];
    for (size_t i = 0; i < N; i++)
        events[i] = event_of((int64_t)i, kinds[i], START);
    struct outbox_batch b = batch_of(events, N);
    const struct json_value *v = body(&a, &b, N);
    for (size_t i = 0; i < N; i++) {
        const char *name = json_text(event_at(v, i), "name");
        size_t length = strlen(name);
        CHECK_MSG(length <= 40 && strspn(name, "abcdefghijklmnopqrstuvwxyz_") == length, "%s", name);
        for (size_t k = 0; k < i; k++)
            CHECK_MSG(strcmp(json_text(event_at(v, k), "name"), name) != 0, "%s twice", name);
    }
    arena_free(&a);
}

static void what_is_known_is_told(void)
{
    struct arena a = {0};
    struct outbox_event events[2] = {event_of(8, "question", START), event_of(9, "mark", START + 1500)};
    events[0].list = "survey";
    events[0].position = 0;
    events[0].took_ms = 1200;
    events[1].character_id = 0; /* an id like any other */
    events[1].movie_id = 3;
    events[1].value = "seen";
    struct outbox_batch b = batch_of(events, 2);
    b.device = "phone";
    b.locale = "en";
    const struct json_value *v = body(&a, &b, 2);
    CHECK_STR(json_text(event_at(v, 0), "name"), "test_question");
    CHECK_INT(json_member(event_at(v, 0), "timestamp_micros")->integer, START * 1000);
    CHECK_STR(json_text(json_member(event_at(v, 0), "params"), "list"), "survey");
    CHECK_INT(param(v, 0, "position")->integer, 0);
    CHECK_INT(param(v, 0, "took_ms")->integer, 1200);
    CHECK(param(v, 0, "character") == NULL && param(v, 0, "answer") == NULL &&
          param(v, 0, "page_location") == NULL);
    CHECK_INT(param(v, 1, "character")->integer, 0);
    CHECK_INT(param(v, 1, "film")->integer, 3);
    CHECK_STR(param(v, 1, "answer")->text, "seen");
    CHECK_STR(param(v, 1, "session_id")->text, "1764460800");
    CHECK_INT(param(v, 1, "engagement_time_msec")->integer, 1500);
    CHECK_STR(json_text(json_member(v, "device"), "category"), "mobile");
    CHECK_STR(json_text(json_member(v, "consent"), "ad_user_data"), "DENIED");
    CHECK(strchr(json_text(v, "client_id"), '.') != NULL);
    arena_free(&a);
}

static void what_a_visitor_or_a_link_chose_is_not(void)
{
    struct arena a = {0};
    struct outbox_event events[3] = {event_of(1, "watch", START), event_of(2, "landing", START),
                                     event_of(3, "landing", START)};
    events[0].value = "anything at all";
    events[1].first = true;
    struct outbox_batch b = batch_of(events, 3);
    b.path = "/r";
    b.referrer = "news.example";
    const struct json_value *v = body(&a, &b, 3);
    CHECK(param(v, 0, "answer") == NULL);
    CHECK_STR(param(v, 1, "page_location")->text, "https://films.example/r");
    CHECK_STR(param(v, 1, "page_referrer")->text, "https://news.example/");
    CHECK_STR(param(v, 2, "page_location")->text, "https://films.example/");
    CHECK(param(v, 2, "page_referrer") == NULL);
    arena_free(&a);
}

static void unknown_kinds_stay_here(void)
{
    struct arena a = {0};
    struct outbox_event events[2] = {event_of(1, "something_new", START), event_of(2, "click", START)};
    struct outbox_batch b = batch_of(events, 2);
    const struct json_value *v = body(&a, &b, 1);
    CHECK_STR(json_text(event_at(v, 0), "name"), "card_open");
    b = batch_of(events, 1);
    CHECK_INT(json_member(body(&a, &b, 0), "events")->n, 0);
    arena_free(&a);
}

/* Two visitors are two clients, and the number of neither is theirs. */
static void clients_are_hashes(void)
{
    struct arena a = {0};
    struct outbox_event e = event_of(1, "click", START);
    char ids[3][40];
    const int64_t visitors[3] = {41, 41, 42};
    for (int i = 0; i < 3; i++) {
        struct outbox_batch b = batch_of(&e, 1);
        b.visitor_id = visitors[i];
        snprintf(ids[i], sizeof ids[i], "%s", json_text(body(&a, &b, 1), "client_id"));
    }
    CHECK_STR(ids[0], ids[1]);
    CHECK(strcmp(ids[0], ids[2]) != 0 && strstr(ids[0], "41.") != ids[0]);
    arena_free(&a);
}

/* Minutes after the first; the session it is in, by its first event, and the seconds since the one before. */
static void sessions_end_after_half_an_hour(void)
{
    static const struct {
        int64_t minute, session, engaged;
    } rows[] = {{0, 0, 1},        {1, 0, 60000},   {30, 0, 60000}, {29, 0, 1},
                {60, 60, 1},      {61, 60, 60000}, {-90, -90, 1}, /* a late report is a session of its own */
                {-89, -90, 60000}};
    enum { N = sizeof rows / sizeof *rows };
    struct arena a = {0};
    struct outbox_event events[N];
    char session[24];
    for (size_t i = 0; i < N; i++)
        events[i] = event_of((int64_t)i, "click", START + rows[i].minute * 60000);
    struct outbox_batch b = batch_of(events, N);
    const struct json_value *v = body(&a, &b, N);
    for (size_t i = 0; i < N; i++) {
        snprintf(session, sizeof session, "%" PRId64, (START + rows[i].session * 60000) / 1000);
        CHECK_STR(param(v, i, "session_id")->text, session);
        CHECK_INT(param(v, i, "engagement_time_msec")->integer, rows[i].engaged);
    }
    CHECK_INT(b.began_ms, START - 90 * 60000);
    CHECK_INT(b.last_ms, START - 89 * 60000);
    arena_free(&a);
}

/* The most that a request can hold, with the longest of everything. */
static void a_full_request_is_small(void)
{
    struct arena a = {0};
    struct outbox_event events[OUTBOX_BATCH];
    for (size_t i = 0; i < OUTBOX_BATCH; i++) {
        events[i] = event_of(INT64_MAX - (int64_t)i, i == 0 ? "landing" : "unlike", START);
        events[i].character_id = events[i].movie_id = events[i].took_ms = events[i].position = INT32_MAX;
        events[i].list = "compatible99";
        events[i].first = true;
    }
    struct outbox_batch b = batch_of(events, OUTBOX_BATCH);
    b.path = "/abcdefghijkl";
    b.referrer =
        "a-host-that-has-the-longest-name-that-is-kept.of-a-visitor-who-came-from-somewhere-else.example.org";
    const struct json_value *v = body(&a, &b, OUTBOX_BATCH);
    CHECK(json_member(event_at(v, 0), "params")->n <= 25);
    arena_free(&a);
}

static void a_measurement_id_has_a_form(void)
{
    static const struct {
        const char *id;
        bool good;
    } rows[] = {{"G-ABC123DEF4", true}, {"G-1234", true},   {"", false},
                {"G-", false},          {"G-ABC", false},   {"g-abc12", false},
                {"UA-1234-1", false},   {"G-ABC1 ", false}, {"G-ABCDEFGHIJKLMNOPQRSTU", false}};
    struct config c;
    config_init(&c);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(config_set(&c, "analytics_id", rows[i].id, NULL) == ERR_OK);
        CHECK_MSG(config_analytics(&c) == rows[i].good, "%s", rows[i].id);
    }
}

static void pauses_grow(void)
{
    static const int64_t want[] = {300, 600, 1200, 2400, 4800, 9600, 19200, 21600, 21600};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        CHECK_INT(analytics_pause((int64_t)i + 1), want[i]);
    CHECK_INT(analytics_pause(INT64_MAX), ANALYTICS_PAUSE_MOST_S);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    RUN(names_are_what_google_takes);
    RUN(what_is_known_is_told);
    RUN(what_a_visitor_or_a_link_chose_is_not);
    RUN(unknown_kinds_stay_here);
    RUN(clients_are_hashes);
    RUN(sessions_end_after_half_an_hour);
    RUN(a_full_request_is_small);
    RUN(a_measurement_id_has_a_form);
    RUN(pauses_grow);
    return check_done();
}
