/* The owner's console: what is tried with visitors, and what it has found (findings/findings.h). */
#include "app/insight.h"
#include "base/clock.h"
#include "findings/findings_json.h"
#include "input.h"
#include "view.h"

static void time_or_null(struct exchange *p, const char *name, int64_t seconds)
{
    if (seconds > 0)
        view_time(p, name, seconds);
    else
        json_out_null_of(&p->out, name);
}

static void text_or_null(struct exchange *p, const char *name, const char *text)
{
    if (text != NULL)
        json_out_text_of(&p->out, name, text);
    else
        json_out_null_of(&p->out, name);
}

static void put_tally(struct exchange *p, const struct experiment_tally *t)
{
    json_out_int_of(&p->out, "tests", t->tests);
    json_out_int_of(&p->out, "liked", t->liked);
    json_out_int_of(&p->out, "engaged", t->engaged);
    json_out_int_of(&p->out, "down", t->down);
}

static void put_variant(struct exchange *p, const struct insight_trial *t, size_t i)
{
    const struct experiment_variant *v = &t->experiment.variants[i];
    json_out_map(&p->out);
    json_out_text_of(&p->out, "name", v->name);
    json_out_real_of(&p->out, "share", v->share, 6);
    json_out_real_of(&p->out, "weight", v->weight, 6);
    json_out_text_of(&p->out, "settings", v->settings);
    time_or_null(p, "stopped", v->stopped_at);
    text_or_null(p, "stop_reason", v->stop_reason);
    view_saying(p, v->stop_reason);
    put_tally(p, &t->tallies[i]);
    json_out_end(&p->out);
}

static void put_trial(struct exchange *p, const struct insight_trial *t)
{
    const struct experiment *e = &t->experiment;
    json_out_int_of(&p->out, "id", e->id);
    json_out_text_of(&p->out, "name", e->name);
    json_out_text_of(&p->out, "state", e->state);
    json_out_text_of(&p->out, "kind", e->kind);
    json_out_text_of(&p->out, "layer", e->layer);
    json_out_text_of(&p->out, "goal", e->goal);
    json_out_real_of(&p->out, "traffic", e->traffic, 6);
    json_out_bool_of(&p->out, "served", experiments_served(&p->site->serving.experiments, e->id));
    time_or_null(p, "starts", e->starts_at);
    time_or_null(p, "ends", e->ends_at);
    time_or_null(p, "started", e->started_at);
    time_or_null(p, "stopped", e->stopped_at);
    text_or_null(p, "stop_reason", e->stop_reason);
    view_saying(p, e->stop_reason);
    json_out_name(&p->out, "variants");
    json_out_list(&p->out);
    for (size_t i = 0; i < e->n; i++)
        put_variant(p, t, i);
    json_out_end(&p->out);
}

enum err api_admin_experiments(struct exchange *p)
{
    struct insight_trials all;
    enum err rc = insight_trials(p->site->db, p->arena, &all, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    view_items(p);
    for (size_t i = 0; i < all.n; i++) {
        json_out_map(&p->out);
        put_trial(p, &all.items[i]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

static void put_course(struct exchange *p, const struct experiment *e, const struct insight_course *c)
{
    json_out_name(&p->out, "days");
    json_out_list(&p->out);
    for (size_t i = 0; i < c->days.n; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "day", c->days.items[i].day);
        json_out_int_of(&p->out, "position", c->days.items[i].position);
        put_tally(p, &c->days.items[i].tally);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_name(&p->out, "weights");
    json_out_list(&p->out);
    for (size_t k = 0; k < c->weights.n; k++) {
        json_out_map(&p->out);
        view_time(p, "since", c->weights.items[k].since);
        json_out_name(&p->out, "weights");
        json_out_list(&p->out);
        for (size_t i = 0; i < e->n; i++)
            json_out_real(&p->out, c->weights.items[k].weights[i], 6);
        json_out_end(&p->out);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

/* The report's own goal is the experiment's: looking through the others until one says yes is no proof (docs/experiments-report.md). */
enum err api_admin_experiments_one(struct exchange *p)
{
    struct insight_trial t;
    struct insight_course course;
    struct findings *f = arena_alloc(p->arena, sizeof *f);
    if (f == NULL)
        return ERR_NOMEM;
    enum err rc = insight_trial(p->site->db, p->id, p->arena, &t, &p->why);
    if (rc == ERR_NOT_FOUND)
        return problem_set(&p->problem, rc, "%s", p->why.text);
    if (rc == ERR_OK)
        rc = insight_course(p->site->db, &t.experiment, p->arena, &course, &p->why);
    const struct findings_ask ask = {.name = t.experiment.name, .now = clock_wall()};
    if (rc == ERR_OK)
        rc = findings_read(p->site->db, &ask, p->arena, f, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    put_trial(p, &t);
    put_course(p, &t.experiment, &course);
    json_out_name(&p->out, "report");
    findings_json_write(&p->out, f);
    json_out_end(&p->out);
    return ERR_OK;
}
