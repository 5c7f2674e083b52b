/* What a ranker that was never live would have earned (findings/off_policy.h), on the terminal. */
#ifndef MVTI_JOBS_EXPERIMENT_ESTIMATE_H
#define MVTI_JOBS_EXPERIMENT_ESTIMATE_H

#include "job.h"

struct experiment_estimate {
    const char *name;
    const char *policy; /* a variant of the experiment, or a file of settings as in a definition */
    const char *goal;   /* NULL: the experiment's own */
    double clip;        /* largest weight; 0: none */
    bool json;
};

/* The exit status. */
int experiment_estimate(struct job *job, const struct experiment_estimate *ask);

#endif
