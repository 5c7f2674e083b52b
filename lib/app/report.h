/* The events that pages report: what was seen, touched and answered, and where a visitor came from. */
#ifndef MVTI_APP_REPORT_H
#define MVTI_APP_REPORT_H

#include <stdbool.h>

#include "app/visit.h"
#include "store/first_visit.h"
#include "store/list_view.h"
#include "store/visitor_event.h"

enum { REPORT_MOST = 50 }; /* events of one report */

struct report_event {
    struct visitor_event event;    /* its test_id is filled in here */
    const char *test;              /* token or NULL; an unknown one is left out */
    const char *snapshot, *ranker; /* what made the list of event.view_id; NULL: unknown */
};

/* An event of this kind and of nothing else. */
struct report_event report_event_of(const char *kind);

struct report {
    struct report_event *events; /* [n], n <= REPORT_MOST */
    size_t n;
    const struct first_visit *first; /* NULL: nothing about where the visitor came from */
    const struct once *once;
    bool limited; /* LIMITS_EVENTS holds (app/limits.h) */
};

/* True if browsers may report this kind. Likes, thumbs and votes are recorded by the server when they happen. */
bool report_kind_known(const char *kind);
/* True if an event of this kind may carry the value, NULL for none. */
bool report_value_known(const char *kind, const char *value);
/* True of what may stand as an event's list. */
bool report_list_known(const char *list);

/* Stores all or none; those of a key that has been here are stored already. ERR_LIMITED, ERR_UNPROVEN,
 * ERR_CONFLICT (once_seen), ERR_UNAVAILABLE. */
MUST_USE enum err report_events(struct db *db, struct session *session, const struct report *r,
                                struct fail *why);
/* Inside a transaction: one event that the server saw, with the rendering of a list that it happened in. */
MUST_USE enum err report_one(struct db *db, int64_t visitor_id, const struct report_event *e,
                             struct fail *why);

#endif
