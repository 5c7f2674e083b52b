/* What one host offers and another takes: what is refused, what is gone on with, and that nothing half done is ever live. */
#include "tests/fixture/pair.h"
#include "tests/check.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "base/secret.h"
#include "publish/snapshot_folder.h"
#include "release/offer.h"
#include "release/signer.h"
#include "release/taken.h"
#include "tests/fixture/shell.h"

static void what_is_published_arrives_and_is_live(void)
{
    struct stat st;
    enum offer_outcome outcome;
    pair_begin();
    CHECK(shell("echo experiments >%s/a/experiments/current.mve", pair.top));
    pair_publish(&pair.first);
    CHECK(stat(pair_index_of(&pair.first), &st) == 0 && (st.st_mode & 0777) == 0644);
    CHECK(stat(pair_piece_of(&pair.first, &pair.second), &st) == 0 && (st.st_mode & 0777) == 0644);
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair_is_live(&pair.first), "%s",
              pair.why.text);
    CHECK_STR(pair.got.name, pair_name_of(&pair.first));
    CHECK(shell("cmp -s %s %s/b/snapshots/current && cmp -s %s/a/experiments/current.mve "
                "%s/b/experiments/current.mve",
                pair.first.path, pair.top, pair.top, pair.top));
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_SAME);
    CHECK(
        shell(": >%s/b/snapshots/%s", pair.top, pair_name_of(&pair.first))); /* a host that lost its power */
    CHECK(pair_take() == ERR_OK && shell("cmp -s %s %s/b/snapshots/current", pair.first.path, pair.top));
    CHECK(offer_update(&pair.here, &outcome, &pair.why) == ERR_OK && outcome == OFFER_SAME);
    CHECK(shell("rm %s/a/experiments/current.mve", pair.top));
    pair_publish(&pair.second);
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair_is_live(&pair.second), "%s",
              pair.why.text);
    CHECK(shell("[ ! -e %s/b/experiments/current.mve ]", pair.top));
    CHECK(shell("[ -e %s ]", pair_piece_of(&pair.first, &pair.second))); /* for who is in the middle of it */
    CHECK(offer_update(&pair.here, &outcome, &pair.why) == ERR_OK);
    pair_publish(&pair.third);
    CHECK(shell("[ ! -e %s ]", pair_piece_of(&pair.first, &pair.second)) &&
          shell("[ ! -e %s ]", pair_index_of(&pair.first)));
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.third), "%s", pair.why.text);
}

/* Pieces that yesterday's file has do not come again. */
static void only_what_is_lacking_is_fetched(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK && pair.got.fetched == pair_lacking(&pair.first, NULL));
    pair_publish(&pair.second);
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.second), "%s", pair.why.text);
    CHECK_INT(pair.got.fetched, pair_lacking(&pair.second, &pair.first));
    CHECK(pair.got.fetched < pair_lacking(&pair.second, NULL));
    CHECK(shell("cmp -s %s %s/b/snapshots/current", pair.second.path, pair.top));
}

/* A piece that somebody removed is made again, and nothing is read for it while all are there. */
static void an_offer_heals(void)
{
    enum offer_outcome outcome;
    pair_begin();
    pair_publish(&pair.first);
    CHECK(shell("rm %s", pair_piece_of(&pair.first, &pair.second)));
    CHECK(shell("mkdir %s/b/pull && echo old >%s/b/pull/%064d", pair.top, pair.top, 1));
    pair_refuses(ERR_NOT_FOUND, "cannot be opened", NULL);
    CHECK(shell("[ ! -e %s/b/pull/%064d ]", pair.top,
                1)); /* of what is not offered: no room for it meanwhile */
    CHECK_MSG(offer_update(&pair.here, &outcome, &pair.why) == ERR_OK && outcome == OFFER_SAME, "%s",
              pair.why.text);
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.first), "%s", pair.why.text);
    CHECK(shell("rm %s", pair_index_of(&pair.first)));
    CHECK(offer_update(&pair.here, &outcome, &pair.why) == ERR_OK && outcome == OFFER_SAME);
    CHECK(shell("[ -e %s ]", pair_index_of(&pair.first)));
}

