/* What an experiment has found (findings/findings.h), on the terminal. */
#ifndef MVTI_JOBS_EXPERIMENT_REPORT_H
#define MVTI_JOBS_EXPERIMENT_REPORT_H

#include "job.h"

/* goal: NULL for the experiment's own. The exit status. */
int experiment_report(struct job *job, const char *name, const char *goal, bool json);

#endif
