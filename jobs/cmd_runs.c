/* mvti runs: what train, evaluate and tune did, newest first; one of them; several side by side; and what a tracking
 * server does not know yet. */
#include "job.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "job_tracking.h"
#include "json/json_out.h"
#include "runs_published.h"
#include "store/training_run.h"
#include "table.h"

static const char usage[] =
    "runs [--model NAME | --published] [--limit N] [--json] | runs show ID [--json] | "
    "runs compare ID ID… | runs send";
enum { MOST_COMPARED = 12 };

/* ---- words and numbers ---- */

static void time_text(char out[32], int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    strftime(out, 32, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &tm));
}

/* Of one that is running, so far. */
static double seconds_of(const struct training_run *r)
{
    return r->status == RUN_RUNNING ? (double)(clock_wall_ms() - r->started_ms) / 1000 : r->seconds;
}

static double metric(const struct training_run *r, const char *name)
{
    const struct training_run_value *v = training_run_find(r, RUN_METRIC, name);
    return v != NULL ? v->value : NAN;
}

/* As it was given: whole numbers without a point. */
static const char *value_text(struct job *job, const struct training_run_value *v)
{
    if (v == NULL)
        return "-";
    const char *text = v->word;
    if (text == NULL && v->kind == RUN_PARAM)
        text = arena_printf(&job->arena, "%.10g", v->value);
    else if (text == NULL && !isfinite(v->value))
        text = "-";
    else if (text == NULL)
        text = arena_printf(&job->arena, "%.6g", v->value);
    return text != NULL ? text : "";
}

/* ---- JSON ---- */

static void json_values(struct json_out *w, const struct training_run *r, enum training_run_kind kind,
                        const char *name)
{
    json_out_name(w, name);
    json_out_map(w);
    for (size_t i = 0; i < r->n_values; i++)
        if (r->values[i].kind == kind && r->values[i].word != NULL)
            json_out_text_of(w, r->values[i].name, r->values[i].word);
        else if (r->values[i].kind == kind)
            json_out_digits_of(w, r->values[i].name, r->values[i].value, 17);
    json_out_end(w);
}

static void json_text_or_null(struct json_out *w, const char *name, const char *text)
{
    if (text[0] != '\0')
        json_out_text_of(w, name, text);
    else
        json_out_null_of(w, name);
}

/* {"loss": [[1, 0.5], …], …}: of each name its epochs and figures. */
static void json_curves(struct json_out *w, const struct training_run *r)
{
    json_out_name(w, "curves");
    json_out_map(w);
    for (size_t i = 0; i < r->n_points; i++) {
        const struct training_run_point *p = &r->points[i];
        if (i == 0 || strcmp(p->name, r->points[i - 1].name) != 0) {
            json_out_name(w, p->name);
            json_out_list(w);
        }
        json_out_list(w);
        json_out_int(w, p->step);
        json_out_digits(w, p->value, 17);
        json_out_end(w);
        if (i + 1 == r->n_points || strcmp(p->name, r->points[i + 1].name) != 0)
            json_out_end(w);
    }
    json_out_end(w);
}

static void json_run(struct json_out *w, const struct training_run *r)
{
    json_out_map(w);
    json_out_int_of(w, "run", r->id);
    json_out_int_of(w, "started_ms", r->started_ms);
    if (r->status == RUN_RUNNING)
        json_out_null_of(w, "ended_ms");
    else
        json_out_int_of(w, "ended_ms", r->ended_ms);
    json_out_digits_of(w, "seconds", seconds_of(r), 17);
    json_out_text_of(w, "command", r->command);
    json_out_text_of(w, "model", r->model);
    json_out_int_of(w, "seed", r->seed);
    json_out_text_of(w, "status", training_run_status_name(r->status));
    json_text_or_null(w, "dataset", r->dataset_hash);
    json_text_or_null(w, "model_file", r->model_hash);
    json_text_or_null(w, "snapshot", r->snapshot);
    json_text_or_null(w, "user", r->made_by);
    json_text_or_null(w, "mlflow_run", r->remote);
    json_out_bool_of(w, "mlflow_waits", r->due);
    if (r->parent_id != 0)
        json_out_int_of(w, "ensemble_run", r->parent_id);
    json_values(w, r, RUN_PARAM, "params");
    json_values(w, r, RUN_METRIC, "metrics");
    if (r->points != NULL)
        json_curves(w, r);
    json_out_end(w);
}

/* A list of runs, or the only one by itself. */
static int say_json(struct job *job, const struct training_run *all, size_t n, bool list)
{
    struct buf text = {0};
    struct json_out w;
    json_out_start(&w, &text);
    if (list)
        json_out_list(&w);
    for (size_t i = 0; i < n; i++)
        json_run(&w, &all[i]);
    if (list)
        json_out_end(&w);
    return job_say_text(job, &text);
}

/* ---- the list ---- */

