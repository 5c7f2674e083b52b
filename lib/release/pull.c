#include "release/pull.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "model/snapshot.h"
#include "release/manifest.h"
#include "release/offer.h"
#include "release/pull_pieces.h"
#include "release/source.h"
#include "release/taken.h"

enum { PATH_MOST = 1400, HASH_NAME = 2 * SECRET_HASH_BYTES + 1 };
/* Seconds. The longest that a pull waits for the moment to switch: two runs of the timer are no further apart. And how far behind the
 * publishing host's a clock may be before it cannot be used to wait by. */
enum { WAIT_MOST = OFFER_HEARD, CLOCK_BEHIND = 300 };
/* Seconds that the other host may be slow (http_download.h) before it is given up: the timer tries again soon. */
enum { PATIENCE = 30 };

struct pulling {
    const struct pull *p;
    struct source source;
    struct signer_keys keys;
    struct snapshot_folder folder; /* not locked but for the switch */
    int lock;                      /* of pulls; -1: not held */
    char text[MANIFEST_TEXT];      /* of the manifest that came */
    struct manifest now;
    int64_t newest;  /* number that was seen, and to be believed */
    bool superseded; /* another manifest came while this one's files did */
    bool unread;     /* the snapshot was here already, and only its length was looked at */
    struct pull_result *out;
};

static void in_state(const struct pulling *w, const char *name, char path[PATH_MOST])
{
    snprintf(path, PATH_MOST, "%.1000s/%.200s", w->p->config->state_dir, name);
}

static const char *snapshot_name(const struct pulling *w)
{
    return strrchr(w->now.files[0].path, '/') + 1;
}

static enum err make_folder(const struct pulling *w, const char *name, struct fail *why)
{
    char path[PATH_MOST];
    in_state(w, name, path);
    return mkdir(path, 0755) != 0 && errno != EEXIST ? fail_errno(why, ERR_IO, "%.300s", path) : ERR_OK;
}

/* ---- the manifest ---- */

static enum err fetch_manifest(struct pulling *w, char text[MANIFEST_TEXT], struct manifest *out,
                               struct fail *why)
{
    char path[PATH_MOST];
    uint64_t of_files = w->source.fetched;
    in_state(w, "pull/manifest.new", path);
    enum err rc = source_fetch(&w->source, MANIFEST_NAME, path, MANIFEST_TEXT - 1, why);
    if (rc == ERR_OK)
        rc = taken_read(path, text, MANIFEST_TEXT, why);
    unlink(path);
    w->source.fetched = of_files;
    return rc == ERR_OK ? manifest_read(out, text, &w->keys, why) : rc;
}

/* A rollback is offered while what it takes back is still on its way, or waits for its moment: it is not held up by that. A look that fails
 * says nothing. */
static bool is_superseded(void *arg)
{
    struct pulling *w = arg;
    char text[MANIFEST_TEXT];
    struct manifest other;
    w->superseded = fetch_manifest(w, text, &other, NULL) == ERR_OK && other.number > w->now.number;
    if (w->superseded)
        w->newest = other.number;
    return w->superseded;
}

/* Whoever can put files in the way of a host cannot make it go back to what was offered once. What was taken is believed without its
 * signature: its key may have been replaced meanwhile. */
