/* The options of every command that reads files of ratings: what their numbers mean, how much may be wrong.
 */
#ifndef MVTI_JOBS_RATINGS_OPTIONS_H
#define MVTI_JOBS_RATINGS_OPTIONS_H

#include "data/ratings_reader.h"
#include "job.h"

struct ratings_options {
    const char *scale, *like_at, *encoding;
    double tolerate;
};

enum { RATINGS_OPTIONS = 4 };

/* Writes their rows into rows[RATINGS_OPTIONS]; o holds the defaults. */
void ratings_options_rows(struct ratings_options *o, struct job_option *rows);
/* After job_options. ERR_INVALID with a sentence that names the option. */
MUST_USE enum err ratings_options_read(const struct ratings_options *o, struct ratings_rules *out,
                                       struct fail *why);

#endif
