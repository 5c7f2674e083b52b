#include "backup/copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map_file.h"
#include "base/secret.h"

enum { PIECE = 1 << 20 };

static enum err join(char out[COPY_PATH], const char *folder, const char *rest, struct fail *why)
{
    int n = *rest == '\0' ? snprintf(out, COPY_PATH, "%s", folder)
                          : snprintf(out, COPY_PATH, "%s/%s", folder, rest);
    return n >= COPY_PATH ? fail_set(why, ERR_TOO_LARGE, "%.200s…: path too long", folder) : ERR_OK;
}

/* ---- one file ---- */

/* The bytes of `from` into `to`, or nowhere (NULL), and their hash. */
static enum err copy_bytes(const char *from, const char *to, struct contents_file *f, struct fail *why)
{
    struct map_file map;
    struct out_file out;
    struct secret_hasher h;
    uint8_t hash[SECRET_HASH_BYTES];
    enum err rc = map_file_open(&map, from, why);
    if (rc != ERR_OK)
        return rc;
    if (to != NULL)
        rc = map_file_out_open(&out, to, why);
    secret_hasher_init(&h);
    for (size_t at = 0; rc == ERR_OK && at < map.size; at += PIECE) {
        size_t n = map.size - at < PIECE ? map.size - at : PIECE;
        secret_hasher_add(&h, map.data + at, n);
        if (to != NULL)
            map_file_out_write(&out, map.data + at, n);
    }
    secret_hasher_end(&h, hash);
    secret_hex(f->hash, hash, sizeof hash);
    f->size = map.size;
    map_file_close(&map);
    return rc == ERR_OK && to != NULL ? map_file_out_commit(&out, why) : rc;
}

