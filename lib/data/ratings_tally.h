/* What a reader of ratings has met in a file, and what is to be said of the file as a whole: rows that were
 * rejected, and times that are none. (What its numbers mean is for data/rating_scale.h.) */
#ifndef MVTI_DATA_RATINGS_TALLY_H
#define MVTI_DATA_RATINGS_TALLY_H

#include <stdint.h>

#include "base/err.h"
#include "data/rating_time.h"
#include "data/ratings_reader.h"

/* Has a time in ISO 8601 an offset from UTC? */
enum time_offset { OFFSET_NONE /* no such time */, OFFSET_UNSAID, OFFSET_SAID, TIME_OFFSETS };

enum { RATINGS_REASON = 200 };

struct ratings_tally {
    uint64_t rows, rejected, by_verdict[RATINGS_N_VERDICTS];
    struct {
        uint64_t line;
        char reason[RATINGS_REASON];
    } first[RATINGS_N_VERDICTS]; /* rejected row of each kind */
    int64_t earliest, latest;    /* milliseconds; 0: no row had a time */
    uint64_t offsets[TIME_OFFSETS];
};

void ratings_tally_add(struct ratings_tally *t, const struct ratings_row *row, enum time_offset offset);
/* More rejected rows than `tolerate` percent, or all? ERR_INVALID names the most frequent reason. */
MUST_USE enum err ratings_tally_rejected(const struct ratings_tally *t, double tolerate, const char *path,
                                         struct fail *why);
/* Numbers that as seconds lie in 1970, all of them, and mean something else: days as spreadsheets count them,
 * dates without dashes. ERR_INVALID names what they look like. */
MUST_USE enum err ratings_tally_times(const struct ratings_tally *t, enum time_kind kind, const char *path,
                                      struct fail *why);
/* What a person should know of a file that was read, as a sentence; "" for nothing. */
const char *ratings_tally_remark(const struct ratings_tally *t, char out[RATINGS_REASON]);

#endif
