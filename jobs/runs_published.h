/* mvti runs --published: how good what was published was, over time. */
#ifndef MVTI_JOBS_RUNS_PUBLISHED_H
#define MVTI_JOBS_RUNS_PUBLISHED_H

#include <stdbool.h>

#include "job.h"

/* Says the newest `most` publishings, newest first, and the run and dataset behind each. A status for the command. */
int runs_published(struct job *job, long most, bool json);

#endif
