/* The networks that may only read (web/denied.h), as a worker has them from the state folder: looked at every second, read when they have changed. */
#ifndef MVTI_CGI_DENYING_H
#define MVTI_CGI_DENYING_H

#include <time.h>

#include "base/config.h"
#include "web/denied.h"

struct denying {
    struct denied list;
    struct timespec changed; /* of the file that was read */
    double checked;          /* clock_monotonic */
};

void denying_refresh(struct denying *d, const struct config *config, double now);

#endif
