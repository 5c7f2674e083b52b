/* The data that a model is evaluated on, as matrices with one numbering of items: either parts that are files
 * already (train, test, mask …), or one file that is split here. */
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
    BENCHMARK_STRONG,        /* split_by_users: whole users are held out */
    BENCHMARK_LEAVE_ONE_OUT, /* split_leave_one_out */
    BENCHMARK_TIME /* split_times: one point in time for all; users with nothing before it are not evaluated */
};

/* Paths; NULL where there is none. Either `data`, or `train` and one of test, valid and candidates (without
 * fold_in, valid and test may both be given). */
struct benchmark_files {
    const char *train, *test;
    const char *valid;      /* held out to tune settings on, as test is held out to evaluate on */
    const char *mask;       /* items that are never recommended, besides those of the history */
    const char *fold_in;    /* strong: known items of the users of test or valid, who are not in train */
    const char *candidates; /* data/lists_reader.h: each held-out item and those it competes with */
    const char *data;       /* one file, split by the rules below */
    const char *catalog;    /* CSV with movie_id or movieId: only these items, and all of them are ranked */
    const char *format;     /* "lists", "pairs", "rows" (data/lists_reader.h), "movielens",
                             * "inter" (data/ratings_reader.h) */
    /* movielens, inter: the lowest rating, of 5 stars, that is a like; 0: every row is, as in masks */
    float threshold;
    struct rating_scale scale; /* movielens, inter */
    const char *encoding;      /* movielens, inter: NULL for UTF-8 */
    double tolerate; /* movielens, inter: the most rejected rows, in percent, before reading fails */
    enum benchmark_protocol protocol;
    double ratio[SPLIT_PARTS];     /* weak, time */
    struct split_users_rule users; /* strong; its seed is ignored in favour of: */
    uint64_t seed;
    /* Strong: the share of the films that are treated as new. Their likes are removed from the training data and
     * from what is given; 0: none. */
    double new_films;
    bool find_new;       /* only the new films are held out; else all films are */
    const char *content; /* file of a content model, for models that read texts; needs a catalog */
};

struct benchmark {
    struct csr train; /* [users × items] the training data */
    /* Of VALID and TEST: [users × items]. `known` has no rows where the users are those of train (then train is
     * what is known of them), `held` has none where there is no such part. */
    struct csr known[SPLIT_PARTS], held[SPLIT_PARTS];
    struct csr mask;       /* [users × items] of the mask file, or no rows */
    struct csr candidates; /* [users × items] or no rows */
    struct id_table items;
    uint64_t *genres;                /* [items] data/genre_bits.h; NULL without a catalog that has them */
    struct ensemble_content content; /* of the items; zeroed: none */
    size_t n_users;                  /* in all files, with at least one item */
    bool divided; /* split from one file: the validation part is masked when testing (not if strong) */
    bool strong;
};

/* Reads all files. ERR_INVALID with file:line, also for an unknown format, files that cannot be combined, an
 * empty train, test or data file, or a fold-in user that is in train; ERR_NOT_FOUND, ERR_IO, ERR_NOMEM.
 * benchmark_free it. */
MUST_USE enum err benchmark_load(struct benchmark *out, const struct benchmark_files *files,
                                 const struct progress *progress, struct fail *why);
/* Fills in history, mask, held, candidates and unseen of a task for part TEST or VALID; the caller adds the model
 * and the cut-offs. The task points into b. ERR_INVALID: there is no such part. */
MUST_USE enum err benchmark_task(const struct benchmark *b, enum split_part part, struct evaluate_task *out,
                                 struct fail *why);
void benchmark_free(struct benchmark *b);

#endif
