/* The networks that may only read (web/denied.h), as a worker has them from the state folder: looked at every second,
 * read when they have changed, and again until they could be read. */
#ifndef MVTI_CGI_DENYING_H
#define MVTI_CGI_DENYING_H

#include "base/config.h"
#include "base/file_version.h"
#include "base/lasting.h"
#include "web/denied.h"

struct denying {
    struct denied list;
    bool looked;              /* before, it is as if there were no file */
    struct file_version read; /* of the file that `list` is */
    struct lasting unreadable;
    double checked; /* clock_monotonic */
};

/* now: clock_monotonic. The log has when networks were read, and a file that cannot be read as base/lasting.h has it; who was banned stays so. */
void denying_refresh(struct denying *d, const struct config *config, double now);

#endif
