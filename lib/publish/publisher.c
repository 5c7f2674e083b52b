#include "publish/publisher.h"

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

struct folder {
    char path[1024];
    int lock;
};

/* One publisher at a time: two would remove each other's old files. */
static enum err take_lock(struct folder *p, struct fail *why)
{
    char path[1088];
    snprintf(path, sizeof path, "%s/lock", p->path);
    p->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (p->lock < 0)
        return fail_errno(why, ERR_IO, "%s", path);
    if (flock(p->lock, LOCK_EX | LOCK_NB) != 0)
        return fail_set(why, ERR_BUSY, "another mvti publish is running; wait for it, then try again");
    return ERR_OK;
}

static bool add_aliases(struct vec *aliases, const struct vec *hidden)
{
    const struct film_hidden *h = hidden->data;
    for (size_t i = 0; i < hidden->len; i++)
        if (!vec_push(aliases, &(struct builder_alias){h[i].id, h[i].shown}))
            return false;
    return true;
}

/* Of films with one title and year people would see the same twice: on the wall, in a search, in a list. */
static enum err show_twins_once(const struct progress *progress, struct snapshot_builder *b,
                                struct catalog *catalog, const struct model *counts, struct fail *why)
{
    enum { SHOWN_MAX = 20 };
    struct films_hidden hidden;
    enum err rc = film_twins_join(catalog, counts, &hidden, why);
    const struct film_hidden *h = hidden.films.data;
    for (size_t i = 0; rc == ERR_OK && i < hidden.films.len && i < SHOWN_MAX; i++)
        progress_note(progress, "film %d has the same title and year as film %d, which is shown for both",
                      (int)h[i].id, (int)h[i].shown);
    if (hidden.films.len > SHOWN_MAX)
        progress_note(progress, "and %zu more", hidden.films.len - SHOWN_MAX);
    if (rc == ERR_OK && (!add_aliases(&b->movie_aliases, &hidden.films) ||
                         !add_aliases(&b->character_aliases, &hidden.characters)))
        rc = fail_set(why, ERR_NOMEM, "out of memory while building the snapshot");
    films_hidden_free(&hidden);
    return rc;
}

static enum err fill(const struct publisher *p, struct snapshot_builder *b, struct published_models *models,
                     struct fail *why)
{
    struct catalog catalog;
    struct like_totals likes;
    const struct model *counts = models->has_counts ? &models->counts : NULL;
    progress_report(p->progress, "reading the catalog", 0, 0);
    enum err rc = catalog_read(p->db, p->arena, &catalog, why);
    if (rc == ERR_OK)
        rc = show_twins_once(p->progress, b, &catalog, counts, why);
    if (rc == ERR_OK)
        rc = like_totals_read(p->db, p->arena, &likes, why);
    if (rc == ERR_OK)
        rc = publish_catalog(b, &catalog, &likes, counts, why);
    if (rc == ERR_OK)
        rc = reference_load(b, p->config->reference_dir, why);
    published_models_place(models, b);
    publish_meta(b, models);
    return rc;
}

/* A published file that cannot be read has nothing to compare with, and is better replaced. */
static enum err not_worse(const struct publisher *p, const char *folder, const struct buf *meta,
                          struct fail *why)
{
    struct snapshot old = {0};
    char path[1088];
    int compared;
    if (p->force)
        return ERR_OK;
    snprintf(path, sizeof path, "%s/current", folder);
    enum err rc = snapshot_open(&old, path, why);
    if (rc == ERR_NOMEM)
        return rc;
    bool there = rc == ERR_OK;
    rc = publish_guard(there ? old.meta : NULL, old.meta_len, buf_str(meta), meta->len, p->margin, &compared,
                       why);
    if (rc == ERR_OK && compared == 0)
        progress_note(p->progress, "%s",
                      there ? "the snapshots were evaluated in different ways and are not compared"
                            : "this is the first snapshot; there is nothing to compare it with");
    snapshot_close(&old);
    return rc;
}

/* The new file is opened as a worker would before anyone is pointed at it. */
static enum err check_and_switch(const char *folder, const char *path, struct snapshot *s, struct fail *why)
{
    enum err rc = snapshot_open(s, path, why);
    if (rc != ERR_OK) {
        unlink(path);
        return rc;
    }
    return snapshot_writer_switch(folder, strrchr(path, '/') + 1, why);
}

