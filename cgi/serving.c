#include "serving.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "instruments.h"
#include "json/json.h"
#include "view.h"

/* Part of every entity tag: raise it when the form of an answer changes while the snapshot does not. */
#define ANSWER_FORM "1"

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
    experiments_refresh(&v->experiments, v->config, v->ready ? &v->snapshot : NULL, fresh);
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

/* It may be half of one. */
static void drop_shell(struct serving *v)
{
    log_event(LOG_WARNING, "shell.unreadable", "%s%s", v->config->shell_file,
              v->shell.failed ? ": out of memory" : "");
    buf_reset(&v->shell);
}

const char *serving_shell(struct serving *v)
{
    struct stat st;
    int fd = open(v->config->shell_file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > 1 << 20) {
        log_event(LOG_WARNING, "shell.unreadable", "%s", v->config->shell_file);
        if (fd >= 0)
            close(fd);
        return v->shell.len > 0 ? v->shell.data : NULL;
    }
    bool same =
        v->shell.len == (size_t)st.st_size && memcmp(&st.st_mtim, &v->shell_time, sizeof st.st_mtim) == 0;
    if (!same && read_whole(fd, (size_t)st.st_size, &v->shell))
        v->shell_time = st.st_mtim;
    else if (!same)
        drop_shell(v);
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
