#include "app/trend.h"

#include <stdlib.h>

struct scored {
    double score;
    uint32_t character, place; /* place: in the ranking of all time */
};

enum err trend_read(struct db *db, int days, struct recent_likes *out, struct fail *why)
{
    return recent_like_read(db, days, out, why);
}

static int by_character(const void *key, const void *row)
{
    int32_t id = *(const int32_t *)key, other = ((const struct recent_like *)row)->character_id;
    return (id > other) - (id < other);
}

static int32_t likes_of(const struct recent_likes *likes, int32_t id)
{
    const struct recent_like *found =
        likes->n == 0 ? NULL : bsearch(&id, likes->rows, likes->n, sizeof *likes->rows, by_character);
    return found != NULL ? found->likes : 0;
}

static int by_score(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

enum err trend_rank(const struct snapshot *s, const struct rank_ask *ask, const struct recent_likes *likes,
                    struct arena *a, struct browse_page *out)
{
    *out = (struct browse_page){0};
    size_t n = rank_type_count(s, ask->mbti);
    struct scored *all = arena_array(a, n + 1, sizeof *all);
    uint32_t *items = arena_array(a, n + 1, sizeof *items);
    if (all == NULL || items == NULL)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t c = s->ranking[s->rank_start[ask->mbti] + i];
        double damping = (double)TREND_DAMPING * (double)s->characters[c].popularity;
        all[i] = (struct scored){likes_of(likes, s->characters[c].id) + damping, c, i};
    }
    qsort(all, n, sizeof *all, by_score);
    for (size_t i = ask->offset; i < n && out->n < ask->limit; i++)
        items[out->n++] = all[i].character;
    out->items = items;
    out->more = ask->offset + out->n < n;
    return ERR_OK;
}
