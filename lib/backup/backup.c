#include "backup/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backup/copy.h"
#include "backup/dump.h"
#include "base/clock.h"
#include "base/version.h"

static const char making[] = "mvti.making", removing[] = "mvti.removing";

static const struct db_sql
    SCHEMA = {"backup.schema", "SELECT COALESCE(MAX(version), 0) FROM schema_migration"},
    ACCOUNTS = {"backup.accounts",
                "SELECT CONCAT(QUOTE(User), '@', QUOTE(Host)) FROM mysql.db WHERE DATABASE() LIKE Db "
                "UNION SELECT CONCAT(QUOTE(User), '@', QUOTE(Host)) FROM mysql.tables_priv WHERE Db = "
                "DATABASE()"};

/* ---- the folder of back-ups ---- */

static bool is_backup(const char *name)
{
    static const char shape[] = "mvti-00000000T000000Z";
    if (strlen(name) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i] != '\0'; i++)
        if (shape[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != shape[i])
            return false;
    return true;
}

static int backups_only(const struct dirent *e)
{
    return is_backup(e->d_name);
}

static int newest_first(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*b)->d_name, (*a)->d_name);
}

static void remove_below(const char *dir, const char *name)
{
    char path[COPY_PATH];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) < (int)sizeof path)
        copy_remove(path);
}

/* A back-up that is being removed has no name of one any more. */
static void remove_old(const char *dir, long keep)
{
    struct dirent **names = NULL;
    char from[COPY_PATH], to[COPY_PATH];
    int n = keep > 0 ? scandir(dir, &names, backups_only, newest_first) : 0;
    for (int i = 0; i < n; i++) {
        snprintf(from, sizeof from, "%s/%s", dir, names[i]->d_name);
        snprintf(to, sizeof to, "%s/%s", dir, removing);
        if (i >= keep && rename(from, to) == 0)
            copy_remove(to);
        free(names[i]);
    }
    free(names);
}

/* The folder, locked, without what an earlier run left there; *fd is −1 after an error. */
static enum err open_dir(const char *dir, int *fd, struct fail *why)
{
    *fd = -1;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return fail_errno(why, ERR_IO, "%s", dir);
    int got = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (got < 0)
        return fail_errno(why, ERR_IO, "%s", dir);
    if (flock(got, LOCK_EX | LOCK_NB) != 0) {
        close(got);
        return fail_set(why, ERR_BUSY, "%s: another back-up is being made there", dir);
    }
    remove_below(dir, making);
    remove_below(dir, removing);
    *fd = got;
    return ERR_OK;
}

static enum err begin_folder(const char *dir, char out[BACKUP_PATH], struct fail *why)
{
    if (snprintf(out, BACKUP_PATH, "%s/%s", dir, making) >= BACKUP_PATH)
        return fail_set(why, ERR_TOO_LARGE, "%.200s…: path too long", dir);
    return mkdir(out, 0700) == 0 ? ERR_OK : fail_errno(why, ERR_IO, "%s", out);
}

/* From here on it is there. */
static enum err give_name(const char *dir, int fd, const char *stamp, char folder[BACKUP_PATH],
                          struct fail *why)
{
    char name[BACKUP_PATH];
    if (snprintf(name, sizeof name, "%s/mvti-%s", dir, stamp) >= (int)sizeof name)
        return fail_set(why, ERR_TOO_LARGE, "%.200s…: path too long", dir);
    if (access(name, F_OK) == 0)
        return fail_set(why, ERR_CONFLICT, "%s: there is a back-up of this second already", name);
    if (rename(folder, name) != 0 || fsync(fd) != 0)
        return fail_errno(why, ERR_IO, "%s", name);
    snprintf(folder, BACKUP_PATH, "%s", name);
    return ERR_OK;
}

/* ---- what is in it ---- */

static enum err add_accounts(struct backup *b, const char *path, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(b->db, &ACCOUNTS, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows))
        rc = dump_rights(b->config, db_get_text(&rows, 0), path, why);
    return db_end_with(&rows, rc, why);
}

static enum err add_database(struct backup *b, struct contents *m, struct fail *why)
{
    char path[COPY_PATH];
    progress_report(b->progress, "copying the database", 0, 0);
    snprintf(path, sizeof path, "%s/" BACKUP_DUMP, b->folder);
    enum err rc = dump_write(b->config, path, why);
    if (rc == ERR_OK)
        rc = copy_note(m, b->folder, BACKUP_DUMP, why);
    if (rc != ERR_OK)
        return rc;
    snprintf(path, sizeof path, "%s/" BACKUP_ACCOUNTS, b->folder);
    rc = add_accounts(b, path, why);
    b->accounts = rc == ERR_OK && access(path, F_OK) == 0;
    if (rc == ERR_DENIED)
        return ERR_OK;
    return b->accounts ? copy_note(m, b->folder, BACKUP_ACCOUNTS, why) : rc;
}

/* The snapshots that are live and pinned; "" where there is none. */
struct wanted {
    char live[300], pinned[300];
};

