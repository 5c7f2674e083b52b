#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/map_file.h"
#include "base/secret.h"
#include "base/state_path.h"
#include "data/dataset.h"
#include "model/model_file.h"
#include "model/snapshot_live.h"
#include "publish/published_models.h"
#include "publish/reference.h"
#include "publish/snapshot_folder.h"
#include "store/ratings_source.h"

/* Where the worker puts a page's title and description, and what it says. */
static const char *const markers[] = {"<!--mvti:head-->", "<!--mvti:body-->", "<!--/mvti:body-->"};
enum { MARKERS = sizeof markers / sizeof *markers };

/* ---- settings and folders ---- */

static void password_file(struct doctor *d)
{
    const char *path = d->job->config.db_password_file;
    struct stat st;
    if (strchr(path, '/') == NULL) /* none, or a credential, which only the unit sees */
        return;
    if (euidaccess(path, R_OK) != 0 || stat(path, &st) != 0)
        doctor_say(d, DOCTOR_WRONG, "settings", "the password file %s cannot be read: %s", path,
                   strerror(errno));
    else if ((st.st_mode & S_IRWXO) != 0)
        doctor_say(d, DOCTOR_WRONG, "settings",
                   "the password file %s is world-readable; " DOCTOR_DO "run: chmod o-rwx %s", path, path);
}

void doctor_settings(struct doctor *d)
{
    const char *file = d->job->config_file;
    if (file[0] != '\0') /* an unreadable or wrong file has ended the program before this */
        doctor_say(d, DOCTOR_GOOD, "settings", "read from %s", file);
    else
        doctor_say(d, DOCTOR_NOTE, "settings",
                   "no settings file; using defaults and --set. --config FILE or MVTI_CONFIG names one");
    password_file(d);
}

void doctor_folders(struct doctor *d)
{
    const char *dir = d->job->config.state_dir;
    struct stat st;
    if (stat(dir, &st) != 0)
        doctor_say(d, DOCTOR_WRONG, "state folder",
                   "%s: %s; " DOCTOR_DO "create it for the account that runs the jobs, or set state_dir", dir,
                   strerror(errno));
    else if (!S_ISDIR(st.st_mode))
        doctor_say(d, DOCTOR_WRONG, "state folder", "%s is not a directory; " DOCTOR_DO "set state_dir", dir);
    else if (euidaccess(dir, R_OK | W_OK | X_OK) != 0)
        doctor_say(d, DOCTOR_WRONG, "state folder",
                   "%s is not writable by this account; " DOCTOR_DO
                   "jobs must own it (run doctor as that account)",
                   dir);
    else
        doctor_say(d, DOCTOR_GOOD, "state folder", "%s", dir);
}

/* ---- training ---- */

/* ERR_NOT_FOUND reads better without the system's words. */
static void say_file(struct doctor *d, enum err rc, const char *what, const char *path,
                     const struct fail *why, const char *remedy)
{
    if (rc == ERR_NOT_FOUND)
        doctor_say(d, DOCTOR_WRONG, what, "%s is missing; " DOCTOR_DO "run: %s", path, remedy);
    else
        doctor_say(d, DOCTOR_WRONG, what, "%s; " DOCTOR_DO "run: %s", why->text, remedy);
}

static int64_t modified(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_mtime : 0;
}

/* *name: a source in the database whose present file is not in the dataset; NULL if there is none. */
static enum err missing_source(struct doctor *d, const struct dataset *data, const char **name,
                               struct fail *why)
{
    struct ratings_source *items = NULL;
    size_t n = 0;
    enum err rc = d->tables ? ratings_source_list(d->job->db, &d->job->arena, &items, &n, why) : ERR_OK;
    *name = NULL;
    for (size_t i = 0; rc == ERR_OK && i < n && *name == NULL; i++) {
        bool found = false;
        for (size_t k = 0; k < data->n_sources && !found; k++) {
            char hash[2 * SECTION_HASH + 1];
            secret_hex(hash, data->sources[k].hash, SECTION_HASH);
            found = strcmp(hash, items[i].content_hash) == 0;
        }
        if (!found)
            *name = items[i].name;
    }
    return rc;
}

void doctor_dataset(struct doctor *d)
{
    char path[STATE_PATH];
    struct dataset data;
    struct fail why = {0};
    enum err rc = state_path(&d->job->config,
                             &(struct state_file){.folder = "datasets", .name = "current.mvd"}, path, &why);
    if (rc == ERR_OK)
        rc = dataset_open(&data, path, &why);
    if (rc != ERR_OK) {
        say_file(d, rc, "dataset", path, &why, "mvti dataset build");
        return;
    }
    memcpy(d->dataset, data.hash, sizeof d->dataset);
    d->has_dataset = true;
    doctor_say(d, DOCTOR_GOOD, "dataset", "intact; %zu likes of %zu films by %zu %s from %zu %s, %s",
               csr_count(&data.x), data.x.n_cols, data.x.n_rows,
               data.info->simulated ? "people, some simulated," : "people", data.n_sources,
               data.n_sources == 1 ? "source" : "sources", doctor_age(d, modified(path)));
    const char *missing;
    if (missing_source(d, &data, &missing, &why) != ERR_OK)
        doctor_say(d, DOCTOR_NOTE, "dataset", "could not be compared with the database: %s", why.text);
    else if (missing != NULL)
        doctor_say(d, DOCTOR_NOTE, "dataset",
                   "lacks the current ratings of %s; " DOCTOR_DO "run: mvti dataset build", missing);
    dataset_close(&data);
}

