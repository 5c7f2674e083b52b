#include "analytics/analytics.h"

#include <string.h>

#include "analytics/google.h"
#include "analytics/google_event.h"
#include "base/clock.h"
#include "store/outbox.h"

enum { CLEAR = 5000 };

struct sending {
    const struct analytics *a;
    struct google google;
    struct arena memory; /* of one request */
    uint8_t key[OUTBOX_KEY];
    int64_t failures;
    struct analytics_sum *sum;
};

int64_t analytics_pause(int64_t failures)
{
    int64_t pause = ANALYTICS_PAUSE_S;
    for (int64_t i = 1; i < failures && pause < ANALYTICS_PAUSE_MOST_S; i++)
        pause *= 2;
    return pause < ANALYTICS_PAUSE_MOST_S ? pause : ANALYTICS_PAUSE_MOST_S;
}

static enum err forget(const struct analytics *a, struct analytics_sum *sum, struct fail *why)
{
    int64_t n = CLEAR;
    enum err rc = ERR_OK;
    while (rc == ERR_OK && n == CLEAR) {
        rc = outbox_clear(a->db, CLEAR, &n, why);
        sum->cleared += n;
    }
    return rc;
}

static enum err settle(struct sending *s, const struct outbox_batch *b, enum err rc, bool heard,
                       const struct fail *sent)
{
    struct fail inner = {0};
    const struct outbox_outcome outcome = {.end = rc == ERR_OK ? OUTBOX_SENT
                                                  : heard      ? OUTBOX_UNSURE
                                                               : OUTBOX_WAITS,
                                           .problem = sent->text,
                                           .pause_s = analytics_pause(s->failures + 1)};
    enum err kept = outbox_settle(s->a->db, b, &outcome, &inner);
    s->sum->unsure += outcome.end == OUTBOX_UNSURE ? (int64_t)b->n : 0;
    return rc == ERR_OK ? kept : rc;
}

/* Marked, sent, settled. *more: something was there. */
static enum err send_next(struct sending *s, bool *more, struct fail *why)
{
    struct outbox_batch b;
    struct buf body = {0};
    bool heard = false;
    arena_reset(&s->memory);
    enum err rc = outbox_next(s->a->db, &s->memory, &b, why);
    *more = rc == ERR_OK;
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    size_t n = google_event_body(&body, &(struct google_event_site){s->a->config->public_url, s->key}, &b);
    rc = body.failed ? fail_set(why, ERR_NOMEM, "out of memory") : outbox_take(s->a->db, &b, why);
    if (rc == ERR_OK) {
        rc = n > 0 ? google_send(&s->google, &body, &heard, why) : ERR_OK;
        s->sum->events += rc == ERR_OK ? (int64_t)n : 0;
        s->sum->requests += rc == ERR_OK && n > 0;
        rc = settle(s, &b, rc, heard, why);
    } else if (rc == ERR_CONFLICT) {
        rc = ERR_OK; /* taken back in this moment: the next look does not find them */
    }
    buf_free(&body);
    return rc;
}

static enum err send_all(struct sending *s, struct fail *why)
{
    double end = clock_monotonic() + s->a->seconds;
    bool more = true;
    enum err rc = outbox_key(s->a->db, s->key, why);
    while (rc == ERR_OK && more && clock_monotonic() < end && !progress_stopping(s->a->progress))
        rc = send_next(s, &more, why);
    return rc;
}

enum err analytics_send(const struct analytics *a, struct analytics_sum *out, struct fail *why)
{
    struct outbox_state state;
    struct sending s = {.a = a, .sum = out};
    *out = (struct analytics_sum){0};
    if (a->config->analytics_id[0] == '\0')
        return forget(a, out, why);
    enum err rc = google_open(&s.google, a->config, why);
    if (rc == ERR_OK)
        rc = outbox_tidy(a->db, &out->late, &out->unsure, why);
    if (rc == ERR_OK)
        rc = outbox_read(a->db, &state, why);
    if (rc == ERR_OK) {
        s.failures = state.failures;
        out->retry_ms = !a->now && state.retry_ms > clock_wall_ms() ? state.retry_ms : 0;
        rc = out->retry_ms == 0 ? send_all(&s, why) : ERR_OK;
    }
    google_close(&s.google);
    arena_free(&s.memory);
    explicit_bzero(s.key, sizeof s.key);
    return rc;
}
