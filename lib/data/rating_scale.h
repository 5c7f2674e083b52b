/* What the numbers of a ratings file mean, and from which one on a film is liked.
 *
 * A value is a number in units of 1/10000 (RATING_ONE is 1), cut to four decimals: 4.5 is 45000. Every scale
 * is read as it is written; a like is what reaches `threshold` of 5 stars (data/dataset.h: 3.5), that is
 * threshold × top / 5: 7 of 10, 70 of 100. Thumbs, lists of likes, and files whose person says where a like
 * begins (like_at) have likes of their own, which no threshold changes.
 *
 * Nobody said what the scale is: then it is 0.5 … 5 stars, and the whole file must look like it. A wrong
 * guess would be trained on every night, so a file of which this cannot be said is refused, with what it
 * looks like and with the option that reads it. The rules stand with the sentences in rating_scale.c. */
#ifndef MVTI_DATA_RATING_SCALE_H
#define MVTI_DATA_RATING_SCALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { RATING_ONE = 10000, RATING_MOST = 200000 * RATING_ONE, RATING_CODES = 256, RATING_HALF_STARS = 10 };

enum scale_kind {
    SCALE_GUESS,  /* nobody said: 0.5 … 5, judged */
    SCALE_TOP,    /* 0 … top */
    SCALE_THUMBS, /* 1 up; 0 and −1 not */
    SCALE_LIKES,  /* every row is a like; a rating, if there is one, is the same in all rows */
    SCALE_ANY     /* any number: like_at is given, or every row counts */
};

struct rating_scale {
    enum scale_kind kind;
    int32_t top; /* of SCALE_TOP */
    bool has_like_at;
    int32_t like_at; /* least value that is a like */
};

/* From what a person wrote, NULL for nothing: scale "thumbs", "likes" or the top of the scale such as "10";
 * like_at a number in the file's own units. ERR_INVALID. */
MUST_USE enum err rating_scale_read(struct rating_scale *out, const char *scale, const char *like_at,
                                    struct fail *why);
/* Has it likes of its own, or does the dataset's threshold choose? */
bool rating_scale_is_own(const struct rating_scale *s);
/* The value that 5 stars are, of a scale that is not its own. */
int32_t rating_scale_top(const struct rating_scale *s);
/* The least value that is a like at threshold of 5 stars; a threshold of 0 takes every row. */
int32_t rating_scale_least(const struct rating_scale *s, double threshold);
/* The same where 5 stars are `top`. */
int32_t rating_scale_least_of(int32_t top, double threshold);
/* Can a rating of this scale have this value? */
bool rating_scale_holds(const struct rating_scale *s, int32_t value);

/* The different values of a file, each with a code, and what else the judgement needs. Codes 1 … 10 are half
 * stars from the start, others follow in order of appearance. Zero-initialised is valid and empty. */
struct rating_values {
    int32_t value[RATING_CODES];     /* by code; rating_values_table fills in the half stars */
    uint64_t count[RATING_CODES];    /* [0]: rows with a value that found no code any more */
    unsigned n_more;                 /* codes given out beyond the half stars */
    uint8_t slots[2 * RATING_CODES]; /* open addressing: code, 0 is free */
    uint64_t n_below, n_zero, n_small, n_above_5, n_above_10,
        n_above_100; /* of values that are no half star */
    uint64_t n_minus_one;
    int32_t least, most; /* of values that are no half star, if there are any */
};

/* Counts a value; its code, 0 when all codes are taken. */
unsigned rating_values_add(struct rating_values *v, int32_t value);
/* The values by code. */
void rating_values_table(const struct rating_values *v, int32_t out[RATING_CODES]);

/* Does the file look like its scale? Values is all numbers in it, whether the scale holds them or not;
 * tolerate the share of rows, in percent, that may be wrong. ERR_INVALID: what it looks like, and what to
 * say. */
MUST_USE enum err rating_scale_judge(const struct rating_scale *s, const struct rating_values *v,
                                     double tolerate, const char *path, struct fail *why);

/* "4.5", into out. */
enum { RATING_TEXT = 24 };
const char *rating_scale_text(int32_t value, char out[RATING_TEXT]);
/* "1,234", into out. */
const char *rating_scale_count_text(uint64_t n, char out[32]);

#endif
