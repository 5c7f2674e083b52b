/* A benchmark's files (train, test, mask) as matrices over one numbering of users and items: all ids that
 * occur in any of them, ascending. */
#ifndef MVTI_TRAIN_BENCHMARK_H
#define MVTI_TRAIN_BENCHMARK_H

#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/interactions.h"

struct benchmark_files {
    const char *train, *test;
    const char *mask;   /* NULL for none */
    const char *format; /* "lists", "pairs" (train/lists_reader.h), "movielens" (train/ratings_reader.h) */
    float threshold;    /* movielens: a rating from here on counts, in train and test; masks take every row */
};

struct benchmark {
    struct csr train, held, mask; /* [users × items]; mask has no rows stored without a mask file */
    struct id_table users, items;
};

/* The formats' names, ended by NULL. */
const char *const *benchmark_formats(void);
/* Reads everything. ERR_INVALID with file:line, also for an unknown format or an empty train or test file;
 * ERR_NOT_FOUND, ERR_IO, ERR_NOMEM. benchmark_free it. */
MUST_USE enum err benchmark_load(struct benchmark *out, const struct benchmark_files *files,
                                 const struct progress *progress, struct fail *why);
void benchmark_free(struct benchmark *b);

#endif
