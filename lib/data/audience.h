/* An audience made up by a program, so that the bundled sample has ratings to learn from. Nobody is behind
 * it; files and pages that use it say "simulated".
 *
 * The taste model, everything drawn from the seed:
 *   films     appeal q ~ N(0,1); four hidden traits h ~ N(0,1) that no genre tells (mood, pace, ...); fame falls
 *             with the film's rank r by q + N(0,1): log fame = -0.9·log(r + 10), a long tail
 *   tastes    eight archetypes, each with a liking ~ N(0,1) for every genre and country, a favourite era and a
 *             liking for each hidden trait
 *   a person  a mixture of two archetypes (the first with share 0.6...1) plus 0.4·N(0,1) of their own for every
 *             genre; an activity; a mean rating
 *   liking    u = 0.8·(mean over the film's genres) + 0.5·(country)
 *                 + 1.0·(0.5 - |year - era|/25, at least -0.5)
 *                 + 0.45·Σ(hidden trait × liking for it) + 0.4·q
 *   watching  n films without replacement with weights fame·exp(1.1·u): the n largest of log weight plus a
 *             Gumbel variable (Yellott 1977); log n ~ N(log(0.8·mean), 0.65²), 8 ≤ n ≤ half of the films
 *   rating    3.05 + mean rating + 0.55·u + 0.45·N(0,1) stars, to the nearest half, 0.5...5
 *
 * Where what is known of films is written (fame, tone and fandoms, which are series, directors, studios and kinds of film that the same people
 * love), it takes the place of what is drawn:
 *   films     log fame = 0.35·fame - 5.6, which spans what the ranks span; appeal = 0.4·(fame - 7) + 0.3·N(0,1), hidden traits × 0.3
 *   tastes    one a fandom, read off its films: its liking for a genre or a country is (its share in the fandom - its share in all films, p) /
 *             sqrt(p(1 - p) + 0.01), within -1.5...2; era and tone are the means of its films; its liking for another fandom is the cosine of
 *             the two sets of films
 *   a person  a mixture of two fandoms: the first with chances as sqrt(films), the second as sqrt(films)·(0.05 + the first's liking for it)
 *   liking    u as above + 2.5·(the most liked of the film's fandoms) + 0.6·(0.5 - |tone - the person's|/2)
 *
 * Films, archetypes and people draw from streams of their own, so one film more leaves the others' traits as
 * they are. Same seed, films and program on one machine: the same ratings. */
#ifndef MVTI_DATA_AUDIENCE_H
#define MVTI_DATA_AUDIENCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"

enum { AUDIENCE_MIN_FILMS = 20, AUDIENCE_MAX_USERS = 10000000 };

struct audience_film {
    int32_t id;
    int32_t year;        /* 0 unknown */
    const char *genres;  /* "Drama|War", may be "" */
    const char *country; /* "KR", may be "" */
    /* What is written of it (sql/sample/tastes.csv), if anything is. */
    const char *fandoms; /* "marvel|superhero": films that the same people love; NULL or "": none */
    int32_t fame;        /* 1 few know it … 10 everybody does; 0: unknown */
    int32_t tone;        /* −2 dark … 2 bright */
};

struct audience_rating {
    uint32_t user;      /* from 1 */
    int32_t movie;      /* id */
    uint32_t time;      /* seconds since 1970 UTC: one day per person, one minute per film */
    uint8_t half_stars; /* 1…10 */
};

struct audience_plan {
    const struct audience_film *films; /* [n_films] distinct ids, any order */
    size_t n_films;
    uint32_t users;
    double mean; /* ratings a person, 8…1000; on average, before the bounds */
    uint64_t seed;
    /* Receives every rating, ordered by user, then movie id. */
    void (*rate)(void *arg, const struct audience_rating *rating);
    void *arg;
};

/* ERR_INVALID: too few films, a double id, users or mean out of range; ERR_NOMEM. O(users × films). */
MUST_USE enum err audience_simulate(const struct audience_plan *plan, const struct progress *progress,
                                    struct fail *why);

#endif
