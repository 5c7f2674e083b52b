#include "base/percent.h"
#include "tracking/mlflow_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DIGEST = 32 }; /* of 36 characters that the server keeps */

struct telling {
    struct mlflow *m;
    const struct mlflow_news *news;
    const struct training_run *run; /* news->run */
    struct mlflow_place *at;
};

const char *mlflow_run_experiment(const char *model)
{
    static const struct {
        const char *model, *name;
    } rows[] = {{"ease", "EASE"}, {"admm-slim", "ADMMSLIM"}, {"recvae", "RecVAE"},
                {"cdae", "CDAE"}, {"lightgcn", "LightGCN"},  {"lightgcn++", "LightGCN++"},
                {"ader", "ADER"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].model, model) == 0)
            return rows[i].name;
    return model;
}

/* ---- experiment and run ---- */

static enum err find_experiment(struct telling *t, bool *found, struct fail *why)
{
    static const char none[] = "RESOURCE_DOES_NOT_EXIST";
    struct buf path = {0};
    struct http_answer a = {0};
    buf_puts(&path, "experiments/get-by-name?experiment_name=");
    percent_encode(&path, t->news->experiment);
    enum err rc =
        path.failed ? fail_set(why, ERR_NOMEM, "out of memory")
                    : mlflow_call(t->m, &(struct mlflow_request){"GET", buf_str(&path), NULL, none}, &a, why);
    *found = rc == ERR_OK && a.status == 200;
    if (*found)
        rc = mlflow_read_id(a.body.data, a.body.len,
                            (struct mlflow_member){"experiment", NULL, "experiment_id"}, t->at->experiment,
                            why);
    buf_free(&a.body);
    buf_free(&path);
    return rc;
}

/* Another program may make it at the same moment. */
static enum err need_experiment(struct telling *t, struct fail *why)
{
    bool found;
    struct buf body = {0};
    struct http_answer a;
    enum err rc = find_experiment(t, &found, why);
    if (rc != ERR_OK || found)
        return rc;
    struct json_out w = mlflow_body(&body);
    json_out_text_of(&w, "name", t->news->experiment);
    json_out_end(&w);
    rc = mlflow_call(t->m,
                     &(struct mlflow_request){"POST", "experiments/create", &body, "RESOURCE_ALREADY_EXISTS"},
                     &a, why);
    if (rc == ERR_OK && a.status == 200)
        rc = mlflow_read_id(a.body.data, a.body.len, (struct mlflow_member){NULL, NULL, "experiment_id"},
                            t->at->experiment, why);
    else if (rc == ERR_OK)
        rc = find_experiment(t, &found, why);
    if (rc == ERR_OK && t->at->experiment[0] == '\0')
        rc = fail_set(why, ERR_CORRUPT, "the experiment '%s' does not exist and cannot be created",
                      t->news->experiment);
    buf_free(&a.body);
    return rc;
}

static void tag(struct json_out *w, const char *key, const char *value)
{
    json_out_map(w);
    json_out_text_of(w, "key", key);
    json_out_text_of(w, "value", value);
    json_out_end(w);
}

static void put_tags(struct json_out *w, const struct telling *t)
{
    const struct training_run *r = t->run;
    char text[64];
    json_out_name(w, "tags");
    json_out_list(w);
    snprintf(text, sizeof text, "%s %s", r->command, r->model);
    tag(w, "mlflow.runName", text);
    snprintf(text, sizeof text, "mvti %s", r->command);
    tag(w, "mlflow.source.name", text);
    tag(w, "mlflow.source.type", "JOB");
    if (r->made_by[0] != '\0')
        tag(w, "mlflow.user", r->made_by);
    if (t->news->parent[0] != '\0')
        tag(w, "mlflow.parentRunId", t->news->parent);
    snprintf(text, sizeof text, "%lld", (long long)r->id);
    if (r->id != 0)
        tag(w, "mvti.run", text);
    json_out_end(w);
}

