/* The way back and the way on from the snapshot that is live, told by the record of steps (store/publication.h).
 * One content may have been published more than once, A, B, A: a place on the way is a publishing, not a snapshot. */
#ifndef MVTI_STORE_PUBLICATION_PATH_H
#define MVTI_STORE_PUBLICATION_PATH_H

#include "store/publication.h"

enum { PUBLICATION_PATH_MOST = 10000 }; /* steps, the newest, that are looked at */

struct publication_path {
    const char *before; /* whose place the live one took in the publishing that is live; "": nobody's */
    const char **ahead; /* [n_ahead] what was published after that: what took its place first, of these the
                           newest, then the others, the oldest first. Nothing leads back, so a way on ends. */
    size_t n_ahead;
};

/* In the arena. ERR_NOT_FOUND: the live snapshot has no recorded publication. ERR_NOMEM, and as db_query. */
MUST_USE enum err publication_path_load(struct db *db, struct arena *a, struct publication_path *out,
                                        struct fail *why);

#endif
