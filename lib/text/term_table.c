#include "text/term_table.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024 };

/* FNV-1a, 64 bits. */
static uint64_t hash(const char *bytes, size_t n)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)bytes[i]) * 1099511628211u;
    return h ^ h >> 32;
}

const char *term_table_name(const struct term_table *t, size_t i, size_t *n)
{
    const uint64_t *starts = t->starts.data;
    *n = starts[i + 1] - starts[i];
    return t->names.data + starts[i];
}

/* The slot where the term is, or where it would go. */
static size_t slot_of(const struct term_table *t, const char *bytes, size_t n)
{
    size_t at = hash(bytes, n) & (t->n_slots - 1);
    for (; t->slots[at] >= 0; at = (at + 1) & (t->n_slots - 1)) {
        size_t len;
        const char *name = term_table_name(t, (size_t)t->slots[at], &len);
        if (len == n && memcmp(name, bytes, n) == 0)
            break;
    }
    return at;
}

static bool grow(struct term_table *t)
{
    size_t n = t->n_slots == 0 ? FIRST_SLOTS : t->n_slots * 2;
    int32_t *slots = malloc(n * sizeof *slots);
    if (slots == NULL)
        return false;
    memset(slots, 0xff, n * sizeof *slots);
    free(t->slots);
    t->slots = slots;
    t->n_slots = n;
    for (size_t i = 0; i < t->n; i++) {
        size_t len;
        const char *name = term_table_name(t, i, &len);
        t->slots[slot_of(t, name, len)] = (int32_t)i;
    }
    return true;
}

int32_t term_table_find(const struct term_table *t, const char *bytes, size_t n)
{
    return t->n_slots == 0 ? -1 : t->slots[slot_of(t, bytes, n)];
}

int32_t term_table_add(struct term_table *t, const char *bytes, size_t n)
{
    uint64_t zero = 0;
    if (t->n_slots == 0)
        t->starts = VEC_OF(uint64_t);
    if (t->starts.len == 0 && (!vec_push(&t->starts, &zero) || !buf_reserve(&t->names, 1)))
        return -1;
    if (t->n >= INT32_MAX || (t->n * 2 >= t->n_slots && !grow(t)))
        return -1;
    size_t at = slot_of(t, bytes, n);
    if (t->slots[at] >= 0)
        return t->slots[at];
    buf_put(&t->names, bytes, n);
    uint64_t end = t->names.len;
    if (t->names.failed || !vec_push(&t->starts, &end))
        return -1;
    t->slots[at] = (int32_t)t->n;
    return (int32_t)t->n++;
}

void term_table_free(struct term_table *t)
{
    buf_free(&t->names);
    vec_free(&t->starts);
    free(t->slots);
    *t = (struct term_table){0};
}
