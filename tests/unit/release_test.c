/* What one host offers and another takes: what is refused, what is gone on with, and that nothing half done is ever live. */
#include "release/pull.h"
#include "tests/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/map_file.h"
#include "base/secret.h"
#include "publish/snapshot_folder.h"
#include "release/manifest.h"
#include "release/offer.h"
#include "release/pieces.h"
#include "release/taken.h"
#include "tests/fixture/peer.h"
#include "tests/fixture/shell.h"
#include "tests/fixture/small_snapshot.h"

static char top[64];
static struct config here, there;
static struct pull_result got;
static struct fail why;
static struct small_snapshot first, second, third;

static void setting(struct config *c, const char *name, const char *rest)
{
    char value[CONFIG_TEXT];
    snprintf(value, sizeof value, "%s/%s", top, rest);
    CHECK(config_set(c, name, value, NULL) == ERR_OK);
}

/* A fresh pair of hosts: `here` publishes and offers, `there` pulls. */
static void begin(void)
{
    char key[128];
    CHECK(shell("rm -rf %s/* && mkdir -p %s/a/snapshots %s/a/experiments %s/b %s/offer", top, top, top, top,
                top));
    snprintf(key, sizeof key, "%s/key", top);
    CHECK_MSG(signer_make(key, &why) == ERR_OK, "%s", why.text);
    config_init(&here);
    config_init(&there);
    setting(&here, "state_dir", "a");
    setting(&here, "offer_dir", "offer");
    setting(&here, "offer_key_file", "key");
    setting(&there, "state_dir", "b");
    setting(&there, "pull_key_file", "key.pub");
    setting(&there, "pull_url", "offer");
}

static const char *name_of(const struct small_snapshot *s)
{
    return strrchr(s->path, '/') + 1;
}

static void publish(const struct small_snapshot *s)
{
    enum offer_outcome outcome;
    CHECK(shell("cp %s %s/a/snapshots/ && ln -sfn %s %s/a/snapshots/current", s->path, top, name_of(s), top));
    CHECK_MSG(offer_update(&here, &outcome, &why) == ERR_OK && outcome == OFFER_NEW, "%s", why.text);
}

static enum err take(void)
{
    static const struct progress quiet;
    struct pull p = {.config = &there, .from = there.pull_url, .keep = 5, .progress = &quiet};
    why = (struct fail){0};
    return pull_run(&p, &got, &why);
}

static bool is_live(const struct small_snapshot *s)
{
    return shell("[ \"$(readlink %s/b/snapshots/current)\" = '%s' ]", top, s != NULL ? name_of(s) : "");
}

static void refuses(enum err code, const char *sentence, const struct small_snapshot *live)
{
    enum err rc = take();
    CHECK_MSG(rc == code && strstr(why.text, sentence) != NULL, "%s: %s", err_name(rc), why.text);
    CHECK(is_live(live));
}

static const char *offered_as(const uint8_t hash[SECRET_HASH_BYTES])
{
    static char path[300];
    char hex[65];
    secret_hex(hex, hash, SECRET_HASH_BYTES);
    snprintf(path, sizeof path, "%s/offer/%s", top, hex);
    return path;
}

static void cut(const struct small_snapshot *s, struct pieces *out)
{
    struct map_file m;
    CHECK(map_file_open(&m, s->path, NULL) == ERR_OK && pieces_of(out, m.data, m.size, NULL) == ERR_OK);
    map_file_close(&m);
}

/* The offered index of the snapshot. */
static const char *index_of(const struct small_snapshot *s)
{
    struct pieces p;
    struct buf text = {0};
    uint8_t hash[SECRET_HASH_BYTES];
    cut(s, &p);
    pieces_write(&p, &text);
    secret_hash(hash, text.data, text.len);
    pieces_free(&p);
    buf_free(&text);
    return offered_as(hash);
}

static bool has(const struct pieces *p, const struct piece *one)
{
    for (size_t i = 0; i < p->n; i++)
        if (memcmp(p->items[i].hash, one->hash, sizeof one->hash) == 0)
            return true;
    return false;
}

/* The offered form of the first large piece of `s` that `other` lacks. */
static const char *piece_of(const struct small_snapshot *s, const struct small_snapshot *other)
{
    struct pieces p, theirs;
    const char *path = NULL;
    cut(s, &p);
    cut(other, &theirs);
    for (size_t i = 0; path == NULL && i < p.n; i++)
        if (p.items[i].size > 500 && !has(&theirs, &p.items[i]))
            path = offered_as(p.items[i].hash);
    CHECK(path != NULL);
    pieces_free(&p);
    pieces_free(&theirs);
    return path;
}

