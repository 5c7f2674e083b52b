/* What `mvti metrics` says besides the workers' counts: the state folder, the commands that run unattended, and what the database knows of
 * models and experiments. */
#ifndef MVTI_JOBS_METRICS_STATE_H
#define MVTI_JOBS_METRICS_STATE_H

#include "base/buf.h"
#include "job.h"

/* Each appends metrics to out, in the text format. What is not there is not said. */
void metrics_state_snapshot(struct job *job, struct buf *out);
void metrics_state_jobs(struct job *job, struct buf *out);
/* Asks with statements of db_timeout_ms, in a session that cannot change anything, but for the mark that a replica (store/replica.h) is
 * to show; mvti_database_up says whether all of it was told. */
void metrics_state_database(struct job *job, struct buf *out);

#endif
