/* What `mvti evaluate` says of the models it measured: JSON, or a table for people. */
#ifndef MVTI_JOBS_EVALUATE_REPORT_H
#define MVTI_JOBS_EVALUATE_REPORT_H

#include "base/vec.h"
#include "benchmark_options.h"
#include "job.h"
#include "train/trial.h"

/* One model's figures, over one or several seeds. Zero-initialised is empty. */
struct evaluate_row {
    const struct trainer *trainer;
    double value[TRAINER_MAX_SETTINGS]; /* the last seed's settings */
    double sum[METRIC_MAX_CUTS][METRIC_KINDS], square[METRIC_MAX_CUTS][METRIC_KINDS]; /* over seeds */
    double variety[METRIC_MAX_CUTS][VARIETY_KINDS];                                   /* sums over seeds */
    double miscalibration[METRIC_MAX_CUTS];                                           /* the same */
    struct vec each; /* double: NDCG at the first cut-off of each person measured, seed by seed */
    double train_seconds, score_seconds; /* sums over seeds */
    size_t n_seeds, n_users;             /* n_users: the last seed's */
};

/* Of the whole run; counts are the last seed's. */
struct evaluate_head {
    const struct benchmark_options *options;
    const int *k; /* [n_cuts] */
    size_t n_cuts;
    size_t n_items, n_train, n_test;
    long cut_items;          /* --items, 0 for all */
    bool recall_min, genres; /* genres: miscalibration is known */
    const struct evaluate_row
        *first; /* the model that the others are compared with; NULL: there is one only */
};

/* each[n]: of the people of this seed, NAN for those who were not measured. False when memory is out. */
MUST_USE bool evaluate_report_add(struct evaluate_row *row, const struct trial_result *r, size_t n_cuts,
                                  const double *each, size_t n);
/* One model as JSON, on one line or a line a member. False when memory is out. */
MUST_USE bool evaluate_report_json(struct job *job, const struct evaluate_head *h,
                                   const struct evaluate_row *row, bool one_line);
/* A table a cut-off, a line a model; rows without a seed are left out. */
void evaluate_report_table(struct job *job, const struct evaluate_head *h, const struct evaluate_row *rows,
                           size_t n);

#endif
