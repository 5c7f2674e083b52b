#include "tracking/remote.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/map_file.h"
#include "base/secret.h"
#include "model/model_file.h"
#include "store/publication.h"
#include "store/training_life.h"
#include "tracking/curve.h"
#include "tracking/mlflow_model.h"

enum { PATH = 1100, SLOWER = 12, MEGABYTE = 1 << 20 };

/* ---- the server of the settings ---- */

/* A secret of the environment, else of a file, without the end of its line. */
static enum err read_secret(const struct config *c, const char *given, const char *file,
                            char out[CONFIG_TEXT], struct fail *why)
{
    char path[PATH];
    snprintf(out, CONFIG_TEXT, "%s", given);
    if (given[0] != '\0' || file[0] == '\0')
        return ERR_OK;
    enum err rc = config_secret_path(c, file, path, sizeof path, why);
    if (rc == ERR_OK)
        rc = secret_file_read(path, out, CONFIG_TEXT, why);
    out[rc == ERR_OK ? strcspn(out, "\r\n") : 0] = '\0';
    return rc;
}

enum err remote_open(struct remote *r, const struct config *c, struct fail *why)
{
    *r = (struct remote){.config = c};
    if (c->mlflow_uri[0] == '\0')
        return fail_set(why, ERR_NOT_FOUND, "no MLflow server: the setting mlflow_uri is empty");
    enum err rc = read_secret(c, c->mlflow_password, c->mlflow_password_file, r->password, why);
    if (rc == ERR_OK)
        rc = read_secret(c, c->mlflow_token, c->mlflow_token_file, r->token, why);
    r->server = (struct mlflow_server){.uri = c->mlflow_uri,
                                       .timeout_ms = c->mlflow_timeout_ms,
                                       .username = c->mlflow_username,
                                       .password = r->password,
                                       .token = r->token};
    r->slow = r->server;
    r->slow.timeout_ms *= SLOWER;
    return rc == ERR_OK ? mlflow_open(&r->talk, &r->server, why) : rc;
}

void remote_close(struct remote *r)
{
    mlflow_close(&r->talk);
}

enum err remote_ping(struct remote *r, struct fail *why)
{
    struct http_answer a;
    enum err rc =
        mlflow_call(&r->talk,
                    &(struct mlflow_request){"GET", "experiments/get-by-name?experiment_name=Default", NULL,
                                             "RESOURCE_DOES_NOT_EXIST"},
                    &a, why);
    buf_free(&a.body);
    return rc;
}

/* ---- a run and its files ---- */

static enum err send_curve(struct mlflow *slow, const struct training_run *run, struct mlflow_place *at,
                           struct fail *why)
{
    struct buf picture = {0};
    bool taken;
    enum err rc = ERR_OK;
    if (curve_draw(&picture, run))
        rc = mlflow_run_file(slow, at, &(struct mlflow_file){"curve.svg", picture.data, picture.len}, &taken,
                             why);
    buf_free(&picture);
    return rc;
}

/* The file may have been written anew since. */
static bool is_of(const struct training_run *run, const char *path)
{
    struct model m;
    char hash[RUN_HASH] = "";
    if (path == NULL || run->model_hash[0] == '\0' || model_open(&m, path, NULL) != ERR_OK)
        return false;
    secret_hex(hash, m.file.header->content, SECTION_HASH);
    model_close(&m);
    return strcmp(hash, run->model_hash) == 0;
}

struct left_out {
    const char *model;
    size_t size;
};

/* 0 is nobody's mistake: then none is wanted. */
static enum err leave_out(struct mlflow *slow, struct remote *r, struct left_out what,
                          const struct mlflow_place *at, struct fail *why)
{
    snprintf(r->left_out, sizeof r->left_out,
             "the file of %s is not sent: %.1f MB are more than mlflow_file_mb (%ld)", what.model,
             (double)what.size / MEGABYTE, r->config->mlflow_file_mb);
    return mlflow_run_tag(slow, at, (struct mlflow_tag){"mvti.model_file", r->left_out}, why);
}