static enum err check_number(const struct pulling *w, struct fail *why)
{
    char path[PATH_MOST], text[MANIFEST_TEXT];
    int64_t taken = 0;
    in_state(w, "pull/" MANIFEST_NAME, path);
    enum err rc = taken_read(path, text, sizeof text, why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return rc;
    if (rc == ERR_OK && !manifest_number(text, &taken))
        return fail_set(
            why, ERR_CORRUPT,
            "%.300s is damaged: which manifest was taken last is not known; remove it to begin anew", path);
    int64_t last = taken > w->newest ? taken : w->newest;
    if (w->now.number < last || (w->now.number == taken && strcmp(text, w->text) != 0))
        return fail_set(why, ERR_CONFLICT,
                        "the manifest has number %lld, and %lld was taken before: it is an old one, or its "
                        "host has lost count; "
                        "nothing was changed",
                        (long long)w->now.number, (long long)last);
    return ERR_OK;
}

/* ---- files ---- */

static void part_path(const struct pulling *w, const struct manifest_file *f, char path[PATH_MOST])
{
    char name[HASH_NAME], rest[HASH_NAME + 16];
    secret_hex(name, f->hash, SECRET_HASH_BYTES);
    snprintf(rest, sizeof rest, "pull/%s", name);
    in_state(w, rest, path);
}

static bool is_whole(const char *path, const struct manifest_file *f)
{
    uint8_t hash[SECRET_HASH_BYTES];
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size == f->size &&
           taken_hash(path, hash, NULL) == ERR_OK && secret_equal(hash, f->hash, sizeof hash);
}

static enum err fetch(struct pulling *w, const struct manifest_file *f, const char *part, struct fail *why)
{
    char name[HASH_NAME], folder[PATH_MOST], older[PATH_MOST];
    manifest_offered(f, name);
    if (f->index_size == 0)
        return source_fetch(&w->source, name, part, f->size, why);
    in_state(w, "pull", folder);
    in_state(w, "snapshots/current", older);
    return pull_pieces(&(struct pull_pieces){&w->source, folder, older, w->p->progress, is_superseded, w}, f,
                       part, why);
}

/* Readable by workers, and on the disk before a name leads to it: a host that loses its power has it whole or not at all. */
static enum err settle(const char *part, struct fail *why)
{
    int fd = open(part, O_RDONLY | O_CLOEXEC);
    bool settled = fd >= 0 && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
    enum err rc = settled ? ERR_OK : fail_errno(why, ERR_IO, "%.300s", part);
    if (fd >= 0)
        close(fd);
    return rc;
}

/* What was there and does not go together with what came is thrown away once. */
static enum err fetch_file(struct pulling *w, const struct manifest_file *f, const char *part,
                           struct fail *why)
{
    struct stat st;
    bool begun = stat(part, &st) == 0 && st.st_size > 0;
    for (int tries = begun ? 2 : 1; tries > 0; tries--) {
        enum err rc = fetch(w, f, part, why);
        if (rc == ERR_OK && is_whole(part, f))
            return settle(part, why);
        if (rc != ERR_OK && rc != ERR_TOO_LARGE)
            return rc;
        unlink(part);
        if (tries > 1)
            progress_note(w->p->progress, "%s: what was there of it is of no use; it is fetched anew",
                          f->path);
    }
    return fail_set(why, ERR_CORRUPT, "%s: what came is not what the manifest names; it was thrown away",
                    f->path);
}

/* As a worker would open it, and under the name that its content gives it. */
static enum err check_snapshot(const struct pulling *w, const char *part, struct fail *why)
{
    struct snapshot s;
    char name[SNAPSHOT_NAME];
    enum err rc = snapshot_open(&s, part, why);
    if (rc != ERR_OK)
        return rc;
    snprintf(name, sizeof name, "mvti-%.50s.mvs", s.id);
    snapshot_close(&s);
    return strcmp(name, snapshot_name(w)) == 0
               ? ERR_OK
               : fail_set(why, ERR_CORRUPT, "the snapshot is %s, and the manifest calls it %s", name,
                          snapshot_name(w));
}

/* A snapshot goes to its place, where nothing looks at it before it is live; other files wait beside the manifest. */
static enum err take_file(struct pulling *w, const struct manifest_file *f, struct fail *why)
{
    char part[PATH_MOST], place[PATH_MOST];
    in_state(w, f->path, place);
    part_path(w, f, part);
    if (is_whole(place, f))
        return ERR_OK;
    enum err rc = is_whole(part, f) ? ERR_OK : fetch_file(w, f, part, why);
    if (rc != ERR_OK || f != w->now.files)
        return rc;
    rc = check_snapshot(w, part, why);
    return rc == ERR_OK && rename(part, place) != 0 ? fail_errno(why, ERR_IO, "%.300s", place) : rc;
}

static enum err place_others(const struct pulling *w, struct fail *why)
{
    char part[PATH_MOST], place[PATH_MOST];
    for (size_t i = 1; i < w->now.n; i++) {
        part_path(w, &w->now.files[i], part);
        in_state(w, w->now.files[i].path, place);
        if (rename(part, place) != 0 && errno != ENOENT)
            return fail_errno(why, ERR_IO, "%.300s", place);
    }
    return ERR_OK;
}

/* Where the other host has no file of experiments, there are none here. */
static void drop_experiments(const struct pulling *w)
{
    char path[PATH_MOST];
    in_state(w, "experiments/current.mve", path);
    if (w->now.n == 1)
        unlink(path);
}

/* A part of one of the first n files that are offered. */
static bool is_part(const struct pulling *w, size_t n, const char *name)
{
    char hex[HASH_NAME];
    for (size_t i = 0; i < n; i++) {
        secret_hex(hex, w->now.files[i].hash, SECRET_HASH_BYTES);
        if (strcmp(hex, name) == 0)
            return true;
    }
    return false;
}

/* Parts of what nobody offers any more; those of the first n files that are offered stay. */
static void clean(const struct pulling *w, size_t n)
{
    char folder[PATH_MOST], path[PATH_MOST + 260];
    in_state(w, "pull", folder);
    DIR *dir = opendir(folder);
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;)
        if (strspn(d->d_name, "0123456789abcdef") == HASH_NAME - 1 && !is_part(w, n, d->d_name)) {
            snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
            unlink(path);
        }
    if (dir != NULL)
        closedir(dir);
}

