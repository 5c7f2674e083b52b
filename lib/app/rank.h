/* Rankings: by the popularity that the snapshot holds, which the jobs compute from votes, likes and films. */
#ifndef MVTI_APP_RANK_H
#define MVTI_APP_RANK_H

#include "app/browse.h"

/* The n most popular characters of all, one of a film. ERR_NOMEM. O(n_characters · n). */
MUST_USE enum err rank_popular(const struct snapshot *s, size_t n, struct arena *a, struct browse_page *out);

/* A page of one type's ranking: points into the snapshot. */
void rank_type(const struct snapshot *s, uint8_t mbti, size_t offset, size_t limit, struct browse_page *out);

/* Number of characters of a type. */
size_t rank_type_count(const struct snapshot *s, uint8_t mbti);

/* Which part of which ranking. mbti: only of those who have this type too; MBTI_NONE: of all. */
struct rank_ask {
    uint8_t mbti, enneagram;
    size_t offset, limit;
};

/* A page of the ranking of an Enneagram type, or of a pair of types, and how many it has. ERR_NOMEM. O(n log n) of all characters, or
 * O(characters of the MBTI type). */
MUST_USE enum err rank_enneagram(const struct snapshot *s, const struct rank_ask *ask, struct arena *a,
                                 struct browse_page *out, size_t *count);
/* How many characters a pair of types has: counts[mbti × ENNEAGRAM_COUNT + enneagram]. O(n_characters). */
enum { RANK_PAIRS = MBTI_COUNT * ENNEAGRAM_COUNT };
void rank_pair_counts(const struct snapshot *s, uint32_t counts[RANK_PAIRS]);
/* The core types that somebody of an MBTI type who gave these answers may be of (enneagram_likely), by the characters of that type. The same cost. */
void rank_likely(const struct snapshot *s, uint8_t mbti, enum social_style style, enum coping_style coping,
                 struct enneagram_likely out[ENNEAGRAM_LIKELY]);
/* The MBTI types of an Enneagram type, most characters first, of equal ones the first. */
void rank_types_of(const uint32_t counts[RANK_PAIRS], uint8_t enneagram, uint8_t order[MBTI_COUNT]);
/* The other Enneagram types, the most similar first, of equal ones the first. */
void rank_kin(const struct snapshot *s, uint8_t enneagram, uint8_t order[ENNEAGRAM_COUNT - 1]);

/* What the rankings sort by, for people to read: "votes" if any character has votes, else "popularity". */
const char *rank_rule(const struct snapshot *s);

#endif
