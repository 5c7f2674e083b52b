#include "release/offer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/map_file.h"
#include "release/manifest.h"
#include "release/offer_pieces.h"
#include "release/taken.h"

enum { PATH_MOST = 1400, HASH_NAME = 2 * SECRET_HASH_BYTES + 1 };

struct offering {
    const struct config *c;
    uint8_t secret[SIGNATURE_KEY_BYTES];
    struct manifest before; /* n 0: none, or none of ours */
    struct manifest now;
    int lock;
};

static void in_offer(const struct config *c, const char *name, char path[PATH_MOST])
{
    snprintf(path, PATH_MOST, "%.500s/%.100s", c->offer_dir, name);
}

static void in_state(const struct config *c, const char *name, char path[PATH_MOST])
{
    snprintf(path, PATH_MOST, "%.500s/%.100s", c->state_dir, name);
}

/* Jobs run beside each other: one number for each change. */
static enum err take_lock(struct offering *o, struct fail *why)
{
    char path[PATH_MOST];
    in_offer(o->c, ".lock", path);
    o->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (o->lock < 0 || flock(o->lock, LOCK_EX) != 0)
        return fail_errno(why, ERR_IO, "offer_dir: %.300s", path);
    return ERR_OK;
}

/* Of one that another key signed, or that is damaged, the number counts all the same: what comes next is newer. */
static void read_before(struct offering *o)
{
    char path[PATH_MOST], text[MANIFEST_TEXT];
    struct signer_keys own = {.n = 1};
    int64_t number = 0;
    signature_public(own.keys[0], o->secret);
    in_offer(o->c, MANIFEST_NAME, path);
    if (taken_read(path, text, sizeof text, NULL) != ERR_OK)
        return;
    if (manifest_read(&o->before, text, &own, NULL) == ERR_OK)
        return;
    o->before = (struct manifest){0};
    if (manifest_number(text, &number))
        o->before.number = number;
}

/* A name that has the same content for ever (a snapshot's has its hash in it) is not read again. */
static bool is_known(const struct offering *o, struct manifest_file *f)
{
    for (size_t i = 0; i < o->before.n; i++) {
        const struct manifest_file *b = &o->before.files[i];
        if (strcmp(b->path, f->path) != 0 || b->size != f->size || strncmp(f->path, "snapshots/", 10) != 0)
            continue;
        *f = *b;
        return true;
    }
    return false;
}

