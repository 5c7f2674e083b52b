/* The server of the settings that takes events for Google Analytics 4: /mp/collect, and its twin that judges without keeping,
 * /debug/mp/collect. Source: https://developers.google.com/analytics/devguides/collection/protocol/ga4/sending-events and
 * …/validating-events. */
#ifndef MVTI_ANALYTICS_GOOGLE_H
#define MVTI_ANALYTICS_GOOGLE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/config.h"
#include "base/err.h"

struct http_client;

struct google {
    struct http_client *client;
    struct buf collect, judge; /* addresses, with the secret in them */
};

/* Does not connect yet. ERR_NOT_FOUND: the settings name no property; ERR_INVALID: a measurement ID, secret or address that is
 * none, and as secret_file_read for the secret's file. google_close it, also after an error. */
MUST_USE enum err google_open(struct google *g, const struct config *config, struct fail *why);
void google_close(struct google *g);

/* One request. *heard: what an error leaves open: the other side may have got it all the same. ERR_UNAVAILABLE: not reached, too slow,
 * or a status of 429, 500 and more; ERR_DENIED: 401 and 403; ERR_INVALID: any other status but 2xx; as http_client_ask. */
MUST_USE enum err google_send(struct google *g, const struct buf *body, bool *heard, struct fail *why);
/* Whether what answers there is Google's, by its judgement of one event that is not kept. ERR_CORRUPT: it is none, or refuses the event;
 * as google_send. The secret is not judged: nobody but the reports says whether it is the right one. */
MUST_USE enum err google_judge(struct google *g, struct fail *why);

#endif
