/* `mvti evaluate --each FILE`: every person's figure as CSV, for questions that a mean does not answer, such as how a model
 * is for people who love old films (tests/quality/subgroups.py). */
#ifndef MVTI_JOBS_EVALUATE_EACH_H
#define MVTI_JOBS_EVALUATE_EACH_H

#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "train/evaluate.h"

/* A header: model, seed, person, ndcg, raters, given. NULL path: *out is NULL, and nothing is written. ERR_IO. */
MUST_USE enum err evaluate_each_open(FILE **out, const char *path, struct fail *why);

struct evaluate_each {
    const char *model;
    uint64_t seed;
    const struct evaluate_task *measured; /* its `each` and `learnt` filled */
    const uint32_t *ids;                  /* [items] */
};

/* A row for each person who was measured: the mean number of people trained on who like a film that was given, and the ids of
 * these films with blanks between. ERR_NOMEM. */
MUST_USE enum err evaluate_each_add(FILE *out, const struct evaluate_each *e, struct fail *why);
/* ERR_IO: not all was written. */
MUST_USE enum err evaluate_each_close(FILE *out, const char *path, struct fail *why);

#endif
