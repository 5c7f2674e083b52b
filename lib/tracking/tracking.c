#include "tracking/tracking.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "model/model_file.h"
#include "store/training_life.h"
#include "tracking/remote.h"

enum { PATH = 1200, ALIVE_MOST = 1000, WAITING_MOST = 20 };
static const double PAUSE = 5; /* seconds between two tellings of figures */

/* ---- what is kept ---- */

static void set_name(char out[RUN_NAME], const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
    size_t i = 0;
    for (; i < RUN_NAME - 1 && name[i] != '\0'; i++)
        out[i] = strchr(plain, name[i]) != NULL ? name[i] : '.';
    out[i] = '\0';
}

static void put(struct tracking *t, const struct training_run_value *given, const char *name)
{
    struct training_run_value v = *given, *all = t->values.data;
    set_name(v.name, name);
    for (size_t i = 0; i < t->values.len; i++)
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
    *t = (struct tracking){.home = *home, .started = clock_monotonic(), .lock = {.fd = -1}};
    t->run.command = command;
    t->run.started_ms = clock_wall_ms();
    t->run.seed = seed;
    t->run.status = RUN_RUNNING;
    t->told = t->started;
    t->values = VEC_OF(struct training_run_value);
    t->points = VEC_OF(struct training_run_point);
    t->members = VEC_OF(const char *);
    snprintf(t->run.model, sizeof t->run.model, "%s", model);
    snprintf(t->run.made_by, sizeof t->run.made_by, "%s", home->user);
    tracking_word(t, "model", model);
    tracking_number(t, RUN_PARAM, "seed", (double)seed);
}

/* A folder may carry a person's name. */
void tracking_file(struct tracking *t, const char *name, const char *path)
{
    const char *slash = strrchr(path, '/');
    tracking_word(t, name, slash != NULL ? slash + 1 : path);
}

/* ---- model files ---- */

/* Names of an ensemble's members begin with theirs: "ease.lambda". */
static void put_named(struct tracking *t, enum training_run_kind kind, const char *member, const char *name,
                      double value)
{
    char whole[2 * RUN_NAME];
    snprintf(whole, sizeof whole, "%s%s%s", member, member[0] != '\0' ? "." : "", name);
    tracking_number(t, kind, whole, value);
}

static void put_figures(struct tracking *t, const struct model *m, const char *member)
{
    for (size_t i = 0; i < m->n_settings; i++)
        put_named(t, RUN_PARAM, member, m->settings[i].name, m->settings[i].value);
    for (size_t i = 0; i < m->n_metrics; i++)
        put_named(t, RUN_METRIC, member, m->metrics[i].name, m->metrics[i].value);
    put_named(t, RUN_METRIC, member, "train_seconds", m->info->seconds);
}

/* A member's file lies beside the ensemble's; one that is not the one it was made with is left out. */
static bool open_member(const char *path, const struct model_part *part, char file[PATH], struct model *out)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    int n = snprintf(file, PATH, "%.*s%.16s.mvm", folder, path, part->kind);
    if (n >= PATH || model_open(out, file, NULL) != ERR_OK)
        return false;
    if (memcmp(out->file.header->content, part->content, SECTION_HASH) == 0)
        return true;
    model_close(out);
    return false;
}

static void put_member(struct tracking *t, const char *path, const struct model_part *part)
{
    struct model member;
    char name[RUN_NAME], file[PATH];
    snprintf(name, sizeof name, "weight.%.16s", part->kind);
    tracking_number(t, RUN_PARAM, name, (double)part->weight);
    if (!open_member(path, part, file, &member))
        return;
    snprintf(name, sizeof name, "%.16s", part->kind);
    put_figures(t, &member, name);
    const char *copy = part->is_content ? NULL : arena_strdup(t->home.arena, file);
    if (copy != NULL)
        (void)vec_push(&t->members, &copy);
    model_close(&member);
}

static void put_model(struct tracking *t, const char *path, const struct model *m)
{
    secret_hex(t->run.dataset_hash, m->info->dataset_hash, sizeof m->info->dataset_hash);
    tracking_word(t, "dataset", t->run.dataset_hash);
    secret_hex(t->run.model_hash, m->file.header->content, SECTION_HASH);
    put_figures(t, m, "");
    for (size_t i = 0; i < m->n_parts; i++)
        put_member(t, path, &m->parts[i]);
    if (m->n_parts > 0) {
        tracking_word(t, "rule", fusion_rule_name((enum fusion_rule)m->info->rule));
        tracking_number(t, RUN_PARAM, "cold", (double)m->info->cold);
    }
    tracking_number(t, RUN_PARAM, "users", (double)m->info->n_users);
    tracking_number(t, RUN_PARAM, "items", (double)m->n_items);
    tracking_number(t, RUN_PARAM, "interactions", (double)m->info->n_interactions);
    tracking_number(t, RUN_PARAM, "threshold", (double)m->info->threshold);
    tracking_number(t, RUN_PARAM, "simulated", m->info->simulated);
}