/* Bytes of the offered pieces of `s` that `other` lacks. */
static size_t lacking(const struct small_snapshot *s, const struct small_snapshot *other)
{
    struct pieces p, theirs = {0};
    struct stat st;
    size_t bytes = 0;
    cut(s, &p);
    if (other != NULL)
        cut(other, &theirs);
    for (size_t i = 0; i < p.n; i++)
        if (!has(&theirs, &p.items[i])) {
            CHECK(stat(offered_as(p.items[i].hash), &st) == 0);
            bytes += (size_t)st.st_size;
        }
    CHECK(stat(index_of(s), &st) == 0);
    pieces_free(&p);
    pieces_free(&theirs);
    return bytes + (size_t)st.st_size;
}

static void what_is_published_arrives_and_is_live(void)
{
    struct stat st;
    enum offer_outcome outcome;
    begin();
    CHECK(shell("echo experiments >%s/a/experiments/current.mve", top));
    publish(&first);
    CHECK(stat(index_of(&first), &st) == 0 && (st.st_mode & 0777) == 0644);
    CHECK(stat(piece_of(&first, &second), &st) == 0 && (st.st_mode & 0777) == 0644);
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_NEW && is_live(&first), "%s", why.text);
    CHECK_STR(got.name, name_of(&first));
    CHECK(shell("cmp -s %s %s/b/snapshots/current && cmp -s %s/a/experiments/current.mve "
                "%s/b/experiments/current.mve",
                first.path, top, top, top));
    CHECK(take() == ERR_OK && got.outcome == PULL_SAME);
    CHECK(shell(": >%s/b/snapshots/%s", top, name_of(&first))); /* a host that lost its power */
    CHECK(take() == ERR_OK && shell("cmp -s %s %s/b/snapshots/current", first.path, top));
    CHECK(offer_update(&here, &outcome, &why) == ERR_OK && outcome == OFFER_SAME);
    CHECK(shell("rm %s/a/experiments/current.mve", top));
    publish(&second);
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_NEW && is_live(&second), "%s", why.text);
    CHECK(shell("[ ! -e %s/b/experiments/current.mve ]", top));
    CHECK(shell("[ -e %s ]", piece_of(&first, &second))); /* for who is in the middle of it */
    CHECK(offer_update(&here, &outcome, &why) == ERR_OK);
    publish(&third);
    CHECK(shell("[ ! -e %s ]", piece_of(&first, &second)) && shell("[ ! -e %s ]", index_of(&first)));
    CHECK_MSG(take() == ERR_OK && is_live(&third), "%s", why.text);
}

/* Pieces that yesterday's file has do not come again. */
static void only_what_is_lacking_is_fetched(void)
{
    begin();
    publish(&first);
    CHECK(take() == ERR_OK && got.fetched == lacking(&first, NULL));
    publish(&second);
    CHECK_MSG(take() == ERR_OK && is_live(&second), "%s", why.text);
    CHECK_INT(got.fetched, lacking(&second, &first));
    CHECK(got.fetched < lacking(&second, NULL));
    CHECK(shell("cmp -s %s %s/b/snapshots/current", second.path, top));
}

/* A piece that somebody removed is made again, and nothing is read for it while all are there. */
static void an_offer_heals(void)
{
    enum offer_outcome outcome;
    begin();
    publish(&first);
    CHECK(shell("rm %s", piece_of(&first, &second)));
    CHECK(shell("mkdir %s/b/pull && echo old >%s/b/pull/%064d", top, top, 1));
    refuses(ERR_NOT_FOUND, "cannot be opened", NULL);
    CHECK(shell("[ ! -e %s/b/pull/%064d ]", top, 1)); /* of what is not offered: no room for it meanwhile */
    CHECK_MSG(offer_update(&here, &outcome, &why) == ERR_OK && outcome == OFFER_SAME, "%s", why.text);
    CHECK_MSG(take() == ERR_OK && is_live(&first), "%s", why.text);
    CHECK(shell("rm %s", index_of(&first)));
    CHECK(offer_update(&here, &outcome, &why) == ERR_OK && outcome == OFFER_SAME);
    CHECK(shell("[ -e %s ]", index_of(&first)));
}

