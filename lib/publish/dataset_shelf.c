#include "publish/dataset_shelf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/vec.h"
#include "data/dataset.h"
#include "model/model_file.h"
#include "model/snapshot.h"

enum { HEX = 2 * SECTION_HASH };
static const char folder[] = "datasets/kept", digits[] = "0123456789abcdef";

struct hash {
    char hex[HEX + 1];
};

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return n > m && strcmp(name + n - m, end) == 0;
}

/* "HASH.mvd", not "HASH.held.mvd". */
static bool is_kept(const char *name)
{
    return strspn(name, digits) == HEX && strcmp(name + HEX, ".mvd") == 0;
}

static enum err path_of(const struct config *c, const char *hash, const char *end,
                        char path[DATASET_SHELF_PATH], struct fail *why)
{
    char rest[HEX + 40];
    snprintf(rest, sizeof rest, "%s/%.64s%s", folder, hash, end);
    return config_state_path(c, rest, path, DATASET_SHELF_PATH, why);
}

/* ---- putting ---- */

static enum err make_folder(const struct config *c, struct fail *why)
{
    char path[DATASET_SHELF_PATH];
    enum err rc = config_state_path(c, folder, path, sizeof path, why);
    if (rc == ERR_OK && mkdir(path, 0755) != 0 && errno != EEXIST)
        rc = fail_errno(why, ERR_IO, "%s", path);
    return rc;
}

/* A file of this hash that is there already is the same. */
static enum err give_name(const char *from, const char *to, struct fail *why)
{
    return link(from, to) != 0 && errno != EEXIST ? fail_errno(why, ERR_IO, "%s", to) : ERR_OK;
}

enum err dataset_shelf_put(const struct config *c, const char *path, struct fail *why)
{
    struct dataset d;
    char hex[HEX + 1], to[DATASET_SHELF_PATH], held[PANEL_PATH];
    enum err rc = dataset_open(&d, path, why);
    if (rc != ERR_OK)
        return rc;
    secret_hex(hex, d.hash, SECTION_HASH);
    dataset_close(&d);
    rc = make_folder(c, why);
    if (rc == ERR_OK)
        rc = path_of(c, hex, ".mvd", to, why);
    if (rc == ERR_OK)
        rc = give_name(path, to, why);
    if (rc == ERR_OK)
        rc = panel_path(path, held, sizeof held, why);
    if (rc == ERR_OK)
        rc = path_of(c, hex, ".held.mvd", to, why);
    return rc == ERR_OK && access(held, F_OK) == 0 ? give_name(held, to, why) : rc;
}

/* ---- looking ---- */

static int newest_first(const void *a, const void *b)
{
    const struct dataset_shelf_entry *x = a, *y = b;
    return x->written != y->written ? (x->written > y->written ? -1 : 1) : strcmp(x->hash, y->hash);
}

size_t dataset_shelf_list(const struct config *c, struct dataset_shelf_entry **out)
{
    struct vec all = VEC_OF(struct dataset_shelf_entry);
    char path[DATASET_SHELF_PATH];
    DIR *dir = config_state_path(c, folder, path, sizeof path, NULL) == ERR_OK ? opendir(path) : NULL;
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        struct dataset_shelf_entry one;
        struct stat s;
        if (!is_kept(e->d_name) || fstatat(dirfd(dir), e->d_name, &s, 0) != 0)
            continue;
        snprintf(one.hash, sizeof one.hash, "%.64s", e->d_name);
        one.written = (int64_t)s.st_mtime;
        (void)vec_push(&all, &one); /* without memory it is not listed */
    }
    if (dir != NULL)
        closedir(dir);
    *out = all.data;
    if (all.len > 1)
        qsort(all.data, all.len, all.size, newest_first);
    return all.len;
}