static void one_model(struct doctor *d, const char *name, bool needed)
{
    char file[64], path[STATE_PATH], remedy[80], what[40];
    struct model m;
    struct fail why = {0};
    snprintf(file, sizeof file, "%s.mvm", name);
    snprintf(what, sizeof what, "model %s", name);
    snprintf(remedy, sizeof remedy, "mvti train %s", name);
    enum err rc =
        state_path(&d->job->config, &(struct state_file){.folder = "models", .name = file}, path, &why);
    if (rc == ERR_OK)
        rc = model_open(&m, path, &why);
    if (rc == ERR_NOT_FOUND && !needed) {
        doctor_say(d, DOCTOR_NOTE, what, "missing; rankings work without it; " DOCTOR_DO "run: %s", remedy);
        return;
    }
    if (rc != ERR_OK) {
        say_file(d, rc, what, path, &why, remedy);
        return;
    }
    if (d->has_dataset && memcmp(m.info->dataset_hash, d->dataset, sizeof d->dataset) != 0)
        doctor_say(d, DOCTOR_NOTE, what,
                   "intact, %s, but trained on another dataset than the current one; " DOCTOR_DO "run: %s",
                   doctor_age(d, m.info->created), remedy);
    else
        doctor_say(d, DOCTOR_GOOD, what, "intact; %zu films, %s", m.n_items, doctor_age(d, m.info->created));
    if (needed)
        d->model_created = m.info->created;
    model_close(&m);
}

/* The parts that the blend names by hash, each as a file beside it. */
static void blend_parts(struct doctor *d, const char *path)
{
    struct published_models m;
    struct fail why = {0};
    enum err rc = published_models_open(&m, &d->job->config, path, &why);
    if (rc != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, "model blend", "%s", why.text[0] != '\0' ? why.text : err_name(rc));
    for (size_t p = 0; rc == ERR_OK && p < m.head.n_parts; p++) {
        if (m.head.parts[p].is_content && m.parts[p].info->created > d->model_created)
            d->model_created = m.parts[p].info->created;
        doctor_say(d, DOCTOR_GOOD, "model blend", "part %s: intact; %zu films, weight %.3f",
                   m.parts[p].info->kind, m.parts[p].n_items, (double)m.head.parts[p].weight);
    }
    published_models_close(&m);
}

void doctor_models(struct doctor *d)
{
    char path[STATE_PATH];
    struct fail why = {0};
    if (state_path(&d->job->config, &(struct state_file){.folder = "models", .name = "blend.mvm"}, path,
                   &why) == ERR_OK &&
        access(path, F_OK) == 0) {
        one_model(d, "blend", true);
        blend_parts(d, path);
    } else {
        one_model(d, "ease", true);
        doctor_say(d, DOCTOR_NOTE, "model blend",
                   "missing; the site uses ease alone. The blend recommends better; " DOCTOR_DO
                   "run: mvti train blend");
    }
    one_model(d, "popularity", false);
}

/* ---- what workers read ---- */

static void pinned_snapshot(struct doctor *d)
{
    char pinned[SNAPSHOT_NAME], current[SNAPSHOT_NAME];
    struct snapshot_folder f = {.lock = -1};
    if (config_state_path(&d->job->config, "snapshots", f.path, sizeof f.path, NULL) != ERR_OK)
        return;
    snapshot_folder_pinned(&f, pinned);
    snapshot_folder_current(&f, current);
    if (pinned[0] == '\0')
        return;
    if (strcmp(pinned, current) == 0)
        doctor_say(d, DOCTOR_NOTE, "snapshot",
                   "%s is pinned: nights train, but publish nothing; " DOCTOR_DO
                   "mvti publish --unpin ends that",
                   pinned);
    else
        doctor_say(d, DOCTOR_WRONG, "snapshot",
                   "%s is pinned and not live; " DOCTOR_DO "run: mvti publish --pin, or mvti publish --unpin",
                   pinned);
}

/* Workers are of the folder's group, and not the account that runs this. */
static void readable_snapshot(struct doctor *d, const char *folder, const char *name)
{
    char path[STATE_PATH + SNAPSHOT_LIVE_NAME];
    struct stat file, below;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (stat(path, &file) != 0 || stat(folder, &below) != 0 || (file.st_mode & S_IROTH) != 0 ||
        ((file.st_mode & S_IRGRP) != 0 && file.st_gid == below.st_gid))
        return;
    doctor_say(d, DOCTOR_WRONG, "snapshot", "%s cannot be read by workers; " DOCTOR_DO "run: chmod 644 %s",
               name, path);
}