/* Hosts that have a snapshot switch at the moment that the manifest names; one that has none, or goes first, at once. */
static void hosts_switch_together(void)
{
    begin();
    CHECK(shell("echo before >%s/a/experiments/current.mve", top));
    here.offer_lead_s = 3600;
    publish(&first);
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_NEW && is_live(&first), "%s", why.text);
    CHECK(shell("echo after >%s/a/experiments/current.mve", top));
    publish(&second);
    for (int i = 0; i < 2; i++) {
        CHECK_MSG(take() == ERR_OK && got.outcome == PULL_WAITING && is_live(&first), "%s", why.text);
        CHECK(got.switch_at > got.time + 3590 && (i == 0) == (got.fetched > 0) &&
              shell("grep -q before %s/b/experiments/current.mve", top));
    }
    there.pull_canary = 1;
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_NEW && is_live(&second) && got.fetched == 0, "%s",
              why.text);
    CHECK(shell("grep -q after %s/b/experiments/current.mve", top) && take() == ERR_OK &&
          got.outcome == PULL_SAME);
    there.pull_canary = 0;
    here.offer_lead_s = 1;
    publish(&first); /* rolled back: they wait for the moment when it is near */
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_NEW && is_live(&first) && clock_wall() > got.time, "%s",
              why.text);
}

/* What waits is read whole by the pull that switches to it, not by each before; what is damaged meanwhile comes again. */
static void what_waits_is_checked_when_it_is_due(void)
{
    begin();
    publish(&first);
    CHECK(take() == ERR_OK);
    here.offer_lead_s = 3600;
    publish(&second);
    CHECK(take() == ERR_OK && got.outcome == PULL_WAITING);
    CHECK(shell("printf x | dd of=%s/b/snapshots/%s bs=1 seek=4000 conv=notrunc 2>/dev/null", top,
                name_of(&second)));
    CHECK(take() == ERR_OK && got.outcome == PULL_WAITING && got.fetched == 0);
    there.pull_canary = 1;
    CHECK_MSG(take() == ERR_OK && got.fetched > 0 && is_live(&second), "%s", why.text);
    CHECK(shell("cmp -s %s %s/b/snapshots/current", second.path, top));
}

/* A rollback is a newer manifest with an older snapshot: nothing is fetched, and it is live. */
static void a_rollback_of_the_publisher_follows(void)
{
    begin();
    publish(&first);
    CHECK(take() == ERR_OK);
    publish(&second);
    CHECK(take() == ERR_OK && is_live(&second));
    publish(&first);
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_NEW && got.fetched == 0 && is_live(&first), "%s",
              why.text);
}

static void an_old_manifest_is_not_believed_again(void)
{
    begin();
    publish(&first);
    CHECK(shell("cp %s/offer/manifest %s/old", top, top));
    CHECK(take() == ERR_OK);
    publish(&second);
    CHECK(take() == ERR_OK);
    CHECK(shell("cp %s/old %s/offer/manifest", top, top));
    refuses(ERR_CONFLICT, "was taken before: it is an old one", &second);
    CHECK(shell("echo damaged >%s/b/pull/manifest", top));
    refuses(ERR_CORRUPT, "which manifest was taken last is not known", &second);
}

static void what_is_not_signed_by_whom_we_know_is_refused(void)
{
    begin();
    publish(&first);
    CHECK(shell("cp %s/offer/manifest %s/right", top, top));
    CHECK(shell("sed -i 's/^time ./time 9/' %s/offer/manifest", top));
    refuses(ERR_DENIED, "by none of the keys", NULL);
    CHECK(shell("grep -v signature %s/right >%s/offer/manifest", top, top));
    refuses(ERR_CORRUPT, "not signed, or not whole", NULL);
    CHECK(shell("head -c 200 %s/right >%s/offer/manifest", top, top));
    refuses(ERR_CORRUPT, "not signed, or not whole", NULL);
    CHECK(shell(": >%s/offer/manifest", top));
    refuses(ERR_CORRUPT, "not signed, or not whole", NULL);
    CHECK(shell("head -c 5000 /dev/zero >%s/offer/manifest", top));
    refuses(ERR_TOO_LARGE, "more bytes than it should", NULL);
    CHECK(shell("rm %s/offer/manifest", top));
    refuses(ERR_NOT_FOUND, "cannot be opened", NULL);
    CHECK(shell("cp %s/right %s/offer/manifest", top, top));
    setting(&there, "pull_key_file", "nothing");
    refuses(ERR_NOT_FOUND, "pull_key_file", NULL);
    CHECK(shell("echo short >%s/nothing", top));
    refuses(ERR_INVALID, "not one or two lines", NULL);
    there.pull_key_file[0] = '\0';
    refuses(ERR_INVALID, "names no public key", NULL);
    setting(&there, "pull_key_file", "key.pub");
    CHECK_MSG(take() == ERR_OK && is_live(&first), "%s", why.text);
}

