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

#include "backup/owner.h"
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

/* The bytes of a file that is open into `to`, or nowhere (NULL), and their hash; closes it. */
static enum err copy_bytes(struct map_file *from, const char *to, struct contents_file *f, struct fail *why)
{
    struct map_file map = *from;
    struct out_file out;
    struct secret_hasher h;
    uint8_t hash[SECRET_HASH_BYTES];
    enum err rc = to != NULL ? map_file_out_open(&out, to, why) : ERR_OK;
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
static enum err copy_link(const char *target, const char *to, struct contents_file *f, struct fail *why)
{
    char tmp[COPY_PATH + 40];
    uint8_t hash[SECRET_HASH_BYTES];
    enum err rc = ERR_OK;
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

/* What is read by this process's own right is written with that of `as`, where it is not NULL. */
static enum err copy_one(const char *from, const char *to, const struct owner *as, struct contents_file *f,
                         struct fail *why)
{
    char target[COPY_PATH];
    struct map_file map;
    enum err rc = f->link ? read_link(from, target, why) : map_file_open(&map, from, why);
    if (rc == ERR_OK && !owner_take(as)) {
        rc = fail_errno(why, ERR_DENIED, "%s", to);
        if (!f->link)
            map_file_close(&map);
    }
    if (rc != ERR_OK)
        return rc;
    rc = f->link ? copy_link(target, to, f, why) : copy_bytes(&map, to, f, why);
    if (rc == ERR_OK && as != NULL && !f->link && chmod(to, f->mode & 0777) != 0)
        rc = fail_errno(why, ERR_IO, "%s", to);
    owner_leave(as);
    return rc;
}

enum err copy_note(struct contents *m, const char *folder, const char *path, struct fail *why)
{
    char full[COPY_PATH];
    struct contents_file f = {.mode = 0600};
    snprintf(f.path, sizeof f.path, "%s", path);
    enum err rc = join(full, folder, path, why);
    if (rc == ERR_OK)
        rc = copy_one(full, NULL, NULL, &f, why);
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
    rc = copy_one(from, to, NULL, &f, why);
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
        rc = copy_one(path, NULL, NULL, &now, why);
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

static enum err make_folders_as(const struct owner *as, const char *path, struct fail *why)
{
    if (!owner_take(as))
        return fail_errno(why, ERR_DENIED, "%s", path);
    enum err rc = make_folders(path, why);
    owner_leave(as);
    return rc;
}

/* As whom the folder belongs to: a link that its owner has put there leads root nowhere where the owner may not write. */
static enum err put_back(const struct contents_file *f, const char *from, const char *to,
                         const struct owner *as, struct fail *why)
{
    char folder[COPY_PATH];
    struct contents_file now = {.link = f->link, .mode = f->mode};
    snprintf(folder, sizeof folder, "%s", to);
    *strrchr(folder, '/') = '\0';
    enum err rc = make_folders_as(as, folder, why);
    if (rc == ERR_OK)
        rc = copy_one(from, to, as, &now, why);
    if (rc == ERR_OK && strcmp(now.hash, f->hash) != 0)
        rc = fail_set(why, ERR_CORRUPT, "%s: has changed while it was read", from);
    return rc;
}

enum err copy_back(const struct contents *m, const char *folder, const char *below, const char *to,
                   struct fail *why)
{
    char from[COPY_PATH], place[COPY_PATH];
    const struct contents_file *f = m->files.data;
    size_t n = strlen(below);
    struct stat place_of;
    enum err rc = make_folders(to, why);
    if (rc == ERR_OK && stat(to, &place_of) != 0)
        rc = fail_errno(why, ERR_IO, "%s", to);
    const struct owner as = {place_of.st_uid, place_of.st_gid};
    for (int links = 0; links < 2; links++)
        for (size_t i = 0; rc == ERR_OK && i < m->files.len; i++) {
            if (f[i].link != (links == 1) || strncmp(f[i].path, below, n) != 0 || f[i].path[n] != '/')
                continue;
            rc = join(from, folder, f[i].path, why);
            if (rc == ERR_OK)
                rc = join(place, to, f[i].path + n + 1, why);
            if (rc == ERR_OK)
                rc = put_back(&f[i], from, place, &as, why);
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
