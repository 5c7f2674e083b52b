/* What a visitor's marks keep out of their lists: characters who are not like them, films that they know or do not want. */
#ifndef MVTI_APP_LEAVE_OUT_H
#define MVTI_APP_LEAVE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/snapshot.h"

struct db;

/* The newest marks of a visitor that are looked at, so that a request costs the same however many there are. */
enum { LEAVE_OUT_MOST = 500 };

/* IDs; those that the catalog does not have are ignored. They are left out of the lists only, and say nothing about other films. */
struct leave_out {
    const int32_t *characters; /* [n_characters] */
    size_t n_characters;
    const int32_t *movies; /* [n_movies] all of their characters */
    size_t n_movies;
};

/* From the arena; nothing for visitor 0. ERR_UNAVAILABLE, ERR_NOMEM. */
MUST_USE enum err leave_out_load(struct db *db, int64_t visitor_id, struct arena *a, struct leave_out *out,
                                 struct fail *why);
/* Is this character, by index, among them? */
bool leave_out_has(const struct leave_out *l, const struct snapshot *s, uint32_t character);
/* Sets the flags, by index, of films and of characters; how many were not set before. */
size_t leave_out_movies(const struct leave_out *l, const struct snapshot *s, bool *flags);
size_t leave_out_characters(const struct leave_out *l, const struct snapshot *s, bool *flags);

#endif
