/* The owner's console: lists, runs, and the state of tables and jobs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/insight.h"
#include "input.h"
#include "view.h"

enum { DAYS = 7, DAYS_MOST = 90 };

static void time_or_null(struct exchange *p, const char *name, int64_t seconds)
{
    if (seconds > 0)
        view_time(p, name, seconds);
    else
        json_out_null_of(&p->out, name);
}

static void put_figure(struct exchange *p, const struct list_figure *f, enum list_figures_by by)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "list", f->list);
    if (by == LIST_FIGURES_POSITION)
        json_out_int_of(&p->out, "position", f->position);
    if (by == LIST_FIGURES_SNAPSHOT)
        json_out_text_of(&p->out, "snapshot", f->by);
    if (by == LIST_FIGURES_RANKER)
        json_out_text_of(&p->out, "ranker", f->by);
    if (by == LIST_FIGURES_VARIANT) {
        json_out_int_of(&p->out, "experiment_id", f->experiment_id);
        json_out_text_of(&p->out, "experiment", f->experiment);
        json_out_text_of(&p->out, "variant", f->by);
    }
    json_out_int_of(&p->out, "impressions", f->impressions);
    json_out_int_of(&p->out, "clicks", f->clicks);
    json_out_int_of(&p->out, "likes", f->likes);
    if (by < LIST_FIGURES_RANKER)
        json_out_int_of(&p->out, "chosen", f->chosen);
    json_out_end(&p->out);
}

/* days=: 1 to DAYS_MOST. */
static enum err read_days(struct exchange *p, int64_t *days)
{
    const char *text = form_get(&p->query, "days");
    *days = DAYS;
    if (text == NULL || form_whole(text, 1, DAYS_MOST, days))
        return ERR_OK;
    return problem_field(&p->problem, "days", "must be a whole number from 1 to %d", DAYS_MOST);
}

enum err api_admin_insight_lists(struct exchange *p)
{
    static const char *const names[LIST_FIGURES_KINDS] = {"lists", "positions", "snapshots", "rankers",
                                                          "variants"};
    struct insight_lists all;
    int64_t days;
    enum err rc = read_days(p, &days);
    if (rc != ERR_OK)
        return rc;
    rc = insight_lists(p->site->db, days, p->arena, &all, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_int_of(&p->out, "days", days);
    for (enum list_figures_by by = 0; by < LIST_FIGURES_KINDS; by++) {
        json_out_name(&p->out, names[by]);
        json_out_list(&p->out);
        for (size_t i = 0; i < all.by[by].n; i++)
            put_figure(p, &all.by[by].items[i], by);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    return ERR_OK;
}

static void put_run_members(struct exchange *p, const struct run_summary *r)
{
    json_out_int_of(&p->out, "id", r->run_id);
    view_time(p, "started", r->started);
    time_or_null(p, "ended", r->ended);
    json_out_real_of(&p->out, "seconds", r->seconds, 1);
    json_out_text_of(&p->out, "command", r->command);
    json_out_text_of(&p->out, "model", r->model);
    json_out_text_of(&p->out, "dataset", r->dataset);
    json_out_text_of(&p->out, "status", r->status);
    json_out_text_of(&p->out, "snapshot", r->snapshot);
    json_out_real_of(&p->out, "ndcg", r->ndcg, 5);
    json_out_real_of(&p->out, "recall", r->recall, 5);
    json_out_real_of(&p->out, "hit", r->hit, 5);
}

enum err api_admin_insight_runs(struct exchange *p)
{
    const char *model = form_get(&p->query, "model");
    struct run_summaries runs;
    enum err rc = insight_runs(p->site->db, model != NULL ? model : "", p->arena, &runs, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    view_items(p);
    for (size_t i = 0; i < runs.n; i++) {
        json_out_map(&p->out);
        put_run_members(p, &runs.items[i]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

static void put_value(struct exchange *p, const struct run_value *v)
{
    json_out_map(&p->out);
    json_out_text_of(&p->out, "kind", v->kind);
    json_out_text_of(&p->out, "name", v->name);
    if (v->word != NULL)
        json_out_text_of(&p->out, "value", v->word);
    else
        json_out_real_of(&p->out, "value", v->value, 6);
    json_out_end(&p->out);
}

/* A list of [step, value] for each name. */
static void put_curves(struct exchange *p, const struct run_points *points)
{
    json_out_name(&p->out, "curves");
    json_out_list(&p->out);
    for (size_t i = 0; i < points->n;) {
        const char *name = points->items[i].name;
        json_out_map(&p->out);
        json_out_text_of(&p->out, "name", name);
        json_out_name(&p->out, "points");
        json_out_list(&p->out);
        for (; i < points->n && strcmp(points->items[i].name, name) == 0; i++) {
            json_out_list(&p->out);
            json_out_int(&p->out, points->items[i].step);
            json_out_real(&p->out, points->items[i].value, 6);
            json_out_end(&p->out);
        }
        json_out_end(&p->out);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

enum err api_admin_insight_run(struct exchange *p)
{
    struct insight_run one;
    enum err rc = insight_run(p->site->db, p->id, p->arena, &one, &p->why);
    if (rc == ERR_NOT_FOUND)
        return problem_set(&p->problem, rc, "there is no run %d", p->id);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    put_run_members(p, &one.run);
    json_out_name(&p->out, "values");
    json_out_list(&p->out);
    for (size_t i = 0; i < one.values.n; i++)
        put_value(p, &one.values.items[i]);
    json_out_end(&p->out);
    put_curves(p, &one.points);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_admin_insight_system(struct exchange *p)
{
    struct housekeeping h;
    enum err rc = insight_system(p->site->db, p->arena, &h, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    time_or_null(p, "trained", h.trained);
    time_or_null(p, "published", h.published);
    time_or_null(p, "counted_until", h.counted);
    time_or_null(p, "newest_event", h.newest_event);
    json_out_name(&p->out, "tables");
    json_out_list(&p->out);
    for (size_t i = 0; i < h.n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "name", h.tables[i].name);
        json_out_int_of(&p->out, "rows", h.tables[i].rows);
        json_out_int_of(&p->out, "bytes", h.tables[i].bytes);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}
