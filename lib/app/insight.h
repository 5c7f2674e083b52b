/* Sections of the owner's console that only read: lists, runs, experiments, housekeeping. */
#ifndef MVTI_APP_INSIGHT_H
#define MVTI_APP_INSIGHT_H

#include "store/experiment_day.h"
#include "store/housekeeping.h"
#include "store/list_figures.h"
#include "store/run_history.h"

struct insight_lists {
    struct list_figures by[LIST_FIGURES_KINDS];
};
/* As list_figures_read. */
MUST_USE enum err insight_lists(struct db *db, int64_t days, struct arena *a, struct insight_lists *out,
                                struct fail *why);
/* As run_history_list. */
MUST_USE enum err insight_runs(struct db *db, const char *model, struct arena *a, struct run_summaries *out,
                               struct fail *why);
struct insight_run {
    struct run_summary run;
    struct run_values values;
    struct run_points points;
};
/* ERR_NOT_FOUND. */
MUST_USE enum err insight_run(struct db *db, int64_t run_id, struct arena *a, struct insight_run *out,
                              struct fail *why);
enum { INSIGHT_EXPERIMENTS = 100, INSIGHT_HOURS = 24 * 60 };

/* An experiment and what became of each variant's results, by position. */
struct insight_trial {
    struct experiment experiment;
    struct experiment_tally tallies[EXPERIMENT_VARIANTS];
};
struct insight_trials {
    struct insight_trial *items; /* [n], newest first, in the arena */
    size_t n;
};
/* The newest INSIGHT_EXPERIMENTS. */
MUST_USE enum err insight_trials(struct db *db, struct arena *a, struct insight_trials *out,
                                 struct fail *why);

struct insight_course {
    struct experiment_days days;
    struct experiment_history weights; /* the last INSIGHT_HOURS in which they changed */
};
/* One by its number. ERR_NOT_FOUND. */
MUST_USE enum err insight_trial(struct db *db, int64_t id, struct arena *a, struct insight_trial *out,
                                struct fail *why);
/* How it has gone from day to day. */
MUST_USE enum err insight_course(struct db *db, const struct experiment *e, struct arena *a,
                                 struct insight_course *out, struct fail *why);
/* As housekeeping_read. */
MUST_USE enum err insight_system(struct db *db, struct arena *a, struct housekeeping *out, struct fail *why);

#endif
