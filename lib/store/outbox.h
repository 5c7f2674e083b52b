/* Events that visitors allow to be sent to Google Analytics and that are not sent yet (sql/migrations/0070). Only the numbers are
 * kept here: what a deletion takes from `event` is not sent, and what is moved to an account is sent as the account's.
 *
 * An event goes out at most once. Before a request it is marked as taken, and that is committed; afterwards it leaves the queue, or waits
 * again if the other side certainly did not get it. What a killed process left marked may have been heard, so it is not sent again, and
 * counted as unsure. */
#ifndef MVTI_STORE_OUTBOX_H
#define MVTI_STORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum {
    OUTBOX_HOURS = 71, /* how old an event may be: Google takes 72 */
    OUTBOX_BATCH = 25, /* events of one request */
    OUTBOX_KEY = 32,   /* bytes */
    OUTBOX_PROBLEM = 201,
    OUTBOX_FIRST_MS = 60000 /* a landing so soon after the first visit is the first one */
};

/* ---- workers ---- */

/* Inside the transaction that stored the event: the `place`th (from 0) of a statement whose first one has this number. */
MUST_USE enum err outbox_put(struct db *db, int64_t first, int64_t place, struct fail *why);
/* Nothing of this visitor waits any more. */
MUST_USE enum err outbox_withdraw(struct db *db, int64_t visitor_id, struct fail *why);

/* ---- the one who sends ---- */

struct outbox_event {
    int64_t event_id;
    int64_t at_ms; /* the browser's time where it can be right, else ours */
    const char *kind;
    int32_t character_id, movie_id; /* or −1, as the position and took_ms */
    const char *list, *value;       /* "": none */
    int32_t position, took_ms;
    bool first; /* the landing of the visitor's first visit */
};

/* What one request carries: events of one visitor, the oldest first. */
struct outbox_batch {
    int64_t visitor_id;
    const struct outbox_event *events; /* [n], in the arena */
    size_t n;
    const char *path, *referrer; /* of the first visit, as first_visit has them; "": unknown */
    const char *device, *locale;
    int64_t began_ms, last_ms; /* the session so far, 0: none; the caller moves them on before outbox_take */
};

/* What waits longest, with everything else of that visitor that fits. ERR_NOT_FOUND: nothing waits. */
MUST_USE enum err outbox_next(struct db *db, struct arena *a, struct outbox_batch *out, struct fail *why);
/* Marks them as taken and keeps the session. ERR_CONFLICT: some do not wait any more (withdrawn meanwhile); nothing is marked. */
MUST_USE enum err outbox_take(struct db *db, const struct outbox_batch *batch, struct fail *why);

enum outbox_end {
    OUTBOX_SENT,   /* taken there */
    OUTBOX_WAITS,  /* certainly not: they wait again */
    OUTBOX_UNSURE, /* nobody knows: not again */
};
/* How it went; problem: why not, NULL: it went well; pause_s: for how long nothing is to be tried. */
struct outbox_outcome {
    enum outbox_end end;
    const char *problem;
    int64_t pause_s;
};
MUST_USE enum err outbox_settle(struct db *db, const struct outbox_batch *batch,
                                const struct outbox_outcome *outcome, struct fail *why);

/* What must not or cannot be sent leaves the queue: of somebody who is gone, of a bot, too old (*late of these), and
 * what a killed process left (*unsure): what has been marked for two minutes, twice as long as a request may take. */
MUST_USE enum err outbox_tidy(struct db *db, int64_t *late, int64_t *unsure, struct fail *why);
/* All of it: the site sends nothing any more. At most `most`; *n: how many. */
MUST_USE enum err outbox_clear(struct db *db, long most, int64_t *n, struct fail *why);
/* For the hourly job, whether somebody sends or not: at most `most` that are too old. */
MUST_USE enum err outbox_expire(struct db *db, long most, int64_t *n, struct fail *why);

struct outbox_state {
    int64_t sent, unsure, late;
    int64_t waiting, oldest_ms; /* 0: nothing waits */
    int64_t sent_ms;            /* 0: never */
    int64_t failures, retry_ms; /* 0: may be tried now */
    char problem[OUTBOX_PROBLEM];
};
MUST_USE enum err outbox_read(struct db *db, struct outbox_state *out, struct fail *why);
/* The key of the hash that visitors are known by there, made at random the first time. */
MUST_USE enum err outbox_key(struct db *db, uint8_t out[OUTBOX_KEY], struct fail *why);

#endif
