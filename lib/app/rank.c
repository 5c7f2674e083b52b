#include "app/rank.h"

/* Where a film's character stands in items[0…n), −1 if it has none there. */
static long place_of_film(const struct snapshot *s, const uint32_t *items, size_t n, uint32_t movie)
{
    for (size_t i = 0; i < n; i++)
        if (s->characters[items[i]].movie == movie)
            return (long)i;
    return -1;
}

static bool before(const struct snapshot *s, uint32_t a, uint32_t b)
{
    float x = s->characters[a].popularity, y = s->characters[b].popularity;
    return x != y ? x > y : a < b;
}

/* Sinks the item at the end of items[0…n] to its place. */
static void sink(const struct snapshot *s, uint32_t *items, size_t last)
{
    for (size_t i = last; i > 0 && before(s, items[i], items[i - 1]); i--) {
        uint32_t t = items[i];
        items[i] = items[i - 1];
        items[i - 1] = t;
    }
}

enum err rank_popular(const struct snapshot *s, size_t n, struct arena *a, struct browse_page *out)
{
    *out = (struct browse_page){0};
    uint32_t *items = arena_array(a, n + 1, sizeof *items);
    if (items == NULL)
        return ERR_NOMEM;
    size_t have = 0;
    for (uint32_t c = 0; c < s->n_characters && n > 0; c++) {
        if (have == n && !before(s, c, items[have - 1]))
            continue;
        long twin = place_of_film(s, items, have, s->characters[c].movie);
        if (twin >= 0 && !before(s, c, items[twin]))
            continue;
        size_t last = twin >= 0 ? (size_t)twin : have < n ? have++ : have - 1;
        items[last] = c;
        sink(s, items, last);
    }
    out->items = items;
    out->n = have;
    return ERR_OK;
}

void rank_type(const struct snapshot *s, uint8_t mbti, size_t offset, size_t limit, struct browse_page *out)
{
    size_t n = rank_type_count(s, mbti);
    *out = (struct browse_page){.items = s->ranking + s->rank_start[mbti]};
    if (offset >= n)
        return;
    out->items += offset;
    out->n = n - offset < limit ? n - offset : limit;
    out->more = offset + out->n < n;
}

size_t rank_type_count(const struct snapshot *s, uint8_t mbti)
{
    return s->rank_start[mbti + 1] - s->rank_start[mbti];
}

const char *rank_rule(const struct snapshot *s)
{
    for (size_t i = 0; i < s->n_characters; i++)
        if (s->characters[i].votes >= 0)
            return "votes";
    return "popularity";
}
