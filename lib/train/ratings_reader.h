/* MovieLens ratings, row by row, checked: ratings.csv (userId,movieId,rating,timestamp with a header; user_id
 * and movie_id too; any order of columns, further columns ignored, timestamp may be absent; ml-latest-small
 * to ml-25m) and ratings.dat (user::movie::rating::timestamp without a header; ml-1m, ml-10m), told apart by
 * the first line; compressed or not.
 *
 * A row is accepted when both ids are 1 … 2³¹−1, the rating is 0.5, 1, … 5 (4, 4.0 and 4.00 are the same),
 * the timestamp 0 … 2³²−1 seconds, and the same user has not rated the same film before in the same run of
 * rows: MovieLens files keep the rows of a user together, so all of a user's ratings are compared with memory
 * for one user only. The first one stands, later ones are rejected. Where a user comes back after rows of
 * others, repetitions across the gap are accepted (building a dataset drops them). */
#ifndef MVTI_TRAIN_RATINGS_READER_H
#define MVTI_TRAIN_RATINGS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/csv.h"
#include "base/err.h"

struct rating {
    uint32_t user;      /* 1 … 2³¹−1 */
    int32_t movie;      /* 1 … 2³¹−1 */
    uint32_t time;      /* seconds since 1970-01-01 UTC; 0 when the file has none */
    uint8_t half_stars; /* 1 … 10 */
};

/* Verdicts of csv.h, and these. */
enum {
    RATINGS_OK = CSV_OK,
    RATINGS_BAD_USER = CSV_N_VERDICTS,
    RATINGS_BAD_MOVIE,
    RATINGS_BAD_RATING,
    RATINGS_BAD_TIME,
    RATINGS_REPEATED,
    RATINGS_TOO_MANY, /* over RATINGS_PER_USER films of one user */
    RATINGS_N_VERDICTS
};

enum { RATINGS_PER_USER = 1 << 20 };

struct ratings_row {
    struct rating rating; /* when verdict is RATINGS_OK */
    uint64_t line;        /* physical, from 1 */
    int verdict;
    const char *reason; /* "" for RATINGS_OK; valid until the next row */
};

struct ratings_reader;

/* ERR_NOT_FOUND, ERR_IO, ERR_NOMEM; ERR_INVALID: empty, or neither of the two formats. */
MUST_USE enum err ratings_open(struct ratings_reader **out, const char *path, struct fail *why);
/* Safe on NULL. */
void ratings_close(struct ratings_reader *r);
/* False at the end or after a failure, which ratings_end tells apart. */
bool ratings_next(struct ratings_reader *r, struct ratings_row *row);
MUST_USE enum err ratings_end(const struct ratings_reader *r, struct fail *why);

/* A few words for a verdict, for summaries. */
const char *ratings_verdict_name(int verdict);
/* Bytes of the file read so far and in all (0 unknown). */
void ratings_position(const struct ratings_reader *r, uint64_t *done, uint64_t *total);

#endif
