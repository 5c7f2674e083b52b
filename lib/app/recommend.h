/* From a personality and loved films to characters.
 *
 * 1. Film score s(j): what the published models (EASE, ADMM-SLIM, RecVAE, LightGCN, BTS or some of them) say
 *    of each film for the chosen ones, joined as model/fusion.h defines. Chosen films are left out, and so are films
 *    and characters that the visitor does not want to see.
 *    f(j) = √(s(j) / max s), negative scores count 0: the film's affinity in 0…1.
 * 2. Characters of the visitor's own type ("same") and of the compatible type ("compatible"):
 *      m = t · (RECOMMEND_FILM f + RECOMMEND_ENNEAGRAM e + RECOMMEND_CERTAINTY c) / 100
 *    e = Enneagram similarity (0…1), c = confidence in the type (votes/(votes+50), 0.5 editorial), t = 1 for
 * the wanted type, 0.15 less a letter that differs. match percent = round(100 m): monotone in each part.
 * 3. Sorted by m (ties: the more popular, then the smaller id), at most 2 of one film, that cap raised step
 * by step only when a list would otherwise stay short; then filled with types one letter away, then two,
 * marked "near".
 *
 * An experiment may do some of it otherwise (experiment/variant.h): other weights, other models or weights of them in s(j), another cap, an order by
 * Maximal Marginal Relevance (app/diversify.h) within the characters of each distance, and places that are drawn (experiment/explore.h). */
#ifndef MVTI_APP_RECOMMEND_H
#define MVTI_APP_RECOMMEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/leave_out.h"
#include "app/likeness.h"
#include "base/arena.h"
#include "base/err.h"
#include "experiment/variant.h"
#include "model/snapshot.h"

/* The parts of a match, in percent, adding up to 100. The page about the match gets them from here (www/build), and
 * tests/tools/docs holds docs/how-it-decides.md to them. */
enum { RECOMMEND_FILM = 50, RECOMMEND_ENNEAGRAM = 35, RECOMMEND_CERTAINTY = 15 };

enum { RECOMMEND_MIN_MOVIES = 3, RECOMMEND_MAX_MOVIES = 100, RECOMMEND_DEFAULT = 20, RECOMMEND_MAX = 50 };

/* From which popularity on a film is one that many people love, in percent of the scale of snapshot_movie: of a million raters of the most
 * popular film a sixteenth. */
enum { RECOMMEND_LOVED = 80 };

enum match_type { MATCH_SAME, MATCH_COMPATIBLE, MATCH_NEAR };

struct recommend_request {
    uint8_t mbti;
    uint8_t enneagram;
    const int32_t *movies; /* [n_movies] ids, as recommend_choose wants them */
    size_t n_movies;
    size_t limit;                            /* characters a list, 1…RECOMMEND_MAX */
    const struct variant_settings *settings; /* what an experiment does otherwise; NULL: nothing */
    uint64_t seed;                           /* of the places that are drawn */
    struct leave_out left_out;               /* what the visitor does not want to see */
    bool pools;                              /* also say who could have stood in them */
};

struct recommend_because {
    uint32_t movie; /* index of a chosen film */
    float share;    /* > 0; the shares of one character sum to 1 */
};

/* Who could have stood in a place that was drawn. */
struct recommend_other {
    uint32_t character; /* index */
    double chance;      /* > 0; those of a place sum to 1 */
};
enum { RECOMMEND_POOL = 50 }; /* at most so many */

struct recommend_item {
    uint32_t character; /* index */
    int percent;        /* 0…100 */
    enum match_type type;
    float affinity;                          /* f, 0…1 */
    float enneagram;                         /* e, 0…1 */
    float certainty;                         /* c, 0…1 */
    const struct recommend_because *because; /* largest share first */
    size_t n_because;                        /* 0: no chosen film speaks for it by itself */
    const struct likeness *like;             /* then: what it has in common with one; NULL: nothing */
    bool loved;        /* then, and if that is nothing: whether many people love its film (RECOMMEND_LOVED) */
    double propensity; /* chance to stand in this place; 1 unless the place was drawn */
    bool drawn;
    const struct recommend_other
        *pool;     /* if it was, and pools were asked for: in the order of their match, this one included */
    size_t n_pool; /* 0: it was not, or nobody asked */
};

struct recommend_list {
    struct recommend_item *items;
    size_t n;
};

struct recommend_result {
    struct recommend_list same, compatible;
    uint8_t partner; /* the compatible type */
    /* Of the request's left_out those that the catalog has; films that were chosen too are not counted. */
    size_t n_left_characters, n_left_movies;
};

/* What a choice of films has to be: RECOMMEND_MIN_MOVIES…RECOMMEND_MAX_MOVIES, each in the catalog, none twice, also not under the ids of two
 * rows of one film. indexes: [n], filled. ERR_INVALID: a sentence whose subject is the list, such as "names film 7 twice". */
MUST_USE enum err recommend_choose(const struct snapshot *s, const int32_t *movies, size_t n,
                                   int32_t *indexes, struct fail *why);

/* Fills out from the arena. ERR_INVALID: the sentence names the field ("movies", "mbti", …); ERR_NOMEM. */
MUST_USE enum err recommend_run(const struct snapshot *s, const struct recommend_request *q, struct arena *a,
                                struct recommend_result *out, struct fail *why);

/* A character whose match is wanted, as one of the list of the compatible type or of the visitor's own. */
struct recommend_asked {
    uint32_t character; /* index */
    bool compatible;
    double match; /* answered: m */
};
/* Matches of asked[n] for who asks q, whatever would be in the lists. As recommend_run. */
MUST_USE enum err recommend_matches(const struct snapshot *s, const struct recommend_request *q,
                                    struct recommend_asked *asked, size_t n, struct arena *a);

/* Match of one character with a visitor who has no film list in this place (film pages, profiles):
 * the same formula with f = 0.5. */
int recommend_percent_without_films(const struct snapshot *s, uint8_t mbti, uint8_t enneagram,
                                    uint32_t character);
/* Whether the snapshot has the models that an experiment asks for. */
bool recommend_can(const struct snapshot *s, const struct variant_settings *settings);
/* What orders the lists: the kind of the model, such as "ease", or "ensemble" for several. */
const char *recommend_ranker(const struct snapshot *s);

#endif
