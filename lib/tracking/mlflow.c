#include "tracking/mlflow.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/utf8.h"

/* ---- answers ---- */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static bool is_id(const char *s)
{
    size_t n = strspn(s, letters);
    return n > 0 && n < MLFLOW_ID && s[n] == '\0';
}

/* Where a text stands: `member` of the map `map`.`inner`; NULL: one level less. */
/* The text of an answer, with its tree in the arena; NULL: there is none. ERR_NOMEM. */
static enum err read_text(struct arena *a, const char *bytes, size_t n, const struct mlflow_member *at,
                          const char **out)
{
    const struct json_value *v = NULL;
    enum err rc = json_read(a, bytes, n, &v, NULL);
    if (rc == ERR_OK && at->map != NULL)
        v = json_member(v, at->map);
    if (rc == ERR_OK && v != NULL && at->inner != NULL)
        v = json_member(v, at->inner);
    *out = rc == ERR_OK && v != NULL ? json_text(v, at->member) : NULL;
    return rc == ERR_NOMEM ? rc : ERR_OK;
}

static enum err no_mlflow(struct fail *why)
{
    return fail_set(why, ERR_CORRUPT, "the server there is not MLflow");
}

enum err mlflow_read_id(const char *bytes, size_t n, struct mlflow_member at, char out[MLFLOW_ID],
                        struct fail *why)
{
    struct arena a = {0};
    const char *text;
    enum err rc = read_text(&a, bytes, n, &at, &text);
    if (rc != ERR_OK)
        rc = fail_set(why, rc, "out of memory");
    else if (text == NULL || !is_id(text))
        rc = no_mlflow(why);
    else
        memcpy(out, text, strlen(text) + 1);
    arena_free(&a);
    return rc;
}

/* "mlflow-artifacts:/1/0a1b/artifacts" or "mlflow-artifacts://host:5000/1/0a1b/artifacts": the server takes them itself. */
static void artifacts_of(const char *uri, char out[MLFLOW_URI])
{
    static const char scheme[] = "mlflow-artifacts:", base[] = "api/2.0/mlflow-artifacts/artifacts";
    out[0] = '\0';
    if (strncmp(uri, scheme, sizeof scheme - 1) != 0)
        return;
    uri += sizeof scheme - 1;
    if (strncmp(uri, "//", 2) == 0)
        uri = strchr(uri + 2, '/');
    if (uri == NULL || uri[0] != '/' || strstr(uri, "..") != NULL)
        return;
    for (const char *c = uri; *c != '\0'; c++)
        if (strchr(letters, *c) == NULL && *c != '/' && *c != '.')
            return;
    if (snprintf(out, MLFLOW_URI, "%s%s", base, uri) >= MLFLOW_URI)
        out[0] = '\0';
}

enum err mlflow_read_artifacts(const char *bytes, size_t n, char out[MLFLOW_URI], struct fail *why)
{
    struct arena a = {0};
    const char *text;
    out[0] = '\0';
    enum err rc = read_text(&a, bytes, n, &(struct mlflow_member){"run", "info", "artifact_uri"}, &text);
    if (rc != ERR_OK)
        rc = fail_set(why, rc, "out of memory");
    else if (text == NULL)
        rc = no_mlflow(why);
    else
        artifacts_of(text, out);
    arena_free(&a);
    return rc;
}

enum err mlflow_read_version(const char *bytes, size_t n, char out[MLFLOW_ID], struct fail *why)
{
    struct arena a = {0};
    const struct json_value *v = NULL;
    out[0] = '\0';
    enum err rc = json_read(&a, bytes, n, &v, NULL);
    const struct json_value *list = rc == ERR_OK ? json_member(v, "model_versions") : NULL;
    const char *text =
        list != NULL && list->kind == JSON_LIST && list->n > 0 ? json_text(&list->items[0], "version") : NULL;
    if (text != NULL && strlen(text) < MLFLOW_ID && text[strspn(text, "0123456789")] == '\0')
        memcpy(out, text, strlen(text) + 1);
    if (rc != ERR_NOMEM && (rc != ERR_OK || v->kind != JSON_MAP ||
                            (list != NULL && list->kind != JSON_LIST) || (text != NULL && out[0] == '\0')))
        rc = fail_set(why, ERR_CORRUPT, "the server there is not MLflow");
    arena_free(&a);
    return rc == ERR_NOMEM ? fail_set(why, rc, "out of memory") : rc;
}

