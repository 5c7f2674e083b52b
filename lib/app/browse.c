#include "app/browse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/joined.h"

enum { BLOCK = 20, MOST_OF_GENRE = 5, MOST_OF_DECADE = 8, GENRES = 64, DECADES = 16 };

/* Weight of place r in the wall: exp(−r/reach) + floor. On the site's the first pages come from the films people know; the
 * floor lets every other film turn up at some visit. */
static const struct {
    double reach, floor;
} walls[WALLS] = {[WALL_STEEP] = {150, 0.02}, [WALL_FLAT] = {600, 0.1}, [WALL_EVEN] = {INFINITY, 0}};

struct poster {
    double key;
    uint32_t movie;
    uint8_t genre, decade; /* strata */
    bool taken;
};

/* splitmix64's finaliser: a film's number depends on the seed and its id only, not on the others in the
 * catalog. */
static double unit_of(uint64_t seed, int32_t id)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15u * ((uint64_t)(uint32_t)id + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return ((double)(z >> 11) + 0.5) * 0x1p-53;
}

/* A small number for a film's first genre: equal names, equal number; two genres may share one, which only
 * spreads them a little more. */
static uint8_t genre_of(const char *genres)
{
    struct joined first;
    (void)joined_next(&genres, &first);
    return (uint8_t)(joined_hash(&first) >> 8) % GENRES;
}

static uint8_t decade_of(int32_t year)
{
    int decade = (year - 1900) / 10;
    return (uint8_t)(decade < 0 ? 0 : decade >= DECADES ? DECADES - 1 : decade);
}

static int by_key(const void *a, const void *b)
{
    const struct poster *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->movie > y->movie) - (x->movie < y->movie);
}

/* What is added to a film's weight so that the unlikely is shown too. */
static const double EXPLORED = 0.05;

static int by_score(const void *a, const void *b, void *scores)
{
    float x = ((const float *)scores)[*(const uint32_t *)a],
          y = ((const float *)scores)[*(const uint32_t *)b];
    return (x > y) - (x < y);
}

/* Scores to r⁸; of films that score the same, the least share. */
static void rank_scores(float *scores, uint32_t *order, size_t n)
{
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, by_score, scores);
    float before = NAN, share = 0;
    for (size_t i = 0; i < n; i++) {
        float score = scores[order[i]];
        share = score == before ? share : (float)i / (float)n;
        before = score;
        scores[order[i]] = powf(share, 8);
    }
}

/* What the chosen films say of each film, 0…1, NaN of themselves; NULL in *taste where there are none. */
static enum err find_taste(const struct snapshot *s, const struct browse_ask *ask, struct arena *a,
                           float **taste)
{
    const struct fusion *f = &s->fusion;
    *taste = NULL;
    if (ask->n_chosen == 0)
        return ERR_OK;
    int32_t *history = arena_array(a, ask->n_chosen, sizeof *history);
    float *features = arena_array(a, f->n_parts * f->n_films + 1, sizeof *features);
    float *scratch = arena_array(a, fusion_scratch(f) + 1, sizeof *scratch);
    uint32_t *order = arena_array(a, s->n_movies + 1, sizeof *order);
    *taste = arena_array(a, s->n_movies + 1, sizeof **taste);
    if (history == NULL || features == NULL || scratch == NULL || order == NULL || *taste == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < ask->n_chosen; i++)
        history[i] = (int32_t)ask->chosen[i];
    fusion_score(f, &(struct scorer_person){SCORER_NOBODY, history, ask->n_chosen}, features, *taste,
                 scratch);
    rank_scores(*taste, order, s->n_movies);
    for (size_t i = 0; i < ask->n_chosen; i++)
        (*taste)[ask->chosen[i]] = NAN;
    return ERR_OK;
}

/* How many there are. */
static size_t draw(const struct snapshot *s, const struct browse_ask *ask, const float *taste,
                   struct poster *posters)
{
    size_t n = 0;
    for (size_t rank = 0; rank < s->n_movies; rank++) {
        uint32_t i = s->wall[rank];
        const struct snapshot_movie *m = &s->movies[i];
        if (taste != NULL && isnan(taste[i]))
            continue;
        double weight = exp(-(double)rank / walls[ask->wall].reach) + walls[ask->wall].floor;
        if (taste != NULL)
            weight *= (double)taste[i] + EXPLORED;
        posters[n++] = (struct poster){
            .key = -log(unit_of(ask->seed, m->id)) / weight,
            .movie = i,
            .genre = genre_of(snapshot_text(s, m->genres)),
            .decade = decade_of(m->year),
        };
    }
    qsort(posters, n, sizeof *posters, by_key);
    return n;
}

