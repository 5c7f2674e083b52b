/* After a command has changed what this host serves: what it offers to others follows. */
#ifndef MVTI_JOBS_JOB_OFFER_H
#define MVTI_JOBS_JOB_OFFER_H

#include "job.h"

/* Says what became of it. False: it should have been offered and is not; what the command did stays done. */
bool job_offer(struct job *job);
/* The same of a snapshot that hosts have kept, such as after a rollback: they do not wait offer_lead_s for it, but as long as they need to
 * switch together. */
bool job_offer_kept(struct job *job);

#endif