enum err mlflow_read_refusal(const char *bytes, size_t n, char out[MLFLOW_REFUSAL])
{
    struct arena a = {0};
    const struct json_value *v = NULL;
    enum err rc = json_read(&a, bytes, n, &v, NULL);
    const char *code = rc == ERR_OK ? json_text(v, "error_code") : NULL;
    const char *message = rc == ERR_OK ? json_text(v, "message") : NULL;
    struct buf whole = {0};
    buf_printf(&whole, "%s%s%s", code != NULL ? code : "", code != NULL ? ": " : "",
               message != NULL ? message : "");
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
    return fail_set(why, rc, "%.*s was answered with status %ld%s%s", (int)strcspn(path, "?"), path,
                    a->status, text[0] ? ": " : "", text);
}

/* ---- requests ---- */

static bool is_given(const char *s)
{
    return s != NULL && s[0] != '\0';
}

static enum err authorize(struct mlflow *m, struct fail *why)
{
    const struct mlflow_server *s = m->server;
    char pair[1000], coded[(sizeof pair + 2) / 3 * 4 + 1];
    int n = 0;
    if (is_given(s->username) && is_given(s->password)) {
        n = snprintf(pair, sizeof pair, "%s:%s", s->username, s->password);
        if (n < (int)sizeof pair) {
            secret_base64(coded, pair, (size_t)n);
            n = snprintf(m->authorization, sizeof m->authorization, "Authorization: Basic %s", coded);
        }
    } else if (is_given(s->token)) {
        n = snprintf(m->authorization, sizeof m->authorization, "Authorization: Bearer %s", s->token);
    }
    return n < (int)sizeof pair
               ? ERR_OK
               : fail_set(why, ERR_TOO_LARGE, "the MLflow name and password or token is too long");
}

enum err mlflow_open(struct mlflow *m, const struct mlflow_server *server, struct fail *why)
{
    const struct http_limits limits = {.connect_ms = server->timeout_ms * 2 / 5,
                                       .total_ms = server->timeout_ms,
                                       .max_body = MLFLOW_MAX_ANSWER};
    *m = (struct mlflow){.server = server, .client = http_client_new(&limits)};
    if (m->client == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return authorize(m, why);
}

void mlflow_close(struct mlflow *m)
{
    http_client_free(m->client);
    m->client = NULL;
}

static enum err ask(struct mlflow *m, const char *path, struct http_request *r, struct http_answer *out,
                    struct fail *why)
{
    bool is_file = strcmp(r->method, "PUT") == 0;
    const char *headers[4] = {is_file ? "Content-Type: application/octet-stream"
                                      : "Content-Type: application/json",
                              "Accept: application/json", NULL, NULL};
    struct buf url = {0};
    struct fail inner = {0};
    size_t n = strlen(m->server->uri);
    while (n > 0 && m->server->uri[n - 1] == '/')
        n--;
    buf_put(&url, m->server->uri, n);
    buf_printf(&url, "/%s", path);
    if (m->authorization[0] != '\0')
        headers[2] = m->authorization;
    r->headers = headers;
    r->url = buf_str(&url);
    *out = (struct http_answer){0};
    enum err rc = url.failed ? ERR_NOMEM : http_client_ask(m->client, r, out, &inner);
    r->headers = NULL;
    r->url = NULL;
    if (rc != ERR_OK)
        fail_set(why, rc, "%s", inner.text[0] ? inner.text : "out of memory");
    buf_free(&url);
    return rc;
}

enum err mlflow_call(struct mlflow *m, const struct mlflow_request *q, struct http_answer *out,
                     struct fail *why)
{
    char path[600];
    struct http_request r = {.method = q->method,
                             .body = q->body != NULL ? buf_str(q->body) : NULL,
                             .n_body = q->body != NULL ? q->body->len : 0};
    bool fits = snprintf(path, sizeof path, "api/2.0/mlflow/%s", q->path) < (int)sizeof path;
    *out = (struct http_answer){0};
    enum err rc = !fits ? fail_set(why, ERR_TOO_LARGE, "%.40s…: too long", q->path)
                  : q->body != NULL && q->body->failed ? fail_set(why, ERR_NOMEM, "out of memory")
                                                       : ask(m, path, &r, out, why);
    if (rc == ERR_OK && out->status != 200)
        rc = refused(out, q->path, q->but, why);
    if (q->body != NULL)
        buf_free(q->body);
    return rc;
}

enum err mlflow_put(struct mlflow *m, const char *path, const void *bytes, size_t n, struct fail *why)
{
    struct http_answer a;
    struct http_request r = {.method = "PUT", .body = bytes, .n_body = n};
    enum err rc = ask(m, path, &r, &a, why);
    if (rc == ERR_OK && a.status != 200 && a.status != 204)
        rc = refused(&a, "artifacts", NULL, why);
    buf_free(&a.body);
    return rc;
}

struct json_out mlflow_body(struct buf *body)
{
    struct json_out w;
    json_out_start(&w, body);
    json_out_map(&w);
    return w;
}
