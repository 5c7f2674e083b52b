#include "import/ratings_shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/secret.h"
#include "data/ratings_file.h"

enum err ratings_shelf_open(struct ratings_shelf *s, const struct config *config, const char *name,
                            bool create, struct fail *why)
{
    char file[RATINGS_SOURCE_NAME_MAX + 8];
    s->lock = -1;
    snprintf(file, sizeof file, "%s.mvr", name);
    enum err rc = state_path(
        config, &(struct state_file){.folder = "ratings", .name = file, .create = create}, s->file, why);
    if (rc == ERR_OK)
        snprintf(s->before, sizeof s->before, "%s.before", s->file);
    return rc;
}

enum err ratings_shelf_hold(struct ratings_shelf *s, struct fail *why)
{
    char folder[STATE_PATH];
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(s->file, '/') - s->file), s->file);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) {
        enum err rc = fail_errno(why, ERR_IO, "%s", folder);
        if (fd >= 0)
            close(fd);
        return rc;
    }
    s->lock = fd;
    return ERR_OK;
}

void ratings_shelf_close(struct ratings_shelf *s)
{
    if (s->lock >= 0)
        close(s->lock);
    s->lock = -1;
}

static bool has_hash(const char *path, const char *want)
{
    struct map_file m;
    char hash[2 * RATINGS_HASH + 1] = "";
    if (map_file_open(&m, path, NULL) != ERR_OK)
        return false;
    const struct ratings_header *h = (const void *)m.data;
    if (m.size >= sizeof *h)
        secret_hex(hash, h->checksum, RATINGS_HASH);
    map_file_close(&m);
    return strcmp(hash, want) == 0;
}

const char *ratings_shelf_find(const struct ratings_shelf *s, const char *hash)
{
    return !has_hash(s->file, hash) && has_hash(s->before, hash) ? s->before : s->file;
}

enum err ratings_shelf_settle(const struct ratings_shelf *s, const char *hash, struct fail *why)
{
    if (access(s->before, F_OK) != 0)
        return ERR_OK;
    if (has_hash(s->file, hash))
        ratings_shelf_forget(s);
    else if (has_hash(s->before, hash))
        return ratings_shelf_put_back(s, true, why);
    return ERR_OK;
}

enum err ratings_shelf_set_aside(const struct ratings_shelf *s, bool *had, struct fail *why)
{
    unlink(s->before);
    *had = link(s->file, s->before) == 0;
    return *had || errno == ENOENT ? ERR_OK
                                   : fail_errno(why, ERR_IO, "%s: cannot keep the older file", s->file);
}

enum err ratings_shelf_put_back(const struct ratings_shelf *s, bool had, struct fail *why)
{
    if (had ? rename(s->before, s->file) == 0 : unlink(s->file) == 0 || errno == ENOENT)
        return ERR_OK;
    return fail_errno(why, ERR_IO, "%s: the older file cannot be put back", s->file);
}

void ratings_shelf_forget(const struct ratings_shelf *s)
{
    unlink(s->before);
}

/* ---- with the row ---- */

struct wanted {
    const struct ratings_shelf *shelf;
    struct arena *arena;
    struct ratings_source *source;
};

static enum err settle_row(struct db *db, void *arg, struct fail *why)
{
    const struct wanted *w = arg;
    enum err rc = ratings_source_hold(db, w->source->name, w->arena, w->source, why);
    return rc == ERR_OK ? ratings_shelf_settle(w->shelf, w->source->content_hash, why) : rc;
}

enum err ratings_shelf_source(struct db *db, const struct config *config, struct arena *a,
                              struct ratings_source *source, struct fail *why)
{
    struct ratings_shelf s;
    struct wanted w = {&s, a, source};
    enum err rc = ratings_shelf_open(&s, config, source->name, true, why);
    if (rc == ERR_OK)
        rc = ratings_shelf_hold(&s, why);
    if (rc == ERR_OK)
        rc = db_transaction(db, settle_row, &w, why);
    ratings_shelf_close(&s);
    return rc;
}
