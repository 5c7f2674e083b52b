/* What a variant of an experiment does otherwise than the site. Nothing of it is read from a request: definitions are files of the operator
 * (experiment/definition.h), and workers get them checked in the state file (experiment/experiment_file.h). docs/experiments.md has the JSON. */
#ifndef MVTI_EXPERIMENT_VARIANT_H
#define MVTI_EXPERIMENT_VARIANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "json/json.h"
#include "json/json_out.h"

enum { VARIANT_MEMBERS = 8, VARIANT_WORD = 24, VARIANT_TEXTS = 16, VARIANT_KEY = 60, VARIANT_TEXT = 600 };

/* Which settings a variant has, bits: two experiments that run at once in different layers may not share one. */
enum variant_part {
    VARIANT_MATCH = 1,     /* film, enneagram, certainty */
    VARIANT_RANKERS = 2,   /* members */
    VARIANT_DIVERSITY = 4, /* film_cap, mmr */
    VARIANT_EXPLORE = 8,   /* explore_… */
    VARIANT_WALL = 16,     /* wall */
    VARIANT_WORDS = 32     /* texts */
};
/* Those that change a result, and so are shown when a result is. */
enum { VARIANT_RESULT = VARIANT_MATCH | VARIANT_RANKERS | VARIANT_DIVERSITY | VARIANT_EXPLORE };

/* How steeply films get rarer on the poster wall with their place in the snapshot's order: today's way is WALL_STEEP. */
enum variant_wall { WALL_STEEP, WALL_FLAT, WALL_EVEN, WALLS };

struct variant_member {
    char kind[VARIANT_WORD]; /* kind of model, such as "ease"; NUL behind it */
    float weight;            /* ≥ 0; members that are not named have 0 */
};

/* Fixed size without pointers, for it is a record of the state file. Zero where `parts` says that it has none. */
struct variant_settings {
    uint32_t parts;                   /* enum variant_part */
    float film, enneagram, certainty; /* percent, together 100; fame has no part */
    uint32_t film_cap;         /* characters of one film in a list before there are too few others; 1…50 */
    float mmr;                 /* strength of Maximal Marginal Relevance, 0 none … 1 */
    float explore_share;       /* of the places of a list, 0…0.5 */
    float explore_temperature; /* of the softmax over m (0…1), 0.001…10 */
    uint32_t explore_pool;     /* candidates for each such place, 2…50 */
    uint32_t wall;             /* enum variant_wall */
    uint32_t n_members;        /* [n_members] are used */
    struct variant_member members[VARIANT_MEMBERS];
};

struct variant_text {
    const char *key;     /* which text of the pages: small letters, digits, '.', '_' */
    const char *ko, *en; /* what stands there instead */
};

struct variant_words {
    size_t n;
    struct variant_text texts[VARIANT_TEXTS];
};

/* From the JSON object "settings" of a definition. where: how sentences name it, such as "taste.json: variants[1].settings". Texts are borrowed from
 * the JSON. ERR_INVALID. */
MUST_USE enum err variant_read(const struct json_value *v, const char *where, struct variant_settings *out,
                               struct variant_words *words, struct fail *why);
/* The same back, as one JSON object; what variant_read makes of it is equal to six digits. */
void variant_write(struct json_out *w, const struct variant_settings *s, const struct variant_words *words);
/* Whether every number of a record lies where variant_read lets it, for readers of the state file. */
bool variant_valid(const struct variant_settings *s);
/* What `from` sets, `to` sets too; words are not of it. */
void variant_add(struct variant_settings *to, const struct variant_settings *from);
/* True of small letters, digits and the marks given, not empty, at most `most` characters. */
bool variant_name_valid(const char *s, const char *marks, size_t most);
/* "match", "rankers", … */
const char *variant_part_name(enum variant_part part);

#endif
