/* mvti publish --judge: watches the host that has a new snapshot first, and withdraws the snapshot if it is worse there. */
#ifndef MVTI_JOBS_PUBLISH_JUDGE_H
#define MVTI_JOBS_PUBLISH_JUDGE_H

#include "job.h"
#include "publish/publisher.h"

/* Status of the command: JOB_OK also where nothing waits, or it is too early to tell. One that was withdrawn is a failure, so that operators are
 * told of the unit. state_dir/canary holds what hosts had counted when the first of them began to serve the snapshot. */
int publish_judge(struct job *job, const struct publisher *p);

#endif
