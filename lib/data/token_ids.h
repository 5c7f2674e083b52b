/* Ids of any text as 32-bit numbers: of people in every file of ratings, of items too where no catalog stands
 * behind (mvti evaluate).
 *
 * A token that is a whole number from 0 to 2³¹ − 1, written without a sign and without leading zeros, is that
 * number. Every other token, such as a UUID, "A1ZCPG7", "007" or 76561198000000000, gets 2³¹, 2³¹ + 1, … in
 * the order of first appearance, so the two kinds never meet. Tokens are compared byte by byte, whole (no
 * hash stands for one).
 *
 * Memory: nothing for numbers; a text costs its bytes (with room to grow) and 32 to 64 more: a million UUIDs
 * at most 120 MB. Zero-initialised is valid and empty. */
#ifndef MVTI_DATA_TOKEN_IDS_H
#define MVTI_DATA_TOKEN_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

enum { TOKEN_MAX = 255 /* bytes */, TOKEN_TEXT = 256 };
#define TOKEN_FIRST UINT32_C(0x80000000)

struct token_ids {
    uint32_t *slots;   /* [mask + 1] open addressing: order + 1, 0 is free */
    size_t mask;       /* size − 1, a power of two below it; meaningless while slots is NULL */
    struct vec places; /* struct token_place, in order of first appearance */
    struct vec bytes;  /* char: the texts one behind the other */
};

/* Of people and of items, shared by the files that belong together. */
struct id_tokens {
    struct token_ids users, items;
};

/* Is it a number that stands for itself? */
bool token_ids_is_number(const char *text, size_t n, uint32_t *number);
/* May this be an id at all: 1 … TOKEN_MAX bytes of UTF-8, no control characters. */
bool token_ids_valid(const char *text, size_t n);
/* The number of a valid token, new or known. False when memory is out, or after 2³¹ − 1 texts. */
bool token_ids_number(struct token_ids *t, const char *text, size_t n, uint32_t *number);
/* For sentences: the token of a number, into out. */
const char *token_ids_text(const struct token_ids *t, uint32_t number, char out[TOKEN_TEXT]);
void token_ids_free(struct token_ids *t);
void id_tokens_free(struct id_tokens *t);

#endif
