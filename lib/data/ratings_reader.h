/* Files of ratings, row by row, checked, compressed or not, told apart by their first line:
 *   ratings.csv   a header row names the columns, in any order and among others: the person userId (user,
 *                 uid, reviewerID …), the film movieId (itemId, filmId …), rating (score, stars, overall),
 *                 perhaps timestamp (time, date …); spelled and separated as base/csv.h allows
 *   ratings.dat   user::movie::rating::timestamp, no header (ml-1m, ml-10m)
 *   u.data        user, film, rating and perhaps timestamp, with tabs, semicolons or commas between; no
 *                 header: the first line has numbers only (ml-100k)
 *   *.inter       RecBole's: tabs, user_id:token item_id:token rating:float timestamp:float in any order and
 *                 among others; without a rating every row is a like
 *
 * Accepted is a row whose person is any text (data/token_ids.h), whose film is a number 0 … 2³¹−1 (31.0 too;
 * any text where items have tokens), whose rating the scale holds (data/rating_scale.h) with a point or,
 * where it cannot be a separator, a comma, and whose time is one of data/rating_time.h, of one kind in the
 * whole file. Blanks around a field are none of it. That one person rated one film twice is for the caller
 * (data/newest.h).
 *
 * The last word on a file is ratings_end: its numbers must look like its scale, and no more rows than are
 * tolerated may be rejected. So nothing of a file may be kept before ratings_end was asked. */
#ifndef MVTI_DATA_RATINGS_READER_H
#define MVTI_DATA_RATINGS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/csv.h"
#include "base/err.h"
#include "data/rating_scale.h"
#include "data/token_ids.h"

struct rating {
    uint32_t user;
    int32_t movie; /* 0 … 2³¹−1; where items have tokens, the bits of their uint32_t */
    int64_t time;  /* milliseconds since 1970-01-01 UTC; 0 unknown */
    int32_t value; /* in units of data/rating_scale.h; RATING_ONE where the file has no ratings */
};

/* Verdicts of csv.h, and these. */
enum {
    RATINGS_OK = CSV_OK,
    RATINGS_BAD_USER = CSV_N_VERDICTS,
    RATINGS_BAD_MOVIE,
    RATINGS_BAD_RATING,
    RATINGS_OUTSIDE, /* a number that the scale does not hold */
    RATINGS_BAD_TIME,
    RATINGS_MIXED_TIME, /* a time of another kind than the file's first */
    RATINGS_OTHER_TOP,  /* "98%" or "8/10", and the scale is not of 100 or 10 */
    RATINGS_N_VERDICTS
};

/* More rejected rows than so many in a hundred end a file unless a person says otherwise. */
enum { RATINGS_TOLERATE = 5 };

struct ratings_rules {
    struct rating_scale scale;
    const char *encoding;    /* as base/encoding.h knows it; NULL: UTF-8 */
    double tolerate;         /* share of rejected rows that may be left out, percent; 0: none */
    bool inter;              /* RecBole's, whatever the first line looks like */
    struct token_ids *users; /* NULL: the reader's own */
    struct token_ids *items; /* NULL: films are numbers */
};

/* For MovieLens: nothing said, RATINGS_TOLERATE. */
extern const struct ratings_rules ratings_reader_plain;

struct ratings_row {
    struct rating rating; /* when verdict is RATINGS_OK */
    uint64_t line;        /* physical, from 1 */
    int verdict;
    const char *reason; /* "" for RATINGS_OK; valid until the next row */
};

struct ratings_reader;

/* ERR_NOT_FOUND, ERR_IO, ERR_NOMEM; ERR_INVALID: empty, none of the formats, or in an encoding that is not
 * that of the rules: the sentence names what it looks like. A pipe is read too, unless an encoding is given.
 * ERR_TOO_LARGE: more columns than CSV has (base/csv.h). */
MUST_USE enum err ratings_reader_open(struct ratings_reader **out, const char *path,
                                      const struct ratings_rules *rules, struct fail *why);
/* Safe on NULL. */
void ratings_reader_close(struct ratings_reader *r);
/* False at the end or after a failure, which ratings_end tells apart. */
bool ratings_reader_next(struct ratings_reader *r, struct ratings_row *row);
/* ERR_IO, ERR_NOMEM; ERR_INVALID: no rows, not the scale that it should be, more rejected than tolerated,
 * times that are no seconds. */
MUST_USE enum err ratings_reader_end(const struct ratings_reader *r, struct fail *why);
/* After the last row: is it another scale? Then rows were rejected for no fault of theirs. */
bool ratings_reader_wrong_scale(const struct ratings_reader *r);
/* Has the file times? Known from the beginning. */
bool ratings_reader_have_times(const struct ratings_reader *r);
/* The scale: the rules', or SCALE_LIKES of an .inter file without ratings. */
const struct rating_scale *ratings_reader_scale(const struct ratings_reader *r);

/* After ratings_end: what a person should know of the file, in a sentence; "" for nothing. */
enum { RATINGS_REMARK = 200 };
const char *ratings_reader_remark(const struct ratings_reader *r, char out[RATINGS_REMARK]);

/* A few words for a verdict, for summaries. */
const char *ratings_reader_verdict_name(int verdict);
/* Bytes of the file read so far and in all (0 unknown). */
void ratings_reader_position(const struct ratings_reader *r, uint64_t *done, uint64_t *total);

#endif