static void say_snapshot(struct doctor *d, const struct snapshot *s)
{
    bool newer_model = d->model_created > s->created;
    doctor_say(d, newer_model ? DOCTOR_NOTE : DOCTOR_GOOD, "snapshot",
               "%s is intact; %zu films, %zu characters, %s%s", s->id, s->n_movies, s->n_characters,
               doctor_age(d, s->created),
               newer_model ? "; a newer model is not published yet; " DOCTOR_DO "run: mvti publish" : "");
}

static void say_refused(struct doctor *d, const struct snapshot_live *l, bool serves)
{
    d->refused = true;
    doctor_say(d, DOCTOR_WRONG, "snapshot",
               "%s; workers that start now serve %s; " DOCTOR_DO "run: mvti publish%s", l->reason,
               serves ? l->name : "nothing", serves ? " --rollback, or mvti publish" : "");
}

void doctor_snapshot(struct doctor *d)
{
    char path[STATE_PATH];
    struct snapshot_live l;
    struct snapshot s;
    struct fail why = {0};
    enum err rc = state_path(&d->job->config, &(struct state_file){.folder = "snapshots", .name = "current"},
                             path, &why);
    if (rc != ERR_OK) {
        say_file(d, rc, "snapshot", path, &why, "mvti publish");
        return;
    }
    path[strlen(path) - strlen("/current")] = '\0';
    snapshot_live_init(&l, path);
    bool serves = snapshot_live_look(&l, &s) == SNAPSHOT_FRESH;
    if (serves)
        snapshot_live_take(&l);
    if (l.refused != SNAPSHOT_USED)
        say_refused(d, &l, serves);
    else if (serves)
        say_snapshot(d, &s);
    if (!serves)
        return;
    readable_snapshot(d, path, l.name);
    snapshot_close(&s);
    pinned_snapshot(d);
}

/* Nights publish nothing where the new models are worse, but not for so long. */
static const int64_t SNAPSHOT_OLD = 8 * 86400;

void doctor_snapshot_age(struct doctor *d)
{
    char path[STATE_PATH], pinned[SNAPSHOT_NAME];
    struct snapshot_folder f = {.lock = -1};
    struct stat st;
    if (config_state_path(&d->job->config, "snapshots/current", path, sizeof path, NULL) != ERR_OK ||
        config_state_path(&d->job->config, "snapshots", f.path, sizeof f.path, NULL) != ERR_OK)
        return;
    snapshot_folder_pinned(&f, pinned);
    bool there = stat(path, &st) == 0;
    if (!there && !d->often) /* doctor_snapshot has said so */
        return;
    if (!there)
        doctor_say(d, DOCTOR_WRONG, "live snapshot",
                   "%s: %s; " DOCTOR_DO "run: mvti publish, or mvti publish --rollback", path,
                   strerror(errno));
    else if (euidaccess(path, R_OK) != 0)
        doctor_say(d, DOCTOR_WRONG, "live snapshot",
                   "%s cannot be read by this account, and perhaps by no worker; " DOCTOR_DO
                   "run: chown mvti_jobs:mvti and chmod 640 on the file that it leads to",
                   path);
    else if (pinned[0] == '\0' && clock_wall() - (int64_t)st.st_mtime > SNAPSHOT_OLD)
        doctor_say(d, d->installed ? DOCTOR_WRONG : DOCTOR_NOTE, "live snapshot",
                   "%s: nothing newer was published; " DOCTOR_DO
                   "see what the nights say: journalctl -u mvti-nightly, mvti snapshot history",
                   doctor_age(d, (int64_t)st.st_mtime));
    else
        doctor_say(d, DOCTOR_GOOD, "live snapshot", "%s", doctor_age(d, (int64_t)st.st_mtime));
}

void doctor_reference(struct doctor *d)
{
    struct fail why = {0};
    struct snapshot_builder b;
    snapshot_builder_init(&b);
    enum err rc = reference_load(&b, d->job->config.reference_dir, &why);
    if (rc != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, "personality texts", "%s; " DOCTOR_DO "see the setting reference_dir",
                   why.text[0] != '\0' ? why.text : err_name(rc));
    else
        doctor_say(d, DOCTOR_GOOD, "personality texts", "complete in %s", d->job->config.reference_dir);
    snapshot_builder_free(&b);
}

void doctor_shell(struct doctor *d)
{
    const char *path = d->job->config.shell_file;
    struct map_file m;
    struct fail why = {0};
    if (map_file_open(&m, path, &why) != ERR_OK) {
        doctor_say(d, DOCTOR_WRONG, "page shell",
                   "%s; " DOCTOR_DO "build the pages (make www) and see the setting shell_file", why.text);
        return;
    }
    size_t found = 0;
    while (found < MARKERS && m.size > 0 &&
           memmem(m.data, m.size, markers[found], strlen(markers[found])) != NULL)
        found++;
    if (found < MARKERS)
        doctor_say(d, DOCTOR_WRONG, "page shell",
                   "%s lacks %s, so workers cannot write pages; " DOCTOR_DO "build them again (make www)",
                   path, markers[found]);
    else
        doctor_say(d, DOCTOR_GOOD, "page shell", "%s", path);
    map_file_close(&m);
}
