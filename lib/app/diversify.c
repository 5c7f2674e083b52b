#include "app/diversify.h"

#include <math.h>
#include <string.h>

#include "base/joined.h"

/* A bit for each genre; two may share one, which makes them alike. */
static uint64_t genres_of(const char *genres)
{
    uint64_t set = 0;
    for (struct joined genre; joined_next(&genres, &genre);)
        set |= (uint64_t)1 << (joined_hash(&genre) >> 26);
    return set;
}

static float likeness(const struct diversify_item *x, uint64_t x_genres, const struct diversify_item *y,
                      uint64_t y_genres)
{
    if (x->movie == y->movie)
        return 1;
    int any = __builtin_popcountll(x_genres | y_genres), both = __builtin_popcountll(x_genres & y_genres);
    return any > 0 ? 0.5f * (float)both / (float)any : 0;
}

/* Moves items[from] to items[to], to ≤ from, and what stood between one place back. */
static void move(struct diversify_item *items, uint64_t *genres, float *nearest, size_t from, size_t to)
{
    struct diversify_item item = items[from];
    uint64_t set = genres[from];
    float near = nearest[from];
    memmove(items + to + 1, items + to, (from - to) * sizeof *items);
    memmove(genres + to + 1, genres + to, (from - to) * sizeof *genres);
    memmove(nearest + to + 1, nearest + to, (from - to) * sizeof *nearest);
    items[to] = item;
    genres[to] = set;
    nearest[to] = near;
}

void diversify(const struct snapshot *s, float strength, struct diversify_item *items, size_t n, size_t take)
{
    uint64_t genres[DIVERSIFY_MOST];
    float nearest[DIVERSIFY_MOST] = {0};
    n = n < DIVERSIFY_MOST ? n : DIVERSIFY_MOST;
    for (size_t i = 0; i < n; i++)
        genres[i] = genres_of(snapshot_text(s, s->movies[items[i].movie].genres));
    for (size_t done = 0; done < take && done < n; done++) {
        size_t best = done;
        float most = -INFINITY;
        for (size_t i = done; i < n; i++) {
            float value = (1 - strength) * items[i].match - strength * nearest[i];
            if (value > most) {
                most = value;
                best = i;
            }
        }
        move(items, genres, nearest, best, done);
        for (size_t i = done + 1; i < n; i++) {
            float like = likeness(&items[i], genres[i], &items[done], genres[done]);
            nearest[i] = like > nearest[i] ? like : nearest[i];
        }
    }
}
