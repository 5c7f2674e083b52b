/* One person may rate one film more than once; the newest rating counts, once, whatever the order of the
 * rows: the latest time, and of equal or unknown times the later row.
 *
 * Most files have no such pair, so first they are only watched (struct newest_watch): where the rows of each
 * person stand together and no film comes twice among them, there is nothing to do, at the cost of one set of
 * films and one bit a person. Only else is the whole file looked through (struct newest): 8 bytes a row for
 * its keys and as many again to sort them, and 48 for each pair that comes more than once. */
#ifndef MVTI_DATA_NEWEST_H
#define MVTI_DATA_NEWEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "data/id_bits.h"
#include "data/movie_set.h"

struct newest_watch {
    /* Films of the person of the last row: uint32_t, while each is above the one before, as in MovieLens's
     * files; then a set. */
    struct vec run;
    struct movie_set films;
    bool ascending;
    struct id_bits people;
    uint32_t last;
    bool begun;
    bool again; /* a pair may have come twice: use struct newest */
};

/* Zero-initialised is valid. False when memory is out. */
bool newest_watch_row(struct newest_watch *w, uint32_t user, int32_t movie);
void newest_watch_free(struct newest_watch *w);

/* Pairs that come more than once. A key is user << 32 | movie. */
struct newest {
    struct newest_pair *pairs; /* [mask + 1] open addressing */
    size_t mask, n;            /* n: different pairs */
};

/* From the keys of all rows, which are sorted. ERR_NOMEM. newest_free it. */
MUST_USE enum err newest_start(struct newest *t, uint64_t *keys, size_t n, struct fail *why);
/* Every row in order, to find the newest. */
void newest_offer(struct newest *t, uint64_t key, int64_t time, uint64_t row);
/* After all: is there a newer row for this one's pair? */
bool newest_is_old(const struct newest *t, uint64_t key, uint64_t row);
void newest_free(struct newest *t);

#endif
