/* What two people have in films: which ones both would love, and who the two of them are.
 *
 * Films: of those that neither has chosen, in the order of the product of their affinities f (recommend.h, 1), which is 0 for a film that one of them
 * has no reason to love and high only where both have one: the multiplicative aggregation of group recommenders (Masthoff 2004).
 * Pairs of characters: for every film the two of its characters, not the same, who have the greatest sum of likenesses: m of recommend.h, 2, with
 * the Enneagram similarity for e (or without, of who has no Enneagram type) and the letters that differ from one's own type, whoever completes whom.
 * At most one pair of a film, the greatest
 * sums first. A film that one has chosen has f = 1 for them here. */
#ifndef MVTI_APP_TOGETHER_H
#define MVTI_APP_TOGETHER_H

#include "app/recommend.h"

enum { TOGETHER_MOVIES = 6, TOGETHER_PAIRS = 5 };

struct together_person {
    uint8_t mbti, enneagram; /* ENNEAGRAM_NONE: skipped */
    const int32_t *movies;   /* [n_movies] ids; those that have left the catalog are left out */
    size_t n_movies;
};

struct together_movie {
    uint32_t movie;     /* index */
    float affinity[2];  /* f of each, 0…1 */
    int64_t because[2]; /* index of the chosen film of each that speaks most for it; −1: none does */
};

struct together_pair {
    uint32_t character[2]; /* index: who each of the two is */
    int percent;           /* mean of their likenesses, 0…100 */
};

struct together {
    struct together_movie movies[TOGETHER_MOVIES];
    size_t n_movies;
    struct together_pair pairs[TOGETHER_PAIRS];
    size_t n_pairs;
};

/* Scratch memory from the arena. ERR_NOMEM. The cost is that of two recommendations and a pass over the characters. */
MUST_USE enum err together_find(const struct snapshot *s, const struct together_person who[2],
                                struct arena *a, struct together *out, struct fail *why);

#endif
