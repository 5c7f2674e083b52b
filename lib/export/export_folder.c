#include "export/export_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDERS = 16 };

enum err export_folder_lock(const char *dir, int *lock, struct fail *why)
{
    char path[PARTS_PATH];
    if (snprintf(path, sizeof path, "%s/.lock", dir) >= PARTS_PATH - 256)
        return fail_set(why, ERR_TOO_LARGE, "%s: the path is too long", dir);
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return fail_errno(why, ERR_IO, "%s", dir);
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*lock < 0)
        return fail_errno(why, ERR_IO, "%s", path);
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
        return ERR_OK;
    enum err rc =
        errno == EWOULDBLOCK
            ? fail_set(why, ERR_BUSY, "%s: another export is writing there; wait until it has ended", dir)
            : fail_errno(why, ERR_IO, "%s", path);
    close(*lock);
    return rc;
}

void export_folder_name(char out[PARTS_PATH], const struct export_series *s, const char *prefix,
                        const struct export_done *done)
{
    snprintf(out, PARTS_PATH, "%s/%s%010" PRId64 "-%010" PRId64 "-%s-%s", s->dir, prefix, done->since,
             done->until, s->table, s->format);
}

struct asked {
    const struct export_series *series;
    const char *prefix;
    int64_t since; /* negative: any */
    bool or_all;   /* an export of all tables has it too */
};

/* The watermark that a name reaches, 0 if it is another's. */
static int64_t until_of(const char *name, const struct asked *q)
{
    int64_t since, until;
    char table[32], format[16];
    int n = 0;
    size_t skip = strlen(q->prefix);
    if (strncmp(name, q->prefix, skip) != 0 ||
        sscanf(name + skip, "%10" SCNd64 "-%10" SCNd64 "-%31[a-z_]-%15[a-z]%n", &since, &until, table, format,
               &n) != 4 ||
        name[skip + (size_t)n] != '\0')
        return 0;
    bool same = strcmp(table, q->series->table) == 0 || (q->or_all && strcmp(table, "all") == 0);
    same = same && strcmp(format, q->series->format) == 0;
    return same && (q->since < 0 || q->since == since) ? until : 0;
}

static int64_t highest(const struct asked *q)
{
    int64_t best = 0;
    DIR *d = opendir(q->series->dir);
    if (d == NULL)
        return 0;
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        int64_t until = until_of(e->d_name, q);
        best = until > best ? until : best;
    }
    closedir(d);
    return best;
}

int64_t export_folder_last(const struct export_series *s)
{
    return highest(&(struct asked){s, "", -1, true});
}

int64_t export_folder_unfinished(const struct export_series *s, int64_t since)
{
    return highest(&(struct asked){s, ".", since, false});
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *ftw)
{
    (void)s;
    (void)type;
    (void)ftw;
    return remove(path);
}

enum err export_folder_fresh(const char *folder, const char *name, char out[PARTS_PATH], struct fail *why)
{
    if (snprintf(out, PARTS_PATH, "%s/%s", folder, name) >= PARTS_PATH)
        return fail_set(why, ERR_TOO_LARGE, "%s: the path is too long", folder);
    if (nftw(out, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return fail_errno(why, ERR_IO, "%s", out);
    return mkdir(out, 0777) == 0 ? ERR_OK : fail_errno(why, ERR_IO, "%s", out);
}

enum err export_folder_tidy(const char *folder, struct fail *why)
{
    enum err rc = ERR_OK;
    DIR *d = opendir(folder);
    if (d == NULL)
        return fail_errno(why, ERR_IO, "%s", folder);
    for (struct dirent *e = readdir(d); rc == ERR_OK && e != NULL; e = readdir(d))
        if (strstr(e->d_name, ".tmp.") != NULL && unlinkat(dirfd(d), e->d_name, 0) != 0)
            rc = fail_errno(why, ERR_IO, "%s/%s", folder, e->d_name);
    closedir(d);
    return rc;
}

/* The new name is on the disk before anybody is told. */
enum err export_folder_publish(const char *from, const char *to, struct fail *why)
{
    char copy[PARTS_PATH];
    snprintf(copy, sizeof copy, "%s", to);
    if (rename(from, to) != 0)
        return fail_errno(why, ERR_IO, "%s", to);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool kept = fd >= 0 && fsync(fd) == 0;
    enum err rc = kept ? ERR_OK : fail_errno(why, ERR_IO, "%s", to);
    if (fd >= 0)
        close(fd);
    return rc;
}
