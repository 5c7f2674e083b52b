#include "serving.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "instruments.h"
#include "json/json.h"
#include "view.h"

/* Part of every entity tag: raise it when the form of an answer changes while the snapshot does not. */
#define ANSWER_FORM "1"

enum { SHELL_MOST = 1 << 20 };
static const double LOOK_EVERY = 1.0;

void serving_init(struct serving *v, const struct config *config)
{
    char folder[sizeof v->live.folder];
    *v = (struct serving){.config = config, .checked = -LOOK_EVERY};
    if (config_state_path(config, "snapshots", folder, sizeof folder, NULL) != ERR_OK)
        folder[0] = '\0';
    snapshot_live_init(&v->live, folder);
}

/* *out stays when there is no such member, or no JSON. */
static enum err whole_member(const char *text, size_t n, const char *name, int64_t *out)
{
    struct arena a = {0};
    const struct json_value *v = NULL;
    enum err rc = json_read(&a, text, n, &v, NULL);
    if (rc == ERR_OK) {
        const struct json_value *m = json_member(v, name);
        if (m != NULL && m->kind == JSON_INT)
            *out = m->integer;
        if (m != NULL && m->kind == JSON_BOOL)
            *out = m->truth;
    }
    arena_free(&a);
    return rc == ERR_NOMEM ? rc : ERR_OK;
}

static void drop(struct serving *v)
{
    if (v->ready)
        snapshot_close(&v->snapshot);
    v->ready = false;
}

static enum err swap_in(struct serving *v, const struct snapshot *fresh, struct fail *why)
{
    int64_t simulated = 0;
    enum err rc = whole_member(fresh->meta, fresh->meta_len, "simulated", &simulated);
    if (rc != ERR_OK)
        return fail_set(why, rc, "snapshot %s: out of memory", fresh->id);
    drop(v);
    snapshot_live_take(&v->live);
    v->snapshot = *fresh;
    v->ready = true;
    instruments_snapshot(fresh->id);
    fragments_build(&v->fragments, &v->snapshot, &view_renderers);
    v->simulated = simulated != 0;
    snprintf(v->tag, sizeof v->tag, "\"" ANSWER_FORM "-%s\"", fresh->id);
    log_event(LOG_INFO, "snapshot.loaded", "%s: %zu films, %zu characters", v->live.name, fresh->n_movies,
              fresh->n_characters);
    return ERR_OK;
}

static void say_refused(const struct serving *v, const char *reason)
{
    instruments_snapshot_refused();
    log_event(LOG_ERROR, "snapshot.refused", "%s; %s%s", reason,
              v->ready ? v->live.name : "there is no snapshot", v->ready ? " is served" : "");
}

/* What is served is another one from now on. */
static bool take(struct serving *v, struct snapshot *fresh)
{
    struct fail why = {0};
    if (swap_in(v, fresh, &why) == ERR_OK)
        return true;
    snapshot_close(fresh);
    snapshot_live_again(&v->live);
    say_refused(v, why.text);
    return false;
}

/* True if another snapshot is live than before. */
static bool refresh_snapshot(struct serving *v)
{
    struct snapshot fresh = {0};
    uint64_t refusals = v->live.refusals;
    enum snapshot_look found = snapshot_live_look(&v->live, &fresh);
    bool taken = found == SNAPSHOT_FRESH && take(v, &fresh);
    if (found == SNAPSHOT_LOST)
        drop(v);
    if (v->live.refusals != refusals)
        say_refused(v, v->live.reason);
    instruments_snapshot_refusing(v->live.refused != SNAPSHOT_USED);
    return taken;
}

void serving_refresh(struct serving *v, double now)
{
    if (now - v->checked < LOOK_EVERY)
        return;
    v->checked = now;
    bool fresh = refresh_snapshot(v);
    experiments_refresh(&v->experiments, v->config, v->ready ? &v->snapshot : NULL, fresh, now);
}

static bool read_whole(int fd, size_t size, struct buf *out)
{
    buf_reset(out);
    if (!buf_reserve(out, size))
        return false;
    while (out->len < size) {
        ssize_t n = read(fd, out->data + out->len, size - out->len);
        if (n <= 0)
            return false;
        out->len += (size_t)n;
    }
    out->data[out->len] = '\0';
    return strlen(out->data) == size;
}

static void say_unreadable(struct serving *v, const char *what)
{
    char reason[CONFIG_TEXT + 40];
    snprintf(reason, sizeof reason, "%s%s", v->config->shell_file, what);
    lasting_met(&v->shell_unreadable, clock_monotonic(), LOG_WARNING, "shell.unreadable", reason);
}

/* What could not be read may be half of a shell, and is read again. */
static void read_shell(struct serving *v, int fd, const struct stat *st)
{
    struct file_version version;
    file_version_take(st, &version);
    if (file_version_same(&version, &v->shell_read))
        return;
    v->shell_read = version;
    if (read_whole(fd, (size_t)st->st_size, &v->shell))
        return;
    say_unreadable(v, v->shell.failed ? ": out of memory" : ": not as long as it should be");
    buf_reset(&v->shell);
    v->shell_read = (struct file_version){0};
}

const char *serving_shell(struct serving *v)
{
    struct stat st;
    int fd = open(v->config->shell_file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    bool there = fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= SHELL_MOST;
    if (there)
        read_shell(v, fd, &st);
    else
        say_unreadable(v, "");
    if (there && v->shell.len > 0 && lasting_over(&v->shell_unreadable))
        log_event(LOG_INFO, "shell.loaded", "%s", v->config->shell_file);
    if (fd >= 0)
        close(fd);
    return v->shell.len > 0 ? v->shell.data : NULL;
}

void serving_close(struct serving *v)
{
    snapshot_live_close(&v->live);
    drop(v);
    experiments_close(&v->experiments);
    fragments_free(&v->fragments);
    buf_free(&v->shell);
}
