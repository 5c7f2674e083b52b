/* Experiments on the terminal. */
#ifndef MVTI_JOBS_EXPERIMENT_SHOW_H
#define MVTI_JOBS_EXPERIMENT_SHOW_H

#include "job.h"

/* A line each; the exit status. */
int experiment_show_all(struct job *job);
/* Everything about one, with what its variants were given and how their weights went. */
int experiment_show_one(struct job *job, const char *name);

#endif
