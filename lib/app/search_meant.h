/* Kinds of people as they are asked for in several words: 인프피 4w5, 4w5 INFP, 중재자 유형, INFP-T, 4번 날개 5번, "enneagram type 4". */
#ifndef MVTI_APP_SEARCH_MEANT_H
#define MVTI_APP_SEARCH_MEANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/snapshot.h"

/* Marks the kinds that a query means which is the name of an MBTI type, of an Enneagram type or of both in any order, besides words that say nothing
 * more (유형, type, characters, the). The last word may be the beginning of one; only where none is finished do beginnings count. A name alone, even
 * if it is begun, is not marked: it is found as other names are.
 *
 * turned: as what the other keyboard would have given, for all of the query or for its words or numbers alone (dlsvmvl 4w5). marked: [SNAPSHOT_KINDS], all 0; 1 for what is meant. *found: how many.
 * ERR_NOMEM. Cost: the readings of the 34 types once for each word of the query, at most SEARCH_MEANT_WORDS, and for each way to read it. */
enum { SEARCH_MEANT_WORDS = 6 };
MUST_USE enum err search_meant(const struct snapshot *s, const char *query, bool turned, uint8_t *marked,
                               size_t *found);

#endif
