/* Which snapshot is served, and that whoever asks never waits for the verification of another one. */
#include "tests/check.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "model/snapshot_live.h"
#include "tests/fixture/small_snapshot.h"

static struct small_snapshot files;
static struct snapshot_live live;
static struct snapshot served;

static void open_first(void)
{
    small_snapshot_make(&files, 40, 1);
    snapshot_live_init(&live, files.folder);
    CHECK_INT(snapshot_live_look(&live, &served), SNAPSHOT_FRESH);
    snapshot_live_take(&live);
}

static void close_all(void)
{
    snapshot_live_close(&live);
    snapshot_close(&served);
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", files.folder);
    CHECK_INT(system(command), 0);
}

/* Another file, which `current` leads to from now on; its path. */
static const char *publish(uint64_t seed)
{
    static char path[200];
    struct small_snapshot other;
    char command[700];
    small_snapshot_make(&other, 40, seed);
    snprintf(path, sizeof path, "%s/mvti-other.mvs", files.folder);
    snprintf(command, sizeof command, "cp '%s' '%s' && ln -sfn mvti-other.mvs '%s/current'", other.path, path,
             files.folder);
    CHECK_INT(system(command), 0);
    small_snapshot_free(&other);
    return path;
}

/* Looks until one finds something else than that all is as before. */
static enum snapshot_look look_until(struct snapshot *fresh)
{
    enum snapshot_look found = SNAPSHOT_SAME;
    for (int tries = 0; found == SNAPSHOT_SAME && tries < 60000; tries++) {
        found = snapshot_live_look(&live, fresh);
        clock_pause(0.001);
    }
    return found;
}

/* As long as another process verifies the file, this one cannot, and requests go on: each look comes back and finds nothing new. */
static void nobody_waits_for_a_verification(void)
{
    struct snapshot fresh;
    open_first();
    int other = open(publish(2), O_RDONLY | O_CLOEXEC);
    CHECK(other >= 0 && flock(other, LOCK_EX) == 0);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(snapshot_live_look(&live, &fresh), SNAPSHOT_SAME);
    CHECK(live.check != NULL);
    close(other);
    CHECK_INT(look_until(&fresh), SNAPSHOT_FRESH);
    CHECK(strcmp(fresh.id, served.id) != 0);
    snapshot_live_take(&live);
    CHECK_STR(live.name, "mvti-other.mvs");
    snapshot_close(&fresh);
    close_all();
}

/* Who ends does not wait for its turn either. */
static void a_check_that_waits_is_given_up(void)
{
    struct snapshot fresh;
    open_first();
    int other = open(publish(2), O_RDONLY | O_CLOEXEC);
    CHECK(other >= 0 && flock(other, LOCK_EX) == 0);
    CHECK_INT(snapshot_live_look(&live, &fresh), SNAPSHOT_SAME);
    snapshot_live_close(&live);
    CHECK(live.check == NULL);
    close(other);
    close_all();
}

/* What is served stays while `current` is damaged, and it is looked at again when it has changed. */
static void what_is_damaged_is_refused_beside_the_requests(void)
{
    struct snapshot fresh;
    open_first();
    CHECK_INT(truncate(publish(3), 4096), 0);
    CHECK_INT(snapshot_live_look(&live, &fresh), SNAPSHOT_SAME);
    while (live.refused == SNAPSHOT_USED)
        CHECK_INT(snapshot_live_look(&live, &fresh), SNAPSHOT_SAME);
    CHECK_STR(snapshot_refusal_word(live.refused), "damaged");
    CHECK_INT(live.refusals, 1);
    publish(4);
    CHECK_INT(look_until(&fresh), SNAPSHOT_FRESH);
    CHECK_INT(live.refused, SNAPSHOT_USED);
    snapshot_close(&fresh);
    close_all();
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    RUN(nobody_waits_for_a_verification);
    RUN(a_check_that_waits_is_given_up);
    RUN(what_is_damaged_is_refused_beside_the_requests);
    return check_done();
}