static enum err read_link(const char *path, char out[COPY_PATH], struct fail *why)
{
    ssize_t n = readlink(path, out, COPY_PATH - 1);
    if (n < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s", path);
    out[n] = '\0';
    return ERR_OK;
}

/* The hash of what a link points to; with `to` the same link there, in place of what there is. */
static enum err copy_link(const char *from, const char *to, struct contents_file *f, struct fail *why)
{
    char target[COPY_PATH], tmp[COPY_PATH + 40];
    uint8_t hash[SECRET_HASH_BYTES];
    enum err rc = read_link(from, target, why);
    if (rc != ERR_OK)
        return rc;
    f->size = strlen(target);
    secret_hash(hash, target, f->size);
    secret_hex(f->hash, hash, sizeof hash);
    if (to == NULL)
        return ERR_OK;
    snprintf(tmp, sizeof tmp, "%s.tmp.%ld", to, (long)getpid());
    unlink(tmp);
    if (symlink(target, tmp) != 0 || rename(tmp, to) != 0) {
        rc = fail_errno(why, ERR_IO, "%s", to);
        unlink(tmp);
    }
    return rc;
}

static enum err copy_one(const char *from, const char *to, struct contents_file *f, struct fail *why)
{
    return f->link ? copy_link(from, to, f, why) : copy_bytes(from, to, f, why);
}

enum err copy_note(struct contents *m, const char *folder, const char *path, struct fail *why)
{
    char full[COPY_PATH];
    struct contents_file f = {.mode = 0600};
    snprintf(f.path, sizeof f.path, "%s", path);
    enum err rc = join(full, folder, path, why);
    if (rc == ERR_OK)
        rc = copy_bytes(full, NULL, &f, why);
    return rc == ERR_OK ? contents_add(m, &f, why) : rc;
}

/* ---- a folder ---- */

/* Makes the folders of a path; those that are there stay. */
static enum err make_folders(const char *path, struct fail *why)
{
    char part[COPY_PATH];
    snprintf(part, sizeof part, "%s", path);
    for (char *slash = strchr(part + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        if (mkdir(part, 0750) != 0 && errno != EEXIST)
            return fail_errno(why, ERR_IO, "%s", part);
        if (slash == NULL)
            return ERR_OK;
        *slash = '/';
    }
}

static enum err copy_below(const struct copy *c, const char *path, struct contents *m, struct fail *why);

/* The file or folder `path` below c->from. One that has just gone is left out. */
static enum err copy_entry(const struct copy *c, const char *path, struct contents *m, struct fail *why)
{
    char from[COPY_PATH], to[COPY_PATH];
    struct contents_file f = {0};
    struct stat s;
    if (c->leave_out != NULL && c->leave_out(c->arg, path))
        return ERR_OK;
    if (snprintf(f.path, sizeof f.path, "%s/%s", c->below, path) >= (int)sizeof f.path)
        return fail_set(why, ERR_TOO_LARGE, "%.200s…: path too long", path);
    enum err rc = join(from, c->from, path, why);
    if (rc == ERR_OK)
        rc = join(to, c->to, f.path, why);
    if (rc != ERR_OK || lstat(from, &s) != 0)
        return rc;
    if (S_ISDIR(s.st_mode))
        return copy_below(c, path, m, why);
    if (!S_ISREG(s.st_mode) && !S_ISLNK(s.st_mode))
        return ERR_OK;
    f.link = S_ISLNK(s.st_mode);
    f.mode = s.st_mode & 0777;
    rc = copy_one(from, to, &f, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    progress_report(c->progress, "copying files", m->files.len + 1, 0);
    return rc == ERR_OK ? contents_add(m, &f, why) : rc;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum err copy_below(const struct copy *c, const char *path, struct contents *m, struct fail *why)
{
    char from[COPY_PATH], to[COPY_PATH], below[CONTENTS_PATH], entry[CONTENTS_PATH];
    struct dirent **names = NULL;
    snprintf(below, sizeof below, "%s%s%s", c->below, *path != '\0' ? "/" : "", path);
    enum err rc = join(from, c->from, path, why);
    if (rc == ERR_OK)
        rc = join(to, c->to, below, why);
    if (rc == ERR_OK)
        rc = make_folders(to, why);
    int n = rc == ERR_OK ? scandir(from, &names, NULL, by_name) : 0;
    if (n < 0)
        return fail_errno(why, ERR_IO, "%s", from);
    for (int i = 0; i < n; i++) {
        const char *name = names[i]->d_name;
        if (rc == ERR_OK && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            bool fits = snprintf(entry, sizeof entry, "%s%s%s", path, *path != '\0' ? "/" : "", name) <
                        (int)sizeof entry;
            rc = fits ? copy_entry(c, entry, m, why)
                      : fail_set(why, ERR_TOO_LARGE, "%.200s…: path too long", path);
        }
        free(names[i]);
    }
    free(names);
    return rc;
}

enum err copy_folder(const struct copy *c, struct contents *m, struct fail *why)
{
    return copy_below(c, "", m, why);
}

/* ---- looking and putting back ---- */

static enum err check_one(const struct contents_file *f, const char *folder, struct fail *why)
{
    char path[COPY_PATH];
    struct contents_file now = {.link = f->link};
    enum err rc = join(path, folder, f->path, why);
    if (rc == ERR_OK)
        rc = copy_one(path, NULL, &now, why);
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, ERR_CORRUPT, "%s: missing; this back-up is not whole", path);
    if (rc == ERR_OK && (now.size != f->size || strcmp(now.hash, f->hash) != 0))
        rc = fail_set(why, ERR_CORRUPT,
                      "%s: not what was written (%llu bytes, were %llu); this back-up is damaged", path,
                      (unsigned long long)now.size, (unsigned long long)f->size);
    return rc;
}

enum err copy_check(const struct contents *m, const char *folder, const struct progress *p, struct fail *why)
{
    const struct contents_file *f = m->files.data;
    enum err rc = ERR_OK;
    uint64_t done = 0, all = contents_bytes(m);
    for (size_t i = 0; rc == ERR_OK && i < m->files.len; i++) {
        rc = check_one(&f[i], folder, why);
        done += f[i].size;
        progress_report(p, "checking the back-up", done, all);
    }
    return rc;
}

/* Everything of the file but its bytes, before it has its name: mode and owner. */
static enum err put_back(const struct contents_file *f, const char *from, const char *to,
                         const struct stat *owner, struct fail *why)
{
    char folder[COPY_PATH];
    struct contents_file now = {.link = f->link};
    snprintf(folder, sizeof folder, "%s", to);
    *strrchr(folder, '/') = '\0';
    enum err rc = make_folders(folder, why);
    if (rc == ERR_OK && geteuid() == 0 && lchown(folder, owner->st_uid, owner->st_gid) != 0)
        rc = fail_errno(why, ERR_IO, "%s", folder);
    if (rc == ERR_OK)
        rc = copy_one(from, to, &now, why);
    if (rc == ERR_OK && strcmp(now.hash, f->hash) != 0)
        rc = fail_set(why, ERR_CORRUPT, "%s: has changed while it was read", from);
    if (rc == ERR_OK && !f->link && chmod(to, f->mode & 0777) != 0)
        rc = fail_errno(why, ERR_IO, "%s", to);
    if (rc == ERR_OK && geteuid() == 0 && lchown(to, owner->st_uid, owner->st_gid) != 0)
        rc = fail_errno(why, ERR_IO, "%s", to);
    return rc;
}

enum err copy_back(const struct contents *m, const char *folder, const char *below, const char *to,
                   struct fail *why)
{
    char from[COPY_PATH], place[COPY_PATH];
    const struct contents_file *f = m->files.data;
    size_t n = strlen(below);
    struct stat owner;
    enum err rc = make_folders(to, why);
    if (rc == ERR_OK && stat(to, &owner) != 0)
        rc = fail_errno(why, ERR_IO, "%s", to);
    for (int links = 0; links < 2; links++)
        for (size_t i = 0; rc == ERR_OK && i < m->files.len; i++) {
            if (f[i].link != (links == 1) || strncmp(f[i].path, below, n) != 0 || f[i].path[n] != '/')
                continue;
            rc = join(from, folder, f[i].path, why);
            if (rc == ERR_OK)
                rc = join(place, to, f[i].path + n + 1, why);
            if (rc == ERR_OK)
                rc = put_back(&f[i], from, place, &owner, why);
        }
    return rc;
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s;
    (void)kind;
    (void)at;
    (void)remove(path);
    return 0;
}

void copy_remove(const char *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
