/* Takes what another host offers (release/offer.h) and makes it live here, as that host did.
 *
 * Nothing is touched before the manifest's signature holds, its number is not below the last one that was taken, every file has the
 * hash that it names, and the snapshot opens as a worker would open it. Then, at the moment that the manifest names, the files go to
 * their places and the link is switched, each by one rename. Of a snapshot only those pieces are fetched that the live one lacks. What
 * came of a file that is not whole is gone on with by the next attempt; state_dir/pull holds it, and the manifest that was taken last.
 * A live snapshot that was removed or cut off comes again.
 *
 * A manifest that is offered meanwhile takes the place of the one that was begun with, before the next piece and after the wait. Whoever
 * pins, rolls back or publishes here waits for no pull: only the switch itself takes their lock.
 *
 * A pin (`mvti publish --pin`) on this host keeps its snapshot live; the others come all the same. */
#ifndef MVTI_RELEASE_PULL_H
#define MVTI_RELEASE_PULL_H

#include <stdint.h>

#include "base/progress.h"
#include "publish/snapshot_folder.h"

struct pull {
    const struct config *config;
    const char *from;                /* http://…, https://…, or the path of a folder */
    long keep;                       /* snapshots */
    const struct progress *progress; /* its notes: a file that is begun anew */
};

enum pull_outcome {
    PULL_NEW,
    PULL_SAME,    /* all of it is here, and live */
    PULL_PINNED,  /* it is here; another one is pinned */
    PULL_WAITING, /* it is here, and the moment to switch is more than a minute away: the next pull does */
};

struct pull_result {
    enum pull_outcome outcome;
    char name[SNAPSHOT_NAME]; /* of the snapshot's file */
    char pinned[SNAPSHOT_NAME];
    int64_t number, time; /* of the manifest */
    int64_t switch_at;    /* PULL_WAITING: when */
    uint64_t fetched;     /* bytes that came now */
};

/* What was live stays so after any error.
 *   ERR_DENIED       signed by nobody who is believed here
 *   ERR_CONFLICT     older than what was taken before: replayed, or a host that lost its count
 *   ERR_CORRUPT      the manifest, a file that has another hash, a snapshot that is damaged or of another version
 *   ERR_UNAVAILABLE  the other host; and what http_download gives
 *   ERR_BUSY         somebody else pulls here; or publishes, when it comes to the switch */
MUST_USE enum err pull_run(const struct pull *p, struct pull_result *out, struct fail *why);

#endif
