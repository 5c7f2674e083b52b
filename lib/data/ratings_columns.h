/* Where the fields of a ratings file stand, and what is between them (formats: data/ratings_reader.h). */
#ifndef MVTI_DATA_RATINGS_COLUMNS_H
#define MVTI_DATA_RATINGS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/csv.h"
#include "base/err.h"
#include "base/text_file.h"

enum ratings_column { RATINGS_USER, RATINGS_MOVIE, RATINGS_RATING, RATINGS_TIME, RATINGS_COLUMNS };

struct ratings_columns {
    int at[RATINGS_COLUMNS]; /* index in the row, −1 for none */
    size_t n;                /* fields of a row */
    char mark[3];            /* between fields */
    char point;              /* of a decimal, besides '.' */
    bool usual;              /* user, film, rating[, time] in this order and nothing else */
    bool header;             /* the line names the columns */
};

/* From the first line. *is_csv: neither MovieLens's without a header nor RecBole's: to be read as CSV, with
 * ratings_columns_of_csv. ERR_INVALID. */
MUST_USE enum err ratings_columns_of_line(struct ratings_columns *c, const struct text_line *line, bool inter,
                                          const char *path, bool *is_csv, struct fail *why);
/* From the header row; likes: no rating need be there. ERR_INVALID names what lacks. */
MUST_USE enum err ratings_columns_of_csv(struct ratings_columns *c, const struct csv *csv, bool likes,
                                         struct fail *why);

#endif
