#include "app/rank.h"

#include <stdlib.h>
#include <string.h>

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

static int by_popularity(const void *x, const void *y, void *snapshot)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a == b ? 0 : before(snapshot, a, b) ? -1 : 1;
}

static size_t of_all(const struct snapshot *s, uint8_t enneagram, uint32_t *items)
{
    size_t n = 0;
    for (uint32_t c = 0; c < s->n_characters; c++)
        if (s->characters[c].enneagram == enneagram)
            items[n++] = c;
    qsort_r(items, n, sizeof *items, by_popularity, (void *)s);
    return n;
}

static size_t of_pair(const struct snapshot *s, uint8_t mbti, uint8_t enneagram, uint32_t *items)
{
    size_t n = 0;
    for (uint32_t r = s->rank_start[mbti]; r < s->rank_start[mbti + 1]; r++)
        if (s->characters[s->ranking[r]].enneagram == enneagram)
            items[n++] = s->ranking[r];
    return n;
}

enum err rank_enneagram(const struct snapshot *s, const struct rank_ask *ask, struct arena *a,
                        struct browse_page *out, size_t *count)
{
    *out = (struct browse_page){0};
    bool all = ask->mbti == MBTI_NONE;
    uint32_t *items =
        arena_array(a, (all ? s->n_characters : rank_type_count(s, ask->mbti)) + 1, sizeof *items);
    if (items == NULL)
        return ERR_NOMEM;
    size_t n = all ? of_all(s, ask->enneagram, items) : of_pair(s, ask->mbti, ask->enneagram, items);
    *count = n;
    if (ask->offset >= n)
        return ERR_OK;
    out->items = items + ask->offset;
    out->n = n - ask->offset < ask->limit ? n - ask->offset : ask->limit;
    out->more = ask->offset + out->n < n;
    return ERR_OK;
}

void rank_pair_counts(const struct snapshot *s, uint32_t counts[RANK_PAIRS])
{
    memset(counts, 0, RANK_PAIRS * sizeof *counts);
    for (size_t c = 0; c < s->n_characters; c++)
        counts[s->characters[c].mbti * ENNEAGRAM_COUNT + s->characters[c].enneagram]++;
}

void rank_likely(const struct snapshot *s, uint8_t mbti, enum social_style style, enum coping_style coping,
                 struct enneagram_likely out[ENNEAGRAM_LIKELY])
{
    uint32_t counts[RANK_PAIRS], met[ENNEAGRAM_CORES] = {0};
    rank_pair_counts(s, counts);
    for (uint8_t e = 0; e < ENNEAGRAM_COUNT; e++)
        met[enneagram_core(e) - 1] += counts[mbti * ENNEAGRAM_COUNT + e];
    enneagram_likely(style, coping, met, out);
}

void rank_types_of(const uint32_t counts[RANK_PAIRS], uint8_t enneagram, uint8_t order[MBTI_COUNT])
{
    for (uint8_t t = 0; t < MBTI_COUNT; t++) {
        uint32_t n = counts[t * ENNEAGRAM_COUNT + enneagram];
        size_t i = t;
        for (; i > 0 && counts[order[i - 1] * ENNEAGRAM_COUNT + enneagram] < n; i--)
            order[i] = order[i - 1];
        order[i] = t;
    }
}

void rank_kin(const struct snapshot *s, uint8_t enneagram, uint8_t order[ENNEAGRAM_COUNT - 1])
{
    const float *similarity = s->similarity + (size_t)enneagram * ENNEAGRAM_COUNT;
    size_t n = 0;
    for (uint8_t e = 0; e < ENNEAGRAM_COUNT; e++) {
        if (e == enneagram)
            continue;
        size_t i = n++;
        for (; i > 0 && similarity[order[i - 1]] < similarity[e]; i--)
            order[i] = order[i - 1];
        order[i] = e;
    }
}

const char *rank_rule(const struct snapshot *s)
{
    for (size_t i = 0; i < s->n_characters; i++)
        if (s->characters[i].votes >= 0)
            return "votes";
    return "popularity";
}
