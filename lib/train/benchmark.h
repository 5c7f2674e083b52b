/* What a model is measured on, as matrices over one numbering of items: ready parts from files (train, test,
 * mask …), or one file that is divided here. */
#ifndef MVTI_TRAIN_BENCHMARK_H
#define MVTI_TRAIN_BENCHMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "data/interactions.h"
#include "data/rating_scale.h"
#include "data/split.h"
#include "num/csr.h"
#include "train/ensemble_file.h"
#include "train/evaluate.h"

enum benchmark_protocol {
    BENCHMARK_WEAK,          /* split_by_ratio: a part of each user's items is held out */
    BENCHMARK_STRONG,        /* split_by_users: whole users are */
    BENCHMARK_LEAVE_ONE_OUT, /* split_leave_one_out */
    BENCHMARK_TIME /* split_times: one point in time for all; who has nothing before it is not measured */
};

/* Paths; NULL where there is none. Either `data`, or `train` and one of test, valid and candidates (of valid
 * and test both may be there without fold_in). */
struct benchmark_files {
    const char *train, *test;
    const char *valid;      /* held out to choose settings by, as test is to measure */
    const char *mask;       /* never recommended either */
    const char *fold_in;    /* strong: known items of the users of test or valid, who are not in train */
    const char *candidates; /* data/lists_reader.h: what is held out and what it competes with */
    const char *data;       /* one file, divided by the rules below */
    const char *catalog;    /* CSV with movie_id or movieId: only these items, and all of them compete */
    const char *format;     /* "lists", "pairs", "rows" (data/lists_reader.h), "movielens",
                             * "inter" (data/ratings_reader.h) */
    float threshold; /* movielens, inter: what reaches it, of 5 stars, counts; 0: every row, as in masks */
    struct rating_scale scale; /* movielens, inter */
    const char *encoding;      /* movielens, inter: NULL for UTF-8 */
    double tolerate;           /* movielens, inter: share of rejected rows that may be left out, percent */
    enum benchmark_protocol protocol;
    double ratio[SPLIT_PARTS];     /* weak, time */
    struct split_users_rule users; /* strong; its seed is not looked at */
    uint64_t seed;
    /* Of the films, the share that nobody to learn from likes, as if they were new: their likes are taken from
     * training and from what is given (strong); 0: none. */
    double new_films;
    bool find_new;       /* with it: they alone are to be found; else everything is */
    const char *content; /* a content model's file, for models that read texts; with a catalog */
};

struct benchmark {
    struct csr train; /* [users × items] what models learn from */
    /* Of VALID and TEST: [users × items]. `known` has no rows where users are train's own (then train is
     * known), `held` none where there is no such part. */
    struct csr known[SPLIT_PARTS], held[SPLIT_PARTS];
    struct csr mask;       /* [users × items] of the mask file, or no rows */
    struct csr candidates; /* [users × items] or no rows */
    struct id_table items;
    uint64_t *genres;                /* [items] data/genre_bits.h; NULL without a catalog that has them */
    struct ensemble_content content; /* of the items; zeroed: none */
    size_t n_users;                  /* in all files, with at least one item */
    bool divided; /* from one file: the validation part is masked when testing (not if strong) */
    bool strong;
};

/* Reads everything. ERR_INVALID with file:line; also for an unknown format, files that do not go together, an
 * empty train, test or data file, a fold-in user that is in train; ERR_NOT_FOUND, ERR_IO, ERR_NOMEM.
 * benchmark_free it. */
MUST_USE enum err benchmark_load(struct benchmark *out, const struct benchmark_files *files,
                                 const struct progress *progress, struct fail *why);
/* What is to be measured on part TEST or VALID: history, mask, held, candidates and unseen of a task; the
 * caller adds the model and the cut-offs. Points into b. ERR_INVALID: there is no such part. */
MUST_USE enum err benchmark_task(const struct benchmark *b, enum split_part part, struct evaluate_task *out,
                                 struct fail *why);
void benchmark_free(struct benchmark *b);

#endif
