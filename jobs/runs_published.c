#include "runs_published.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "json/json_out.h"
#include "store/publication.h"
#include "store/training_run.h"
#include "table.h"

enum { STEPS_MOST = 10000 }; /* decades of nights */

struct published {
    const struct publication *step;
    const char *verdict;                   /* "published", "forced", "refused", "pinned", "rolled back" */
    const struct publication_score *score; /* that decided, or of everybody; NULL: nothing was compared */
    const char *dataset;                   /* hash; "" unknown */
    int64_t run;                           /* of the model that is served; 0: unknown */
    double measured, coverage;             /* of that run: NDCG@10 and coverage@20; NaN: not known */
};

/* What the newest step that moved it says; steps are newest first. */
static bool was_rolled_back(const struct publication *steps, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (strcmp(steps[j].outcome, "live") != 0)
            continue;
        if (strcmp(steps[j].snapshot, steps[i].snapshot) == 0)
            return false;
        if (strcmp(steps[j].action, "rollback") == 0 && strcmp(steps[j].was_live, steps[i].snapshot) == 0)
            return true;
    }
    return false;
}

static const char *verdict_of(const struct publication *steps, size_t i)
{
    const struct publication *p = &steps[i];
    if (strcmp(p->outcome, "live") != 0)
        return p->outcome;
    if (was_rolled_back(steps, i))
        return "rolled back";
    return strcmp(p->decision, "worse") == 0 ? "forced"
                                             : "published"; /* what is worse goes live by force alone */
}

static const struct publication_score *score_of(const struct publication *p)
{
    const char *wanted = p->decided_by[0] != '\0' ? p->decided_by : "all";
    for (size_t i = 0; i < p->n_scores; i++)
        if (strcmp(p->scores[i].people, wanted) == 0)
            return &p->scores[i];
    return NULL;
}

/* The model that is served has no weight in itself; nor have the counts beside it. */
static const struct publication_origin *served(const struct publication_origins *o)
{
    for (size_t i = 0; i < o->n; i++)
        if (isnan(o->items[i].model.weight) && strcmp(o->items[i].model.kind, "popularity") != 0)
            return &o->items[i];
    return NULL;
}

static double metric(const struct training_run *r, const char *name)
{
    const struct training_run_value *v = training_run_find(r, RUN_METRIC, name);
    return v != NULL ? v->value : NAN;
}

static enum err trace(struct job *job, struct published *p, struct fail *why)
{
    struct publication_origins origins = {0};
    struct training_run run;
    enum err rc = publication_origins(job->db, p->step->snapshot, &job->arena, &origins, why);
    const struct publication_origin *of = rc == ERR_OK ? served(&origins) : NULL;
    p->measured = p->coverage = NAN;
    p->dataset = of != NULL ? of->model.dataset_hash : "";
    p->run = of != NULL ? of->run_id : 0;
    if (p->run == 0)
        return rc;
    rc = training_run_read(job->db, &job->arena, p->run, &run, why);
    if (rc != ERR_OK)
        return rc;
    p->measured = metric(&run, "ndcg.10");
    p->coverage = metric(&run, "coverage.20");
    return rc;
}

static bool is_shown(const struct publication *p)
{
    return strcmp(p->action, "publish") == 0 && strcmp(p->outcome, "same") != 0;
}

/* *out: [*n] in the arena. */
static enum err find(struct job *job, size_t most, struct published **out, size_t *n, struct fail *why)
{
    struct publication *steps;
    size_t n_steps;
    enum err rc = publication_list(job->db, &job->arena, STEPS_MOST, &steps, &n_steps, why);
    *n = 0;
    *out = arena_array(&job->arena, most, sizeof **out);
    if (rc == ERR_OK && *out == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; rc == ERR_OK && i < n_steps && *n < most; i++) {
        if (!is_shown(&steps[i]))
            continue;
        struct published *p = &(*out)[(*n)++];
        *p = (struct published){
            .step = &steps[i], .verdict = verdict_of(steps, i), .score = score_of(&steps[i])};
        rc = trace(job, p, why);
    }
    return rc;
}