static enum err add(struct offering *o, const char *name, struct fail *why)
{
    char path[PATH_MOST];
    struct stat st;
    struct manifest_file *f = &o->now.files[o->now.n];
    in_state(o->c, name, path);
    if (stat(path, &st) != 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.300s", path);
    snprintf(f->path, sizeof f->path, "%s", name);
    f->size = (uint64_t)st.st_size;
    enum err rc = is_known(o, f) ? ERR_OK : taken_hash(path, f->hash, why);
    o->now.n += rc == ERR_OK;
    return rc;
}

static enum err describe(struct offering *o, struct fail *why)
{
    char link[PATH_MOST], target[64], name[MANIFEST_PATH];
    in_state(o->c, "snapshots/current", link);
    ssize_t n = readlink(link, target, sizeof target - 1);
    if (n <= 0)
        return fail_set(why, ERR_NOT_FOUND, "%.300s is no link to a snapshot; nothing is offered", link);
    target[n] = '\0';
    snprintf(name, sizeof name, "snapshots/%s", target);
    enum err rc = add(o, name, why);
    if (rc != ERR_OK)
        return rc;
    rc = add(o, "experiments/current.mve", why);
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static bool is_same(const struct offering *o)
{
    bool same = o->now.n == o->before.n;
    for (size_t i = 0; same && i < o->now.n; i++)
        same = strcmp(o->now.files[i].path, o->before.files[i].path) == 0 &&
               memcmp(o->now.files[i].hash, o->before.files[i].hash, SECRET_HASH_BYTES) == 0;
    return same;
}

static enum err copy(const char *from, const char *to, struct fail *why)
{
    struct map_file m;
    enum err rc = map_file_open(&m, from, why);
    if (rc != ERR_OK)
        return rc;
    rc = map_file_put(to, m.data, m.size, why);
    map_file_close(&m);
    return rc;
}

/* Under its hash, readable by the web server. */
static enum err show_whole(const struct offering *o, const struct manifest_file *f, struct fail *why)
{
    char from[PATH_MOST], to[PATH_MOST], name[HASH_NAME];
    struct stat st;
    manifest_offered(f, name);
    in_state(o->c, f->path, from);
    in_offer(o->c, name, to);
    if (stat(to, &st) == 0 && (uint64_t)st.st_size == f->size)
        return ERR_OK;
    unlink(to);
    if (link(from, to) != 0) {
        enum err rc = copy(from, to, why);
        if (rc != ERR_OK)
            return rc;
    }
    return chmod(to, 0644) == 0 ? ERR_OK : fail_errno(why, ERR_IO, "%.300s", to);
}

static enum err show(const struct offering *o, struct manifest_file *f, struct fail *why)
{
    char from[PATH_MOST];
    in_state(o->c, f->path, from);
    return f == o->now.files ? offer_pieces(o->c->offer_dir, from, f, why) : show_whole(o, f, why);
}

/* A file of experiments that changes every few minutes does not put off the snapshot that waits beside it. */
static int64_t moment(const struct offering *o)
{
    bool same = o->before.n > 0 && strcmp(o->before.files[0].path, o->now.files[0].path) == 0;
    if (!same)
        return o->now.time + o->c->offer_lead_s;
    return o->before.switch_at > o->now.time ? o->before.switch_at : o->now.time;
}

static enum err say(struct offering *o, struct fail *why)
{
    char path[PATH_MOST];
    struct buf text = {0};
    o->now.time = clock_wall();
    o->now.number = o->now.time > o->before.number ? o->now.time : o->before.number + 1;
    o->now.switch_at = moment(o);
    manifest_write(&o->now, o->secret, &text);
    in_offer(o->c, MANIFEST_NAME, path);
    enum err rc =
        text.failed ? fail_set(why, ERR_NOMEM, "out of memory") : taken_write(path, buf_str(&text), why);
    buf_free(&text);
    return rc;
}

static bool is_named(const struct vec *names, const char *name)
{
    const struct offered_name *all = names->data;
    for (size_t i = 0; i < names->len; i++)
        if (strcmp(all[i].text, name) == 0)
            return true;
    return false;
}

static void remove_others(const struct offering *o, const struct vec *names)
{
    char path[PATH_MOST];
    DIR *dir = opendir(o->c->offer_dir);
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
        if (strspn(d->d_name, "0123456789abcdef") != HASH_NAME - 1 || is_named(names, d->d_name))
            continue;
        in_offer(o->c, d->d_name, path);
        unlink(path);
    }
    if (dir != NULL)
        closedir(dir);
}

/* Whatever cannot be told stays. */
static void remove_old(const struct offering *o)
{
    struct vec names = VEC_OF(struct offered_name);
    if (offer_pieces_names(o->c->offer_dir, &o->now, &names) &&
        offer_pieces_names(o->c->offer_dir, &o->before, &names))
        remove_others(o, &names);
    vec_free(&names);
}

static enum err find_waiting(struct offering *o, struct offer_waiting *out, struct fail *why)
{
    read_before(o);
    if (o->before.n == 0 || o->before.switch_at <= clock_wall() + OFFER_HEARD)
        return fail_set(why, ERR_NOT_FOUND, "nothing waits for the moment at which all hosts switch");
    snprintf(out->name, sizeof out->name, "%s", strrchr(o->before.files[0].path, '/') + 1);
    out->switch_at = o->before.switch_at;
    out->since = out->switch_at - o->c->offer_lead_s;
    return ERR_OK;
}

enum err offer_waiting(const struct config *c, struct offer_waiting *out, struct fail *why)
{
    struct offering o = {.c = c, .lock = -1};
    *out = (struct offer_waiting){0};
    if (c->offer_dir[0] == '\0')
        return fail_set(why, ERR_NOT_FOUND, "this host offers nothing: offer_dir is empty");
    enum err rc = signer_secret(c, o.secret, why);
    if (rc == ERR_OK)
        rc = find_waiting(&o, out, why);
    explicit_bzero(o.secret, sizeof o.secret);
    return rc;
}

static enum err update(struct offering *o, enum offer_outcome *out, struct fail *why)
{
    enum err rc = take_lock(o, why);
    if (rc != ERR_OK)
        return rc;
    read_before(o);
    rc = describe(o, why);
    for (size_t i = 0; rc == ERR_OK && i < o->now.n; i++)
        rc = show(o, &o->now.files[i], why);
    *out = rc == ERR_OK && !is_same(o) ? OFFER_NEW : OFFER_SAME;
    if (*out == OFFER_NEW)
        rc = say(o, why);
    if (rc == ERR_OK && *out == OFFER_NEW)
        remove_old(o);
    return rc;
}

enum err offer_update(const struct config *c, enum offer_outcome *out, struct fail *why)
{
    struct offering o = {.c = c, .lock = -1};
    *out = OFFER_NONE;
    if (c->offer_dir[0] == '\0')
        return ERR_OK;
    enum err rc = signer_secret(c, o.secret, why);
    if (rc == ERR_OK)
        rc = update(&o, out, why);
    explicit_bzero(o.secret, sizeof o.secret);
    if (o.lock >= 0)
        close(o.lock);
    return rc;
}
