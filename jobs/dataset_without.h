/* What training leaves out by the owner's word, on the command line (store/training_without.h). */
#ifndef MVTI_JOBS_DATASET_WITHOUT_H
#define MVTI_JOBS_DATASET_WITHOUT_H

#include "job.h"

/* Adds rules, each one of
 *     FROM..TO                 what anybody chose on these days (UTC), TO included; without TO from FROM on
 *     visitor:N                what this visitor chose
 *     visitor:N@FROM..TO       on these days
 *     ADDRESS@FROM..TO         what tests of this address' network block chose, 92 days at most; needs the key that workers have
 * ERR_INVALID names what is wrong, and then nothing was added; ERR_DENIED: the key cannot be read. */
MUST_USE enum err dataset_without_add(struct job *job, const struct job_list *words, struct fail *why);
/* Prints those in force; an exit status. */
int dataset_without_list(struct job *job);
/* `number` as listed, or "all". An exit status. */
int dataset_without_lift(struct job *job, const char *number);

#endif
