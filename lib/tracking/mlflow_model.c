#include "base/percent.h"
#include "tracking/mlflow_model.h"

#include <stdio.h>
#include <string.h>

static const char no_such[] = "RESOURCE_DOES_NOT_EXIST";

struct pointing {
    struct mlflow *m;
    const struct mlflow_alias *want;
    char version[MLFLOW_ID];
};

/* Whose run the alias points to, "" for nobody's. */
static enum err read_alias(struct pointing *p, char id[MLFLOW_ID], struct fail *why)
{
    struct buf path = {0};
    struct http_answer a = {0};
    id[0] = '\0';
    buf_puts(&path, "registered-models/alias?name=");
    percent_encode(&path, p->want->name);
    buf_puts(&path, "&alias=");
    percent_encode(&path, p->want->alias);
    enum err rc =
        path.failed
            ? fail_set(why, ERR_NOMEM, "out of memory")
            : mlflow_call(p->m, &(struct mlflow_request){"GET", buf_str(&path), NULL, no_such}, &a, why);
    /* A model that is not there is 404 RESOURCE_DOES_NOT_EXIST; one that is there without the alias is 400
     * INVALID_PARAMETER_VALUE "Registered model alias … not found.", the code of every other wrong request too, so that only
     * its sentence tells. */
    if (rc == ERR_INVALID && strstr(buf_str(&a.body), "alias") != NULL)
        rc = ERR_OK;
    else if (rc == ERR_OK && a.status == 200)
        rc = mlflow_read_id(a.body.data, a.body.len, (struct mlflow_member){"model_version", NULL, "run_id"},
                            id, why);
    buf_free(&a.body);
    buf_free(&path);
    return rc;
}

static enum err tell(struct pointing *p, const struct mlflow_request *r, struct fail *why)
{
    struct http_answer a;
    enum err rc = mlflow_call(p->m, r, &a, why);
    buf_free(&a.body);
    return rc;
}

static enum err need_model(struct pointing *p, struct fail *why)
{
    struct buf body = {0};
    struct json_out w = mlflow_body(&body);
    json_out_text_of(&w, "name", p->want->name);
    json_out_end(&w);
    return tell(
        p, &(struct mlflow_request){"POST", "registered-models/create", &body, "RESOURCE_ALREADY_EXISTS"},
        why);
}

static enum err find_version(struct pointing *p, struct fail *why)
{
    struct buf path = {0}, filter = {0};
    struct http_answer a = {0};
    /* A small SQL-like language without escapes; mlflow_read_id let only letters, digits, - and _ into the id. */
    buf_printf(&filter, "run_id='%s'", p->want->id);
    buf_puts(&path, "model-versions/search?max_results=1&filter=");
    percent_encode(&path, buf_str(&filter));
    enum err rc =
        path.failed || filter.failed
            ? fail_set(why, ERR_NOMEM, "out of memory")
            : mlflow_call(p->m, &(struct mlflow_request){"GET", buf_str(&path), NULL, NULL}, &a, why);
    if (rc == ERR_OK)
        rc = mlflow_read_version(a.body.data, a.body.len, p->version, why);
    buf_free(&a.body);
    buf_free(&filter);
    buf_free(&path);
    return rc;
}

static enum err make_version(struct pointing *p, struct fail *why)
{
    struct buf body = {0};
    struct http_answer a;
    char source[MLFLOW_ID + 20];
    /* The server finds the run's artifacts by this scheme; a local path it would refuse unless it lay among them. */
    snprintf(source, sizeof source, "runs:/%s/model", p->want->id);
    struct json_out w = mlflow_body(&body);
    json_out_text_of(&w, "name", p->want->name);
    json_out_text_of(&w, "source", source);
    json_out_text_of(&w, "run_id", p->want->id);
    json_out_text_of(&w, "description", p->want->snapshot);
    json_out_end(&w);
    enum err rc =
        mlflow_call(p->m, &(struct mlflow_request){"POST", "model-versions/create", &body, NULL}, &a, why);
    if (rc == ERR_OK)
        rc = mlflow_read_id(a.body.data, a.body.len, (struct mlflow_member){"model_version", NULL, "version"},
                            p->version, why);
    buf_free(&a.body);
    return rc;
}

static enum err set_alias(struct pointing *p, bool on, struct fail *why)
{
    struct buf body = {0};
    struct json_out w = mlflow_body(&body);
    json_out_text_of(&w, "name", p->want->name);
    json_out_text_of(&w, "alias", p->want->alias);
    if (on)
        json_out_text_of(&w, "version", p->version);
    json_out_end(&w);
    const struct mlflow_request r = {on ? "POST" : "DELETE", "registered-models/alias", &body,
                                     on ? NULL : no_such};
    return tell(p, &r, why);
}

enum err mlflow_model_point(struct mlflow *m, const struct mlflow_alias *want, bool *moved, struct fail *why)
{
    struct pointing p = {.m = m, .want = want};
    char now[MLFLOW_ID];
    *moved = false;
    enum err rc = read_alias(&p, now, why);
    if (rc != ERR_OK || strcmp(now, want->id) == 0)
        return rc;
    *moved = true;
    if (want->id[0] == '\0')
        return set_alias(&p, false, why);
    rc = need_model(&p, why);
    if (rc == ERR_OK)
        rc = find_version(&p, why);
    if (rc == ERR_OK && p.version[0] == '\0')
        rc = make_version(&p, why);
    return rc == ERR_OK ? set_alias(&p, true, why) : rc;
}