/* ---- as a table ---- */

static void say_row(struct table *t, const struct published *p)
{
    char when[32], run[24] = "-", dataset[16];
    time_t seconds = (time_t)(p->step->decided_ms / 1000);
    struct tm tm;
    const struct publication_score *s = p->score;
    strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &tm));
    if (p->run != 0)
        snprintf(run, sizeof run, "%" PRId64, p->run);
    snprintf(dataset, sizeof dataset, "%.12s", p->dataset[0] != '\0' ? p->dataset : "-");
    const char *const words[] = {when, p->step->snapshot, p->verdict,
                                 run,  dataset,           s != NULL ? s->people : "-"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        table_text(t, words[i]);
    table_real(t, s != NULL ? (double)s->n_people : NAN, 0);
    const double figures[] = {s != NULL ? s->fresh : NAN,
                              s != NULL ? s->difference : NAN,
                              s != NULL ? s->low : NAN,
                              s != NULL ? s->high : NAN,
                              p->measured,
                              p->coverage};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        table_real(t, figures[i], 4);
}

static void say_table(struct job *job, const struct published *all, size_t n)
{
    static const char *const heads[] = {"decided (UTC)", "snapshot",    "verdict",    "run",       "dataset",
                                        "people",        "n",           "ndcg.10",    "to before", "99 % low",
                                        "99 % high",     "in training", "coverage.20"};
    struct table t;
    table_start(&t, job, sizeof heads / sizeof *heads);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_text(&t, heads[i]);
    for (size_t i = 0; i < n; i++)
        say_row(&t, &all[i]);
    table_say(&t);
}

/* ---- as JSON ---- */

static void json_real_or_null(struct json_out *w, const char *name, double x)
{
    if (isfinite(x))
        json_out_digits_of(w, name, x, 17);
    else
        json_out_null_of(w, name);
}

static void json_held_out(struct json_out *w, const struct publication_score *s)
{
    json_out_name(w, "held_out");
    if (s == NULL) {
        json_out_null(w);
        return;
    }
    json_out_map(w);
    json_out_text_of(w, "people", s->people);
    json_out_int_of(w, "n", s->n_people);
    json_out_digits_of(w, "ndcg.10", s->fresh, 17);
    json_out_digits_of(w, "difference", s->difference, 17);
    json_out_digits_of(w, "low", s->low, 17);
    json_out_digits_of(w, "high", s->high, 17);
    json_out_end(w);
}

static void json_one(struct json_out *w, const struct published *p)
{
    json_out_map(w);
    json_out_int_of(w, "decided_ms", p->step->decided_ms);
    json_out_text_of(w, "snapshot", p->step->snapshot);
    json_out_text_of(w, "verdict", p->verdict);
    json_out_text_of(w, "reason", p->step->reason);
    if (p->run != 0)
        json_out_int_of(w, "run", p->run);
    else
        json_out_null_of(w, "run");
    if (p->dataset[0] != '\0')
        json_out_text_of(w, "dataset", p->dataset);
    else
        json_out_null_of(w, "dataset");
    json_held_out(w, p->score);
    json_real_or_null(w, "training_ndcg.10", p->measured);
    json_real_or_null(w, "coverage.20", p->coverage);
    json_out_end(w);
}

static int say_json(struct job *job, const struct published *all, size_t n)
{
    struct buf text = {0};
    struct json_out w;
    json_out_start(&w, &text);
    json_out_list(&w);
    for (size_t i = 0; i < n; i++)
        json_one(&w, &all[i]);
    json_out_end(&w);
    return job_say_text(job, &text);
}

int runs_published(struct job *job, long most, bool json)
{
    struct published *all;
    size_t n;
    struct fail why = {0};
    enum err rc = find(job, (size_t)most, &all, &n, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (json)
        return say_json(job, all, n);
    if (n == 0)
        job_say(job, "nothing was published yet; run mvti publish");
    else
        say_table(job, all, n);
    return JOB_OK;
}
