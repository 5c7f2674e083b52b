/* The options of `mvti evaluate` and `mvti tune` that say what is measured on. */
#ifndef MVTI_JOBS_BENCHMARK_OPTIONS_H
#define MVTI_JOBS_BENCHMARK_OPTIONS_H

#include "job.h"
#include "ratings_options.h"
#include "train/benchmark.h"

/* As given on the command line. */
struct benchmark_options {
    struct benchmark_files files; /* benchmark_options_read completes it */
    const char *protocol, *split;
    struct ratings_options ratings;
    double threshold, valid_users;
    long min_user, given, seed;
};

enum { BENCHMARK_OPTIONS = 27 };

/* Sets the defaults and writes the rows of the options into rows[BENCHMARK_OPTIONS]; how many. */
size_t benchmark_options_rows(struct benchmark_options *b, struct job_option *rows);
/* After job_options: ERR_INVALID with a sentence that names the option. */
MUST_USE enum err benchmark_options_read(struct benchmark_options *b, struct fail *why);

/* Reads "10,20" into k, ascending from 1 to METRIC_MAX_K. ERR_INVALID. */
MUST_USE enum err benchmark_options_cuts(const char *text, int k[METRIC_MAX_CUTS], size_t *n,
                                         struct fail *why);

#endif