static void read_wanted(const struct config *c, const char *rest, char out[300])
{
    char path[COPY_PATH];
    ssize_t n = config_state_path(c, rest, path, sizeof path, NULL) == ERR_OK ? readlink(path, out, 299) : -1;
    out[n > 0 ? n : 0] = '\0';
    memmove(out, basename(out), strlen(basename(out)) + 1);
}

/* Pictures are drawn again; locks, runs and the record of this very back-up, which has not ended, are of processes; other
 * snapshots were live once; a temporary file is half of one. */
static bool not_wanted(void *arg, const char *path)
{
    static const char *const folders[] = {"pictures",       "runs",       "snapshots/candidate",
                                          "snapshots/lock", "night.lock", "jobs/backup"};
    const struct wanted *w = arg;
    const char *name = basename(path);
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strcmp(path, folders[i]) == 0)
            return true;
    if (strstr(name, ".tmp.") != NULL)
        return true;
    return strncmp(path, "snapshots/", 10) == 0 && n > 4 && strcmp(name + n - 4, ".mvs") == 0 &&
           strcmp(name, w->live) != 0 && strcmp(name, w->pinned) != 0;
}

static enum err add_state(struct backup *b, struct contents *m, struct fail *why)
{
    struct wanted w;
    read_wanted(b->config, "snapshots/current", w.live);
    read_wanted(b->config, "snapshots/pinned", w.pinned);
    const struct copy c = {.from = b->config->state_dir,
                           .to = b->folder,
                           .below = BACKUP_STATE,
                           .leave_out = not_wanted,
                           .arg = &w,
                           .progress = b->progress};
    return copy_folder(&c, m, why);
}

static enum err describe(struct backup *b, struct contents *m, const char *made, struct fail *why)
{
    int64_t schema = 0;
    enum err rc = db_number(b->db, &SCHEMA, DB_NOTHING, &schema, why);
    snprintf(m->version, sizeof m->version, "%s", version_text());
    snprintf(m->made, sizeof m->made, "%s", made);
    snprintf(m->database, sizeof m->database, "%.79s", b->config->db_name);
    m->schema = (int)schema;
    return rc;
}

static enum err fill(struct backup *b, const char *made, struct fail *why)
{
    struct contents m = {0};
    enum err rc = describe(b, &m, made, why);
    if (rc == ERR_OK)
        rc = add_database(b, &m, why);
    if (rc == ERR_OK)
        rc = add_state(b, &m, why);
    if (rc == ERR_OK)
        rc = contents_write(&m, b->folder, why);
    b->files = m.files.len;
    b->bytes = contents_bytes(&m);
    contents_free(&m);
    return rc;
}

static enum err fill_keys(struct backup *b, const char *made, struct fail *why)
{
    struct contents m = {0};
    const struct copy c = {.from = b->secrets, .to = b->keys_folder, .below = BACKUP_KEYS};
    snprintf(m.version, sizeof m.version, "%s", version_text());
    snprintf(m.made, sizeof m.made, "%s", made);
    enum err rc = copy_folder(&c, &m, why);
    if (rc == ERR_OK)
        rc = contents_write(&m, b->keys_folder, why);
    contents_free(&m);
    return rc;
}

/* ---- making ---- */

static enum err make_both(struct backup *b, int dir, int keys, struct fail *why)
{
    char stamp[32], made[32];
    time_t now = (time_t)clock_wall();
    struct tm t;
    gmtime_r(&now, &t);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &t);
    strftime(made, sizeof made, "%Y-%m-%dT%H:%M:%SZ", &t);
    enum err rc = begin_folder(b->dir, b->folder, why);
    if (rc == ERR_OK)
        rc = fill(b, made, why);
    if (rc == ERR_OK && b->keys != NULL)
        rc = begin_folder(b->keys, b->keys_folder, why);
    if (rc == ERR_OK && b->keys != NULL)
        rc = fill_keys(b, made, why);
    if (rc == ERR_OK && b->keys != NULL)
        rc = give_name(b->keys, keys, stamp, b->keys_folder, why);
    return rc == ERR_OK ? give_name(b->dir, dir, stamp, b->folder, why) : rc;
}

/* Removes what was not finished, and of what was more than `keep`. */
static void leave(const char *dir, int fd, long keep)
{
    if (fd < 0)
        return;
    remove_below(dir, making);
    remove_old(dir, keep);
    close(fd);
}

enum err backup_make(struct backup *b, struct fail *why)
{
    b->folder[0] = b->keys_folder[0] = '\0';
    if (b->keys != NULL && strcmp(b->keys, b->dir) == 0)
        return fail_set(why, ERR_INVALID,
                        "%s: keys beside the database would make a stolen copy useful; name another folder",
                        b->keys);
    int dir, keys = -1;
    enum err rc = open_dir(b->dir, &dir, why);
    if (rc == ERR_OK && b->keys != NULL)
        rc = open_dir(b->keys, &keys, why);
    if (rc == ERR_OK)
        rc = make_both(b, dir, keys, why);
    leave(b->dir, dir, rc == ERR_OK ? b->keep : 0);
    leave(b->keys, keys, rc == ERR_OK ? b->keep : 0);
    return rc;
}
