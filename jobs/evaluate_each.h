/* `mvti evaluate --each FILE`: every person's figure as CSV, for questions that a mean does not answer, such as how a model
 * is for people who love old films (tests/quality/subgroups.py). */
#ifndef MVTI_JOBS_EVALUATE_EACH_H
#define MVTI_JOBS_EVALUATE_EACH_H

#include <stdint.h>

#include "base/err.h"
#include "base/map_file.h"
#include "train/benchmark.h"
#include "train/evaluate.h"

/* Before anything is read. ERR_INVALID: path is one of the files that are read, by whatever name, or is there and no
 * regular file, which could not be replaced. */
MUST_USE enum err evaluate_each_check(const char *path, const struct benchmark_files *files,
                                      struct fail *why);

/* The header: model, seed, person, ndcg, raters, given. The rows go beside path; map_file_out_commit puts them in its place.
 * As map_file_out_open. */
MUST_USE enum err evaluate_each_open(struct out_file *out, const char *path, struct fail *why);

struct evaluate_each {
    const char *model;
    uint64_t seed;
    const struct evaluate_task *measured; /* its `each` and `learnt` filled */
    const uint32_t *ids;                  /* [items] */
};

/* A row for each person who was measured: the mean number of people trained on who like a film that was given, and the ids of
 * these films with blanks between. ERR_NOMEM. */
MUST_USE enum err evaluate_each_add(struct out_file *out, const struct evaluate_each *e, struct fail *why);

#endif
