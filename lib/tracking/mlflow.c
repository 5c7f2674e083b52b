#include "tracking/mlflow.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "http/http_client.h"
#include "json/json.h"
#include "json/json_out.h"

struct exchange {
    struct http_client *client;
    const struct mlflow_server *server;
    const struct training_run *run;
    char experiment[MLFLOW_ID], id[MLFLOW_ID];
};

/* ---- answers ---- */

static bool is_id(const char *s)
{
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    return n > 0 && n < MLFLOW_ID && s[n] == '\0';
}

enum err mlflow_read_id(const char *bytes, size_t n, const char *map, const char *inner, const char *member,
                        char out[MLFLOW_ID], struct fail *why)
{
    struct arena a = {0};
    const struct json_value *v = NULL;
    enum err rc = json_read(&a, bytes, n, &v, NULL);
    if (rc == ERR_OK && map != NULL)
        v = json_member(v, map);
    if (rc == ERR_OK && v != NULL && inner != NULL)
        v = json_member(v, inner);
    if (rc == ERR_OK && v != NULL)
        v = json_member(v, member);
    bool good = rc == ERR_OK && v != NULL && v->kind == JSON_TEXT && is_id(v->text);
    if (good)
        memcpy(out, v->text, v->n + 1);
    arena_free(&a);
    if (rc == ERR_NOMEM)
        return fail_set(why, rc, "out of memory");
    return good ? ERR_OK : fail_set(why, ERR_CORRUPT, "what answers there is not an MLflow server");
}

