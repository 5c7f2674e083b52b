/* Lists of words in one text, joined by '|', as genres, keywords and tags are kept: "Drama|War". A part without letters, as of "||" or at an end, is none. */
#ifndef MVTI_BASE_JOINED_H
#define MVTI_BASE_JOINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct joined {
    const char *text; /* borrowed, not ended by NUL */
    size_t n;         /* > 0 */
};

/* The next part, and in *rest what stands behind it; false, with *rest "", where there is no more. */
bool joined_next(const char **rest, struct joined *part);

/* Whether the word [n] is a part, byte by byte. An empty word is none. */
bool joined_has(const char *list, const char *word, size_t n);

size_t joined_count(const char *list);

/* Of a part's bytes: FNV-1a of 32 bits. */
uint32_t joined_hash(const struct joined *part);

#endif
