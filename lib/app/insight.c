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
    if (rc == ERR_OK)
        rc = run_history_values(db, run_id, a, &out->values, why);
    return rc == ERR_OK ? run_history_points(db, run_id, a, &out->points, why) : rc;
}

enum err insight_trials(struct db *db, struct arena *a, struct insight_trials *out, struct fail *why)
{
    struct experiment *all;
    enum err rc = experiment_list(db, false, a, &all, &out->n, why);
    if (rc != ERR_OK)
        return rc;
    out->n = out->n < INSIGHT_EXPERIMENTS ? out->n : INSIGHT_EXPERIMENTS;
    out->items = arena_array(a, out->n, sizeof *out->items);
    if (out->items == NULL && out->n > 0)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < out->n && rc == ERR_OK; i++) {
        out->items[i].experiment = all[i];
        rc = experiment_day_sum(db, &all[i], out->items[i].tallies, why);
    }
    return rc;
}

enum err insight_trial(struct db *db, int64_t id, struct arena *a, struct insight_trial *out,
                       struct fail *why)
{
    enum err rc = experiment_find_id(db, id, a, &out->experiment, why);
    return rc == ERR_OK ? experiment_day_sum(db, &out->experiment, out->tallies, why) : rc;
}

enum err insight_course(struct db *db, const struct experiment *e, struct arena *a,
                        struct insight_course *out, struct fail *why)
{
    enum err rc = experiment_day_list(db, e, a, &out->days, why);
    out->weights = (struct experiment_history){.most = INSIGHT_HOURS, .hourly = true};
    return rc == ERR_OK ? experiment_history(db, e, a, &out->weights, why) : rc;
}

enum err insight_system(struct db *db, struct arena *a, struct housekeeping *out, struct fail *why)
{
    return housekeeping_read(db, a, out, why);
}
