/* From a personality and loved films to characters.
 *
 * 1. Film score s(j): what the published models (EASE, ADMM-SLIM, RecVAE, LightGCN, BTS or some of them) say
 *    of each film for the chosen ones, joined as model/fusion.h defines. Chosen films are left out, and so are films
 *    and characters that the visitor does not want to see.
 *    f(j) = (share of the films whose s is less)⁴, 0 where s is not above 0: the film's affinity in 0…1. By rank, for how scores are spread depends
 *    on the rule that joins the models.
 * 2. Characters of the visitor's own type ("same") and of the compatible type ("compatible"):
 *      g = (RECOMMEND_FILM f + RECOMMEND_ENNEAGRAM e + RECOMMEND_CERTAINTY c + RECOMMEND_FAME p) / 100
 *      m = t · (share of the characters of types as near whose g is less, and of half of those whose g is equal)
 *    c = confidence in the type (votes/(votes+50), 0.5 editorial); p = fame: the character's popularity, as a share of that of the best known one of
 *    its type. e is what is looked for: whoever is like the visitor has a similar Enneagram type, so with a type nearer to
 *    their own (or as near) e is the similarity of the two Enneagram types; whoever completes them need not
 *    be like them, so with a type nearer to the compatible one e is the grade of the two types in the table
 *    of compatible types (sql/reference/mbti_compatibility.csv). A visitor without an Enneagram type has no
 *    similarity; where e would be one, f, c and p share its weight in proportion to theirs, so that 1 stays
 *    the best g there can be. "As near" are types as many letters away from the nearer of the visitor's own
 *    and the compatible type, on its side; characters of chosen films do not count. t = 1, less 0.15 for each
 *    of these letters, and times RECOMMEND_STRANGE where the film is strange to the visitor: it shares a genre with less
 *    than half of the chosen films, or is of a tone (domain/tone.h) that none of them has. match percent = round(100 m): monotone in each part, and the same for a visitor
 *    and a character wherever it is shown. Both shares are found in RANK_BINS steps, of s / max s and of g,
 *    as if those within one were spread evenly; those of g between the least and the most of them, so that
 *    where all are equal (an experiment's weights, a table) each stands in the middle.
 * 3. Sorted by m (ties: the more popular, then the smaller id), at most 2 of one film, that cap raised step
 * by step only when a list would otherwise stay short; then filled with types one letter away, then two,
 * marked "near", of those that are not nearer to the other list's.
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
#include "app/narrow.h"
#include "base/arena.h"
#include "base/err.h"
#include "experiment/variant.h"
#include "model/snapshot.h"

/* The parts of a match, in percent, adding up to 100. The page about the match gets them from here (www/build), and
 * tests/tools/docs holds docs/how-it-decides.md to them. */
enum { RECOMMEND_FILM = 65, RECOMMEND_ENNEAGRAM = 15, RECOMMEND_CERTAINTY = 5, RECOMMEND_FAME = 15 };
/* What is left of a match where the film is strange, in percent. */
enum { RECOMMEND_STRANGE = 75 };
/* Taken off t for each letter, in percent. */
enum { RECOMMEND_NEAR_STEP = 15 };

enum { RECOMMEND_MIN_MOVIES = 3, RECOMMEND_MAX_MOVIES = 100, RECOMMEND_DEFAULT = 20, RECOMMEND_MAX = 50 };

/* From which popularity on a film is one that many people love, in percent of the scale of snapshot_movie: of a million raters of the most
 * popular film a sixteenth. */
enum { RECOMMEND_LOVED = 80 };

enum match_type { MATCH_SAME, MATCH_COMPATIBLE, MATCH_NEAR };

/* By what somebody wants the lists ordered, instead of by the match: shares of film taste (f), of personality (e) and of how well known the
 * character is (popularity, 0…1). Each from 0 on, not all 0; their sum counts as 1. Matches and their percentages stay what they are. */
struct recommend_taste {
    float film, person, popularity;
};

struct recommend_request {
    uint8_t mbti;
    uint8_t enneagram;     /* ENNEAGRAM_NONE: not known */
    const int32_t *movies; /* [n_movies] ids, as recommend_choose wants them */
    size_t n_movies;
    size_t limit;                            /* characters a list, 1…RECOMMEND_MAX */
    const struct variant_settings *settings; /* what an experiment does otherwise; NULL: nothing */
    uint64_t seed;                           /* of the places that are drawn */
    struct leave_out left_out;               /* what the visitor does not want to see */
    bool pools;                              /* also say who could have stood in them */
    const struct recommend_taste *taste;     /* NULL: by the match */
    struct narrow narrow;                    /* of which films */
};

enum { RECOMMEND_TOLD = 2 };

struct recommend_because {
    uint32_t movie; /* index of a chosen film */
    float share;    /* > 0; the shares of one character sum to 1 */
    const struct likeness *
        like; /* what it has in common with the character's film, of the first RECOMMEND_TOLD; NULL: nothing */
};

/* Who could have stood in a place that was drawn. */
struct recommend_other {
    uint32_t character; /* index */
    double chance;      /* > 0; those of a place sum to 1 */
};
enum { RECOMMEND_POOL = 50 }; /* at most so many */

/* How a character goes with a visitor. */
struct recommend_match {
    double m;             /* 0…1 */
    float parts;          /* g, 0…1 */
    float kept;           /* t */
    float above;          /* share of the characters of types as near that match less, 0…1 */
    int percent;          /* 0…100 */
    enum match_type type; /* what the character's type is to the visitor's */
    bool strange;         /* its film is of another kind or tone than what was chosen */
    bool completes;       /* e is the grade, else the similarity */
    float film;           /* f, 0…1; NaN: not known, and parts and above with it (share.h) */
    float enneagram;      /* similarity of the Enneagram types, 0…1; NaN: the visitor has none */
    float grade;          /* of the two types, 0…1 */
    float certainty;      /* c, 0…1 */
    float fame;           /* p, 0…1 */
};

struct recommend_item {
    uint32_t character; /* index */
    struct recommend_match match;
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

/* Sets like and loved of an item that has no because. ERR_NOMEM. */
MUST_USE enum err recommend_liken(const struct likeness_chosen *chosen, struct arena *a,
                                  struct recommend_item *item);

/* Sets like of the first of n chosen films that speak for a film. ERR_NOMEM. */
MUST_USE enum err recommend_compare(const struct likeness_chosen *chosen, struct arena *a, uint32_t movie,
                                    struct recommend_because *because, size_t n);

/* A visitor whom single characters are matched with, in the arena. */
struct recommend_work;
/* As recommend_run, but without films (n_movies 0) every f is 0.5, and with them that of a chosen film is 1. q must outlive it. */
MUST_USE enum err recommend_visitor(const struct snapshot *s, const struct recommend_request *q,
                                    struct arena *a, const struct recommend_work **out, struct fail *why);
/* The match of one character with them, the one that recommend_run's lists have. O(1). */
struct recommend_match recommend_match_of(const struct recommend_work *visitor, uint32_t character);
/* A share as it is told and stored, so that both say the same. */
uint8_t recommend_percent(float share);
/* How well known a character is: 1 is the best known of its type. */
float recommend_fame(const struct snapshot *s, const struct snapshot_character *c);
/* Whether the snapshot has the models that an experiment asks for. */
bool recommend_can(const struct snapshot *s, const struct variant_settings *settings);
/* What orders the lists: the kind of the model, such as "ease", or "ensemble" for several. */
const char *recommend_ranker(const struct snapshot *s);

#endif
