#include "publish/snapshot_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "model/snapshot.h"
#include "model/snapshot_writer.h"

/* One publisher at a time: two would remove each other's old files. */
static enum err take_lock(struct snapshot_folder *f, struct fail *why)
{
    char path[SNAPSHOT_PATH];
    snapshot_folder_file(f, "lock", path);
    f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (f->lock < 0)
        return fail_errno(why, ERR_IO, "%s", path);
    if (flock(f->lock, LOCK_EX | LOCK_NB) != 0)
        return fail_set(why, ERR_BUSY, "another mvti publish is running; wait for it, then try again");
    return ERR_OK;
}

static enum err make_folder(const char *path, struct fail *why)
{
    return mkdir(path, 0755) != 0 && errno != EEXIST ? fail_errno(why, ERR_IO, "%s", path) : ERR_OK;
}

/* Links that a killed process was about to put in place; nobody else makes any while the lock is held. */
static void remove_left(const struct snapshot_folder *f)
{
    char path[SNAPSHOT_PATH];
    DIR *dir = opendir(f->path);
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
        snapshot_folder_file(f, d->d_name, path);
        if (strstr(d->d_name, ".tmp.") != NULL)
            unlink(path);
    }
    if (dir != NULL)
        closedir(dir);
}

enum err snapshot_folder_look(struct snapshot_folder *f, const struct config *config, struct fail *why)
{
    *f = (struct snapshot_folder){.lock = -1};
    enum err rc = config_state_path(config, "snapshots", f->path, sizeof f->path, why);
    return rc == ERR_OK ? make_folder(f->path, why) : rc;
}

enum err snapshot_folder_open(struct snapshot_folder *f, const struct config *config, struct fail *why)
{
    enum err rc = snapshot_folder_look(f, config, why);
    if (rc == ERR_OK)
        rc = take_lock(f, why);
    if (rc == ERR_OK)
        remove_left(f);
    return rc;
}

void snapshot_folder_close(struct snapshot_folder *f)
{
    if (f->lock >= 0)
        close(f->lock);
    f->lock = -1;
}

static int newest_first(const void *a, const void *b)
{
    const struct snapshot_entry *x = a, *y = b;
    if (x->created != y->created)
        return x->created > y->created ? -1 : 1;
    if (x->written.tv_sec != y->written.tv_sec)
        return x->written.tv_sec > y->written.tv_sec ? -1 : 1;
    if (x->written.tv_nsec != y->written.tv_nsec)
        return x->written.tv_nsec > y->written.tv_nsec ? -1 : 1;
    return strcmp(x->name, y->name);
}

size_t snapshot_folder_list(const struct snapshot_folder *f, struct snapshot_entry **out)
{
    struct vec all = VEC_OF(struct snapshot_entry);
    DIR *dir = opendir(f->path);
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
        char path[SNAPSHOT_PATH];
        struct snapshot_entry e = {0};
        struct snapshot s;
        struct stat st;
        if (strncmp(d->d_name, "mvti-", 5) != 0 || strlen(d->d_name) >= sizeof e.name)
            continue;
        snapshot_folder_file(f, d->d_name, path);
        if (stat(path, &st) != 0 || snapshot_open(&s, path, NULL) != ERR_OK)
            continue;
        snprintf(e.name, sizeof e.name, "%.63s", d->d_name);
        snprintf(e.id, sizeof e.id, "%s", s.id);
        e.created = s.created;
        e.written = st.st_mtim;
        snapshot_close(&s);
        if (!vec_push(&all, &e))
            break;
    }
    if (dir != NULL)
        closedir(dir);
    if (all.len > 0)
        qsort(all.data, all.len, sizeof(struct snapshot_entry), newest_first);
    *out = all.data;
    return all.len;
}

static void link_target(const struct snapshot_folder *f, const char *link, char name[SNAPSHOT_NAME])
{
    char path[SNAPSHOT_PATH];
    snapshot_folder_file(f, link, path);
    ssize_t n = readlink(path, name, SNAPSHOT_NAME - 1);
    name[n > 0 ? n : 0] = '\0';
}

void snapshot_folder_current(const struct snapshot_folder *f, char name[SNAPSHOT_NAME])
{
    link_target(f, "current", name);
}

void snapshot_folder_pinned(const struct snapshot_folder *f, char name[SNAPSHOT_NAME])
{
    link_target(f, "pinned", name);
}

void snapshot_folder_withdrawn(const struct snapshot_folder *f, char name[SNAPSHOT_NAME])
{
    link_target(f, "withdrawn", name);
}

enum err snapshot_folder_withdraw(const struct snapshot_folder *f, const char *name, struct fail *why)
{
    return snapshot_writer_point(f->path, "withdrawn", name, why);
}

void snapshot_folder_file(const struct snapshot_folder *f, const char *name, char path[SNAPSHOT_PATH])
{
    snprintf(path, SNAPSHOT_PATH, "%s/%.150s", f->path, name);
}

void snapshot_folder_clean(const struct snapshot_folder *f)
{
    char path[SNAPSHOT_PATH], file[SNAPSHOT_PATH + 256];
    snapshot_folder_file(f, "candidate", path);
    DIR *dir = opendir(path);
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
        snprintf(file, sizeof file, "%s/%s", path, d->d_name);
        if (d->d_name[0] != '.')
            unlink(file);
    }
    if (dir != NULL)
        closedir(dir);
    rmdir(path);
}

enum err snapshot_folder_candidate(const struct snapshot_folder *f, char path[SNAPSHOT_PATH],
                                   struct fail *why)
{
    snapshot_folder_clean(f);
    snapshot_folder_file(f, "candidate", path);
    return make_folder(path, why);
}

enum err snapshot_folder_accept(const struct snapshot_folder *f, const char *name, struct fail *why)
{
    char folder[SNAPSHOT_PATH], from[SNAPSHOT_PATH + 256], to[SNAPSHOT_PATH];
    snapshot_folder_file(f, "candidate", folder);
    snprintf(from, sizeof from, "%s/%s", folder, name);
    snapshot_folder_file(f, name, to);
    if (rename(from, to) != 0)
        return fail_errno(why, ERR_IO, "%s", to);
    return snapshot_folder_switch(f, name, why);
}

enum err snapshot_folder_switch(const struct snapshot_folder *f, const char *name, struct fail *why)
{
    return snapshot_writer_switch(f->path, name, why);
}

enum err snapshot_folder_pin(const struct snapshot_folder *f, const char *name, struct fail *why)
{
    char path[SNAPSHOT_PATH];
    if (name[0] != '\0')
        return snapshot_writer_point(f->path, "pinned", name, why);
    snapshot_folder_file(f, "pinned", path);
    return unlink(path) != 0 && errno != ENOENT ? fail_errno(why, ERR_IO, "%s", path) : ERR_OK;
}

void snapshot_folder_remove_old(const struct snapshot_folder *f, long keep, const char *was_live)
{
    struct snapshot_entry *all;
    char current[SNAPSHOT_NAME], pinned[SNAPSHOT_NAME], path[SNAPSHOT_PATH];
    size_t n = snapshot_folder_list(f, &all);
    snapshot_folder_current(f, current);
    snapshot_folder_pinned(f, pinned);
    for (size_t i = (size_t)keep; i < n; i++) {
        if (strcmp(all[i].name, current) == 0 || strcmp(all[i].name, pinned) == 0 ||
            strcmp(all[i].name, was_live) == 0)
            continue;
        snapshot_folder_file(f, all[i].name, path);
        unlink(path);
    }
    free(all);
}
