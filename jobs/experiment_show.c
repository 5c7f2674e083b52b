#include "experiment_show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "store/experiment.h"
#include "table.h"

enum { TIME = 32, CHANGES = 10 };

static const char *time_text(char out[TIME], int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    if (seconds == 0 || strftime(out, TIME, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm)) == 0)
        snprintf(out, TIME, "-");
    return out;
}

int experiment_show_all(struct job *job)
{
    static const char *const heads[] = {"name",    "state", "layer", "kind",   "variants",
                                        "traffic", "start", "end",   "stopped"};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct experiment *all;
    struct table t;
    struct fail why = {0};
    char when[TIME];
    size_t n;
    enum err rc = experiment_list(job->db, false, &job->arena, &all, &n, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (n == 0) {
        job_say(job, "there is no experiment; mvti experiment apply FILE makes one (docs/experiments.md)");
        return JOB_OK;
    }
    table_start(&t, job, HEADS);
    for (size_t i = 0; i < HEADS; i++)
        table_text(&t, heads[i]);
    for (size_t i = 0; i < n; i++) {
        const struct experiment *e = &all[i];
        table_text(&t, e->name);
        table_text(&t, e->state);
        table_text(&t, e->layer);
        table_text(&t, e->kind);
        table_real(&t, (double)e->n, 0);
        table_real(&t, 100 * e->traffic, 2);
        table_text(&t, time_text(when, e->starts_at != 0 ? e->starts_at : e->started_at));
        table_text(&t, time_text(when, e->ends_at));
        table_text(&t, e->stop_reason != NULL ? e->stop_reason : "");
    }
    table_say(&t);
    return JOB_OK;
}

static void say_head(struct job *job, const struct experiment *e)
{
    char a[TIME], b[TIME];
    job_say(job, "name     %s", e->name);
    job_say(job, "state    %s%s%s", e->state, e->stop_reason != NULL ? ": " : "",
            e->stop_reason != NULL ? e->stop_reason : "");
    job_say(job, "layer    %s, %g %% of its visitors", e->layer, 100 * e->traffic);
    if (e->slots > 0)
        job_say(job, "slots    %lld to %lld of %d", (long long)e->slot_from,
                (long long)(e->slot_from + e->slots - 1), EXPERIMENT_SLOTS);
    job_say(job, "kind     %s, goal %s, salt %s", e->kind, e->goal, e->salt);
    if (strcmp(e->kind, "bandit") == 0)
        job_say(job, "bandit   floor %g, weights move after %lld tests of each variant", e->floor,
                (long long)e->min_views);
    job_say(job, "planned  %s to %s", time_text(a, e->starts_at), time_text(b, e->ends_at));
    job_say(job, "started  %s, stopped %s", time_text(a, e->started_at), time_text(b, e->stopped_at));
    if (e->guard_alpha > 0)
        job_say(job, "guard    likes %g %% lower or thumbs down %g points more, alpha %g, after %lld tests",
                100 * e->guard_like, 100 * e->guard_down, e->guard_alpha, (long long)e->guard_tests);
    else
        job_say(job, "guard    none");
}

static void say_variants(struct job *job, const struct experiment *e, const struct experiment_counts *counts)
{
    static const char *const heads[] = {"variant", "share", "weight",      "visitors", "given",
                                        "first",   "tests", "mean chance", "explored", "settings"};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct table t;
    char when[TIME];
    table_start(&t, job, HEADS);
    for (size_t i = 0; i < HEADS; i++)
        table_text(&t, heads[i]);
    for (size_t i = 0; i < e->n; i++) {
        const struct experiment_variant *v = &e->variants[i];
        const struct experiment_counts *c = &counts[i];
        table_text(&t, v->name);
        table_real(&t, v->share, 4);
        table_real(&t, v->weight, 4);
        table_real(&t, (double)c->visitors, 0);
        table_real(&t, c->visitors > 0 ? c->given : NAN, 4);
        table_text(&t, time_text(when, c->first_at));
        table_real(&t, (double)c->tests, 0);
        table_real(&t, c->tests > 0 ? c->chance : NAN, 4);
        table_real(&t, (double)c->explored, 0);
        table_text(&t, v->stop_reason != NULL ? v->stop_reason : v->settings);
    }
    table_say(&t);
}

static enum err say_history(struct job *job, const struct experiment *e, struct fail *why)
{
    struct experiment_history h = {.most = CHANGES};
    struct table t;
    char when[TIME];
    enum err rc = experiment_history(job->db, e, &job->arena, &h, why);
    if (rc != ERR_OK || h.n == 0)
        return rc;
    table_start(&t, job, 1 + e->n);
    table_text(&t, "weights since");
    for (size_t i = 0; i < e->n; i++)
        table_text(&t, e->variants[i].name);
    for (size_t k = 0; k < h.n; k++) {
        table_text(&t, time_text(when, h.items[k].since));
        for (size_t i = 0; i < e->n; i++)
            table_real(&t, h.items[k].weights[i], 4);
    }
    table_say(&t);
    return ERR_OK;
}

int experiment_show_one(struct job *job, const char *name)
{
    struct experiment e;
    struct experiment_counts counts[EXPERIMENT_VARIANTS];
    struct fail why = {0};
    enum err rc = experiment_find(job->db, name, &job->arena, &e, &why);
    if (rc == ERR_OK)
        rc = experiment_count(job->db, &e, counts, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    say_head(job, &e);
    say_variants(job, &e, counts);
    rc = say_history(job, &e, &why);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}
