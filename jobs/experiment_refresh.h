/* The file of experiments that workers read, written anew after each change and every five minutes. */
#ifndef MVTI_JOBS_EXPERIMENT_REFRESH_H
#define MVTI_JOBS_EXPERIMENT_REFRESH_H

#include "experiment/refresh.h"
#include "job.h"

/* refresh_run on the file in the state folder; what it stops is logged as experiment.stopped. */
MUST_USE enum err experiment_refresh(struct job *job, struct refresh_result *done, struct fail *why);

#endif
