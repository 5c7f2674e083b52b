#include "data/token_ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { SMALLEST = 1024, TEXTS_MAX = INT32_MAX };

struct token_place {
    uint64_t hash;
    uint64_t at; /* in bytes */
    uint32_t n;
};

bool token_ids_is_number(const char *text, size_t n, uint32_t *number)
{
    uint64_t value = 0;
    if (n == 0 || n > 10 || (text[0] == '0' && n > 1))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *number = (uint32_t)value;
    return value < TOKEN_FIRST;
}

bool token_ids_valid(const char *text, size_t n)
{
    if (n == 0 || n > TOKEN_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    return utf8_valid(text, n);
}

/* FNV-1a, its upper bits folded down. */
static uint64_t hash_of(const char *text, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)text[i]) * 0x100000001b3u;
    return h ^ h >> 32;
}

static const struct token_place *place_of(const struct token_ids *t, uint32_t order)
{
    return (const struct token_place *)t->places.data + order;
}

/* The slot of the text, or the free one where it would be. */
static size_t slot_of(const struct token_ids *t, const char *text, size_t n, uint64_t hash)
{
    size_t i = hash & t->mask;
    for (; t->slots[i] != 0; i = (i + 1) & t->mask) {
        const struct token_place *p = place_of(t, t->slots[i] - 1);
        if (p->hash == hash && p->n == n && memcmp((char *)t->bytes.data + p->at, text, n) == 0)
            break;
    }
    return i;
}

static bool grow(struct token_ids *t)
{
    size_t size = t->slots == NULL ? SMALLEST : 2 * (t->mask + 1);
    uint32_t *slots = calloc(size, sizeof *slots);
    if (slots == NULL)
        return false;
    for (uint32_t k = 0; k < t->places.len; k++) {
        size_t i = place_of(t, k)->hash & (size - 1);
        while (slots[i] != 0)
            i = (i + 1) & (size - 1);
        slots[i] = k + 1;
    }
    free(t->slots);
    t->slots = slots;
    t->mask = size - 1;
    return true;
}

static bool keep_bytes(struct token_ids *t, const char *text, size_t n)
{
    struct vec *v = &t->bytes;
    if (v->len + n > v->cap && !vec_reserve(v, v->cap + v->cap / 2 + n + 4096))
        return false;
    memcpy((char *)v->data + v->len, text, n);
    v->len += n;
    return true;
}

static bool intern(struct token_ids *t, const char *text, size_t n, uint32_t *order)
{
    t->places.size = sizeof(struct token_place);
    t->bytes.size = 1;
    if ((t->slots == NULL || 2 * t->places.len >= t->mask) && !grow(t))
        return false;
    uint64_t hash = hash_of(text, n);
    size_t slot = slot_of(t, text, n, hash);
    if (t->slots[slot] != 0) {
        *order = t->slots[slot] - 1;
        return true;
    }
    const struct token_place place = {hash, t->bytes.len, (uint32_t)n};
    if (t->places.len >= TEXTS_MAX || !keep_bytes(t, text, n) || !vec_push(&t->places, &place))
        return false;
    *order = (uint32_t)t->places.len - 1;
    t->slots[slot] = *order + 1;
    return true;
}

bool token_ids_number(struct token_ids *t, const char *text, size_t n, uint32_t *number)
{
    uint32_t order;
    if (token_ids_is_number(text, n, number))
        return true;
    if (!intern(t, text, n, &order))
        return false;
    *number = TOKEN_FIRST + order;
    return true;
}

const char *token_ids_text(const struct token_ids *t, uint32_t number, char out[TOKEN_TEXT])
{
    if (number < TOKEN_FIRST || number - TOKEN_FIRST >= t->places.len) {
        snprintf(out, TOKEN_TEXT, "%u", number);
        return out;
    }
    const struct token_place *p = place_of(t, number - TOKEN_FIRST);
    memcpy(out, (const char *)t->bytes.data + p->at, p->n);
    out[p->n] = '\0';
    return out;
}

void token_ids_free(struct token_ids *t)
{
    free(t->slots);
    vec_free(&t->places);
    vec_free(&t->bytes);
    *t = (struct token_ids){0};
}

void id_tokens_free(struct id_tokens *t)
{
    token_ids_free(&t->users);
    token_ids_free(&t->items);
}