void tracking_model(struct tracking *t, const char *path)
{
    struct model m;
    if (t->home.config->track_runs == 0 || model_open(&m, path, NULL) != ERR_OK)
        return;
    t->path = arena_strdup(t->home.arena, path);
    put_model(t, path, &m);
    model_close(&m);
}

/* ---- where it goes ---- */

/* Of this process: what could not be reached is not waited for again by the next model of a command. */
static bool database_away, mlflow_away;

static bool has_mlflow(const struct tracking *t)
{
    const struct config *c = t->home.config;
    return c->mlflow_uri[0] != '\0' && c->mlflow_later == 0 && !mlflow_away;
}

/* Stores a new run, or what became of one that is there. A connection of its own: the command's may wait ten minutes for
 * a statement. */
static enum err store(const struct tracking *t, struct training_run *run, struct fail *why)
{
    struct db *db = db_new(t->home.config, 0);
    enum err rc = db == NULL     ? fail_set(why, ERR_NOMEM, "out of memory")
                  : run->id == 0 ? training_run_store(db, run, &run->id, why)
                                 : training_run_update(db, run, why);
    db_free(db);
    return rc;
}

/* The run as it is; with `all` its values and every point that is new, else the points alone. */
static enum err to_database(struct tracking *t, bool all, struct fail *why)
{
    const struct training_run_point *points = t->points.data;
    bool fresh = t->run.id == 0;
    t->run.values = t->values.data;
    t->run.n_values = all || fresh ? t->values.len : 0;
    t->run.points = points != NULL ? points + t->stored : NULL;
    t->run.n_points = t->points.len - t->stored;
    enum err rc = store(t, &t->run, why);
    if (rc == ERR_OK)
        t->stored = t->points.len;
    else if (fresh)
        t->run.id = 0;
    return rc;
}

static void to_mlflow(struct tracking *t)
{
    struct remote r;
    struct fail why = {0};
    if (!has_mlflow(t))
        return;
    t->run.values = t->values.data;
    t->run.n_values = t->values.len;
    t->run.points = t->points.data;
    t->run.n_points = t->points.len;
    enum err rc = remote_open(&r, t->home.config, &why);
    if (rc == ERR_OK)
        rc = remote_run(&r, &(struct remote_news){&t->run, "", t->path}, &t->at, &why);
    remote_close(&r);
    if (rc == ERR_OK && r.left_out[0] != '\0')
        progress_note(t->home.progress, "MLflow: %s", r.left_out);
    snprintf(t->run.remote, sizeof t->run.remote, "%s", t->at.id);
    t->run.due = rc != ERR_OK || t->run.status == RUN_RUNNING;
    mlflow_away = rc != ERR_OK;
    if (mlflow_away)
        progress_note(t->home.progress, "this run was not sent to MLflow%s: %s",
                      t->run.id != 0 ? "; mvti runs send tries again" : "", why.text);
}

void tracking_begin(struct tracking *t)
{
    struct fail why = {0};
    const struct config *c = t->home.config;
    if (c->track_runs == 0)
        return;
    t->run.due = c->mlflow_uri[0] != '\0';
    if (!database_away) {
        run_lock_take(&t->lock, c, t->run.lock);
        if (to_database(t, true, &why) != ERR_OK) {
            run_lock_free(&t->lock);
            t->run.lock[0] = '\0';
        }
    }
    to_mlflow(t);
    if (t->run.id != 0 && t->run.remote[0] != '\0')
        (void)to_database(t, false, &why); /* where it is on the server: who is killed tells nobody */
}

void tracking_point(struct tracking *t, const char *name, int64_t step, double value)
{
    struct training_run_point p = {.step = step, .at_ms = clock_wall_ms(), .value = value};
    struct fail why = {0};
    set_name(p.name, name);
    if (t->home.config->track_runs == 0 || !vec_push(&t->points, &p) || clock_monotonic() - t->told < PAUSE)
        return;
    if (t->run.id != 0)
        (void)to_database(t, false, &why); /* what did not get there goes with the next */
    to_mlflow(t);
    t->told = clock_monotonic();
}