/* Hosts that have a snapshot switch at the moment that the manifest names; one that has none, or goes first, at once. */
static void hosts_switch_together(void)
{
    pair_begin();
    CHECK(shell("echo before >%s/a/experiments/current.mve", pair.top));
    pair.here.offer_lead_s = 3600;
    pair_publish(&pair.first);
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair_is_live(&pair.first), "%s",
              pair.why.text);
    CHECK(shell("echo after >%s/a/experiments/current.mve", pair.top));
    pair_publish(&pair.second);
    for (int i = 0; i < 2; i++) {
        CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_WAITING && pair_is_live(&pair.first),
                  "%s", pair.why.text);
        CHECK(pair.got.switch_at > pair.got.time + 3590 && (i == 0) == (pair.got.fetched > 0) &&
              shell("grep -q before %s/b/experiments/current.mve", pair.top));
    }
    pair.there.pull_canary = 1;
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair_is_live(&pair.second) &&
                  pair.got.fetched == 0,
              "%s", pair.why.text);
    CHECK(shell("grep -q after %s/b/experiments/current.mve", pair.top) && pair_take() == ERR_OK &&
          pair.got.outcome == PULL_SAME);
    pair.there.pull_canary = 0;
    pair.here.offer_lead_s = 1;
    pair_publish(&pair.first); /* rolled back: they wait for the moment when it is near */
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair_is_live(&pair.first) &&
                  clock_wall() > pair.got.time,
              "%s", pair.why.text);
}

static int64_t moment_of_what_waits(void)
{
    struct offer_waiting w;
    CHECK_MSG(offer_waiting(&pair.here, &w, &pair.why) == ERR_OK, "%s", pair.why.text);
    CHECK_STR(w.name, pair_name_of(&pair.second));
    CHECK_INT(w.switch_at - w.since, 3600);
    return w.switch_at;
}

/* The file of experiments may change every five minutes: hosts would never switch. */
static void experiments_put_no_snapshot_off(void)
{
    enum offer_outcome outcome;
    struct offer_waiting w;
    pair_begin();
    CHECK(offer_waiting(&pair.here, &w, &pair.why) == ERR_NOT_FOUND);
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK && offer_waiting(&pair.here, &w, &pair.why) == ERR_NOT_FOUND);
    pair.here.offer_lead_s = 3600;
    pair_publish(&pair.second);
    int64_t moment = moment_of_what_waits();
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_WAITING && pair.got.switch_at == moment);
    CHECK(shell("echo others >%s/a/experiments/current.mve", pair.top));
    pair.here.offer_lead_s = 7200; /* of what is offered from now on */
    CHECK(offer_update(&pair.here, &outcome, &pair.why) == ERR_OK && outcome == OFFER_NEW);
    pair.here.offer_lead_s = 3600;
    CHECK_INT(moment_of_what_waits(), moment);
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_WAITING && pair.got.switch_at == moment);
    pair_publish(&pair.first); /* taken back before it was live: there is nothing to wait for */
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair_is_live(&pair.first));
    CHECK(shell("grep -q others %s/b/experiments/current.mve", pair.top));
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_SAME);
    pair.here.offer_lead_s = 0;
    pair_publish(&pair.second);
    CHECK(offer_waiting(&pair.here, &w, &pair.why) == ERR_NOT_FOUND);
    pair.here.offer_dir[0] = '\0';
    CHECK(offer_waiting(&pair.here, &w, &pair.why) == ERR_NOT_FOUND &&
          strstr(pair.why.text, "offer_dir") != NULL);
}

