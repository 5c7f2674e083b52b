/* Where the ratings of a source lie: state_dir/ratings/NAME.mvr. While an import puts another file there, the older one keeps a second name,
 * NAME.mvr.before, until the database has the new row. So the file that the row names by its hash is there at every moment, under one of
 * both names; an import that was killed in between leaves both, and the next import or dataset settles it by the row. */
#ifndef MVTI_IMPORT_RATINGS_SHELF_H
#define MVTI_IMPORT_RATINGS_SHELF_H

#include "base/state_path.h"
#include "store/ratings_source.h"

struct ratings_shelf {
    char file[STATE_PATH], before[STATE_PATH + 8];
    int lock; /* −1: not held */
};

/* The paths; create: the folder too. Nothing is held. ERR_TOO_LARGE, ERR_IO. */
MUST_USE enum err ratings_shelf_open(struct ratings_shelf *s, const struct config *config, const char *name,
                                     bool create, struct fail *why);
/* Holds the whole folder until ratings_shelf_close, and waits for another process that does. Before a transaction, never in one. ERR_IO. */
MUST_USE enum err ratings_shelf_hold(struct ratings_shelf *s, struct fail *why);
/* Safe without ratings_shelf_hold, and twice. */
void ratings_shelf_close(struct ratings_shelf *s);

/* Which of both paths has the hash (64 hex digits) in its header; `file` if neither has. Changes nothing and needs no hold; the file's
 * content is still to be checked (data/ratings_file.h). */
const char *ratings_shelf_find(const struct ratings_shelf *s, const char *hash);
/* Held: `file` is the one with the hash from here on, and nothing lies beside it. Where neither has it, both stay. ERR_IO. */
MUST_USE enum err ratings_shelf_settle(const struct ratings_shelf *s, const char *hash, struct fail *why);
/* Held: the file gets its second name; *had: there is one. ERR_IO. */
MUST_USE enum err ratings_shelf_set_aside(const struct ratings_shelf *s, bool *had, struct fail *why);
/* Held: what set_aside kept has its place again, and where it had found nothing there is nothing. ERR_IO. */
MUST_USE enum err ratings_shelf_put_back(const struct ratings_shelf *s, bool had, struct fail *why);
/* Held: forgets what set_aside kept. */
void ratings_shelf_forget(const struct ratings_shelf *s);

/* In no transaction: of the source with this name the row as it is now, its texts in the arena, with its file settled.
 * ERR_NOT_FOUND: no row. */
MUST_USE enum err ratings_shelf_source(struct db *db, const struct config *config, struct arena *a,
                                       struct ratings_source *source, struct fail *why);

#endif