/* New beside old everywhere, then the new one signs, then the old one goes. */
static void keys_are_replaced_one_after_the_other(void)
{
    char key[128];
    begin();
    publish(&first);
    CHECK(take() == ERR_OK);
    snprintf(key, sizeof key, "%s/key2", top);
    CHECK(signer_make(key, &why) == ERR_OK && signer_make(key, &why) == ERR_CONFLICT);
    setting(&here, "offer_key_file", "key2");
    publish(&second);
    refuses(ERR_DENIED, "by none of the keys", &first);
    CHECK(shell("cat %s/key.pub %s/key2.pub >%s/both.pub", top, top, top));
    setting(&there, "pull_key_file", "both.pub");
    CHECK_MSG(take() == ERR_OK && is_live(&second), "%s", why.text);
    CHECK(shell("chmod 644 %s/key2", top));
    enum offer_outcome outcome;
    CHECK(offer_update(&here, &outcome, &why) == ERR_INVALID && strstr(why.text, "offer_key_file") != NULL);
}

/* A part that was left: whole pieces stay, the rest of it is fetched. */
static void leave_half(const struct small_snapshot *s)
{
    char hex[65];
    uint8_t hash[SECRET_HASH_BYTES];
    CHECK(taken_hash(s->path, hash, NULL) == ERR_OK);
    secret_hex(hex, hash, sizeof hash);
    CHECK(shell("mkdir -p %s/b/pull && head -c $(($(stat -c %%s %s) / 2)) %s >%s/b/pull/%s", top, s->path,
                s->path, top, hex));
}

static void what_came_half_is_gone_on_with(void)
{
    begin();
    publish(&first);
    leave_half(&first);
    CHECK_MSG(take() == ERR_OK && is_live(&first), "%s", why.text);
    CHECK(got.fetched < lacking(&first, NULL));
    CHECK(shell("cmp -s %s %s/b/snapshots/current", first.path, top));
    CHECK(shell("[ -z \"$(ls %s/b/pull | grep -v manifest)\" ]", top));
}

static void what_is_not_what_was_named_is_never_live(void)
{
    begin();
    publish(&first);
    CHECK(take() == ERR_OK);
    publish(&second);
    const char *file = piece_of(&second, &first);
    CHECK(shell("cp %s %s/right && head -c 40 %s/right >%s", file, top, top, file));
    refuses(ERR_CORRUPT, "a piece is not what the manifest names", &first); /* half of it is offered */
    CHECK(shell("cp %s/right %s && printf x | dd of=%s bs=1 seek=30 conv=notrunc 2>/dev/null", top, file,
                file));
    refuses(ERR_CORRUPT, "a piece is not what the manifest names", &first);
    CHECK(shell("cp %s/right %s && echo more >>%s", top, file, file));
    refuses(ERR_CORRUPT, "a piece is not what the manifest names", &first);
    CHECK(shell(": >%s", file));
    refuses(ERR_CORRUPT, "a piece is not what the manifest names", &first);
    CHECK(shell("head -c 9000000 /dev/zero >%s", file));
    refuses(ERR_CORRUPT, "more than the manifest names was sent of it", &first);
    CHECK(
        shell("[ -n \"$(ls %s/b/pull | grep -v manifest)\" ] && rm %s", top, file)); /* what was good stays */
    refuses(ERR_NOT_FOUND, "cannot be opened", &first);
    CHECK(shell("cp %s/right %s", top, file));
    file = index_of(&second);
    CHECK(shell("cp %s %s/index && sed -i s/1/2/ %s", file, top, file));
    refuses(ERR_CORRUPT, "the index of its pieces is not what the manifest names", &first);
    CHECK(shell("cp %s/index %s", top, file));
    /* What an earlier attempt left is wrong: it is begun anew. */
    CHECK(shell("rm -f %s/b/pull/*[0-9]*", top));
    leave_half(&second);
    CHECK(shell("for f in %s/b/pull/*[0-9]*; do n=$(stat -c %%s $f); head -c $n /dev/zero >$f; done", top));
    CHECK_MSG(take() == ERR_OK && is_live(&second), "%s", why.text);
}