/* What waits is read whole by the pull that switches to it, not by each before; what is damaged meanwhile comes again. */
static void what_waits_is_checked_when_it_is_due(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK);
    pair.here.offer_lead_s = 3600;
    pair_publish(&pair.second);
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_WAITING);
    CHECK(shell("printf x | dd of=%s/b/snapshots/%s bs=1 seek=4000 conv=notrunc 2>/dev/null", pair.top,
                pair_name_of(&pair.second)));
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_WAITING && pair.got.fetched == 0);
    pair.there.pull_canary = 1;
    CHECK_MSG(pair_take() == ERR_OK && pair.got.fetched > 0 && pair_is_live(&pair.second), "%s",
              pair.why.text);
    CHECK(shell("cmp -s %s %s/b/snapshots/current", pair.second.path, pair.top));
}

/* A rollback is a newer manifest with an older snapshot: nothing is fetched, and it is live. */
static void a_rollback_of_the_publisher_follows(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK);
    pair_publish(&pair.second);
    CHECK(pair_take() == ERR_OK && pair_is_live(&pair.second));
    pair_publish(&pair.first);
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair.got.fetched == 0 &&
                  pair_is_live(&pair.first),
              "%s", pair.why.text);
}

static void an_old_manifest_is_not_believed_again(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(shell("cp %s/offer/manifest %s/old", pair.top, pair.top));
    CHECK(pair_take() == ERR_OK);
    pair_publish(&pair.second);
    CHECK(pair_take() == ERR_OK);
    CHECK(shell("cp %s/old %s/offer/manifest", pair.top, pair.top));
    pair_refuses(ERR_CONFLICT, "was taken before: it is an old one", &pair.second);
    CHECK(shell("echo damaged >%s/b/pull/manifest", pair.top));
    pair_refuses(ERR_CORRUPT, "which manifest was taken last is not known", &pair.second);
}

static void what_is_not_signed_by_whom_we_know_is_refused(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(shell("cp %s/offer/manifest %s/right", pair.top, pair.top));
    CHECK(shell("sed -i 's/^time ./time 9/' %s/offer/manifest", pair.top));
    pair_refuses(ERR_DENIED, "by none of the keys", NULL);
    CHECK(shell("grep -v signature %s/right >%s/offer/manifest", pair.top, pair.top));
    pair_refuses(ERR_CORRUPT, "not signed, or not whole", NULL);
    CHECK(shell("head -c 200 %s/right >%s/offer/manifest", pair.top, pair.top));
    pair_refuses(ERR_CORRUPT, "not signed, or not whole", NULL);
    CHECK(shell(": >%s/offer/manifest", pair.top));
    pair_refuses(ERR_CORRUPT, "not signed, or not whole", NULL);
    CHECK(shell("head -c 5000 /dev/zero >%s/offer/manifest", pair.top));
    pair_refuses(ERR_TOO_LARGE, "more bytes than it should", NULL);
    CHECK(shell("rm %s/offer/manifest", pair.top));
    pair_refuses(ERR_NOT_FOUND, "cannot be opened", NULL);
    CHECK(shell("cp %s/right %s/offer/manifest", pair.top, pair.top));
    pair_setting(&pair.there, "pull_key_file", "nothing");
    pair_refuses(ERR_NOT_FOUND, "pull_key_file", NULL);
    CHECK(shell("echo short >%s/nothing", pair.top));
    pair_refuses(ERR_INVALID, "not one or two lines", NULL);
    pair.there.pull_key_file[0] = '\0';
    pair_refuses(ERR_INVALID, "names no public key", NULL);
    pair_setting(&pair.there, "pull_key_file", "key.pub");
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.first), "%s", pair.why.text);
}

/* New beside old everywhere, then the new one signs, then the old one goes. */
static void keys_are_replaced_one_after_the_other(void)
{
    char key[128];
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK);
    snprintf(key, sizeof key, "%s/key2", pair.top);
    CHECK(signer_make(key, &pair.why) == ERR_OK && signer_make(key, &pair.why) == ERR_CONFLICT);
    pair_setting(&pair.here, "offer_key_file", "key2");
    pair_publish(&pair.second);
    pair_refuses(ERR_DENIED, "by none of the keys", &pair.first);
    CHECK(shell("cat %s/key.pub %s/key2.pub >%s/both.pub", pair.top, pair.top, pair.top));
    pair_setting(&pair.there, "pull_key_file", "both.pub");
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.second), "%s", pair.why.text);
    CHECK(shell("chmod 644 %s/key2", pair.top));
    enum offer_outcome outcome;
    CHECK(offer_update(&pair.here, &outcome, &pair.why) == ERR_INVALID &&
          strstr(pair.why.text, "offer_key_file") != NULL);
}