/* Takes the next BLOCK posters in order, skipping those whose genre or decade the block has enough of; when
 * nothing else is left, takes those too. Returns how many were taken. */
static size_t take_block(struct poster *posters, size_t from, size_t n, uint32_t *out)
{
    uint8_t genres[GENRES] = {0}, decades[DECADES] = {0};
    size_t have = 0;
    for (int strict = 1; strict >= 0 && have < BLOCK; strict--) {
        for (size_t i = from; i < n && have < BLOCK; i++) {
            struct poster *p = &posters[i];
            if (p->taken ||
                (strict && (genres[p->genre] == MOST_OF_GENRE || decades[p->decade] == MOST_OF_DECADE)))
                continue;
            p->taken = true;
            genres[p->genre]++;
            decades[p->decade]++;
            out[have++] = p->movie;
        }
    }
    return have;
}

enum err browse_wall(const struct snapshot *s, const struct browse_ask *ask, struct arena *a,
                     struct browse_page *out)
{
    *out = (struct browse_page){0};
    float *taste;
    struct poster *posters = arena_array(a, s->n_movies + 1, sizeof *posters);
    uint32_t *order = arena_array(a, s->n_movies + BLOCK, sizeof *order);
    if (posters == NULL || order == NULL || find_taste(s, ask, a, &taste) != ERR_OK)
        return ERR_NOMEM;
    size_t n = draw(s, ask, taste, posters), have = 0;
    for (size_t from = 0; have < n && have < ask->offset + ask->limit;) {
        while (from < n && posters[from].taken)
            from++;
        have += take_block(posters, from, n, order + have);
    }
    if (ask->offset >= have)
        return ERR_OK;
    out->items = order + ask->offset;
    out->n = have - ask->offset < ask->limit ? have - ask->offset : ask->limit;
    out->more = ask->offset + out->n < n;
    return ERR_OK;
}

enum err browse_others(const struct snapshot *s, uint32_t character, struct arena *a, struct browse_page *out)
{
    *out = (struct browse_page){0};
    const struct snapshot_movie *m = &s->movies[s->characters[character].movie];
    uint32_t *items = arena_array(a, m->cast_count, sizeof *items);
    if (items == NULL)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < m->cast_count; i++)
        if (s->cast[m->cast_start + i] != character)
            items[out->n++] = s->cast[m->cast_start + i];
    out->items = items;
    return ERR_OK;
}

static bool has_film(const struct snapshot *s, const uint32_t *items, size_t n, uint32_t movie)
{
    for (size_t i = 0; i < n; i++)
        if (s->characters[items[i]].movie == movie)
            return true;
    return false;
}

/* Whose neighbours are wanted. */
struct around {
    uint8_t mbti, enneagram;
    int64_t movie; /* of which nobody is; −1: of any */
    bool others;   /* only other Enneagram types */
};

static bool is_around(const struct snapshot_character *o, const struct around *w)
{
    return o->movie != w->movie && !(w->others && o->enneagram == w->enneagram);
}

/* The ranking is by popularity, so the first of equals is the more popular. */
static enum err nearest(const struct snapshot *s, const struct around *w, struct arena *a,
                        struct browse_page *out)
{
    *out = (struct browse_page){0};
    uint32_t *items = arena_array(a, BROWSE_SIMILAR, sizeof *items);
    if (items == NULL)
        return ERR_NOMEM;
    const float *similarity = s->similarity + (size_t)w->enneagram * ENNEAGRAM_COUNT;
    while (out->n < BROWSE_SIMILAR) {
        int64_t best = -1;
        for (uint32_t r = s->rank_start[w->mbti]; r < s->rank_start[w->mbti + 1]; r++) {
            uint32_t i = s->ranking[r];
            const struct snapshot_character *o = &s->characters[i];
            if (!is_around(o, w) || has_film(s, items, out->n, o->movie))
                continue;
            if (best < 0 || similarity[o->enneagram] > similarity[s->characters[best].enneagram])
                best = i;
        }
        if (best < 0)
            break;
        items[out->n++] = (uint32_t)best;
    }
    out->items = items;
    return ERR_OK;
}

enum err browse_similar(const struct snapshot *s, uint32_t character, struct arena *a,
                        struct browse_page *out)
{
    const struct snapshot_character *c = &s->characters[character];
    return nearest(s, &(struct around){c->mbti, c->enneagram, c->movie, false}, a, out);
}

enum err browse_near(const struct snapshot *s, uint8_t mbti, uint8_t enneagram, struct arena *a,
                     struct browse_page *out)
{
    return nearest(s, &(struct around){mbti, enneagram, -1, true}, a, out);
}
