/* After a command has changed what this host serves: what it offers to others follows. */
#ifndef MVTI_JOBS_JOB_OFFER_H
#define MVTI_JOBS_JOB_OFFER_H

#include "job.h"

/* Says what became of it. False: it should have been offered and is not; what the command did stays done. */
bool job_offer(struct job *job);

#endif
