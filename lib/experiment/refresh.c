#include "experiment/refresh.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/saying.h"
#include "experiment/bandit.h"
#include "experiment/experiment_file.h"
#include "experiment/guard.h"
#include "store/experiment_day.h"

enum { MOST_STOPS = 64 };

struct refreshing {
    struct db *db;
    struct arena *arena;
    int64_t now;
    struct refresh_result *out;
    struct fail *why;
};

static enum err note(struct refreshing *r, const char *sentence)
{
    if (sentence == NULL)
        return fail_set(r->why, ERR_NOMEM, "out of memory");
    if (r->out->n_stops < MOST_STOPS)
        r->out->stops[r->out->n_stops++] = sentence;
    return ERR_OK;
}

static enum err stop(struct refreshing *r, struct experiment *e, const char *reason)
{
    e->stopped_at = r->now;
    enum err rc = experiment_stop(r->db, e->id, reason, r->why);
    return rc == ERR_OK ? note(r, arena_printf(r->arena, "%s is stopped: %s", e->name, reason)) : rc;
}

static const char *reason_of(struct refreshing *r, enum guard_verdict verdict,
                             const struct experiment_tally *c, const struct experiment_tally *v)
{
    if (verdict == GUARD_LIKES)
        return arena_printf(r->arena, SAYING_GUARD_LIKES, (long long)v->liked, (long long)v->tests,
                            (long long)c->liked, (long long)c->tests);
    return arena_printf(r->arena, SAYING_GUARD_DOWN, (long long)v->down, (long long)v->tests,
                        (long long)c->down, (long long)c->tests);
}

static enum err stop_variant(struct refreshing *r, struct experiment *e, size_t i, const char *reason)
{
    if (reason == NULL)
        return fail_set(r->why, ERR_NOMEM, "out of memory");
    e->variants[i].stopped_at = r->now;
    enum err rc = experiment_stop_variant(r->db, e->id, i, reason, r->why);
    return rc == ERR_OK ? note(r, arena_printf(r->arena, "%s: variant %s is stopped: %s", e->name,
                                               e->variants[i].name, reason))
                        : rc;
}

/* Stops variants that are worse than bearable, and the experiment when there is nothing left to compare. */
static enum err guard(struct refreshing *r, struct experiment *e, const struct experiment_tally *t)
{
    const struct guard_rule rule = {e->guard_like, e->guard_down, e->guard_alpha, e->guard_tests};
    size_t left = 0;
    enum err rc = ERR_OK;
    for (size_t i = 1; rc == ERR_OK && i < e->n; i++) {
        struct guard_arm control = {t[0].tests, t[0].liked, t[0].down},
                         arm = {t[i].tests, t[i].liked, t[i].down};
        enum guard_verdict verdict =
            e->variants[i].stopped_at == 0 ? guard_judge(&rule, &control, &arm) : GUARD_FINE;
        if (verdict != GUARD_FINE)
            rc = stop_variant(r, e, i, reason_of(r, verdict, &t[0], &t[i]));
        left += e->variants[i].stopped_at == 0;
    }
    return rc == ERR_OK && left == 0 ? stop(r, e, SAYING_GUARDED) : rc;
}

/* The arms that still run share the weight; a stopped one has none. False: too few tests yet. */
static bool weigh(const struct experiment *e, const struct experiment_tally *t, double *weights)
{
    struct bandit_arm arms[BANDIT_ARMS];
    double found[BANDIT_ARMS];
    size_t n = 0, all = 0;
    struct rng rng;
    for (size_t i = 0; i < e->n; i++) {
        if (e->variants[i].stopped_at == 0 && t[i].tests < e->min_views)
            return false;
        if (e->variants[i].stopped_at == 0)
            arms[n++] = (struct bandit_arm){t[i].tests, t[i].engaged};
        all += (size_t)t[i].tests;
    }
    rng_seed(&rng, (uint64_t)e->id << 32 ^ all); /* the same counts, the same weights */
    bandit_weights(arms, n, e->floor, &rng, found);
    n = 0;
    for (size_t i = 0; i < e->n; i++)
        weights[i] = e->variants[i].stopped_at == 0 ? found[n++] : 0;
    return true;
}

static enum err reweigh(struct refreshing *r, struct experiment *e, const struct experiment_tally *t)
{
    double weights[EXPERIMENT_VARIANTS], moved = 0;
    if (strcmp(e->kind, "bandit") != 0 || e->stopped_at != 0 || !weigh(e, t, weights))
        return ERR_OK;
    for (size_t i = 0; i < e->n; i++) {
        moved += fabs(weights[i] - e->variants[i].weight);
        e->variants[i].weight = weights[i];
    }
    if (moved < 1e-9)
        return ERR_OK;
    r->out->weighed++;
    return experiment_weigh(r->db, e, weights, r->why);
}

static enum err refresh_one(struct refreshing *r, struct experiment *e)
{
    struct experiment_tally t[EXPERIMENT_VARIANTS];
    if (e->ends_at != 0 && e->ends_at <= r->now)
        return stop(r, e, SAYING_ENDED);
    enum err rc = experiment_day_sum(r->db, e, t, r->why);
    if (rc == ERR_OK)
        rc = guard(r, e, t);
    if (rc == ERR_OK)
        rc = reweigh(r, e, t);
    r->out->running += e->stopped_at == 0;
    return rc;
}

struct refresh_work {
    struct refreshing *r;
    struct experiment *all;
    size_t n;
};

/* In one transaction with the lock, so that nothing is stopped or started by hand meanwhile. Run again, it begins anew. */
static enum err work(struct db *db, void *arg, struct fail *why)
{
    struct refresh_work *w = arg;
    w->r->out->n_stops = w->r->out->running = w->r->out->weighed = 0;
    w->r->why = why;
    enum err rc = experiment_lock(db, why);
    if (rc == ERR_OK)
        rc = experiment_list(db, false, w->r->arena, &w->all, &w->n, why);
    for (size_t i = 0; rc == ERR_OK && i < w->n; i++)
        if (experiment_runs(&w->all[i]))
            rc = refresh_one(w->r, &w->all[i]);
    return rc;
}

enum err refresh_run(struct db *db, const char *path, int64_t now, struct arena *a,
                     struct refresh_result *out, struct fail *why)
{
    struct refreshing r = {.db = db, .arena = a, .now = now, .out = out, .why = why};
    struct refresh_work w = {.r = &r};
    *out = (struct refresh_result){.stops = arena_array(a, MOST_STOPS, sizeof *out->stops)};
    if (out->stops == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = experiment_day_count(db, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, work, &w, why);
    if (rc != ERR_OK || (w.n == 0 && access(path, F_OK) != 0))
        return rc;
    return experiment_file_write(path, w.all, w.n, now, a, why);
}