/* ---- the end ---- */

/* The points called NAME.… of the ensemble are the member's own. */
static bool take_points(const struct tracking *t, const char *name, struct vec *out)
{
    const struct training_run_point *all = t->points.data;
    size_t n = strlen(name);
    for (size_t i = 0; i < t->points.len; i++) {
        struct training_run_point p = all[i];
        if (strncmp(p.name, name, n) != 0 || p.name[n] != '.')
            continue;
        memmove(p.name, p.name + n + 1, strlen(p.name + n + 1) + 1);
        if (!vec_push(out, &p))
            return false;
    }
    return true;
}

/* A member's run, with its ensemble's times. */
static void record_member(struct tracking *t, const char *path)
{
    struct model m;
    struct tracking own;
    struct fail why = {0};
    if (model_open(&m, path, NULL) != ERR_OK)
        return;
    tracking_start(&own, &t->home, t->run.command, m.info->kind, (long)t->run.seed);
    own.run.started_ms = t->run.started_ms;
    own.run.ended_ms = t->run.ended_ms;
    own.run.seconds = m.info->seconds;
    own.run.status = RUN_FINISHED;
    own.run.parent_id = t->run.id;
    own.run.due = t->home.config->mlflow_uri[0] != '\0';
    own.path = path;
    put_model(&own, path, &m);
    model_close(&m);
    tracking_word(&own, "ensemble", t->run.model);
    (void)take_points(t, own.run.model, &own.points);
    if (t->run.id != 0)
        (void)to_database(&own, true, &why);
    vec_free(&own.values);
    vec_free(&own.points);
    vec_free(&own.members);
}

/* Members, and what waits from before. */
static void send_waiting(struct tracking *t)
{
    struct remote r;
    struct fail why = {0};
    size_t sent;
    if (!has_mlflow(t) || t->run.id == 0)
        return;
    struct db *db = db_new(t->home.config, 0);
    enum err rc = db == NULL ? ERR_NOMEM : remote_open(&r, t->home.config, &why);
    r.db = db;
    r.arena = t->home.arena;
    if (rc == ERR_OK)
        rc = remote_waiting(&r, WAITING_MOST, &sent, &why);
    if (rc == ERR_OK && r.left_out[0] != '\0')
        progress_note(t->home.progress, "MLflow: %s", r.left_out);
    if (db != NULL)
        remote_close(&r);
    db_free(db);
    if (rc != ERR_OK)
        progress_note(t->home.progress, "not all runs were sent to MLflow: %s", why.text);
}

static void record_end(struct tracking *t)
{
    struct fail why = {0};
    const char *const *members = t->members.data;
    t->run.due = t->home.config->mlflow_uri[0] != '\0';
    to_mlflow(t);
    t->run.lock[0] = '\0';
    enum err rc = database_away ? ERR_UNAVAILABLE : to_database(t, true, &why);
    bool away = rc == ERR_UNAVAILABLE || rc == ERR_DENIED;
    if (rc != ERR_OK && why.text[0] != '\0' && !(away && t->needs_no_database))
        progress_note(t->home.progress, "this run was not recorded: %s", why.text);
    database_away = away;
    if (rc != ERR_OK)
        run_lock_leave(&t->lock);
    for (size_t i = 0; rc == ERR_OK && i < t->members.len; i++)
        record_member(t, members[i]);
    if (rc == ERR_OK)
        send_waiting(t);
}

void tracking_end(struct tracking *t, enum training_run_status status)
{
    t->run.ended_ms = clock_wall_ms();
    t->run.seconds = clock_monotonic() - t->started;
    t->run.status = status;
    if (t->home.config->track_runs != 0)
        record_end(t);
    run_lock_free(&t->lock);
    vec_free(&t->values);
    vec_free(&t->points);
    vec_free(&t->members);
}

enum err tracking_look(const struct config *config, struct db *db, struct arena *a, size_t *n,
                       struct fail *why)
{
    struct training_alive *all;
    size_t alive;
    *n = 0;
    enum err rc = training_alive_list(db, a, ALIVE_MOST, &all, &alive, why);
    for (size_t i = 0; rc == ERR_OK && i < alive; i++)
        if (run_lock_gone(config, all[i].lock, all[i].started_ms, clock_wall_ms())) {
            rc = training_alive_killed(db, all[i].id, why);
            *n += rc == ERR_OK;
        }
    return rc;
}
