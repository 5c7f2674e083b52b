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

/* What the rankings sort by, for people to read: "votes" if any character has votes, else "popularity". */
const char *rank_rule(const struct snapshot *s);

#endif
