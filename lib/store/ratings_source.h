/* The table of ratings files that training may use. The ratings themselves lie in state_dir/ratings/NAME.mvr
 * (data/ratings_file.h); a row says which file belongs to a name, by its checksum. */
#ifndef MVTI_STORE_RATINGS_SOURCE_H
#define MVTI_STORE_RATINGS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

enum { RATINGS_SOURCE_NAME_MAX = 60 };

struct ratings_source {
    int64_t id;               /* not read by ratings_source_put */
    const char *name;         /* ratings_source_name_valid */
    const char *file_name;    /* where it came from, last part of the path */
    const char *content_hash; /* checksum of the .mvr file, 64 hex digits */
    int64_t n_ratings, n_users, n_movies;
    bool simulated;
    int64_t imported_at; /* seconds since 1970 UTC; not read by ratings_source_put */
};

/* 1 to 60 letters, digits, '-', '_' and '.', the first one a letter or digit: it becomes a file name. */
bool ratings_source_name_valid(const char *name);

/* Inserts the source or replaces the one of this name. In a transaction it holds the row's lock until the
 * end. */
MUST_USE enum err ratings_source_put(struct db *db, const struct ratings_source *s, struct fail *why);
/* ERR_NOT_FOUND if there is none of this name. Texts in the arena. An import of it that is about to commit is waited for, and a
 * transaction holds the row from here on. */
MUST_USE enum err ratings_source_hold(struct db *db, const char *name, struct arena *a,
                                      struct ratings_source *out, struct fail *why);
/* All sources by name; items [*n] and texts in the arena. */
MUST_USE enum err ratings_source_list(struct db *db, struct arena *a, struct ratings_source **items,
                                      size_t *n, struct fail *why);

#endif