static enum err make_run(struct telling *t, struct fail *why)
{
    struct buf body = {0};
    struct http_answer a;
    struct json_out w = mlflow_body(&body);
    json_out_text_of(&w, "experiment_id", t->at->experiment);
    json_out_int_of(&w, "start_time", t->run->started_ms);
    put_tags(&w, t);
    json_out_end(&w);
    enum err rc = mlflow_call(t->m, &(struct mlflow_request){"POST", "runs/create", &body, NULL}, &a, why);
    if (rc == ERR_OK)
        rc = mlflow_read_id(a.body.data, a.body.len, (struct mlflow_member){"run", "info", "run_id"},
                            t->at->id, why);
    buf_free(&a.body);
    return rc;
}

/* ---- values ---- */

static void put_param(struct json_out *w, const struct training_run_value *v)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", v->value);
    tag(w, v->name, v->word != NULL ? v->word : text);
}

static void put_metric(struct json_out *w, const char *key, double value, int64_t at_ms, int64_t step)
{
    json_out_map(w);
    json_out_text_of(w, "key", key);
    json_out_digits_of(w, "value", value, 17);
    json_out_int_of(w, "timestamp", at_ms);
    json_out_int_of(w, "step", step);
    json_out_end(w);
}

/* Behind the epochs of the same name, so that the server shows the last word as the newest. */
static int64_t step_behind(const struct training_run *r, const char *name)
{
    int64_t step = 0;
    for (size_t i = 0; i < r->n_points; i++)
        if (r->points[i].step >= step && strcmp(r->points[i].name, name) == 0)
            step = r->points[i].step + 1;
    return step;
}

/* The values of one kind from number *at on, at most `most` of them, without closing the list. */
static size_t put_values(struct json_out *w, const struct telling *t, enum training_run_kind kind, size_t *at,
                         size_t most)
{
    const struct training_run *r = t->run;
    size_t n = 0;
    json_out_name(w, kind == RUN_PARAM ? "params" : "metrics");
    json_out_list(w);
    for (; *at < r->n_values && n < most; ++*at) {
        const struct training_run_value *v = &r->values[*at];
        if (v->kind != kind || (kind == RUN_METRIC && !isfinite(v->value)))
            continue;
        if (kind == RUN_PARAM)
            put_param(w, v);
        else
            put_metric(w, v->name, v->value, r->status == RUN_RUNNING ? t->news->now_ms : r->ended_ms,
                       step_behind(r, v->name));
        n++;
    }
    return n;
}

static void put_points(struct json_out *w, const struct telling *t, size_t *at, size_t most)
{
    for (size_t n = 0; *at < t->run->n_points && n < most; ++*at) {
        const struct training_run_point *p = &t->run->points[*at];
        if (!isfinite(p->value))
            continue;
        put_metric(w, p->name, p->value, p->at_ms, p->step);
        n++;
    }
}

static enum err log_values(struct telling *t, struct fail *why)
{
    const struct training_run *r = t->run;
    size_t param = 0, metric = 0, point = t->at->n_points;
    enum err rc = ERR_OK;
    while (rc == ERR_OK && (param < r->n_values || metric < r->n_values || point < r->n_points)) {
        struct buf body = {0};
        struct http_answer a;
        struct json_out w = mlflow_body(&body);
        json_out_text_of(&w, "run_id", t->at->id);
        put_values(&w, t, RUN_PARAM, &param, MLFLOW_PARAMS);
        json_out_end(&w);
        size_t n = put_values(&w, t, RUN_METRIC, &metric, MLFLOW_METRICS);
        put_points(&w, t, &point, MLFLOW_METRICS - n);
        json_out_end(&w);
        json_out_end(&w);
        rc = mlflow_call(t->m, &(struct mlflow_request){"POST", "runs/log-batch", &body, NULL}, &a, why);
        buf_free(&a.body);
    }
    if (rc == ERR_OK)
        t->at->n_points = r->n_points;
    return rc;
}

