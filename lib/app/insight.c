#include "app/insight.h"

enum err insight_lists(struct db *db, int64_t days, struct arena *a, struct insight_lists *out,
                       struct fail *why)
{
    enum err rc = ERR_OK;
    for (enum list_figures_by by = 0; by < LIST_FIGURES_KINDS && rc == ERR_OK; by++)
        rc = list_figures_read(db, days, by, a, &out->by[by], why);
    return rc;
}

enum err insight_runs(struct db *db, const char *model, struct arena *a, struct run_summaries *out,
                      struct fail *why)
{
    return run_history_list(db, model, RUN_HISTORY_MOST, a, out, why);
}

enum err insight_run(struct db *db, int64_t run_id, struct arena *a, struct insight_run *out,
                     struct fail *why)
{
    enum err rc = run_history_one(db, run_id, a, &out->run, why);
    return rc == ERR_OK ? run_history_values(db, run_id, a, &out->values, why) : rc;
}

enum err insight_system(struct db *db, struct arena *a, struct housekeeping *out, struct fail *why)
{
    return housekeeping_read(db, a, out, why);
}