/* ---- the whole ---- */

static bool is_as_long(const struct pulling *w, const struct manifest_file *f)
{
    char place[PATH_MOST];
    struct stat st;
    in_state(w, f->path, place);
    return stat(place, &st) == 0 && (uint64_t)st.st_size == f->size;
}

/* The same manifest again is the usual case, once a minute: nothing is read but two small files and a link. */
static bool is_done(const struct pulling *w)
{
    char path[PATH_MOST], text[MANIFEST_TEXT], current[SNAPSHOT_NAME];
    in_state(w, "pull/" MANIFEST_NAME, path);
    snapshot_folder_current(&w->folder, current);
    return taken_read(path, text, sizeof text, NULL) == ERR_OK && strcmp(text, w->text) == 0 &&
           strcmp(current, snapshot_name(w)) == 0 &&
           is_as_long(w, w->now.files); /* one that was removed or cut off comes again */
}

static enum err wait_on(struct pulling *w)
{
    w->out->outcome = PULL_WAITING;
    w->out->switch_at = w->now.switch_at;
    return ERR_OK;
}

/* With the folder's lock. What somebody pinned or removed while it came is seen here. */
static enum err place_all(struct pulling *w, struct fail *why)
{
    char path[PATH_MOST], was_live[SNAPSHOT_NAME];
    in_state(w, "pull/" MANIFEST_NAME, path);
    snapshot_folder_current(&w->folder, was_live);
    snapshot_folder_pinned(&w->folder, w->out->pinned);
    w->out->outcome = w->out->pinned[0] == '\0' ? PULL_NEW : PULL_PINNED;
    if (w->unread && w->out->pinned[0] == '\0')
        return wait_on(w); /* unpinned meanwhile */
    if (!is_as_long(w, w->now.files))
        return fail_set(why, ERR_BUSY, "%s was removed while it came; the next pull fetches it again",
                        snapshot_name(w));
    enum err rc = place_others(w, why);
    if (rc == ERR_OK)
        rc = taken_write(path, w->text, why);
    if (rc == ERR_OK && w->out->pinned[0] == '\0')
        rc = snapshot_folder_switch(&w->folder, snapshot_name(w), why);
    if (rc != ERR_OK)
        return rc;
    drop_experiments(w);
    clean(w, 0);
    snapshot_folder_remove_old(&w->folder, w->p->keep, was_live);
    return ERR_OK;
}

static enum err make_live(struct pulling *w, struct fail *why)
{
    enum err rc = snapshot_folder_open(&w->folder, w->p->config, why);
    if (rc == ERR_OK)
        rc = place_all(w, why);
    snapshot_folder_close(&w->folder);
    return rc;
}

/* All hosts switch at one moment, but one that is to be first, one that has nothing to show meanwhile, and one that need not switch: what
 * it did not show yet was taken back. */
