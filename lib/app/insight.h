/* Sections of the owner's console that only read: lists, runs, housekeeping. */
#ifndef MVTI_APP_INSIGHT_H
#define MVTI_APP_INSIGHT_H

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
};
/* ERR_NOT_FOUND. */
MUST_USE enum err insight_run(struct db *db, int64_t run_id, struct arena *a, struct insight_run *out,
                              struct fail *why);
/* As housekeeping_read. */
MUST_USE enum err insight_system(struct db *db, struct arena *a, struct housekeeping *out, struct fail *why);

#endif
