/* Sends what visitors agreed to have sent (store/outbox.h) to Google Analytics, a request a visitor, for a bounded time. After a failure
 * it stops: the rest waits for the next call, at first 5 minutes, then twice as long each time, at most 6 hours. */
#ifndef MVTI_ANALYTICS_ANALYTICS_H
#define MVTI_ANALYTICS_ANALYTICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "base/progress.h"
#include "store/db.h"

enum { ANALYTICS_PAUSE_S = 300, ANALYTICS_PAUSE_MOST_S = 6 * 3600 };

struct analytics {
    const struct config *config;
    struct db *db;
    const struct progress *progress; /* asked whether to stop */
    double seconds;                  /* for how long at most; a request under way is awaited */
    bool now;                        /* whatever failed just now */
};

struct analytics_sum {
    int64_t requests, events; /* taken there */
    int64_t unsure;   /* of requests without an answer, a killed one of before included: not sent again */
    int64_t late;     /* too old by now */
    int64_t cleared;  /* nothing is sent any more: forgotten */
    int64_t retry_ms; /* nothing was tried: not before this, milliseconds since 1970; else 0 */
};

/* Everything that waits. Where the settings name no property, what waits is forgotten. *out also after an error: ERR_INVALID and as
 * google_open, google_send. */
MUST_USE enum err analytics_send(const struct analytics *a, struct analytics_sum *out, struct fail *why);
/* Seconds without a try after so many failures in a row, from 1 on. */
int64_t analytics_pause(int64_t failures);

#endif
