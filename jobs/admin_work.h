/* What was asked for in the owner's console, carried out by the account that may: switching and pinning snapshots, bans, taking votes away. */
#ifndef MVTI_JOBS_ADMIN_WORK_H
#define MVTI_JOBS_ADMIN_WORK_H

#include "job.h"

enum {
    ADMIN_WORK_PATIENCE = 15 * 60 /* seconds that a request may wait before nobody expects it any more */
};

/* Every request that waits, one after the other; what came of each is stored with it. The exit status. */
int admin_work(struct job *job);

#endif
