/* What became of the results that variants made, by day (sql/migrations/0051). */
#ifndef MVTI_STORE_EXPERIMENT_DAY_H
#define MVTI_STORE_EXPERIMENT_DAY_H

#include "store/experiment.h"

struct experiment_tally {
    int64_t tests;
    int64_t liked;   /* with a like of a character in the result, not taken back */
    int64_t engaged; /* with such a like, or a click in it */
    int64_t down;    /* with a thumb down */
};

/* Counts the tests of today and yesterday (UTC) of all experiments anew; earlier days stay what they were. Cost: those tests. */
MUST_USE enum err experiment_day_count(struct db *db, struct fail *why);
/* All days of an experiment together; out[e->n]. */
MUST_USE enum err experiment_day_sum(struct db *db, const struct experiment *e, struct experiment_tally *out,
                                     struct fail *why);

enum { EXPERIMENT_DAYS_MOST = 400 * EXPERIMENT_VARIANTS };

struct experiment_day {
    char day[11]; /* "2026-11-30", UTC */
    int64_t position;
    struct experiment_tally tally;
};
struct experiment_days {
    struct experiment_day *items; /* [n], newest day first, in the arena */
    size_t n;
};

/* The days of an experiment by variant, at most EXPERIMENT_DAYS_MOST rows. */
MUST_USE enum err experiment_day_list(struct db *db, const struct experiment *e, struct arena *a,
                                      struct experiment_days *out, struct fail *why);

#endif
