/* Bump allocation with one lifetime: everything dies at reset. Used for what lives as long as one request or
 * one command. Zero-initialised is valid and empty; blocks are kept over a reset up to the keep limit. */
#ifndef MVTI_BASE_ARENA_H
#define MVTI_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct arena_block;

struct arena {
    struct arena_block *head; /* the block being filled; older ones behind it */
    size_t used;              /* bytes handed out since the last reset */
    bool failed; /* memory was out since the last reset: whoever writes from the arena may lack something */
};

/* n bytes, zeroed, aligned for any type; NULL when memory is out. n = 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t n);
/* count × size with the product checked; NULL on overflow or when memory is out. */
void *arena_array(struct arena *a, size_t count, size_t size);
/* A copy of n bytes with a NUL behind; NULL when memory is out. */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What was written to b, with a NUL behind, in the arena; b is freed. NULL when memory is out for either, and the arena has failed then. */
char *arena_take(struct arena *a, struct buf *b);
/* Frees all but one block of at most 256 KiB. */
void arena_reset(struct arena *a);
void arena_free(struct arena *a);

#endif
