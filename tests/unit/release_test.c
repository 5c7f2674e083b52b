/* What one host offers and another takes: what is refused, what is gone on with, and that nothing half done is ever live. */
#include "release/pull.h"
#include "tests/check.h"

#include <dirent.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map_file.h"
#include "base/secret.h"
#include "publish/snapshot_folder.h"
#include "release/manifest.h"
#include "release/offer.h"
#include "release/taken.h"
#include "tests/fixture/peer.h"
#include "tests/fixture/small_snapshot.h"

static char top[64];
static struct config here, there;
static struct pull_result got;
static struct fail why;
static struct small_snapshot first, second;

static bool shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static bool shell(const char *fmt, ...)
{
    char command[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(command, sizeof command, fmt, ap);
    va_end(ap);
    return system(command) == 0;
}

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
    char target[128], link[128];
    snprintf(link, sizeof link, "%s/b/snapshots/current", top);
    ssize_t n = readlink(link, target, sizeof target - 1);
    target[n > 0 ? n : 0] = '\0';
    return s == NULL ? n < 0 : strcmp(target, name_of(s)) == 0;
}

static void refuses(enum err code, const char *sentence, const struct small_snapshot *live)
{
    enum err rc = take();
    CHECK_MSG(rc == code && strstr(why.text, sentence) != NULL, "%s: %s", err_name(rc), why.text);
    CHECK(is_live(live));
}

/* The offered file of the snapshot. */
static const char *offered(const struct small_snapshot *s)
{
    static char path[300];
    char hex[65];
    uint8_t hash[SECRET_HASH_BYTES];
    CHECK(taken_hash(s->path, hash, NULL) == ERR_OK);
    secret_hex(hex, hash, sizeof hash);
    snprintf(path, sizeof path, "%s/offer/%s", top, hex);
    return path;
}

static void what_is_published_arrives_and_is_live(void)
{
    struct stat st;
    enum offer_outcome outcome;
    begin();
    CHECK(shell("echo experiments >%s/a/experiments/current.mve", top));
    publish(&first);
    CHECK(stat(offered(&first), &st) == 0 && (st.st_mode & 0777) == 0644);
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_NEW && is_live(&first), "%s", why.text);
    CHECK_STR(got.name, name_of(&first));
    CHECK(shell("cmp -s %s %s/b/snapshots/current && cmp -s %s/a/experiments/current.mve "
                "%s/b/experiments/current.mve",
                first.path, top, top, top));
    CHECK(take() == ERR_OK && got.outcome == PULL_SAME);
    CHECK(offer_update(&here, &outcome, &why) == ERR_OK && outcome == OFFER_SAME);
    CHECK(shell("rm %s/a/experiments/current.mve", top));
    publish(&second);
    CHECK_MSG(take() == ERR_OK && got.outcome == PULL_NEW && is_live(&second), "%s", why.text);
    CHECK(shell("[ ! -e %s/b/experiments/current.mve ]", top));
    CHECK(shell("[ -e %s ]", offered(&first))); /* for who is in the middle of it */
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

static void what_came_half_is_gone_on_with(void)
{
    struct stat st;
    begin();
    publish(&first);
    CHECK(stat(offered(&first), &st) == 0);
    CHECK(shell("mkdir -p %s/b/pull && head -c 5000 %s >%s/b/pull/$(basename %s)", top, first.path, top,
                offered(&first)));
    CHECK_MSG(take() == ERR_OK && is_live(&first), "%s", why.text);
    CHECK_INT(got.fetched, st.st_size - 5000);
    CHECK(shell("[ -z \"$(ls %s/b/pull | grep -v manifest)\" ]", top));
}

