/* What lib/app/recommend.c and recommend_match.c share. */
#ifndef MVTI_APP_RECOMMEND_PRIVATE_H
#define MVTI_APP_RECOMMEND_PRIVATE_H

#include "app/recommend.h"

struct recommend_weights {
    float film, person, certainty, fame;
};

enum { RANK_BINS = 1024, RANK_LETTERS = MBTI_AXES + 1 };

/* Where points stand among those of the characters of one distance: how many have less than b / RANK_BINS,
 * and the least and the most in each step that is not empty. */
struct recommend_rank {
    uint32_t below[RANK_BINS + 1];
    float least[RANK_BINS], most[RANK_BINS];
};
/* Of the characters of the catalog but those of chosen films, by the parts of a match without t: of[completes][letters to the nearer of the visitor's
 * own and the compatible type]. */
struct recommend_ranks {
    struct recommend_rank of[2][RANK_LETTERS];
};

/* Weight times part, summed, of film, certainty and fame of m and of `person`. If that is not known (NaN), it
 * gives its weight to the others, each in proportion to its own, so that the sum is of the same scale; where
 * these weigh nothing, the letters alone decide, and it is the whole weight. */
float recommend_sum(const struct recommend_weights *w, const struct recommend_match *m, float person);

struct recommend_work {
    const struct snapshot *s;
    struct arena *arena;
    const struct recommend_request *q;
    const struct fusion *fusion;
    struct fusion otherwise; /* what fusion points to where an experiment weighs the models otherwise */
    struct recommend_weights weights;
    struct recommend_ranks *ranks;
    uint8_t cap; /* characters of one film, at first */
    float mmr;
    int32_t *chosen; /* [q->n_movies] movie indexes */
    float *features; /* [parts × n_movies] what each model says of each film */
    float *share;    /* [q->n_movies] scratch of explain() */
    float *affinity; /* [n_movies] f in 0…1; films that are out 0 */
    bool *is_out;    /* [n_movies] chosen, or left out */
    bool *strange;   /* [n_movies] as recommend_match.strange */
    bool *is_left;   /* [n_characters] left out */
    size_t n_left_movies, n_left_characters;
    uint8_t *per_film;           /* [n_movies] taken in the list being made */
    struct likeness_chosen like; /* made when the first film needs it: stems NULL until then */
    bool *taken;                 /* [n_characters] stand in it already; NULL: it is made in one go */
};

/* Fills *w from the arena: what films are worth to who chose these, and by which weights characters are matched. As recommend_run. */
MUST_USE enum err recommend_start(struct recommend_work *w, const struct snapshot *s,
                                  const struct recommend_request *q, struct arena *a, struct fail *why);

/* What orders the lists: m, or the visitor's own taste in place of its parts, less for letters that differ as m is. */
float recommend_rank(const struct recommend_work *w, uint32_t character);

#endif
