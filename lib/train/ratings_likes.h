/* From ratings to likes: every rating of at least `threshold` stars becomes an interaction. */
#ifndef MVTI_TRAIN_RATINGS_LIKES_H
#define MVTI_TRAIN_RATINGS_LIKES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "train/dataset.h"
#include "train/interactions.h"

struct ratings_count {
    uint64_t rows;     /* ratings read, liked or not */
    uint64_t rejected; /* rows that are no rating; `mvti import ratings` names them */
};

/* Adds the likes of a ratings.csv, ratings.dat (train/ratings_reader.h). */
MUST_USE enum err ratings_likes_text(struct interactions *out, const char *path, double threshold,
                                     struct ratings_count *count, const struct progress *progress,
                                     struct fail *why);
/* Adds those of a *.mvr file and fills the record's hash, n_rows and simulated. */
MUST_USE enum err ratings_likes_file(struct interactions *out, const char *path, double threshold,
                                     struct dataset_source *record, const struct progress *progress,
                                     struct fail *why);
/* Does the file begin as a *.mvr does? */
bool ratings_likes_is_file(const char *path);

#endif
