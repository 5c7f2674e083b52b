/* A query against the readings of a title (text/search_key.h). Queries have no blanks here: "spiderman"
 * matches "spider man".
 *
 * Keys match themselves; a consonant that no vowel follows also stands for a whole syllable (ㄷㅂ and 대ㅂ
 * find 대부), and so does what is typed of the last one. */
#ifndef MVTI_TEXT_SEARCH_MATCH_H
#define MVTI_TEXT_SEARCH_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the query stands, best first. */
enum search_place {
    SEARCH_EXACT,     /* it is a reading, but for an article in front */
    SEARCH_BEGINNING, /* a reading begins with it, but for an article */
    SEARCH_WORD,      /* a word begins with it */
    SEARCH_INSIDE,
    SEARCH_NOWHERE
};

/* What a text holds, for passing over most titles without reading them: letters and pairs of a text
 * that matches include the query's, and its heads do where a word begins with the query. */
struct search_mask {
    uint64_t letters; /* bit: one or some letters of which one stands in it */
    uint64_t pairs;   /* bit: some of the pairs of letters, one of which stands in it side by side */
    uint64_t heads;   /* as letters: of those that begin a word; of a query: its first */
};

/* Of readings. */
struct search_mask search_mask_key(const char *key);
/* Of a query of n bytes: the pairs that a match must have side by side. */
struct search_mask search_mask_query(const char *query, size_t n);

/* The best place of a query (n > 0) in the readings; `heads` false, because the masks say so: no word begins
 * with it. O(readings · query). */
enum search_place search_match(const char *key, const char *query, size_t n, bool heads);

/* True if a word begins with this one: search_match is SEARCH_WORD or better. */
bool search_match_word(const char *key, const char *word, size_t n);

/* True if a word begins with the query but for one mistake: a key too few, too many or wrong (ㅔ for ㅐ is
 * none), or two that changed places. The last key, if it is one of Hangul, may be on its way to another (a
 * phone makes ㅐ of ㅣ and dots). Queries of less than four keys are forgiven only that; from three syllables
 * on, one may also be too few, too many or another. */
bool search_match_mistyped(const char *key, const char *query, size_t n);
/* False if a title of this mask cannot match the query but for one mistake. */
bool search_match_may_be_mistyped(struct search_mask title, struct search_mask query);

#endif