struct entry {
    char name[PUBLISHER_NAME];
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
static size_t list_snapshots(const char *folder, struct entry **out)
{
    struct vec all = VEC_OF(struct entry);
    DIR *dir = opendir(folder);
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
        char path[2048];
        struct entry e = {0};
        struct snapshot s;
        if (strncmp(d->d_name, "mvti-", 5) != 0 || strlen(d->d_name) >= sizeof e.name)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
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

static void current_name(const char *folder, char out[256])
{
    char link[1088];
    snprintf(link, sizeof link, "%s/current", folder);
    ssize_t n = readlink(link, out, 255);
    out[n > 0 ? n : 0] = '\0';
}

static void remove_old(const struct publisher *p, const char *folder)
{
    struct entry *all;
    char current[256], path[2048];
    size_t n = list_snapshots(folder, &all);
    current_name(folder, current);
    for (size_t i = (size_t)p->keep; i < n; i++) {
        if (strcmp(all[i].name, current) == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, all[i].name);
        unlink(path);
    }
    free(all);
}

static void describe(const struct snapshot *s, const struct published_models *models,
                     struct publisher_result *out)
{
    snprintf(out->id, sizeof out->id, "%s", s->id);
    out->n_films = s->n_movies;
    out->n_characters = s->n_characters;
    out->bytes = s->size;
    out->n_models = published_models_hashes(models, out->models);
}

static enum err publish_from(const struct publisher *p, const char *folder, struct snapshot_builder *b,
                             struct published_models *models, struct publisher_result *out, struct fail *why)
{
    struct snapshot s = {0};
    char path[1200];
    enum err rc = published_models_open(models, p->config, p->model_file, why);
    if (rc == ERR_OK)
        rc = published_models_index(models, p->config, FOREST_WORTH, why);
    if (rc == ERR_OK)
        rc = fill(p, b, models, why);
    if (rc == ERR_OK)
        rc = not_worse(p, folder, &b->meta, why);
    if (rc != ERR_OK)
        return rc;
    progress_report(p->progress, "writing the snapshot", 0, 0);
    rc = snapshot_writer_build(b, folder, clock_wall(), path, sizeof path, why);
    if (rc == ERR_OK)
        rc = check_and_switch(folder, path, &s, why);
    if (rc == ERR_OK) {
        describe(&s, models, out);
        remove_old(p, folder);
    }
    snapshot_close(&s);
    return rc;
}

static enum err open_folder(const struct publisher *p, struct folder *f, struct fail *why)
{
    *f = (struct folder){.lock = -1};
    enum err rc = config_state_path(p->config, "snapshots", f->path, sizeof f->path, why);
    if (rc == ERR_OK && mkdir(f->path, 0755) != 0 && errno != EEXIST)
        rc = fail_errno(why, ERR_IO, "%s", f->path);
    return rc == ERR_OK ? take_lock(f, why) : rc;
}

static void close_folder(struct folder *f)
{
    if (f->lock >= 0)
        close(f->lock);
}

enum err publisher_run(const struct publisher *p, struct publisher_result *out, struct fail *why)
{
    struct folder folder;
    struct snapshot_builder b;
    struct published_models models = {0};
    snapshot_builder_init(&b);
    enum err rc = open_folder(p, &folder, why);
    if (rc == ERR_OK)
        rc = publish_from(p, folder.path, &b, &models, out, why);
    snapshot_builder_free(&b);
    published_models_close(&models);
    close_folder(&folder);
    return rc;
}

static enum err switch_back(const char *folder, char name[PUBLISHER_NAME], struct fail *why)
{
    struct entry *all;
    char current[256];
    size_t n = list_snapshots(folder, &all), at = 0;
    current_name(folder, current);
    while (at < n && strcmp(all[at].name, current) != 0)
        at++;
    enum err rc = ERR_OK;
    if (at + 1 >= n)
        rc = fail_set(why, ERR_NOT_FOUND, "there is no older snapshot to roll back to");
    else
        rc = snapshot_writer_switch(folder, all[at + 1].name, why);
    if (rc == ERR_OK)
        snprintf(name, PUBLISHER_NAME, "%s", all[at + 1].name);
    free(all);
    return rc;
}

enum err publisher_roll_back(const struct publisher *p, char name[PUBLISHER_NAME], struct fail *why)
{
    struct folder folder;
    enum err rc = open_folder(p, &folder, why);
    if (rc == ERR_OK)
        rc = switch_back(folder.path, name, why);
    close_folder(&folder);
    return rc;
}
