#include "base/id_set.h"

#include <stdlib.h>

enum { FIRST_CAP = 1024 };

/* splitmix64's finaliser: neighbouring ids land far apart. */
static size_t place(const struct id_set *s, uint64_t id)
{
    id = (id ^ (id >> 30)) * 0xbf58476d1ce4e5b9u;
    id = (id ^ (id >> 27)) * 0x94d049bb133111ebu;
    return (size_t)(id ^ (id >> 31)) & (s->cap - 1);
}

/* The slot of id, or the free one where it belongs. */
static uint64_t *slot(const struct id_set *s, uint64_t id)
{
    size_t i = place(s, id);
    while (s->slots[i] != 0 && s->slots[i] != id)
        i = (i + 1) & (s->cap - 1);
    return &s->slots[i];
}

static bool grow(struct id_set *s)
{
    struct id_set wider = {.cap = s->cap == 0 ? FIRST_CAP : 2 * s->cap, .n = s->n, .has_zero = s->has_zero};
    wider.slots = calloc(wider.cap, sizeof *wider.slots);
    if (wider.slots == NULL)
        return false;
    for (size_t i = 0; i < s->cap; i++)
        if (s->slots[i] != 0)
            *slot(&wider, s->slots[i]) = s->slots[i];
    free(s->slots);
    *s = wider;
    return true;
}

int id_set_add(struct id_set *s, uint64_t id)
{
    if (id == 0) {
        int fresh = !s->has_zero;
        s->has_zero = true;
        return fresh;
    }
    if (2 * s->n >= s->cap && !grow(s))
        return -1;
    uint64_t *p = slot(s, id);
    if (*p == id)
        return 0;
    *p = id;
    s->n++;
    return 1;
}

void id_set_free(struct id_set *s)
{
    free(s->slots);
    *s = (struct id_set){0};
}