enum err mlflow_read_refusal(const char *bytes, size_t n, char out[MLFLOW_REFUSAL])
{
    struct arena a = {0};
    const struct json_value *v = NULL, *code = NULL, *message = NULL;
    enum err rc = json_read(&a, bytes, n, &v, NULL);
    if (rc == ERR_OK) {
        code = json_member(v, "error_code");
        message = json_member(v, "message");
    }
    struct buf whole = {0};
    buf_printf(&whole, "%s%s%s", code != NULL && code->kind == JSON_TEXT ? code->text : "",
               code != NULL ? ": " : "", message != NULL && message->kind == JSON_TEXT ? message->text : "");
    const char *said = buf_str(&whole);
    n = utf8_cut(said, strlen(said), MLFLOW_REFUSAL - 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (unsigned char)said[i] < 0x20 || said[i] == 0x7f ? ' ' : said[i];
    out[n] = '\0';
    rc = rc == ERR_NOMEM || whole.failed ? ERR_NOMEM : ERR_OK;
    buf_free(&whole);
    arena_free(&a);
    return rc;
}

/* ---- requests ---- */

/* The error that an answer is; but: the error_code that is none here (NULL: every one is). */
static enum err refused(const struct http_answer *a, const char *path, const char *but, struct fail *why)
{
    char text[MLFLOW_REFUSAL] = "";
    if (mlflow_read_refusal(a->body.data, a->body.len, text) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory");
    size_t n = but != NULL ? strlen(but) : 0;
    if (n > 0 && strncmp(text, but, n) == 0 && text[n] == ':')
        return ERR_OK;
    enum err rc = a->status >= 500                       ? ERR_UNAVAILABLE
                  : a->status == 401 || a->status == 403 ? ERR_DENIED
                  : a->status >= 300 && a->status < 400  ? ERR_CORRUPT
                                                         : ERR_INVALID;
    return fail_set(why, rc, "%s was answered with status %ld%s%s", path, a->status, text[0] ? ": " : "",
                    text);
}

/* One call; an answer of another status than 200 is an error only with `strict`. */
static enum err call(struct exchange *x, const char *method, const char *path, const struct buf *body,
                     bool strict, struct http_answer *out, struct fail *why)
{
    static const char *const headers[] = {"Content-Type: application/json", "Accept: application/json", NULL};
    struct buf url = {0};
    struct fail inner = {0};
    size_t n = strlen(x->server->uri);
    while (n > 0 && x->server->uri[n - 1] == '/')
        n--;
    buf_put(&url, x->server->uri, n);
    buf_printf(&url, "/api/2.0/mlflow/%s", path);
    *out = (struct http_answer){0};
    enum err rc = ERR_NOMEM;
    if (!url.failed && (body == NULL || !body->failed))
        rc = http_client_ask(x->client,
                             &(struct http_request){.method = method,
                                                    .url = buf_str(&url),
                                                    .headers = headers,
                                                    .body = body != NULL ? buf_str(body) : NULL,
                                                    .n_body = body != NULL ? body->len : 0},
                             out, &inner);
    if (rc != ERR_OK)
        fail_set(why, rc, "%s", inner.text[0] ? inner.text : "out of memory");
    else if (strict && out->status != 200)
        rc = refused(out, path, NULL, why);
    buf_free(&url);
    return rc;
}

static enum err post(struct exchange *x, const char *path, struct buf *body, struct http_answer *out,
                     struct fail *why)
{
    enum err rc = call(x, "POST", path, body, true, out, why);
    buf_free(body);
    return rc;
}

static struct json_out open_body(struct buf *body)
{
    struct json_out w;
    json_out_start(&w, body);
    json_out_map(&w);
    return w;
}

/* ---- the five calls ---- */

static enum err find_experiment(struct exchange *x, bool *found, struct fail *why)
{
    struct buf path = {0};
    struct http_answer a = {0};
    buf_puts(&path, "experiments/get-by-name?experiment_name=");
    http_client_escape(&path, x->server->experiment);
    enum err rc = path.failed ? fail_set(why, ERR_NOMEM, "out of memory")
                              : call(x, "GET", buf_str(&path), NULL, false, &a, why);
    *found = false;
    if (rc == ERR_OK && a.status == 200) {
        rc = mlflow_read_id(a.body.data, a.body.len, "experiment", NULL, "experiment_id", x->experiment, why);
        *found = rc == ERR_OK;
    } else if (rc == ERR_OK) {
        rc = refused(&a, "experiments/get-by-name", "RESOURCE_DOES_NOT_EXIST", why);
    }
    buf_free(&a.body);
    buf_free(&path);
    return rc;
}

/* Another program may make it at the same moment. */
static enum err need_experiment(struct exchange *x, struct fail *why)
{
    bool found;
    struct buf body = {0};
    struct http_answer a;
    enum err rc = find_experiment(x, &found, why);
    if (rc != ERR_OK || found)
        return rc;
    struct json_out w = open_body(&body);
    json_out_text_of(&w, "name", x->server->experiment);
    json_out_end(&w);
    rc = call(x, "POST", "experiments/create", &body, false, &a, why);
    if (rc == ERR_OK && a.status == 200) {
        rc = mlflow_read_id(a.body.data, a.body.len, NULL, NULL, "experiment_id", x->experiment, why);
    } else if (rc == ERR_OK) {
        rc = refused(&a, "experiments/create", "RESOURCE_ALREADY_EXISTS", why);
        rc = rc == ERR_OK ? find_experiment(x, &found, why) : rc;
    }
    if (rc == ERR_OK && x->experiment[0] == '\0')
        rc = fail_set(why, ERR_CORRUPT, "the experiment '%s' does not exist and cannot be created",
                      x->server->experiment);
    buf_free(&a.body);
    buf_free(&body);
    return rc;
}

static void tag(struct json_out *w, const char *key, const char *value)
{
    json_out_map(w);
    json_out_text_of(w, "key", key);
    json_out_text_of(w, "value", value);
    json_out_end(w);
}

static enum err make_run(struct exchange *x, struct fail *why)
{
    const struct training_run *r = x->run;
    struct buf body = {0};
    struct http_answer a;
    char text[64];
    struct json_out w = open_body(&body);
    json_out_text_of(&w, "experiment_id", x->experiment);
    json_out_int_of(&w, "start_time", r->started_ms);
    json_out_name(&w, "tags");
    json_out_list(&w);
    snprintf(text, sizeof text, "%s %s", r->command, r->model);
    tag(&w, "mlflow.runName", text);
    snprintf(text, sizeof text, "mvti %s", r->command);
    tag(&w, "mlflow.source.name", text);
    snprintf(text, sizeof text, "%lld", (long long)r->id);
    if (r->id != 0)
        tag(&w, "mvti.run", text);
    json_out_end(&w);
    json_out_end(&w);
    enum err rc = post(x, "runs/create", &body, &a, why);
    if (rc == ERR_OK)
        rc = mlflow_read_id(a.body.data, a.body.len, "run", "info", "run_id", x->id, why);
    buf_free(&a.body);
    return rc;
}

static void number_member(struct json_out *w, const char *name, double value)
{
    char text[40];
    int n = snprintf(text, sizeof text, "%.17g", value);
    json_out_name(w, name);
    json_out_raw(w, text, (size_t)n);
}

static void put_param(struct json_out *w, const char *key, const char *word, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.15g", value);
    tag(w, key, word != NULL ? word : text);
}

static void put_metric(struct json_out *w, const struct training_run *r, const char *key, double value)
{
    json_out_map(w);
    json_out_text_of(w, "key", key);
    number_member(w, "value", value);
    json_out_int_of(w, "timestamp", r->ended_ms);
    json_out_int_of(w, "step", 0);
    json_out_end(w);
}

/* The values of one kind from number *at on, at most `most` of them. */
static void put_values(struct json_out *w, const struct training_run *r, enum training_run_kind kind,
                       size_t *at, size_t most)
{
    json_out_name(w, kind == RUN_PARAM ? "params" : "metrics");
    json_out_list(w);
    for (size_t n = 0; *at < r->n_values && n < most; ++*at) {
        const struct training_run_value *v = &r->values[*at];
        if (v->kind != kind || (kind == RUN_METRIC && !isfinite(v->value)))
            continue;
        if (kind == RUN_PARAM)
            put_param(w, v->name, v->word, v->value);
        else
            put_metric(w, r, v->name, v->value);
        n++;
    }
    json_out_end(w);
}

static enum err log_values(struct exchange *x, struct fail *why)
{
    size_t param = 0, metric = 0;
    enum err rc = ERR_OK;
    while (rc == ERR_OK && (param < x->run->n_values || metric < x->run->n_values)) {
        struct buf body = {0};
        struct http_answer a;
        struct json_out w = open_body(&body);
        json_out_text_of(&w, "run_id", x->id);
        put_values(&w, x->run, RUN_PARAM, &param, MLFLOW_PARAMS);
        put_values(&w, x->run, RUN_METRIC, &metric, MLFLOW_METRICS);
        json_out_end(&w);
        rc = post(x, "runs/log-batch", &body, &a, why);
        buf_free(&a.body);
    }
    return rc;
}

static enum err end_run(struct exchange *x, struct fail *why)
{
    static const char *const names[] = {
        [RUN_FINISHED] = "FINISHED", [RUN_FAILED] = "FAILED", [RUN_STOPPED] = "KILLED"};
    struct buf body = {0};
    struct http_answer a;
    struct json_out w = open_body(&body);
    json_out_text_of(&w, "run_id", x->id);
    json_out_text_of(&w, "status", names[x->run->status]);
    json_out_int_of(&w, "end_time", x->run->ended_ms);
    json_out_end(&w);
    enum err rc = post(x, "runs/update", &body, &a, why);
    buf_free(&a.body);
    return rc;
}

static enum err log_all(struct exchange *x, struct fail *why)
{
    enum err rc = need_experiment(x, why);
    if (rc == ERR_OK)
        rc = make_run(x, why);
    if (rc != ERR_OK)
        return rc;
    rc = log_values(x, why);
    enum err ended = end_run(x, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

enum err mlflow_log(const struct mlflow_server *server, const struct training_run *run, struct fail *why)
{
    const struct http_limits limits = {.connect_ms = server->timeout_ms * 2 / 5,
                                       .total_ms = server->timeout_ms,
                                       .max_body = MLFLOW_MAX_ANSWER};
    struct exchange x = {.client = http_client_new(&limits), .server = server, .run = run};
    if (x.client == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = log_all(&x, why);
    http_client_free(x.client);
    return rc;
}
