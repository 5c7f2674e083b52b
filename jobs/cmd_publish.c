/* mvti publish: catalog + reference + model → a snapshot, checked, and only then the one that workers map. */
#include "jobs/job.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "publish/film_twins.h"
#include "publish/publish.h"
#include "publish/publish_guard.h"
#include "publish/published_models.h"
#include "publish/reference.h"

struct publishing {
    struct job *job;
    const char *model_file; /* NULL: see lib/publish/published_models.h */
    long keep;
    double margin; /* of lib/publish/publish_guard.h */
    bool force;
    char folder[1024];
    int lock;
};

/* One publisher at a time: two would remove each other's old files. */
static enum err take_lock(struct publishing *p, struct fail *why)
{
    char path[1088];
    snprintf(path, sizeof path, "%s/lock", p->folder);
    p->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (p->lock < 0)
        return fail_errno(why, ERR_IO, "%s", path);
    if (flock(p->lock, LOCK_EX | LOCK_NB) != 0)
        return fail_set(why, ERR_BUSY, "another mvti publish is running; wait for it, then try again");
    return ERR_OK;
}

/* Of films with one title and year people would see the same twice: on the wall, in a search, in a list. */
static enum err show_twins_once(struct job *job, struct catalog *catalog, const struct model *counts,
                                struct fail *why)
{
    enum { SHOWN_MAX = 20 };
    struct vec hidden;
    enum err rc = film_twins_join(catalog, counts, &hidden, why);
    const struct film_hidden *h = hidden.data;
    for (size_t i = 0; rc == ERR_OK && i < hidden.len && i < SHOWN_MAX; i++)
        job_note(job, "mvti: film %d has title and year of film %d, which is shown for both", (int)h[i].id,
                 (int)h[i].shown);
    if (hidden.len > SHOWN_MAX)
        job_note(job, "mvti: and %zu more", hidden.len - SHOWN_MAX);
    vec_free(&hidden);
    return rc;
}

static enum err fill(struct publishing *p, struct snapshot_builder *b, struct published_models *models,
                     struct fail *why)
{
    struct catalog catalog;
    struct like_totals likes;
    const struct model *counts = models->has_counts ? &models->counts : NULL;
    progress_report(&p->job->progress, "reading the catalog", 0, 0);
    enum err rc = catalog_read(p->job->db, &p->job->arena, &catalog, why);
    if (rc == ERR_OK)
        rc = show_twins_once(p->job, &catalog, counts, why);
    if (rc == ERR_OK)
        rc = like_totals_read(p->job->db, &p->job->arena, &likes, why);
    if (rc == ERR_OK)
        rc = publish_catalog(b, &catalog, &likes, counts, why);
    if (rc == ERR_OK)
        rc = reference_load(b, p->job->config.reference_dir, why);
    published_models_place(models, b);
    publish_meta(b, models);
    return rc;
}

/* A published file that cannot be read has nothing to compare with, and is better replaced. */
static enum err not_worse(struct publishing *p, const struct buf *meta, struct fail *why)
{
    struct snapshot old = {0};
    char path[1088];
    int compared;
    if (p->force)
        return ERR_OK;
    snprintf(path, sizeof path, "%s/current", p->folder);
    enum err rc = snapshot_open(&old, path, why);
    if (rc == ERR_NOMEM)
        return rc;
    bool there = rc == ERR_OK;
    rc = publish_guard(there ? old.meta : NULL, old.meta_len, buf_str(meta), meta->len, p->margin, &compared,
                       why);
    if (rc == ERR_OK && compared == 0)
        job_note(p->job, "mvti: %s",
                 there ? "the snapshots were not measured in the same way, so they are not compared"
                       : "the first snapshot: there is none to compare it with");
    snapshot_close(&old);
    return rc;
}

/* The new file is opened as a worker would before anyone is pointed at it. */
static enum err check_and_switch(struct publishing *p, const char *path, struct snapshot *s, struct fail *why)
{
    enum err rc = snapshot_open(s, path, why);
    if (rc != ERR_OK) {
        unlink(path);
        return rc;
    }
    return snapshot_switch(p->folder, strrchr(path, '/') + 1, why);
}

struct entry {
    char name[64];
    int64_t created;
    struct timespec written; /* orders those of one second */
};

static int newest_first(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->created != y->created)
        return x->created > y->created ? -1 : 1;
    if (x->written.tv_sec != y->written.tv_sec)
        return x->written.tv_sec > y->written.tv_sec ? -1 : 1;
    if (x->written.tv_nsec != y->written.tv_nsec)
        return x->written.tv_nsec > y->written.tv_nsec ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Whole snapshots of the folder, newest first; the caller frees *out. */
