#include "tracking/tracking.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "model/model_file.h"
#include "tracking/mlflow.h"

/* ---- what is kept ---- */

static void put(struct tracking *t, const struct training_run_value *given, const char *name)
{
    struct training_run_value v = *given, *all = t->values.data;
    size_t i = 0;
    for (; i < sizeof v.name - 1 && name[i] != '\0'; i++) {
        bool plain =
            strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./", name[i]) != NULL;
        v.name[i] = plain ? name[i] : '.';
    }
    v.name[i] = '\0';
    for (i = 0; i < t->values.len; i++)
        if (all[i].kind == v.kind && strcmp(all[i].name, v.name) == 0) {
            all[i] = v;
            return;
        }
    (void)vec_push(&t->values, &v); /* without memory the run is kept without this value */
}

void tracking_number(struct tracking *t, enum training_run_kind kind, const char *name, double value)
{
    put(t, &(struct training_run_value){.kind = kind, .value = value}, name);
}

void tracking_word(struct tracking *t, const char *name, const char *word)
{
    size_t n = utf8_cut(word, strlen(word), RUN_WORD);
    const char *copy = arena_strndup(t->home.arena, word, n);
    if (copy != NULL)
        put(t, &(struct training_run_value){.kind = RUN_PARAM, .word = copy}, name);
}

void tracking_start(struct tracking *t, const struct tracking_home *home, const char *command,
                    const char *model, long seed)
{
    *t = (struct tracking){.home = *home, .started = clock_monotonic()};
    t->run.command = command;
    t->run.started_ms = clock_wall_ms();
    t->run.seed = seed;
    t->values = VEC_OF(struct training_run_value);
    snprintf(t->run.model, sizeof t->run.model, "%s", model);
    tracking_word(t, "model", model);
    tracking_number(t, RUN_PARAM, "seed", (double)seed);
}

/* A folder may carry a person's name. */
void tracking_file(struct tracking *t, const char *name, const char *path)
{
    const char *slash = strrchr(path, '/');
    tracking_word(t, name, slash != NULL ? slash + 1 : path);
}

static void put_model(struct tracking *t, const struct model *m)
{
    secret_hex(t->run.dataset_hash, m->info->dataset_hash, sizeof m->info->dataset_hash);
    tracking_word(t, "dataset", t->run.dataset_hash);
    secret_hex(t->run.model_hash, m->file.header->content, SECTION_HASH);
    for (size_t i = 0; i < m->n_settings; i++)
        tracking_number(t, RUN_PARAM, m->settings[i].name, m->settings[i].value);
    for (size_t i = 0; i < m->n_parts; i++) {
        char name[RUN_NAME];
        snprintf(name, sizeof name, "weight.%.16s", m->parts[i].kind);
        tracking_number(t, RUN_PARAM, name, (double)m->parts[i].weight);
    }
    tracking_number(t, RUN_PARAM, "users", (double)m->info->n_users);
    tracking_number(t, RUN_PARAM, "items", (double)m->n_items);
    tracking_number(t, RUN_PARAM, "interactions", (double)m->info->n_interactions);
    tracking_number(t, RUN_PARAM, "threshold", (double)m->info->threshold);
    tracking_number(t, RUN_PARAM, "simulated", m->info->simulated);
    for (size_t i = 0; i < m->n_metrics; i++)
        tracking_number(t, RUN_METRIC, m->metrics[i].name, m->metrics[i].value);
    tracking_number(t, RUN_METRIC, "train_seconds", m->info->seconds);
}

void tracking_model(struct tracking *t, const char *path)
{
    struct model m;
    if (t->home.config->track_runs == 0 || model_open(&m, path, NULL) != ERR_OK)
        return;
    put_model(t, &m);
    model_close(&m);
}

/* ---- where it goes ---- */

/* Of this process: what could not be reached is not waited for again by the next model of a command. */
static bool database_away, mlflow_away;

/* A connection of its own: the command's may wait ten minutes for a statement. */
static struct db *open_database(const struct tracking_home *home)
{
    return db_new(home->config, 0);
}

static void to_database(struct tracking *t)
{
    struct fail why = {0};
    if (database_away)
        return;
    struct db *db = open_database(&t->home);
    enum err rc = db == NULL ? fail_set(&why, ERR_NOMEM, "out of memory")
                             : training_run_store(db, &t->run, &t->run.id, &why);
    db_free(db);
    bool away = rc == ERR_UNAVAILABLE || rc == ERR_DENIED;
    database_away = away;
    if (rc != ERR_OK)
        t->run.id = 0;
    if (rc != ERR_OK && !(away && t->needs_no_database))
        progress_note(t->home.progress, "this run was not recorded: %s", why.text);
}

static void to_mlflow(struct tracking *t)
{
    struct fail why = {0};
    const struct config *c = t->home.config;
    const struct mlflow_server server = {
        .uri = c->mlflow_uri, .experiment = c->mlflow_experiment, .timeout_ms = c->mlflow_timeout_ms};
    if (c->mlflow_uri[0] == '\0' || mlflow_away)
        return;
    mlflow_away = mlflow_log(&server, &t->run, &why) != ERR_OK;
    if (mlflow_away)
        progress_note(t->home.progress, "this run was not sent to MLflow: %s", why.text);
}

void tracking_end(struct tracking *t, enum training_run_status status)
{
    t->run.ended_ms = clock_wall_ms();
    t->run.seconds = clock_monotonic() - t->started;
    t->run.status = status;
    t->run.values = t->values.data;
    t->run.n_values = t->values.len;
    if (t->home.config->track_runs != 0) {
        to_database(t);
        to_mlflow(t);
    }
    vec_free(&t->values);
}
