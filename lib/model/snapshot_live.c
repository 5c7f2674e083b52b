#include "model/snapshot_live.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/vec.h"

enum { PATH = 1024 + SNAPSHOT_LIVE_NAME + 2, TURN_SECONDS = 120, LOWEST_PRIORITY = 19 };
static const double TURN_AGAIN = 0.05;

/* A file that is verified beside the requests. */
struct snapshot_check {
    pthread_t thread;
    char path[PATH];
    atomic_bool unwanted, done;
    struct snapshot out;
    enum err rc;
    struct fail why;
};

const char *snapshot_refusal_word(enum snapshot_refusal refusal)
{
    static const char *const words[] = {[SNAPSHOT_USED] = "used",
                                        [SNAPSHOT_ABSENT] = "absent",
                                        [SNAPSHOT_NO_LINK] = "no_link",
                                        [SNAPSHOT_UNREADABLE] = "unreadable",
                                        [SNAPSHOT_DAMAGED] = "damaged"};
    return words[refusal];
}

void snapshot_live_init(struct snapshot_live *l, const char *folder)
{
    *l = (struct snapshot_live){0};
    snprintf(l->folder, sizeof l->folder, "%s", folder);
}

static void path_of(const struct snapshot_live *l, const char *name, char path[PATH])
{
    if (name[0] == '/')
        snprintf(path, PATH, "%s", name);
    else
        snprintf(path, PATH, "%s/%s", l->folder, name);
}

/* ---- marks ---- */

static void mark_current(const struct snapshot_live *l, struct snapshot_mark *m)
{
    char path[PATH];
    memset(m, 0, sizeof *m);
    path_of(l, "current", path);
    ssize_t n = readlink(path, m->target, sizeof m->target - 1);
    int error = n < 0 ? errno : 0;
    file_version_look(path, &m->file);
    m->error = error != 0 ? error : m->file.error;
}

static bool same(const struct snapshot_mark *a, const struct snapshot_mark *b)
{
    return strcmp(a->target, b->target) == 0 && a->error == b->error && file_version_same(&a->file, &b->file);
}

/* True if the file that is served was written into where it lies. One that was removed or replaced is still whole. */
static bool is_hurt(const struct snapshot_live *l)
{
    char path[PATH];
    struct file_version now;
    if (l->name[0] == '\0')
        return false;
    path_of(l, l->name, path);
    file_version_look(path, &now);
    return file_version_rewritten(&l->served.file, &now);
}

/* ---- beside the requests ---- */

/* One process at a time; not for ever, because who has the lock may have been stopped. −1: no lock. */
static int wait_for_turn(struct snapshot_check *c)
{
    int fd = open(c->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    double began = clock_monotonic();
    while (fd >= 0 && !c->unwanted && clock_monotonic() - began < TURN_SECONDS &&
           flock(fd, LOCK_EX | LOCK_NB) != 0)
        clock_pause(TURN_AGAIN);
    return fd;
}

static void *verify(void *arg)
{
    struct snapshot_check *c = arg;
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(),
                      LOWEST_PRIORITY); /* of this thread alone (setpriority(2), NOTES) */
    int turn = wait_for_turn(c);
    c->rc = c->unwanted ? ERR_BUSY : snapshot_open(&c->out, c->path, &c->why);
    if (turn >= 0)
        close(turn);
    /* The last word (sequentially consistent): whoever sees it sees out, rc and why as well. The thread is joined before they are used. */
    c->done = true;
    return NULL;
}

/* False where there is no thread or memory for it. */
static bool begin_check(struct snapshot_live *l, const char *path)
{
    struct snapshot_check *c = calloc(1, sizeof *c);
    if (c == NULL)
        return false;
    snprintf(c->path, sizeof c->path, "%s", path);
    if (pthread_create(&c->thread, NULL, verify, c) != 0) {
        free(c);
        return false;
    }
    l->check = c;
    return true;
}

void snapshot_live_close(struct snapshot_live *l)
{
    struct snapshot_check *c = l->check;
    l->check = NULL;
    if (c == NULL)
        return;
    c->unwanted = true;
    pthread_join(c->thread, NULL);
    if (c->rc == ERR_OK)
        snapshot_close(&c->out);
    free(c);
}

/* ---- what lies beside ---- */

struct beside {
    int64_t created;
    char name[SNAPSHOT_LIVE_NAME];
};

static int newest_first(const void *a, const void *b)
{
    const struct beside *x = a, *y = b;
    if (x->created != y->created)
        return x->created > y->created ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* False if it is none, by its beginning. */
static bool is_snapshot(const struct snapshot_live *l, const char *name, struct beside *out)
{
    char path[PATH];
    struct section_header h;
    size_t n = strlen(name);
    if (n < 5 || n >= sizeof out->name || strcmp(name + n - 4, ".mvs") != 0)
        return false;
    path_of(l, name, path);
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    bool good = fd >= 0 && read(fd, &h, sizeof h) == (ssize_t)sizeof h;
    if (fd >= 0)
        close(fd);
    if (!good)
        return false;
    memset(out, 0, sizeof *out);
    out->created = h.created;
    memcpy(out->name, name, n + 1);
    return true;
}

static void list_beside(const struct snapshot_live *l, struct vec *out)
{
    struct beside b;
    DIR *dir = opendir(l->folder);
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;)
        if (is_snapshot(l, d->d_name, &b) && !vec_push(out, &b))
            break;
    if (dir != NULL)
        closedir(dir);
    if (out->len > 0)
        qsort(out->data, out->len, sizeof b, newest_first);
}