/* A part that was left: whole pieces stay, the rest of it is fetched. */
static void leave_half(const struct small_snapshot *s)
{
    char hex[65];
    uint8_t hash[SECRET_HASH_BYTES];
    CHECK(taken_hash(s->path, hash, NULL) == ERR_OK);
    secret_hex(hex, hash, sizeof hash);
    CHECK(shell("mkdir -p %s/b/pull && head -c $(($(stat -c %%s %s) / 2)) %s >%s/b/pull/%s", pair.top,
                s->path, s->path, pair.top, hex));
}

static void what_came_half_is_gone_on_with(void)
{
    pair_begin();
    pair_publish(&pair.first);
    leave_half(&pair.first);
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.first), "%s", pair.why.text);
    CHECK(pair.got.fetched < pair_lacking(&pair.first, NULL));
    CHECK(shell("cmp -s %s %s/b/snapshots/current", pair.first.path, pair.top));
    CHECK(shell("[ -z \"$(ls %s/b/pull | grep -v manifest)\" ]", pair.top));
}

static void what_is_not_what_was_named_is_never_live(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK);
    pair_publish(&pair.second);
    const char *file = pair_piece_of(&pair.second, &pair.first);
    CHECK(shell("cp %s %s/right && head -c 40 %s/right >%s", file, pair.top, pair.top, file));
    pair_refuses(ERR_CORRUPT, "a piece is not what the manifest names",
                 &pair.first); /* half of it is offered */
    CHECK(shell("cp %s/right %s && printf x | dd of=%s bs=1 seek=30 conv=notrunc 2>/dev/null", pair.top, file,
                file));
    pair_refuses(ERR_CORRUPT, "a piece is not what the manifest names", &pair.first);
    CHECK(shell("cp %s/right %s && echo more >>%s", pair.top, file, file));
    pair_refuses(ERR_CORRUPT, "a piece is not what the manifest names", &pair.first);
    CHECK(shell(": >%s", file));
    pair_refuses(ERR_CORRUPT, "a piece is not what the manifest names", &pair.first);
    CHECK(shell("head -c 9000000 /dev/zero >%s", file));
    pair_refuses(ERR_CORRUPT, "more than the manifest names was sent of it", &pair.first);
    CHECK(shell("[ -n \"$(ls %s/b/pull | grep -v manifest)\" ] && rm %s", pair.top,
                file)); /* what was good stays */
    pair_refuses(ERR_NOT_FOUND, "cannot be opened", &pair.first);
    CHECK(shell("cp %s/right %s", pair.top, file));
    file = pair_index_of(&pair.second);
    CHECK(shell("cp %s %s/index && sed -i s/1/2/ %s", file, pair.top, file));
    pair_refuses(ERR_CORRUPT, "the index of its pieces is not what the manifest names", &pair.first);
    CHECK(shell("cp %s/index %s", pair.top, file));
    /* What an earlier attempt left is wrong: it is begun anew. */
    CHECK(shell("rm -f %s/b/pull/*[0-9]*", pair.top));
    leave_half(&pair.second);
    CHECK(shell("for f in %s/b/pull/*[0-9]*; do n=$(stat -c %%s $f); head -c $n /dev/zero >$f; done",
                pair.top));
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.second), "%s", pair.why.text);
}

/* Signed and whole, and of no use to a worker. */
static void a_snapshot_that_does_not_open_is_never_live(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK);
    CHECK(shell("head -c 9000 %s >%s/a/snapshots/%s", pair.first.path, pair.top, pair_name_of(&pair.second)));
    struct small_snapshot odd = pair.second;
    snprintf(odd.path, sizeof odd.path, "%s/%s", pair.top, pair_name_of(&pair.second));
    CHECK(shell("head -c 9000 %s >%s", pair.first.path, odd.path));
    pair_publish(&odd);
    CHECK(pair_take() == ERR_CORRUPT && pair_is_live(&pair.first));
    CHECK(shell("cp %s %s", pair.first.path, odd.path)); /* whole, under another one's name */
    pair_publish(&odd);
    pair_refuses(ERR_CORRUPT, "and the manifest calls it", &pair.first);
}

