#include "analytics/google_event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "json/json_out.h"

/* Every kind of docs/events.md. */
static const struct row {
    const char *kind, *name; /* of event.kind; at most 40 letters, digits and _ */
    bool told;               /* event.value is one of a few words, and goes too */
} rows[] = {
    {"landing", "page_view", false},
    {"start", "test_start", false},
    {"question", "test_question", false},
    {"choose", "film_choose", false},
    {"unchoose", "film_unchoose", false},
    {"result", "test_result", false},
    {"impression", "card_view", false},
    {"click", "card_open", false},
    {"watch", "watch_link", false},
    {"share_start", "share_start", false},
    {"share", "share", true},
    {"share_open", "share_open", false},
    {"friend", "friend_test", false},
    {"circle_begin", "circle_begin", false},
    {"circle_join", "circle_join", false},
    {"circle_leave", "circle_leave", false},
    {"retake", "test_again", false},
    {"like", "character_like", false},
    {"unlike", "character_unlike", false},
    {"feedback", "list_feedback", true},
    {"mark", "card_mark", true},
    {"unmark", "card_unmark", true},
    {"vote", "type_vote", false},
    {"unvote", "type_unvote", false},
};

static const struct row *row_of(const char *kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].kind, kind) == 0)
            return &rows[i];
    return NULL;
}

/* ---- who and when ---- */

/* Two numbers with a point between them, as in the cookie of Google's own script. */
static void put_client(struct json_out *w, const uint8_t *key, int64_t visitor_id)
{
    uint8_t hash[SECRET_HASH_BYTES];
    uint32_t part[2];
    char text[32];
    secret_keyed_hash(hash, key, "analytics visitor", &visitor_id, sizeof visitor_id);
    memcpy(part, hash, sizeof part);
    snprintf(text, sizeof text, "%" PRIu32 ".%" PRIu32, part[0], part[1]);
    json_out_text_of(w, "client_id", text);
}

/* So that one that came twice can be told in an export: GA4 itself does not look for such. */
static void put_key(struct json_out *w, const uint8_t *key, int64_t event_id)
{
    uint8_t hash[SECRET_HASH_BYTES];
    char text[17];
    secret_keyed_hash(hash, key, "analytics event", &event_id, sizeof event_id);
    secret_hex(text, hash, 8);
    json_out_text_of(w, "event_key", text);
}

/* Moves the session on; milliseconds since its event before, from 1. Reports that came late may be older than what is there. */
static int64_t move_session(struct outbox_batch *b, int64_t at_ms)
{
    int64_t since = at_ms - b->last_ms;
    bool goes_on = b->began_ms > 0 && at_ms >= b->began_ms && since < GOOGLE_EVENT_SESSION_MS;
    if (!goes_on)
        b->began_ms = at_ms;
    if (!goes_on || since > 0)
        b->last_ms = at_ms;
    if (!goes_on || since < 1)
        return 1;
    return since < GOOGLE_EVENT_ENGAGED_MS ? since : GOOGLE_EVENT_ENGAGED_MS;
}

/* ---- what ---- */

/* Of the address only what kind of page it is: /r, never /r/TOKEN. */
static void put_page(struct json_out *w, const struct google_event_site *site, const struct outbox_batch *b,
                     bool first)
{
    struct buf text = {0};
    bool known = first && b->path[0] == '/';
    buf_printf(&text, "%s%s", site->url, known ? b->path : "/");
    json_out_text_of(w, "page_location", buf_str(&text));
    if (first && b->referrer[0] != '\0') {
        buf_reset(&text);
        buf_printf(&text, "https://%s/", b->referrer);
        json_out_text_of(w, "page_referrer", buf_str(&text));
    }
    w->out->failed |= text.failed;
    buf_free(&text);
}

static void put_number(struct json_out *w, const char *name, int32_t n)
{
    if (n >= 0)
        json_out_int_of(w, name, n);
}

static void put_params(struct json_out *w, const struct google_event_site *site, struct outbox_batch *b,
                       const struct outbox_event *e, const struct row *row)
{
    char session[24];
    int64_t engaged = move_session(b, e->at_ms);
    snprintf(session, sizeof session, "%" PRId64, b->began_ms / 1000);
    json_out_name(w, "params");
    json_out_map(w);
    json_out_text_of(w, "session_id", session);
    json_out_int_of(w, "engagement_time_msec", engaged);
    put_key(w, site->key, e->event_id);
    if (strcmp(e->kind, "landing") == 0)
        put_page(w, site, b, e->first);
    if (e->list[0] != '\0')
        json_out_text_of(w, "list", e->list);
    put_number(w, "position", e->position);
    put_number(w, "character", e->character_id);
    put_number(w, "film", e->movie_id);
    put_number(w, "took_ms", e->took_ms);
    if (row->told && e->value[0] != '\0')
        json_out_text_of(w, "answer", e->value);
    json_out_end(w);
}

static void put_event(struct json_out *w, const struct google_event_site *site, struct outbox_batch *b,
                      const struct outbox_event *e, const struct row *row)
{
    json_out_map(w);
    json_out_text_of(w, "name", row->name);
    json_out_int_of(w, "timestamp_micros", e->at_ms * 1000);
    put_params(w, site, b, e, row);
    json_out_end(w);
}

/* Nothing of it may be used for advertisements, whatever the property is linked with. */
static void put_consent(struct json_out *w)
{
    json_out_name(w, "consent");
    json_out_map(w);
    json_out_text_of(w, "ad_user_data", "DENIED");
    json_out_text_of(w, "ad_personalization", "DENIED");
    json_out_end(w);
}

static void put_device(struct json_out *w, const struct outbox_batch *b)
{
    if (b->device[0] == '\0')
        return;
    json_out_name(w, "device");
    json_out_map(w);
    json_out_text_of(w, "category", strcmp(b->device, "phone") == 0 ? "mobile" : b->device);
    if (b->locale[0] != '\0')
        json_out_text_of(w, "language", b->locale);
    json_out_end(w);
}

size_t google_event_body(struct buf *out, const struct google_event_site *site, struct outbox_batch *b)
{
    struct json_out w;
    size_t n = 0;
    json_out_start(&w, out);
    json_out_map(&w);
    put_client(&w, site->key, b->visitor_id);
    put_consent(&w);
    put_device(&w, b);
    json_out_name(&w, "events");
    json_out_list(&w);
    for (size_t i = 0; i < b->n; i++) {
        const struct row *row = row_of(b->events[i].kind);
        if (row != NULL)
            put_event(&w, site, b, &b->events[i], row);
        n += row != NULL;
    }
    json_out_end(&w);
    json_out_end(&w);
    return n;
}