enum err dataset_shelf_find(const struct config *c, const char *hash, char path[DATASET_SHELF_PATH],
                            struct fail *why)
{
    struct dataset_shelf_entry *all;
    size_t len = strlen(hash), found = 0, at = 0;
    if (len < DATASET_SHELF_LEAST || len > HEX || hash[strspn(hash, digits)] != '\0')
        return fail_set(why, ERR_INVALID, "'%.70s' is no hash of a dataset: %d to %d hex digits", hash,
                        DATASET_SHELF_LEAST, HEX);
    size_t n = dataset_shelf_list(c, &all);
    for (size_t i = 0; i < n; i++)
        if (strncmp(all[i].hash, hash, len) == 0) {
            at = i;
            found++;
        }
    enum err rc =
        found == 1 ? path_of(c, all[at].hash, ".mvd", path, why)
        : found > 1
            ? fail_set(why, ERR_CONFLICT, "%zu datasets have a hash that begins with %.64s", found, hash)
            : fail_set(why, ERR_NOT_FOUND, "no dataset %.64s is kept; 'mvti dataset kept' lists them", hash);
    free(all);
    return rc;
}

/* ---- cleaning ---- */

static bool need(struct vec *needed, const uint8_t hash[SECTION_HASH])
{
    struct hash h;
    secret_hex(h.hex, hash, SECTION_HASH);
    return vec_push(needed, &h);
}

static bool need_model(struct vec *needed, const char *path)
{
    struct model m;
    if (model_open(&m, path, NULL) != ERR_OK)
        return false;
    bool ok = need(needed, m.info->dataset_hash);
    model_close(&m);
    return ok;
}

static bool need_snapshot(struct vec *needed, const char *path)
{
    struct snapshot s;
    bool ok = true;
    if (snapshot_open(&s, path, NULL) != ERR_OK)
        return false;
    for (size_t p = 0; ok && p < s.fusion.n_parts; p++)
        ok = need(needed, s.models[p].info->dataset_hash);
    snapshot_close(&s);
    return ok;
}

/* All files of a folder that end so; false: one could not be read. */
static bool need_all(struct vec *needed, const struct config *c, const char *where, const char *end,
                     bool (*one)(struct vec *, const char *))
{
    char path[DATASET_SHELF_PATH], file[DATASET_SHELF_PATH + 300];
    bool ok = config_state_path(c, where, path, sizeof path, NULL) == ERR_OK;
    DIR *dir = ok ? opendir(path) : NULL;
    for (struct dirent *e; ok && dir != NULL && (e = readdir(dir)) != NULL;) {
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        ok = !ends_with(e->d_name, end) || one(needed, file);
    }
    if (dir != NULL)
        closedir(dir);
    return ok;
}

static bool need_current(struct vec *needed, const struct config *c)
{
    char path[DATASET_SHELF_PATH];
    struct dataset d;
    if (config_state_path(c, "datasets/current.mvd", path, sizeof path, NULL) != ERR_OK ||
        dataset_open(&d, path, NULL) != ERR_OK)
        return false;
    bool ok = need(needed, d.hash);
    dataset_close(&d);
    return ok;
}

static bool is_needed(const struct vec *needed, const char *hash)
{
    const struct hash *all = needed->data;
    for (size_t i = 0; i < needed->len; i++)
        if (strcmp(all[i].hex, hash) == 0)
            return true;
    return false;
}

size_t dataset_shelf_clean(const struct config *c)
{
    struct vec needed = VEC_OF(struct hash);
    struct dataset_shelf_entry *all = NULL;
    char path[DATASET_SHELF_PATH];
    size_t removed = 0, n = 0;
    if (need_current(&needed, c) && need_all(&needed, c, "models", ".mvm", need_model) &&
        need_all(&needed, c, "snapshots", ".mvs", need_snapshot))
        n = dataset_shelf_list(c, &all);
    for (size_t i = 0; i < n; i++) {
        if (is_needed(&needed, all[i].hash) || path_of(c, all[i].hash, ".mvd", path, NULL) != ERR_OK)
            continue;
        removed += unlink(path) == 0;
        if (path_of(c, all[i].hash, ".held.mvd", path, NULL) == ERR_OK)
            (void)unlink(path);
    }
    free(all);
    vec_free(&needed);
    return removed;
}
