/* Catalog + reference + models -> a snapshot, checked, compared with the live one, and only then the one that
 * workers map; and from one that is kept to another. Every step is recorded (store/publication.h): a step
 * that could not be, because the database is away or the program was killed, is a remark, and the next one
 * records what it finds live. */
#ifndef MVTI_PUBLISH_PUBLISHER_H
#define MVTI_PUBLISH_PUBLISHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"
#include "base/progress.h"
#include "publish/champion.h"
#include "publish/snapshot_folder.h"
#include "store/db.h"

struct publisher {
    const struct config *config;
    struct db *db;
    struct arena *arena;             /* the catalog is read into it */
    const struct progress *progress; /* its notes: twins that are shown once, what was not recorded */
    const char *model_file;          /* NULL: see publish/published_models.h */
    long keep;                       /* snapshots, for a rollback; 1: nothing to roll back to */
    double margin;                   /* of publish/champion.h */
    bool force;                      /* however it compares */
};

enum publisher_outcome {
    PUBLISHER_LIVE,    /* from now on */
    PUBLISHER_SAME,    /* was live already */
    PUBLISHER_PINNED,  /* another one is pinned: built and compared, but not kept */
    PUBLISHER_REFUSED, /* worse, or withdrawn before: likewise */
};

struct publisher_result {
    char id[SNAPSHOT_NAME]; /* of the snapshot */
    size_t n_films, n_characters, bytes;
    enum publisher_outcome outcome;
    char pinned[SNAPSHOT_NAME]; /* file that is pinned, "" */
    bool has_verdict;           /* false: nothing was live, or the same */
    struct champion_verdict verdict;
    char reason[480];
};

/* Publishes. The snapshot that is live stays so after any error: ERR_BUSY while another publisher runs,
 * ERR_CONFLICT where the new one is worse (the outcome says so, and the verdict is there), and what reading
 * catalog, reference and models and writing give. */
MUST_USE enum err publisher_run(const struct publisher *p, struct publisher_result *out, struct fail *why);

/* Of two ways from the live snapshot to another one that is kept: to the one whose place it took, to the one that took its place (by the recorded
 * steps; by age where they do not say). */
enum publisher_way { PUBLISHER_BACK, PUBLISHER_FORWARD };

/* Makes another kept snapshot live: `wanted` (an id or a file's name), or NULL for the next one that way.
 * name: its file. ERR_NOT_FOUND: there is none; ERR_CONFLICT: one is pinned. */
MUST_USE enum err publisher_switch(const struct publisher *p, enum publisher_way way, const char *wanted,
                                   char name[SNAPSHOT_NAME], struct fail *why);
/* Takes back the live snapshot, whose file is `bad`, because visitors had worse of it where it was tried: the one whose place it took is live again,
 * and it is not published again but with force. reason is recorded. name: the file that is live now. ERR_CONFLICT: another one is live
 * meanwhile, or one is pinned; ERR_NOT_FOUND: there is none to go back to. */
MUST_USE enum err publisher_withdraw(const struct publisher *p, const char *bad, const char *reason,
                                     char name[SNAPSHOT_NAME], struct fail *why);
/* Makes a kept snapshot (NULL: the live one) live, and lets no publishing change that until it is unpinned.
 * ERR_NOT_FOUND. */
MUST_USE enum err publisher_pin(const struct publisher *p, const char *wanted, char name[SNAPSHOT_NAME],
                                struct fail *why);
/* name: the file that was pinned. ERR_NOT_FOUND: none is. */
MUST_USE enum err publisher_unpin(const struct publisher *p, char name[SNAPSHOT_NAME], struct fail *why);

#endif