static enum err send_model(struct mlflow *slow, struct remote *r, const struct remote_news *news,
                           struct mlflow_place *at, struct fail *why)
{
    const struct training_run *run = news->run;
    const char *path = news->path;
    struct map_file file = {0};
    char name[64];
    bool taken;
    enum err rc = ERR_OK;
    if (!is_of(run, path) || map_file_open(&file, path, NULL) != ERR_OK)
        return ERR_OK;
    snprintf(name, sizeof name, "model/%s.mvm", run->model);
    if (file.size <= (size_t)r->config->mlflow_file_mb * MEGABYTE)
        rc = mlflow_run_file(slow, at, &(struct mlflow_file){name, file.data, file.size}, &taken, why);
    else if (r->config->mlflow_file_mb > 0)
        rc = leave_out(slow, r, (struct left_out){run->model, file.size}, at, why);
    map_file_close(&file);
    return rc;
}

enum err remote_run(struct remote *r, const struct remote_news *news, struct mlflow_place *at,
                    struct fail *why)
{
    const struct training_run *run = news->run;
    const char *given = r->config->mlflow_experiment;
    struct mlflow slow;
    const struct mlflow_news told = {.experiment =
                                         given[0] != '\0' ? given : mlflow_run_experiment(run->model),
                                     .run = run,
                                     .parent = news->parent,
                                     .now_ms = clock_wall_ms()};
    enum err rc = mlflow_run_send(&r->talk, &told, at, why);
    if (rc != ERR_OK || run->status == RUN_RUNNING)
        return rc;
    rc = mlflow_open(&slow, &r->slow, why);
    if (rc == ERR_OK)
        rc = send_curve(&slow, run, at, why);
    if (rc == ERR_OK)
        rc = send_model(&slow, r, news, at, why);
    mlflow_close(&slow);
    return rc;
}

/* ---- what waits ---- */

static enum err send_waiting(struct remote *r, int64_t id, bool *whole, struct fail *why)
{
    struct training_run run, parent = {0};
    struct mlflow_place at = {0};
    char path[PATH], rest[64];
    enum err rc = training_run_read(r->db, r->arena, id, &run, why);
    if (rc == ERR_OK && run.parent_id != 0)
        rc = training_run_read(r->db, r->arena, run.parent_id, &parent, why);
    if (rc != ERR_OK)
        return rc;
    snprintf(at.id, sizeof at.id, "%s", run.remote);
    snprintf(rest, sizeof rest, "models/%s.mvm", run.model);
    bool has_path = config_state_path(r->config, rest, path, sizeof path, NULL) == ERR_OK;
    rc = remote_run(r, &(struct remote_news){&run, parent.remote, has_path ? path : NULL}, &at, why);
    *whole = rc == ERR_OK && run.status != RUN_RUNNING;
    /* What the server will never take is not tried for ever. */
    bool due = !*whole && rc != ERR_INVALID;
    enum err kept = at.id[0] != '\0' || !due
                        ? training_life_sent(r->db, id, at.id, due, rc == ERR_OK ? why : NULL)
                        : ERR_OK;
    return rc == ERR_OK ? kept : rc;
}

enum err remote_waiting(struct remote *r, size_t most, size_t *sent, struct fail *why)
{
    int64_t *ids;
    size_t n;
    *sent = 0;
    enum err first = training_life_due(r->db, r->arena, most, &ids, &n, why);
    for (size_t i = 0; i < n; i++) {
        struct fail one = {0};
        bool whole = false;
        enum err rc = send_waiting(r, ids[i], &whole, &one);
        *sent += whole;
        if (rc != ERR_OK && first == ERR_OK)
            first = fail_set(why, rc, "run %lld: %.400s", (long long)ids[i], one.text);
        if (rc != ERR_OK && rc != ERR_INVALID)
            break; /* the server is away, or somebody else's */
    }
    return first;
}

/* ---- what is live ---- */

enum err remote_live(struct remote *r, bool *moved, struct fail *why)
{
    char snapshot[PUBLICATION_ID], id[RUN_REMOTE] = "";
    *moved = false;
    if (r->config->mlflow_model[0] == '\0')
        return ERR_OK;
    enum err rc = publication_live(r->db, snapshot, why);
    if (rc == ERR_OK && snapshot[0] != '\0')
        rc = training_life_remote(r->db, snapshot, id, why);
    if (rc == ERR_OK && snapshot[0] != '\0')
        rc = mlflow_model_point(
            &r->talk, &(struct mlflow_alias){r->config->mlflow_model, "live", id, snapshot}, moved, why);
    return rc;
}
