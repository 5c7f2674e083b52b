/* What an owner does to one visitor, from the console and from the command line. */
#ifndef MVTI_JOBS_VISITOR_WORK_H
#define MVTI_JOBS_VISITOR_WORK_H

#include "job.h"

/* ERR_DENIED: it is an admin, and whoever could ban one could shut the owner out. */
MUST_USE enum err visitor_work_no_admin(struct job *job, int64_t visitor_id, struct fail *why);
/* Deletes all votes, with their counts; *n: how many. */
MUST_USE enum err visitor_work_take_votes(struct job *job, int64_t visitor_id, int64_t *n, struct fail *why);
/* Deletes all tests, with their results and circles; likewise. */
MUST_USE enum err visitor_work_take_tests(struct job *job, int64_t visitor_id, int64_t *n, struct fail *why);
/* Deletes all events and marks, without their counts by the day. */
MUST_USE enum err visitor_work_take_traces(struct job *job, int64_t visitor_id, int64_t *events,
                                           int64_t *marks, struct fail *why);
/* Takes back all likes. */
MUST_USE enum err visitor_work_take_likes(struct job *job, int64_t visitor_id, int64_t *n, struct fail *why);

#endif
