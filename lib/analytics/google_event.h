/* Events as the Measurement Protocol of Google Analytics 4 has them: the body of one request. Source of names and limits:
 * https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference and
 * https://support.google.com/analytics/answer/13316687 (names that are reserved there).
 *
 * What goes out: a name, when, the session, how long since the event before, list and place, numbers of film and character, thumbs
 * and marks. What never does: a visitor's number, a type or an answer, the address or number of a result, a text that a visitor or a link can
 * choose (campaign marks, a service's name). */
#ifndef MVTI_ANALYTICS_GOOGLE_EVENT_H
#define MVTI_ANALYTICS_GOOGLE_EVENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/outbox.h"

enum {
    GOOGLE_EVENT_SESSION_MS = 30 * 60 * 1000, /* without an event, after which another session begins */
    GOOGLE_EVENT_ENGAGED_MS = 60 * 1000       /* the most that counts as looking, between two events */
};

struct google_event_site {
    const char *url;    /* public URL of the site, without a slash at its end */
    const uint8_t *key; /* [OUTBOX_KEY] */
};

/* Appends the body of a request with all events of b whose kind is known there, and moves the session of b on. Its size is below 20 KB.
 * How many events it has; memory that ran out is seen in out->failed. */
size_t google_event_body(struct buf *out, const struct google_event_site *site, struct outbox_batch *b);

#endif