static void say_list(struct job *job, const struct training_run *all, size_t n)
{
    static const char *const heads[] = {"run",     "started (UTC)", "command",   "model",  "status",
                                        "seconds", "ndcg.10",       "recall.10", "hit.10", "snapshot"};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct table t;
    table_start(&t, job, HEADS);
    for (size_t i = 0; i < HEADS; i++)
        table_text(&t, heads[i]);
    for (size_t i = 0; i < n; i++) {
        char when[32], id[24];
        time_text(when, all[i].started_ms);
        snprintf(id, sizeof id, "%" PRId64, all[i].id);
        table_text(&t, id);
        table_text(&t, when);
        table_text(&t, all[i].command);
        table_text(&t, all[i].model);
        table_text(&t, training_run_status_name(all[i].status));
        table_real(&t, seconds_of(&all[i]), 1);
        for (size_t m = 6; m < 9; m++)
            table_real(&t, metric(&all[i], heads[m]), 4);
        table_text(&t, all[i].snapshot);
    }
    table_say(&t);
}

static int list(struct job *job, const char *model, long limit, bool json)
{
    struct training_runs runs = {.model = model, .most = limit};
    struct fail why = {0};
    enum err rc = job_tracking_look(job, &why);
    if (rc == ERR_OK)
        rc = training_run_list(job->db, &job->arena, &runs, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (json)
        return say_json(job, runs.items, runs.n, true);
    if (runs.n == 0 && model != NULL)
        job_say(job, "no runs of %s yet; 'mvti train %s' records one", model, model);
    else if (runs.n == 0)
        job_say(job, "no runs yet; 'mvti dataset build' and 'mvti train ease' record the first one");
    else
        say_list(job, runs.items, runs.n);
    return JOB_OK;
}

/* ---- one run ---- */

/* Of each name the first, the best and the last figure; of a loss the least is the best. */
static void say_curves(struct job *job, const struct training_run *r)
{
    static const char *const heads[] = {"by epoch", "epochs", "first", "best", "at epoch", "last"};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct table t;
    table_start(&t, job, HEADS);
    for (size_t i = 0; i < HEADS; i++)
        table_text(&t, heads[i]);
    for (size_t i = 0, end; i < r->n_points; i = end) {
        const struct training_run_point *p = &r->points[i], *best = p;
        size_t n = strlen(p->name);
        bool least = n >= 4 && strcmp(p->name + n - 4, "loss") == 0;
        for (end = i; end < r->n_points && strcmp(r->points[end].name, p->name) == 0; end++)
            if (least ? r->points[end].value < best->value : r->points[end].value > best->value)
                best = &r->points[end];
        table_text(&t, p->name);
        table_real(&t, (double)r->points[end - 1].step, 0);
        table_real(&t, p->value, 4);
        table_real(&t, best->value, 4);
        table_real(&t, (double)best->step, 0);
        table_real(&t, r->points[end - 1].value, 4);
    }
    job_say(job, "%s", "");
    table_say(&t);
}

static void say_run(struct job *job, const struct training_run *r)
{
    char started[32], ended[32];
    time_text(started, r->started_ms);
    time_text(ended, r->ended_ms);
    job_say(job, "run       %" PRId64 ": %s %s, %s", r->id, r->command, r->model,
            training_run_status_name(r->status));
    job_say(job, "started   %s UTC%s%s", started, r->made_by[0] ? ", by " : "", r->made_by);
    if (r->status == RUN_RUNNING)
        job_say(job, "ended     not yet, after %.1f s", seconds_of(r));
    else
        job_say(job, "ended     %s UTC, after %.1f s", ended, r->seconds);
    if (r->parent_id != 0)
        job_say(job, "member of run %" PRId64, r->parent_id);
    if (r->remote[0] != '\0' || r->due)
        job_say(job, "MLflow    %s%s", r->remote[0] ? r->remote : "not sent yet",
                r->due ? ", incomplete" : "");
    job_say(job, "dataset   %s", r->dataset_hash[0] ? r->dataset_hash : "-");
    job_say(job, "model     %s", r->model_hash[0] ? r->model_hash : "-");
    job_say(job, "snapshot  %s", r->snapshot[0] ? r->snapshot : "-");
    for (int kind = RUN_PARAM; kind <= RUN_METRIC; kind++) {
        struct table t;
        table_start(&t, job, 2);
        table_text(&t, kind == RUN_PARAM ? "parameter" : "metric");
        table_text(&t, "value");
        for (size_t i = 0; i < r->n_values; i++)
            if (r->values[i].kind == (enum training_run_kind)kind) {
                table_text(&t, r->values[i].name);
                table_text(&t, value_text(job, &r->values[i]));
            }
        job_say(job, "%s", "");
        table_say(&t);
    }
    if (r->n_points > 0)
        say_curves(job, r);
}

static int send(struct job *job)
{
    struct fail why = {0};
    size_t sent;
    if (job->config.mlflow_uri[0] == '\0')
        return JOB_OK; /* a timer calls this whether there is a server or not */
    enum err rc = job_tracking_look(job, &why);
    if (rc == ERR_OK)
        rc = job_tracking_send(job, &sent, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (sent > 0)
        job_say(job, "%zu runs sent to MLflow", sent);
    return JOB_OK;
}

static bool read_id(const char *text, int64_t *id)
{
    char *end;
    *id = strtoll(text, &end, 10);
    return *end == '\0' && end != text && *id > 0;
}

static enum err read_runs(struct job *job, const char *const *ids, size_t n, struct training_run *out,
                          struct fail *why)
{
    for (size_t i = 0; i < n; i++) {
        int64_t id;
        if (!read_id(ids[i], &id))
            return fail_set(why, ERR_INVALID, "'%.40s' is not the number of a run; 'mvti runs' lists them",
                            ids[i]);
        enum err rc = training_run_read(job->db, &job->arena, id, &out[i], why);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* ---- several side by side ---- */

/* A word's number is nothing (NaN), which is not even equal to itself. */
static bool same_value(const struct training_run_value *a, const struct training_run_value *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    if (a->word != NULL || b->word != NULL)
        return a->word != NULL && b->word != NULL && strcmp(a->word, b->word) == 0;
    return a->value == b->value || (isnan(a->value) && isnan(b->value));
}

static bool same_everywhere(const struct training_run *all, size_t n, enum training_run_kind kind,
                            const char *name)
{
    const struct training_run_value *first = training_run_find(&all[0], kind, name);
    for (size_t i = 1; i < n; i++)
        if (!same_value(training_run_find(&all[i], kind, name), first))
            return false;
    return true;
}

static bool seen_before(const struct training_run *all, size_t run, enum training_run_kind kind,
                        const char *name)
{
    for (size_t i = 0; i < run; i++)
        if (training_run_find(&all[i], kind, name) != NULL)
            return true;
    return false;
}

static void add_row(struct table *t, const struct training_run *all, size_t n, enum training_run_kind kind,
                    const char *name)
{
    table_text(t, name);
    for (size_t i = 0; i < n; i++)
        table_text(t, value_text(t->job, training_run_find(&all[i], kind, name)));
}

/* Every name that one of them has; parameters only where they differ. */
static size_t add_rows(struct table *t, const struct training_run *all, size_t n, enum training_run_kind kind)
{
    size_t rows = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all[i].n_values; k++) {
            const char *name = all[i].values[k].name;
            if (all[i].values[k].kind != kind || seen_before(all, i, kind, name) ||
                (kind == RUN_PARAM && same_everywhere(all, n, kind, name)))
                continue;
            add_row(t, all, n, kind, name);
            rows++;
        }
    return rows;
}

static void say_comparison(struct job *job, const struct training_run *all, size_t n)
{
    for (int kind = RUN_PARAM; kind <= RUN_METRIC; kind++) {
        struct table t;
        char head[40];
        table_start(&t, job, n + 1);
        table_text(&t, kind == RUN_PARAM ? "parameters that differ" : "metric");
        for (size_t i = 0; i < n; i++) {
            snprintf(head, sizeof head, "%" PRId64 " %s", all[i].id, all[i].model);
            table_text(&t, head);
        }
        if (add_rows(&t, all, n, (enum training_run_kind)kind) == 0)
            table_text(&t, kind == RUN_PARAM ? "(none)" : "(no metrics)");
        if (kind == RUN_METRIC)
            job_say(job, "%s", "");
        table_say(&t);
    }
}

int cmd_runs(struct job *job, int argc, char **argv)
{
    const char *model = NULL, *operands[1 + MOST_COMPARED];
    long limit = 20;
    bool json = false, published = false;
    const struct job_option options[] = {
        {"model", JOB_TEXT, &model, 0, 0, "only runs of this model"},
        {"published", JOB_FLAG, &published, 0, 0,
         "what was published, or refused, how good it was, and the run and dataset behind it"},
        {"limit", JOB_INT, &limit, 1, 10000, "at most N, the newest first (default 20)"},
        {"json", JOB_FLAG, &json, 0, 0, "print everything as JSON"},
        {0}};
    int n = job_options(argc, argv, usage, options, (struct job_operands){operands, 0, 1 + MOST_COMPARED});
    if (n < 0)
        return job_options_status(n);
    if (published && (n > 0 || model != NULL)) {
        job_note(job, "mvti: runs: --published goes with --limit and --json alone\nusage: mvti %s", usage);
        return JOB_USAGE;
    }
    if (published)
        return runs_published(job, limit, json);
    if (n == 0)
        return list(job, model, limit, json);
    if (n == 1 && strcmp(operands[0], "send") == 0)
        return send(job);
    bool show = strcmp(operands[0], "show") == 0 && n == 2;
    if (!show && (strcmp(operands[0], "compare") != 0 || n < 3)) {
        job_note(job, "mvti: runs: give 'show' one ID or 'compare' several, or 'send' alone\nusage: mvti %s",
                 usage);
        return JOB_USAGE;
    }
    struct training_run all[MOST_COMPARED];
    struct fail why = {0};
    enum err rc = job_tracking_look(job, &why);
    if (rc == ERR_OK)
        rc = read_runs(job, operands + 1, (size_t)n - 1, all, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (json)
        return say_json(job, all, (size_t)n - 1, !show);
    if (show)
        say_run(job, &all[0]);
    else
        say_comparison(job, all, (size_t)n - 1);
    return JOB_OK;
}