static int64_t seconds_to_wait(const struct pulling *w)
{
    char current[SNAPSHOT_NAME];
    int64_t now = clock_wall();
    snapshot_folder_current(&w->folder, current);
    bool at_once = w->p->config->pull_canary != 0 || current[0] == '\0' ||
                   strcmp(current, snapshot_name(w)) == 0 || now < w->now.time - CLOCK_BEHIND;
    return at_once || w->now.switch_at <= now ? 0 : w->now.switch_at - now;
}

/* Whether this pull may make the snapshot live. */
static bool is_due(const struct pulling *w)
{
    return w->out->pinned[0] == '\0' && seconds_to_wait(w) <= WAIT_MOST;
}

/* Not for longer than it seemed, should somebody put the clock back meanwhile. */
static void wait_until(int64_t moment, int64_t seconds)
{
    double most = clock_monotonic() + (double)seconds;
    while (clock_wall() < moment && clock_monotonic() < most)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
}

static enum err switch_in_time(struct pulling *w, struct fail *why)
{
    int64_t wait = seconds_to_wait(w);
    if (wait > WAIT_MOST ||
        (w->unread && w->out->pinned[0] == '\0')) /* has become due meanwhile: the next reads it */
        return wait_on(w);
    if (wait > 0)
        wait_until(w->now.switch_at, wait);
    return wait > 0 && is_superseded(w) ? ERR_OK : make_live(w, why);
}

static enum err take_offered(struct pulling *w, struct fail *why)
{
    w->superseded = false;
    enum err rc = fetch_manifest(w, w->text, &w->now, why);
    if (rc == ERR_OK)
        rc = check_number(w, why);
    if (rc != ERR_OK)
        return rc;
    w->out->number = w->now.number;
    w->out->time = w->now.time;
    snprintf(w->out->name, sizeof w->out->name, "%s", snapshot_name(w));
    snapshot_folder_pinned(&w->folder, w->out->pinned);
    w->out->outcome = PULL_SAME;
    if (is_done(w))
        return ERR_OK;
    clean(w, w->now.n); /* first: a disk that is full of old parts would never hold the new ones */
    /* One that is here is read whole by the pull that switches to it, and not by each that comes every minute before. */
    w->unread = !is_due(w) && is_as_long(w, w->now.files);
    for (size_t i = w->unread ? 1 : 0; rc == ERR_OK && i < w->now.n; i++)
        rc = take_file(w, &w->now.files[i], why);
    return rc == ERR_OK ? switch_in_time(w, why) : rc;
}

/* Each round begins with a newer manifest that was signed, so there are no more of them than offers. */
static enum err take(struct pulling *w, struct fail *why)
{
    enum err rc;
    do
        rc = take_offered(w, why);
    while (w->superseded);
    return rc;
}

/* Pulls run one after the other: they share what is on its way. */
static enum err take_lock(struct pulling *w, struct fail *why)
{
    char path[PATH_MOST];
    in_state(w, "pull/.lock", path);
    w->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (w->lock < 0)
        return fail_errno(why, ERR_IO, "%.300s", path);
    return flock(w->lock, LOCK_EX | LOCK_NB) == 0
               ? ERR_OK
               : fail_set(why, ERR_BUSY, "another mvti pull is running; wait for it, then try again");
}

enum err pull_run(const struct pull *p, struct pull_result *out, struct fail *why)
{
    struct pulling w = {
        .p = p,
        .source = {.from = p->from, .http = {.ca_file = p->config->pull_ca_file, .patience = PATIENCE}},
        .folder = {.lock = -1},
        .lock = -1,
        .out = out};
    *out = (struct pull_result){0};
    enum err rc = signer_public(p->config, &w.keys, why);
    if (rc == ERR_OK)
        rc = snapshot_folder_look(&w.folder, p->config, why);
    if (rc == ERR_OK)
        rc = make_folder(&w, "pull", why);
    if (rc == ERR_OK)
        rc = take_lock(&w, why);
    if (rc == ERR_OK)
        rc = make_folder(&w, "experiments", why);
    if (rc == ERR_OK)
        rc = take(&w, why);
    if (w.lock >= 0)
        close(w.lock);
    http_download_close(&w.source.http);
    out->fetched = w.source.fetched;
    return rc;
}