static size_t list_snapshots(const struct publishing *p, struct entry **out)
{
    struct vec all = VEC_OF(struct entry);
    DIR *dir = opendir(p->folder);
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
        char path[2048];
        struct entry e = {0};
        struct snapshot s;
        if (strncmp(d->d_name, "mvti-", 5) != 0 || strlen(d->d_name) >= sizeof e.name)
            continue;
        snprintf(path, sizeof path, "%s/%s", p->folder, d->d_name);
        struct stat st;
        if (stat(path, &st) != 0 || snapshot_open(&s, path, NULL) != ERR_OK)
            continue;
        snprintf(e.name, sizeof e.name, "%s", d->d_name);
        e.created = s.created;
        e.written = st.st_mtim;
        snapshot_close(&s);
        if (!vec_push(&all, &e))
            break;
    }
    if (dir != NULL)
        closedir(dir);
    if (all.len > 0)
        qsort(all.data, all.len, sizeof(struct entry), newest_first);
    *out = all.data;
    return all.len;
}

static void current_name(const struct publishing *p, char out[256])
{
    char link[1088];
    snprintf(link, sizeof link, "%s/current", p->folder);
    ssize_t n = readlink(link, out, 255);
    out[n > 0 ? n : 0] = '\0';
}

static void remove_old(const struct publishing *p)
{
    struct entry *all;
    char current[256], path[2048];
    size_t n = list_snapshots(p, &all);
    current_name(p, current);
    for (size_t i = (size_t)p->keep; i < n; i++) {
        if (strcmp(all[i].name, current) == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", p->folder, all[i].name);
        unlink(path);
    }
    free(all);
}

static enum err publish(struct publishing *p, struct fail *why)
{
    struct snapshot_builder b;
    struct published_models models;
    struct snapshot s = {0};
    char path[1200];
    snapshot_builder_init(&b);
    enum err rc = published_models_open(&models, &p->job->config, p->model_file, why);
    if (rc == ERR_OK)
        rc = published_models_index(&models, &p->job->config, FOREST_WORTH, why);
    if (rc == ERR_OK)
        rc = fill(p, &b, &models, why);
    if (rc == ERR_OK)
        rc = not_worse(p, &b.meta, why);
    if (rc == ERR_OK) {
        progress_report(&p->job->progress, "writing the snapshot", 0, 0);
        rc = snapshot_build(&b, p->folder, clock_wall(), path, sizeof path, why);
    }
    if (rc == ERR_OK)
        rc = check_and_switch(p, path, &s, why);
    if (rc == ERR_OK) {
        remove_old(p);
        job_say(p->job, "published %s: %zu films, %zu characters, %.1f MB", s.id, s.n_movies, s.n_characters,
                (double)s.size / 1e6);
    }
    snapshot_close(&s);
    snapshot_builder_free(&b);
    published_models_close(&models);
    return rc;
}

static enum err roll_back(struct publishing *p, struct fail *why)
{
    struct entry *all;
    char current[256];
    size_t n = list_snapshots(p, &all), at = 0;
    current_name(p, current);
    while (at < n && strcmp(all[at].name, current) != 0)
        at++;
    enum err rc = ERR_OK;
    if (at + 1 >= n)
        rc = fail_set(why, ERR_NOT_FOUND, "there is no older snapshot to go back to");
    else
        rc = snapshot_switch(p->folder, all[at + 1].name, why);
    if (rc == ERR_OK)
        job_say(p->job, "back at %s; 'mvti publish' makes a new one", all[at + 1].name);
    free(all);
    return rc;
}

static enum err open_folder(struct publishing *p, struct fail *why)
{
    enum err rc = config_state_path(&p->job->config, "snapshots", p->folder, sizeof p->folder, why);
    if (rc == ERR_OK && mkdir(p->folder, 0755) != 0 && errno != EEXIST)
        rc = fail_errno(why, ERR_IO, "%s", p->folder);
    return rc == ERR_OK ? take_lock(p, why) : rc;
}

int cmd_publish(struct job *job, int argc, char **argv)
{
    bool rollback = false;
    struct publishing p = {
        .job = job, .keep = 5, .margin = (double)job->config.publish_margin / 1000, .lock = -1};
    const struct job_option options[] = {
        {"model", JOB_TEXT, &p.model_file, 0, 0,
         "model file to serve (models/blend.mvm of the state folder, else ease.mvm)"},
        {"keep", JOB_INT, &p.keep, 1, 1000, "snapshots to keep for a rollback (5)"},
        {"margin", JOB_REAL, &p.margin, 0, 1,
         "refuse when ndcg, recall or hit at 10 are more than this below the published (publish_margin)"},
        {"force", JOB_FLAG, &p.force, 0, 0, "publish whatever was measured"},
        {"rollback", JOB_FLAG, &rollback, 0, 0, "go back to the snapshot before the current one"},
        {0},
    };
    int n = job_options(argc, argv, "publish [--model FILE] [--keep N] [--margin X | --force] | --rollback",
                        options, NULL, 0, 0);
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    enum err rc = open_folder(&p, &why);
    if (rc == ERR_OK)
        rc = rollback ? roll_back(&p, &why) : publish(&p, &why);
    if (p.lock >= 0)
        close(p.lock);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}
