/* A command's run in the books (tracking/tracking.h), also when the person who waits stops the command. */
#ifndef MVTI_JOBS_JOB_TRACKING_H
#define MVTI_JOBS_JOB_TRACKING_H

#include "job.h"
#include "tracking/tracking.h"

/* tracking_start; the run is recorded as stopped if a signal ends the command. job_tracking_end it. */
void job_tracking_start(struct job *job, struct tracking *t, const char *command, const char *model,
                        long seed);
void job_tracking_end(struct job *job, struct tracking *t, enum training_run_status status);

#endif