static void what_is_not_what_was_named_is_never_live(void)
{
    begin();
    publish(&first);
    CHECK(take() == ERR_OK);
    publish(&second);
    const char *file = offered(&second);
    CHECK(shell("cp %s %s/right && rm %s && head -c 6000 %s/right >%s", file, top, file, top, file));
    refuses(ERR_CORRUPT, "not what the manifest names", &first); /* half of it is offered */
    CHECK(shell("cp %s/right %s && printf x | dd of=%s bs=1 seek=4000 conv=notrunc 2>/dev/null", top, file,
                file));
    refuses(ERR_CORRUPT, "not what the manifest names", &first);
    CHECK(shell("cp %s/right %s && echo more >>%s", top, file, file));
    refuses(ERR_CORRUPT, "not what the manifest names", &first);
    CHECK(shell("rm %s", file));
    refuses(ERR_NOT_FOUND, "cannot be opened", &first);
    /* What an earlier attempt left is wrong: it is begun anew. */
    CHECK(shell("cp %s/right %s && mkdir -p %s/b/pull && head -c 5000 /dev/zero >%s/b/pull/$(basename %s)",
                top, file, top, top, file));
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
    char path[256], name[128] = "", range[64] = "";
    size_t from = 0, n;
    sscanf(request, "GET /x/%127[0-9a-z] ", name);
    const char *line = strstr(request, "Range: bytes=");
    if (line != NULL)
        sscanf(line, "Range: bytes=%zu-", &from);
    snprintf(path, sizeof path, "%s/offer/%s", top, name);
    struct map_file file;
    if (map_file_open(&file, path, NULL) != ERR_OK) {
        peer_send(connection, "404 Not Found", "", 0);
        return;
    }
    n = file.size;
    if (line != NULL)
        snprintf(range, sizeof range, "206 Partial Content\r\nContent-Range: bytes %zu-%zu/%zu", from, n - 1,
                 n);
    peer_send(connection, line != NULL ? range : "200 OK", (const char *)file.data + from, n - from);
    map_file_close(&file);
}

static void answer_ranges_with_all(int connection, const char *request)
{
    char plain[2000];
    const char *line = strstr(request, "Range: ");
    snprintf(plain, sizeof plain, "%.*s\r\n\r\n", line != NULL ? (int)(line - request) : (int)strlen(request),
             request);
    serve_files(connection, plain);
}

static void redirect(int connection, const char *request)
{
    (void)request;
    peer_send(connection, "302 Found\r\nLocation: http://127.0.0.1:1/", "elsewhere", 9);
}

static void it_comes_by_http(void)
{
    struct peer p;
    struct stat st;
    begin();
    publish(&first);
    CHECK(stat(offered(&first), &st) == 0);
    for (int whole = 0; whole < 2; whole++) {
        peer_open(&p, whole ? answer_ranges_with_all : serve_files);
        snprintf(there.pull_url, CONFIG_TEXT, "http://127.0.0.1:%d/x", p.port);
        CHECK(shell("rm -rf %s/b && mkdir -p %s/b/pull && head -c 5000 %s >%s/b/pull/$(basename %s)", top,
                    top, first.path, top, offered(&first)));
        CHECK_MSG(take() == ERR_OK && is_live(&first), "%s", why.text);
        CHECK_INT(got.fetched, whole ? st.st_size : st.st_size - 5000);
        CHECK(shell("rm %s", offered(&first)));
        CHECK(shell("rm -rf %s/b/snapshots %s/b/pull", top, top));
        refuses(ERR_NOT_FOUND, "status 404", NULL);
        CHECK(shell("cp %s %s", first.path, offered(&first)));
        peer_close(&p);
    }
    refuses(ERR_UNAVAILABLE, "connect", NULL);
    peer_open(&p, redirect);
    snprintf(there.pull_url, CONFIG_TEXT, "http://127.0.0.1:%d/x", p.port);
    refuses(ERR_NOT_FOUND, "status 302", NULL);
    peer_close(&p);
    snprintf(there.pull_url, CONFIG_TEXT, "ftp://127.0.0.1/x");
    refuses(ERR_INVALID, "not an http:// or https:// address", NULL);
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
    RUN(what_is_published_arrives_and_is_live);
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
    (void)shell("rm -rf %s", top);
    return check_done();
}
