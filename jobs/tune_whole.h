/* After the members of an ensemble were tuned one by one: whether the whole gains by it, with the rule and the weights that fit it. */
#ifndef MVTI_JOBS_TUNE_WHOLE_H
#define MVTI_JOBS_TUNE_WHOLE_H

#include "job.h"
#include "train/trainer.h"

struct tune_whole {
    const struct trainer *trainer;
    const struct trainer_values *given, *found; /* settings that were given; what was found, those included */
    const char *dataset;
    long seed;
};

/* Trains the ensemble with both, fits every rule's weights on the people that the members were tuned for (train/ensemble.h), says how
 * good each is on them, and records it as a run: nobody who is held out for tests is looked at. Costs two trainings. The exit status. */
int tune_whole_judge(struct job *job, const struct tune_whole *w);

#endif
