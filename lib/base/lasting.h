/* A trouble that lasts and is met again every second or with every request, told to the log as one thing: when it begins, when it is for
 * another reason, once an hour while it lasts, and, by whoever had it, when it is over. */
#ifndef MVTI_BASE_LASTING_H
#define MVTI_BASE_LASTING_H

#include <stdbool.h>

#include "base/log.h"

enum { LASTING_AGAIN = 3600 /* seconds until it is told again */ };

struct lasting { /* all zero: none */
    bool lasts;
    double told; /* clock_monotonic */
    char reason[512];
};

/* It is met. now: clock_monotonic; event: as log_event. */
void lasting_met(struct lasting *l, double now, enum log_level level, const char *event, const char *reason);
/* It is not there any more. Whether it was. */
bool lasting_over(struct lasting *l);

#endif