/* Signed and whole, and of no use to a worker. */
static void a_snapshot_that_does_not_open_is_never_live(void)
{
    begin();
    publish(&first);
    CHECK(take() == ERR_OK);
    CHECK(shell("head -c 9000 %s >%s/a/snapshots/%s", first.path, top, name_of(&second)));
    struct small_snapshot odd = second;
    snprintf(odd.path, sizeof odd.path, "%s/%s", top, name_of(&second));
    CHECK(shell("head -c 9000 %s >%s", first.path, odd.path));
    publish(&odd);
    CHECK(take() == ERR_CORRUPT && is_live(&first));
    CHECK(shell("cp %s %s", first.path, odd.path)); /* whole, under another one's name */
    publish(&odd);
    refuses(ERR_CORRUPT, "and the manifest calls it", &first);
}

static void a_pin_of_this_host_holds(void)
{
    begin();
    publish(&first);
    CHECK(take() == ERR_OK);
    CHECK(shell("ln -s %s %s/b/snapshots/pinned", name_of(&first), top));
    publish(&second);
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_PINNED && is_live(&first), "%s", why.text);
    CHECK(shell("rm %s/b/snapshots/pinned", top));
    CHECK(take() == ERR_OK && got.outcome == PULL_NEW && got.fetched == 0 && is_live(&second));
    struct snapshot_folder busy;
    CHECK(snapshot_folder_open(&busy, &there, NULL) == ERR_OK);
    refuses(ERR_BUSY, "is running", &second);
    snapshot_folder_close(&busy);
}

/* ---- by HTTP ---- */

static void serve_files(int connection, const char *request)
{
    char path[256], name[128] = "";
    struct map_file file;
    sscanf(request, "GET /x/%127[0-9a-z] ", name);
    snprintf(path, sizeof path, "%s/offer/%s", top, name);
    if (map_file_open(&file, path, NULL) != ERR_OK) {
        peer_send(connection, "404 Not Found", "", 0);
        return;
    }
    peer_send(connection, "200 OK", (const char *)file.data, file.size);
    map_file_close(&file);
}

static void it_comes_by_http(void)
{
    struct peer p;
    begin();
    CHECK(shell("echo experiments >%s/a/experiments/current.mve", top));
    publish(&first);
    peer_open(&p, serve_files);
    snprintf(there.pull_url, CONFIG_TEXT, "http://127.0.0.1:%d/x", p.port);
    CHECK_MSG(take() == ERR_OK && is_live(&first), "%s", why.text);
    CHECK(got.fetched >= lacking(&first, NULL));
    CHECK(shell("rm -rf %s/b/snapshots %s/b/pull && rm %s", top, top, piece_of(&first, &second)));
    refuses(ERR_NOT_FOUND, "status 404", NULL);
    peer_close(&p);
    refuses(ERR_UNAVAILABLE, "connect", NULL);
}

static void nothing_is_offered_without_a_folder(void)
{
    enum offer_outcome outcome = OFFER_NEW;
    begin();
    CHECK(offer_update(&here, &outcome, &why) == ERR_NOT_FOUND &&
          strstr(why.text, "no link to a snapshot") != NULL);
    here.offer_dir[0] = '\0';
    CHECK(offer_update(&here, &outcome, &why) == ERR_OK && outcome == OFFER_NONE);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    snprintf(top, sizeof top, "/tmp/mvti-release-XXXXXX");
    if (mkdtemp(top) == NULL)
        return 1;
    small_snapshot_make(&first, 20, 1);
    small_snapshot_make(&second, 21, 2);
    small_snapshot_make(&third, 22, 3);
    RUN(what_is_published_arrives_and_is_live);
    RUN(only_what_is_lacking_is_fetched);
    RUN(an_offer_heals);
    RUN(hosts_switch_together);
    RUN(what_waits_is_checked_when_it_is_due);
    RUN(a_rollback_of_the_publisher_follows);
    RUN(an_old_manifest_is_not_believed_again);
    RUN(what_is_not_signed_by_whom_we_know_is_refused);
    RUN(keys_are_replaced_one_after_the_other);
    RUN(what_came_half_is_gone_on_with);
    RUN(what_is_not_what_was_named_is_never_live);
    RUN(a_snapshot_that_does_not_open_is_never_live);
    RUN(a_pin_of_this_host_holds);
    RUN(it_comes_by_http);
    RUN(nothing_is_offered_without_a_folder);
    small_snapshot_free(&first);
    small_snapshot_free(&second);
    small_snapshot_free(&third);
    (void)shell("rm -rf %s", top);
    return check_done();
}
