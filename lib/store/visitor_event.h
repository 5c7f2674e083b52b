/* What visitors did: the log that analysts and later models read. */
#ifndef MVTI_STORE_VISITOR_EVENT_H
#define MVTI_STORE_VISITOR_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { VISITOR_EVENT_NONE = -1 }; /* 0 is the id of a film and of a character like any other */

struct visitor_event {
    const char *kind;
    int64_t test_id;      /* 0: none; tests count from 1 */
    int32_t character_id; /* or VISITOR_EVENT_NONE, as the film and the position */
    int32_t movie_id;
    const char *list; /* NULL: none */
    int position;
    int64_t view_id;    /* 0: none; list_view.view_id */
    const char *value;  /* NULL: none */
    int32_t took_ms;    /* or VISITOR_EVENT_NONE */
    int64_t browser_ms; /* milliseconds since 1970 by the browser's clock; 0: it did not say */
    int64_t created_ms; /* the same by ours; lists only, as event_id */
    int64_t event_id;
    bool shared; /* storing only: sent on as well (store/outbox.h) */
};

/* An event of this kind and of nothing else. */
struct visitor_event visitor_event_of(const char *kind);
/* Stores n events of a visitor, a few rows a statement; inside the caller's transaction when n > 1. */
MUST_USE enum err visitor_event_store(struct db *db, int64_t visitor_id, const struct visitor_event *events,
                                      size_t n, struct fail *why);
struct visitor_events {
    const struct visitor_event *after; /* those that follow it are asked for; NULL: from the newest */
    size_t most;                       /* so many */
    struct visitor_event *items;       /* [n] found, newest first */
    size_t n;
};

/* The events of a visitor, from the arena. */
MUST_USE enum err visitor_event_list(struct db *db, int64_t visitor_id, struct visitor_events *page,
                                     struct arena *a, struct fail *why);

#endif
