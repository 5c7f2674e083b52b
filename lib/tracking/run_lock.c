#include "tracking/run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

enum { RANDOM = 12 };

static bool path_of(const struct config *config, const char *name, char path[RUN_LOCK_PATH])
{
    char rest[RUN_LOCK + 8];
    snprintf(rest, sizeof rest, "runs/%s", name);
    return config_state_path(config, rest, path, RUN_LOCK_PATH, NULL) == ERR_OK;
}

void run_lock_take(struct run_lock *l, const struct config *config, char name[RUN_LOCK])
{
    unsigned char random[RANDOM];
    char folder[RUN_LOCK_PATH];
    *l = (struct run_lock){.fd = -1};
    name[0] = '\0';
    secret_random(random, sizeof random);
    secret_hex(name, random, sizeof random);
    if (path_of(config, "", folder) && path_of(config, name, l->path)) {
        folder[strlen(folder) - 1] = '\0'; /* "…/runs" */
        (void)mkdir(folder, 0770);
        l->fd = open(l->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
    }
    if (l->fd >= 0 && flock(l->fd, LOCK_EX | LOCK_NB) != 0)
        run_lock_free(l);
    if (l->fd < 0)
        name[0] = '\0';
}

void run_lock_free(struct run_lock *l)
{
    if (l->fd < 0)
        return;
    (void)unlink(l->path);
    close(l->fd);
    l->fd = -1;
}

void run_lock_leave(struct run_lock *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
}

static bool is_old(int64_t started_ms, int64_t now_ms)
{
    return now_ms - started_ms > (int64_t)RUN_LOCK_DAYS * 24 * 3600 * 1000;
}

bool run_lock_gone(const struct config *config, const char *name, int64_t started_ms, int64_t now_ms)
{
    struct run_lock l;
    bool is_name = name[0] != '\0' && name[strspn(name, "0123456789abcdef")] == '\0';
    if (!is_name || !path_of(config, name, l.path))
        return is_old(started_ms, now_ms);
    int fd = open(l.path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT && is_old(started_ms, now_ms);
    l.fd = fd;
    bool gone = flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (gone)
        run_lock_free(&l);
    else
        close(fd);
    return gone;
}