static void will_serve(struct snapshot_live *l, const char *name)
{
    char path[PATH];
    memset(&l->next, 0, sizeof l->next);
    snprintf(l->next.target, sizeof l->next.target, "%s", name);
    path_of(l, name, path);
    file_version_look(path, &l->next.file);
}

static bool open_beside(struct snapshot_live *l, struct snapshot *fresh)
{
    struct vec all = VEC_OF(struct beside);
    char path[PATH];
    bool found = false;
    list_beside(l, &all);
    const struct beside *b = all.data;
    for (size_t i = 0; i < all.len && !found; i++) {
        if (strcmp(b[i].name, l->tried.target) == 0 && l->tried.error == 0)
            continue; /* that is the one that was refused */
        will_serve(l, b[i].name);
        path_of(l, b[i].name, path);
        found = snapshot_open(fresh, path, NULL) == ERR_OK;
    }
    vec_free(&all);
    return found;
}

/* ---- looking ---- */

static enum snapshot_look refuse(struct snapshot_live *l, enum snapshot_refusal refusal, const char *reason,
                                 struct snapshot *fresh)
{
    bool found = l->name[0] == '\0' && open_beside(l, fresh);
    if (refusal != SNAPSHOT_ABSENT || found ||
        l->name[0] != '\0') /* before the first publishing nothing is wrong */
        l->refusals++;
    l->refused = refusal;
    snprintf(l->reason, sizeof l->reason, "%s", reason);
    if (found)
        return SNAPSHOT_FRESH;
    return l->name[0] == '\0' ? SNAPSHOT_LOST : SNAPSHOT_SAME;
}

/* What became of opening the file that `current` leads to. */
static enum snapshot_look settle(struct snapshot_live *l, enum err rc, const struct fail *why,
                                 struct snapshot *fresh)
{
    if (rc == ERR_OK) {
        l->next = l->tried;
        l->refused = SNAPSHOT_USED;
        l->reason[0] = '\0';
        return SNAPSHOT_FRESH;
    }
    enum snapshot_look found = refuse(
        l, rc == ERR_CORRUPT || rc == ERR_INVALID ? SNAPSHOT_DAMAGED : SNAPSHOT_UNREADABLE, why->text, fresh);
    if (rc == ERR_NOMEM) /* no fault of the file: it is tried again */
        snapshot_live_again(l);
    return found;
}

static enum snapshot_look refuse_mark(struct snapshot_live *l, struct snapshot *fresh)
{
    char text[sizeof l->reason];
    const struct snapshot_mark *m = &l->tried;
    enum snapshot_refusal refusal = m->error == EINVAL                           ? SNAPSHOT_NO_LINK
                                    : m->error == ENOENT && m->target[0] == '\0' ? SNAPSHOT_ABSENT
                                                                                 : SNAPSHOT_UNREADABLE;
    snprintf(text, sizeof text, "%.200s/current: %s", l->folder,
             refusal == SNAPSHOT_NO_LINK
                 ? "is not a link to a snapshot; mvti publish --rollback or mvti publish makes one"
                 : strerror(m->error));
    return refuse(l, refusal, text, fresh);
}

static enum snapshot_look try_current(struct snapshot_live *l, struct snapshot *fresh)
{
    struct fail why = {0};
    char path[PATH];
    if (l->tried.error != 0)
        return refuse_mark(l, fresh);
    path_of(l, l->tried.target, path);
    if (l->name[0] != '\0' && begin_check(l, path))
        return SNAPSHOT_SAME;
    enum err rc = snapshot_open(fresh, path, &why);
    return settle(l, rc, &why, fresh);
}

/* The check that has ended. */
static enum snapshot_look collect(struct snapshot_live *l, struct snapshot *fresh)
{
    struct snapshot_check *c = l->check;
    pthread_join(c->thread, NULL);
    l->check = NULL;
    *fresh = c->out;
    enum snapshot_look found = settle(l, c->rc, &c->why, fresh);
    free(c);
    return found;
}

enum snapshot_look snapshot_live_look(struct snapshot_live *l, struct snapshot *fresh)
{
    struct snapshot_mark now;
    if (l->check != NULL)
        return l->check->done ? collect(l, fresh) : SNAPSHOT_SAME;
    bool hurt = is_hurt(l);
    mark_current(l, &now);
    if (!hurt && same(&now, &l->tried))
        return SNAPSHOT_SAME;
    l->tried = now;
    if (hurt)
        l->name[0] = '\0';
    return try_current(l, fresh);
}

void snapshot_live_take(struct snapshot_live *l)
{
    snprintf(l->name, sizeof l->name, "%s", l->next.target);
    l->served = l->next;
}

void snapshot_live_again(struct snapshot_live *l)
{
    memset(&l->tried, 0, sizeof l->tried);
}
