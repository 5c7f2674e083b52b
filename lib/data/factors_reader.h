/* Files of item factors that were trained elsewhere, film by film, checked:
 *   CSV or TSV    a header row names the columns (base/csv.h): movie_id (movieId, item_id, id), and every other one is a factor, in the order of
 *                 the file; at most CSV_COLUMNS_MAX − 1 of them
 *   .npy          [films × factors] (data/npy.h), and beside it a file of their ids in the same order: a .npy of integers, or a text with one
 *                 a line
 * A film's id is a whole number 0 … 2³¹−1; a factor is finite and at most FACTORS_READER_LARGEST. A rejected row costs itself only; that a film
 * comes twice is for the caller. */
#ifndef MVTI_DATA_FACTORS_READER_H
#define MVTI_DATA_FACTORS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { FACTORS_READER_MOST = 256 }; /* factors of a film: FACTORS_MAX of model/factors.h */
#define FACTORS_READER_LARGEST 1e6  /* a product of two films' factors stays far below MODEL_LARGEST */

struct factors_row {
    int32_t film;
    const float *factors; /* [factors_reader_width]; NULL: rejected; good until the next row */
    uint64_t line;        /* of the CSV file; of an array the row, from 1 */
    const char *reason;   /* why it is rejected, with the column; "" for a good one */
};

struct factors_reader;

/* ids: the file of ids of a .npy, else NULL. ERR_NOT_FOUND, ERR_IO, ERR_NOMEM; ERR_INVALID: neither format, no id or no factors, too many,
 * not as many ids as rows. factors_reader_close it. */
MUST_USE enum err factors_reader_open(struct factors_reader **out, const char *path, const char *ids,
                                      struct fail *why);
/* Safe on NULL. */
void factors_reader_close(struct factors_reader *r);
/* Factors of a film. */
size_t factors_reader_width(const struct factors_reader *r);
/* "line" or "row", which `line` counts. */
const char *factors_reader_unit(const struct factors_reader *r);
/* False at the end or after a failure, which factors_reader_end tells apart. */
bool factors_reader_next(struct factors_reader *r, struct factors_row *row);
MUST_USE enum err factors_reader_end(const struct factors_reader *r, struct fail *why);
/* Bytes or rows read so far and in all (0 unknown), for progress. */
void factors_reader_position(const struct factors_reader *r, uint64_t *done, uint64_t *total);

#endif
