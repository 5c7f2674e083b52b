/* What an experiment has found (findings/findings.h), on the terminal. */
#ifndef MVTI_JOBS_EXPERIMENT_REPORT_H
#define MVTI_JOBS_EXPERIMENT_REPORT_H

#include "job.h"
#include "json/json_out.h"

/* goal: NULL for the experiment's own. The exit status. */
int experiment_report(struct job *job, const char *name, const char *goal, bool json);
/* One member with nine digits, which figures of small differences need; null for what is not finite. */
void experiment_report_number(struct json_out *w, const char *name, double value);

#endif
