/* What is live and what was, for the owner's console. */
#ifndef MVTI_APP_LIVE_H
#define MVTI_APP_LIVE_H

#include "app/console.h"
#include "base/config.h"
#include "store/publication.h"

enum { LIVE_STEPS = 40 };

struct live {
    struct publication *steps; /* [n], newest first */
    size_t n;
    const struct publication *now;      /* the step since which the live snapshot is; NULL: none is known */
    const char *pinned;                 /* the snapshot that stays live; NULL: none */
    struct publication_origins origins; /* of the live one */
    const bool *kept;                   /* [n]: the step's snapshot is still there as a file */
};

MUST_USE enum err live_read(struct db *db, const struct config *config, struct arena *a, struct live *out,
                            struct fail *why);
/* Where a snapshot would lie. ERR_TOO_LARGE. */
MUST_USE enum err live_file(const struct config *config, const char *snapshot, char *path, size_t size,
                            struct fail *why);

#endif
