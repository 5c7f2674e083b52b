/* A command's run in the books (tracking/tracking.h), also when the person who waits stops the command. */
#ifndef MVTI_JOBS_JOB_TRACKING_H
#define MVTI_JOBS_JOB_TRACKING_H

#include "job.h"
#include "tracking/tracking.h"

/* tracking_start; the run is recorded as stopped if a signal ends the command. tracking_begin and job_tracking_end it. */
void job_tracking_start(struct job *job, struct tracking *t, const char *command, const char *model,
                        long seed);
/* For a train_watch (train/train_watch.h): a point of the run, `tracking`. */
void job_tracking_figure(void *tracking, const char *model, const char *name, uint64_t epoch, double value);
void job_tracking_end(struct job *job, struct tracking *t, enum training_run_status status);

/* Runs whose process is gone become killed, in the database and, unless that is for later, on the MLflow server. */
MUST_USE enum err job_tracking_look(struct job *job, struct fail *why);
/* Everything that the MLflow server does not know: runs (*sent of them in full now) and what is live. ERR_NOT_FOUND: the
 * settings name none. */
MUST_USE enum err job_tracking_send(struct job *job, size_t *sent, struct fail *why);
/* The same after something else has become live, if there is a server and commands talk to it; a remark where it fails. */
void job_tracking_live(struct job *job);

#endif
