/* Brings a file that is offered in pieces (release/pieces.h): those that an older file here has are copied, the others fetched. */
#ifndef MVTI_RELEASE_PULL_PIECES_H
#define MVTI_RELEASE_PULL_PIECES_H

#include <stdbool.h>

#include "base/progress.h"
#include "release/manifest.h"
#include "release/source.h"

struct pull_pieces {
    struct source *source;
    const char *folder; /* for what is on its way */
    const char *older;  /* path of a file that may share pieces with it; NULL or a missing one: none does */
    const struct progress *progress;
    /* Asked before each piece that is fetched: whether the rest is not wanted any more, because something newer is offered. */
    bool (*is_superseded)(void *arg);
    void *arg;
};

/* Goes on with the file `part`, of which the first pieces may be there; f->size bytes long after ERR_OK, and each piece is what the
 * index names. ERR_CONFLICT: superseded; ERR_CORRUPT: the index or a piece is not what was signed; codes of source_fetch; ERR_IO; ERR_NOMEM. What has come
 * stays in `part` after an error. */
MUST_USE enum err pull_pieces(const struct pull_pieces *p, const struct manifest_file *f, const char *part,
                              struct fail *why);

#endif
