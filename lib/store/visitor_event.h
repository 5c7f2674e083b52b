/* What visitors did: the log that analysts and later models read. */
#ifndef MVTI_STORE_VISITOR_EVENT_H
#define MVTI_STORE_VISITOR_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct visitor_event {
    const char *kind;
    int64_t test_id;      /* 0: none */
    int32_t character_id; /* 0: none */
    int32_t movie_id;     /* 0: none */
    const char *list;     /* NULL: none */
    int position;         /* −1: none */
};

/* Stores n events of a visitor, a few rows a statement; inside the caller's transaction when n > 1. */
MUST_USE enum err visitor_event_store(struct db *db, int64_t visitor_id, const struct visitor_event *events,
                                      size_t n, struct fail *why);
/* Events that a visitor caused in the last `seconds`: all, or the reactions alone (like, unlike, feedback).
 */
MUST_USE enum err visitor_event_recent(struct db *db, int64_t visitor_id, bool reactions, long seconds,
                                       int64_t *out, struct fail *why);

#endif
