#include "findings/findings.h"

#include <math.h>

#include "findings/words.h"
#include "store/experiment_outcome.h"

enum { WEEK = 7 * 86400, DAY = 86400 };

struct reading {
    struct findings *f;
    int64_t now, first, of_week;
    struct experiment_outcomes outcomes;
    struct moments own[EXPERIMENT_VARIANTS];
    struct moments control[EXPERIMENT_VARIANTS]; /* whom each variant is compared with */
};

const char *findings_verdict_name(enum difference_verdict verdict)
{
    static const char *const names[] = {"too early", "open", "better", "worse"};
    return names[verdict];
}

static bool while_it_ran(const struct experiment_variant *v, int64_t at)
{
    return v->stopped_at == 0 || at < v->stopped_at;
}

static void add(struct reading *r, const struct experiment_outcome *o)
{
    const struct experiment *e = &r->f->experiment;
    double past[MOMENTS_COVARIATES] = {o->events_before > 0, log1p((double)o->goals_before)};
    r->f->bots += o->bot;
    if (o->bot || o->position < 0 || o->position >= (int64_t)e->n)
        return;
    r->f->visitors++;
    r->f->converted += o->converted;
    r->of_week += o->first_at > r->now - WEEK;
    r->first = r->first == 0 || o->first_at < r->first ? o->first_at : r->first;
    if (while_it_ran(&e->variants[o->position], o->first_at))
        moments_add(&r->own[o->position], o->propensity, o->converted, past);
    for (size_t i = 1; o->position == 0 && i < e->n; i++)
        if (while_it_ran(&e->variants[i], o->first_at))
            moments_add(&r->control[i], o->propensity, o->converted, past);
}

static enum err read_all(struct db *db, struct reading *r, struct fail *why)
{
    struct experiment_outcomes *o = &r->outcomes;
    enum err rc;
    o->experiment = &r->f->experiment;
    o->goal = r->f->goal;
    do {
        rc = experiment_outcome_page(db, o, why);
        for (size_t i = 0; rc == ERR_OK && i < o->n; i++)
            add(r, &o->page[i]);
    } while (rc == ERR_OK && o->n == EXPERIMENT_OUTCOME_PAGE);
    return rc;
}

static void compare(struct reading *r, size_t i)
{
    static const double outcome[MOMENTS_WIDTH] = {0, 1};
    struct findings *f = r->f;
    struct findings_variant *v = &f->variants[i];
    v->visitors = r->own[i].n;
    v->converted = r->own[i].events;
    v->rate = moments_mean(&r->own[i], outcome);
    v->expected = r->outcomes.expected[i];
    if (i == 0)
        return;
    v->plain = v->cuped = difference_of(&r->control[i], &r->own[i], f->alpha);
    v->kept = 1;
    v->has_past = difference_cuped(&r->control[i], &r->own[i], f->alpha, &v->cuped, &v->kept);
    v->lift = FINDINGS_LIFT * v->plain.control;
    int64_t both = r->control[i].n + r->own[i].n;
    v->needed = difference_people(&v->cuped, both, v->lift, f->alpha) * (double)f->visitors /
                (double)(both > 0 ? both : 1);
}

static void conclude(struct reading *r)
{
    struct findings *f = r->f;
    const struct experiment *e = &f->experiment;
    double counts[EXPERIMENT_VARIANTS], days = (double)(r->now - r->first) / DAY;
    for (size_t i = 0; i < e->n; i++) {
        compare(r, i);
        counts[i] = (double)f->variants[i].visitors;
    }
    f->ratio = ratio_check(counts, r->outcomes.expected, e->n);
    if (e->stopped_at == 0 && r->of_week > 0)
        f->per_day = (double)r->of_week / fmin(7, fmax(days, 1));
    for (size_t i = 1; i < e->n; i++)
        words_of_variant(f, i);
    words_of_experiment(f);
}

enum err findings_read(struct db *db, const struct findings_ask *ask, struct arena *a, struct findings *out,
                       struct fail *why)
{
    struct reading *r = arena_alloc(a, sizeof *r);
    *out = (struct findings){0};
    if (r == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    r->f = out;
    r->now = ask->now;
    enum err rc = experiment_find(db, ask->name, a, &out->experiment, why);
    if (rc == ERR_OK)
        rc = experiment_goal_find(ask->goal != NULL ? ask->goal : out->experiment.goal, &out->goal, why);
    if (rc != ERR_OK)
        return rc;
    out->alpha = FINDINGS_ALPHA / (double)(out->experiment.n > 2 ? out->experiment.n - 1 : 1);
    rc = db_begin(db, why);
    if (rc == ERR_OK)
        rc = read_all(db, r, why);
    db_rollback(db); /* nothing was written */
    if (rc == ERR_OK)
        conclude(r);
    return rc;
}
