#include "backup/known.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/owner.h"
#include "base/buf.h"
#include "base/map_file.h"

static const char FILE_NAME[] = "restore.known";
enum { PATH = CONFIG_TEXT + 40 };

static const struct db_sql VISITORS = {"restore.visitors",
                                       "SELECT visitor_id FROM visitor ORDER BY visitor_id"};

static enum err add(struct vec *out, int64_t id, struct fail *why)
{
    return vec_push(out, &id) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
}

enum err known_now(struct db *db, struct vec *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &VISITORS, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows))
        rc = add(out, db_get_int(&rows, 0), why);
    return db_end_with(&rows, rc, why);
}

/* A line each. */
static enum err write_file(const char *path, const struct vec *ids, struct fail *why)
{
    struct buf text = {0};
    const int64_t *id = ids->data;
    for (size_t i = 0; i < ids->len; i++)
        buf_printf(&text, "%" PRId64 "\n", id[i]);
    enum err rc = text.failed ? fail_set(why, ERR_NOMEM, "out of memory")
                              : map_file_put(path, text.data, text.len, why);
    buf_free(&text);
    return rc;
}

static enum err read_file(const char *path, struct vec *out, struct fail *why)
{
    struct map_file map;
    enum err rc = map_file_open(&map, path, why);
    if (rc != ERR_OK)
        return rc;
    int64_t id = 0;
    for (size_t i = 0; rc == ERR_OK && i < map.size; i++) {
        char c = (char)map.data[i];
        if (c == '\n') {
            rc = add(out, id, why);
            id = 0;
        } else if (c >= '0' && c <= '9' && id < INT64_MAX / 10 - 9) {
            id = id * 10 + (c - '0');
        } else {
            rc = fail_set(why, ERR_CORRUPT, "%s: not a list of visitors", path);
        }
    }
    map_file_close(&map);
    return rc;
}

/* As whom the state folder belongs to. */
static enum err keep(const struct config *config, const char *path, const struct vec *ids, struct fail *why)
{
    struct stat st;
    if (stat(config->state_dir, &st) != 0)
        return fail_errno(why, ERR_IO, "%s", config->state_dir);
    const struct owner as = {st.st_uid, st.st_gid};
    if (!owner_take(&as))
        return fail_errno(why, ERR_DENIED, "%s", path);
    enum err rc = write_file(path, ids, why);
    owner_leave(&as);
    return rc;
}

enum err known_before(const struct config *config, struct db *db, bool there, struct vec *out,
                      struct fail *why)
{
    char path[PATH];
    struct stat st;
    enum err rc = config_state_path(config, FILE_NAME, path, sizeof path, why);
    if (rc != ERR_OK)
        return rc;
    if (lstat(path, &st) == 0)
        return read_file(path, out, why);
    if (!there)
        return ERR_NOT_FOUND;
    rc = known_now(db, out, why);
    return rc == ERR_OK ? keep(config, path, out, why) : rc;
}

void known_over(const struct config *config)
{
    char path[PATH];
    if (config_state_path(config, FILE_NAME, path, sizeof path, NULL) == ERR_OK)
        (void)unlink(path);
}