static void a_pin_of_this_host_holds(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK);
    CHECK(shell("ln -s %s %s/b/snapshots/pinned", pair_name_of(&pair.first), pair.top));
    pair_publish(&pair.second);
    CHECK_MSG(pair_take() == ERR_OK && pair.got.outcome == PULL_PINNED && pair_is_live(&pair.first), "%s",
              pair.why.text);
    CHECK(shell("rm %s/b/snapshots/pinned", pair.top));
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_NEW && pair.got.fetched == 0 &&
          pair_is_live(&pair.second));
    struct snapshot_folder busy;
    pair_publish(&pair.third);
    CHECK(snapshot_folder_open(&busy, &pair.there, NULL) == ERR_OK);
    pair_refuses(ERR_BUSY, "is running", &pair.second);
    snapshot_folder_close(&busy);
    CHECK_MSG(pair_take() == ERR_OK && pair_is_live(&pair.third) && pair.got.fetched == 0, "%s",
              pair.why.text);
}

/* A host with a pin asks every minute: what is here is not read each time, but when it is to be live. */
static void what_a_pin_keeps_from_being_live_is_not_read(void)
{
    pair_begin();
    pair_publish(&pair.first);
    CHECK(pair_take() == ERR_OK);
    CHECK(shell("ln -s %s %s/b/snapshots/pinned", pair_name_of(&pair.first), pair.top));
    pair_publish(&pair.second);
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_PINNED && pair.got.fetched > 0);
    CHECK(shell("printf x | dd of=%s/b/snapshots/%s bs=1 seek=4000 conv=notrunc 2>/dev/null", pair.top,
                pair_name_of(&pair.second)));
    CHECK(pair_take() == ERR_OK && pair.got.outcome == PULL_PINNED && pair.got.fetched == 0);
    CHECK(shell("rm %s/b/snapshots/pinned", pair.top));
    CHECK_MSG(pair_take() == ERR_OK && pair.got.fetched > 0 && pair_is_live(&pair.second), "%s",
              pair.why.text);
    CHECK(shell("cmp -s %s %s/b/snapshots/current", pair.second.path, pair.top));
}

static void nothing_is_offered_without_a_folder(void)
{
    enum offer_outcome outcome = OFFER_NEW;
    pair_begin();
    CHECK(offer_update(&pair.here, &outcome, &pair.why) == ERR_NOT_FOUND &&
          strstr(pair.why.text, "no link to a snapshot") != NULL);
    pair.here.offer_dir[0] = '\0';
    CHECK(offer_update(&pair.here, &outcome, &pair.why) == ERR_OK && outcome == OFFER_NONE);
}

int main(void)
{
    pair_open();
    RUN(what_is_published_arrives_and_is_live);
    RUN(only_what_is_lacking_is_fetched);
    RUN(an_offer_heals);
    RUN(hosts_switch_together);
    RUN(experiments_put_no_snapshot_off);
    RUN(what_waits_is_checked_when_it_is_due);
    RUN(a_rollback_of_the_publisher_follows);
    RUN(an_old_manifest_is_not_believed_again);
    RUN(what_is_not_signed_by_whom_we_know_is_refused);
    RUN(keys_are_replaced_one_after_the_other);
    RUN(what_came_half_is_gone_on_with);
    RUN(what_is_not_what_was_named_is_never_live);
    RUN(a_snapshot_that_does_not_open_is_never_live);
    RUN(a_pin_of_this_host_holds);
    RUN(what_a_pin_keeps_from_being_live_is_not_read);
    RUN(nothing_is_offered_without_a_folder);
    pair_close();
    return check_done();
}
