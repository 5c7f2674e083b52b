/* From ratings to likes: what reaches `threshold` of 5 stars, or is a like by its own scale
 * (data/rating_scale.h), becomes an interaction. One person's newest rating of a film counts
 * (data/newest.h). */
#ifndef MVTI_DATA_RATINGS_LIKES_H
#define MVTI_DATA_RATINGS_LIKES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "data/dataset.h"
#include "data/interactions.h"
#include "data/ratings_reader.h"

struct ratings_count {
    uint64_t rows;               /* ratings read, liked or not, each film of a person once */
    uint64_t rejected;           /* rows that are no rating; `mvti import ratings` names them */
    bool timed;                  /* the file has times */
    char remark[RATINGS_REMARK]; /* what a person should know of the file; "" nothing */
};

struct ratings_likes {
    const char *path;
    const struct ratings_rules *rules; /* of a text file; a *.mvr file needs none */
    double threshold;
    const struct progress *progress;
};

/* Adds the likes of a file that data/ratings_reader.h reads, with their times. Nothing is added before the
 * whole file was judged. Memory: 16 bytes a row. */
MUST_USE enum err ratings_likes_text(struct interactions *out, const struct ratings_likes *of,
                                     struct ratings_count *count, struct fail *why);
/* Adds those of a *.mvr file and fills the record's hash, n_rows and simulated. */
MUST_USE enum err ratings_likes_file(struct interactions *out, const struct ratings_likes *of,
                                     struct dataset_source *record, struct fail *why);
/* Does the file begin as a *.mvr does? Of a pipe, which is none, nothing is read: it would be gone. */
bool ratings_likes_is_file(const char *path);

#endif
