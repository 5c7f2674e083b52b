/* How often the character of a rank in its pool, at a place of a list, is chosen: what is expected of it
 * before it is known who it is. Learnt as a log is read, so that what is asked is always of earlier tests,
 * and a doubly robust estimate with it stays unbiased. */
#ifndef MVTI_FINDINGS_POOL_GUESS_H
#define MVTI_FINDINGS_POOL_GUESS_H

#include <stdbool.h>
#include <stddef.h>

enum { POOL_GUESS_PLACES = 50, POOL_GUESS_RANKS = 50 };

/* Zero-initialised has learnt nothing. */
struct pool_guess {
    struct {
        double shown, reached;
    } all, of[POOL_GUESS_PLACES][POOL_GUESS_RANKS];
};

/* 0…1; what lies beyond the table is as its last. */
double pool_guess(const struct pool_guess *g, size_t place, size_t rank);
void pool_guess_learn(struct pool_guess *g, size_t place, size_t rank, bool reached);

#endif