/* What it was trained on: the dataset's hash is its digest and its source. */
static enum err log_input(struct telling *t, struct fail *why)
{
    struct buf body = {0};
    struct http_answer a;
    char digest[DIGEST + 1], source[100];
    if (t->run->dataset_hash[0] == '\0')
        return ERR_OK;
    snprintf(digest, sizeof digest, "%.32s", t->run->dataset_hash);
    snprintf(source, sizeof source, "{\"hash\":\"%s\"}", t->run->dataset_hash);
    struct json_out w = mlflow_body(&body);
    json_out_text_of(&w, "run_id", t->at->id);
    json_out_name(&w, "datasets");
    json_out_list(&w);
    json_out_map(&w);
    json_out_name(&w, "tags");
    json_out_list(&w);
    tag(&w, "mlflow.data.context", "training");
    json_out_end(&w);
    json_out_name(&w, "dataset");
    json_out_map(&w);
    json_out_text_of(&w, "name", "mvti dataset");
    json_out_text_of(&w, "digest", digest);
    json_out_text_of(&w, "source_type", "mvti");
    json_out_text_of(&w, "source", source);
    json_out_end(&w);
    json_out_end(&w);
    json_out_end(&w);
    json_out_end(&w);
    enum err rc =
        mlflow_call(t->m, &(struct mlflow_request){"POST", "runs/log-inputs", &body, NULL}, &a, why);
    buf_free(&a.body);
    return rc;
}

static enum err end_run(struct telling *t, struct fail *why)
{
    static const char *const names[RUN_STATUSES] = {[RUN_FINISHED] = "FINISHED",
                                                    [RUN_FAILED] = "FAILED",
                                                    [RUN_STOPPED] = "KILLED",
                                                    [RUN_RUNNING] = "RUNNING",
                                                    [RUN_KILLED] = "KILLED"};
    struct buf body = {0};
    struct http_answer a;
    struct json_out w = mlflow_body(&body);
    json_out_text_of(&w, "run_id", t->at->id);
    json_out_text_of(&w, "status", names[t->run->status]);
    json_out_int_of(&w, "end_time", t->run->ended_ms);
    json_out_end(&w);
    enum err rc = mlflow_call(t->m, &(struct mlflow_request){"POST", "runs/update", &body, NULL}, &a, why);
    buf_free(&a.body);
    return rc;
}

enum err mlflow_run_send(struct mlflow *m, const struct mlflow_news *news, struct mlflow_place *at,
                         struct fail *why)
{
    const struct training_run *run = news->run;
    struct telling t = {.m = m, .news = news, .run = run, .at = at};
    enum err rc = ERR_OK;
    if (at->id[0] == '\0') {
        rc = need_experiment(&t, why);
        if (rc == ERR_OK)
            rc = make_run(&t, why);
    }
    if (rc != ERR_OK)
        return rc;
    rc = log_values(&t, why);
    if (run->status == RUN_RUNNING)
        return rc;
    if (rc == ERR_OK)
        rc = log_input(&t, why);
    enum err ended = end_run(&t, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

/* ---- files ---- */

static enum err find_artifacts(struct mlflow *m, struct mlflow_place *at, struct fail *why)
{
    char path[MLFLOW_ID + 40];
    struct http_answer a;
    snprintf(path, sizeof path, "runs/get?run_id=%s", at->id);
    enum err rc = mlflow_call(m, &(struct mlflow_request){"GET", path, NULL, NULL}, &a, why);
    if (rc == ERR_OK)
        rc = mlflow_read_artifacts(a.body.data, a.body.len, at->artifacts, why);
    buf_free(&a.body);
    return rc;
}

enum err mlflow_run_file(struct mlflow *m, struct mlflow_place *at, const struct mlflow_file *f, bool *taken,
                         struct fail *why)
{
    char path[2 * MLFLOW_URI];
    enum err rc = at->artifacts[0] == '\0' ? find_artifacts(m, at, why) : ERR_OK;
    *taken = rc == ERR_OK && at->artifacts[0] != '\0';
    if (!*taken)
        return rc;
    if (snprintf(path, sizeof path, "%s/%s", at->artifacts, f->name) >= (int)sizeof path)
        return fail_set(why, ERR_TOO_LARGE, "%.40s: the path is too long", f->name);
    return mlflow_put(m, path, f->bytes, f->n, why);
}

enum err mlflow_run_tag(struct mlflow *m, const struct mlflow_place *at, struct mlflow_tag tag,
                        struct fail *why)
{
    struct buf body = {0};
    struct http_answer a;
    struct json_out w = mlflow_body(&body);
    json_out_text_of(&w, "run_id", at->id);
    json_out_text_of(&w, "key", tag.key);
    json_out_text_of(&w, "value", tag.value);
    json_out_end(&w);
    enum err rc = mlflow_call(m, &(struct mlflow_request){"POST", "runs/set-tag", &body, NULL}, &a, why);
    buf_free(&a.body);
    return rc;
}
