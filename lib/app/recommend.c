#include "app/recommend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/diversify.h"
#include "app/recommend_private.h"
#include "base/rng.h"
#include "experiment/explore.h"

/* With Maximal Marginal Relevance a list is chosen from MMR_REACH times as many. */
enum { MOST_NEAR = 2, MMR_REACH = 4 };

struct candidate {
    uint32_t character;
    float match;
    uint8_t distance; /* letters away from the wanted type */
};

/* A list in the making. */
struct list {
    struct candidate *picked;
    struct drawn {
        double chance; /* 0: the place was not drawn */
        const struct recommend_other *pool;
        size_t n_pool;
    } * drawn; /* of each place */
    size_t n;
};

/* Better first; then the more popular character, then the smaller index (= id). */
static bool is_better(const struct snapshot *s, const struct candidate *x, const struct candidate *y)
{
    if (x->match != y->match)
        return x->match > y->match;
    float p = s->characters[x->character].popularity, q = s->characters[y->character].popularity;
    if (p != q)
        return p > q;
    return x->character < y->character;
}

static int by_match(const void *a, const void *b, void *arg)
{
    return is_better(arg, b, a) - is_better(arg, a, b);
}

/* A binary heap with the best on top: a list takes some 20 of some hundreds, a full sort would cost four
 * times that. */
static void sift_down(const struct snapshot *s, struct candidate *heap, size_t n, size_t at)
{
    struct candidate moving = heap[at];
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && is_better(s, &heap[child + 1], &heap[child]))
            child++;
        if (!is_better(s, &heap[child], &moving))
            break;
        heap[at] = heap[child];
    }
    heap[at] = moving;
}

static void heap_make(const struct snapshot *s, struct candidate *heap, size_t n)
{
    for (size_t i = n / 2; i > 0; i--)
        sift_down(s, heap, n, i - 1);
}

static struct candidate heap_pop(const struct snapshot *s, struct candidate *heap, size_t *n)
{
    struct candidate best = heap[0];
    heap[0] = heap[--*n];
    if (*n > 0)
        sift_down(s, heap, *n, 0);
    return best;
}

static size_t collect(const struct recommend_work *w, uint8_t type, int distance, struct candidate *out,
                      size_t n)
{
    const struct snapshot *s = w->s;
    for (uint32_t i = s->rank_start[type]; i < s->rank_start[type + 1]; i++) {
        uint32_t c = s->ranking[i];
        uint32_t movie = s->characters[c].movie;
        if (w->is_out[movie] || w->is_left[c] || (w->taken != NULL && w->taken[c]))
            continue;
        out[n++] = (struct candidate){
            .character = c,
            .match = recommend_rank(w, c),
            .distance = (uint8_t)distance,
        };
    }
    return n;
}

/* Takes the best candidates while no film gives more than `cap`, raising the cap only while the list is
 * short. Taken ones move to picked[]; returns their new number. What a cap turns away waits at the end of
 * all[]. */
static size_t pick(const struct recommend_work *w, struct candidate *all, size_t n, struct candidate *picked,
                   size_t have, size_t limit)
{
    const size_t end = n;
    for (uint8_t cap = w->cap; have < limit && n > 0 && cap < UINT8_MAX; cap++) {
        size_t waiting = 0;
        heap_make(w->s, all, n);
        while (n > 0 && have < limit) {
            struct candidate best = heap_pop(w->s, all, &n);
            uint32_t movie = w->s->characters[best.character].movie;
            if (w->per_film[movie] >= cap) {
                all[end - ++waiting] = best;
                continue;
            }
            w->per_film[movie]++;
            picked[have++] = best;
        }
        n = waiting;
        memmove(all, all + end - waiting, waiting * sizeof *all);
    }
    return have;
}

static int by_share(const void *a, const void *b)
{
    const struct recommend_because *x = a, *y = b;
    if (x->share != y->share)
        return x->share > y->share ? -1 : 1;
    return (x->movie > y->movie) - (x->movie < y->movie);
}

enum err recommend_liken(const struct likeness_chosen *chosen, struct arena *a, struct recommend_item *item)
{
    uint32_t movie = chosen->snapshot->characters[item->character].movie;
    struct likeness *like = arena_alloc(a, sizeof *like);
    enum err rc = like != NULL ? likeness_find(chosen, movie, a, like) : ERR_NOMEM;
    item->like = rc == ERR_OK ? like : NULL;
    item->loved = rc == ERR_NOT_FOUND && 100 * chosen->snapshot->movies[movie].popularity >= RECOMMEND_LOVED;
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

static enum err compare_one(const struct likeness_chosen *chosen, struct arena *a,
                            const struct likeness_film *film, struct recommend_because *because)
{
    struct likeness *like = arena_alloc(a, sizeof *like);
    enum err rc = like != NULL ? ERR_NOT_FOUND : ERR_NOMEM;
    for (size_t i = 0; i < chosen->n; i++)
        if (rc == ERR_NOT_FOUND && (uint32_t)chosen->movies[i] == because->movie)
            rc = likeness_with(chosen, i, film, like);
    because->like = rc == ERR_OK ? like : NULL;
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

enum err recommend_compare(const struct likeness_chosen *chosen, struct arena *a, uint32_t movie,
                           struct recommend_because *because, size_t n)
{
    struct likeness_film film;
    enum err rc = likeness_film(chosen->snapshot, movie, a, &film);
    for (size_t i = 0; rc == ERR_OK && i < n && i < RECOMMEND_TOLD; i++)
        rc = compare_one(chosen, a, &film, &because[i]);
    return rc;
}

/* The chosen films that speak for a film, each with its exact part in what they say. */
static enum err explain(struct recommend_work *w, struct recommend_item *item)
{
    struct recommend_because *because = arena_array(w->arena, w->q->n_movies, sizeof *because);
    if (because == NULL)
        return ERR_NOMEM;
    uint32_t movie = w->s->characters[item->character].movie;
    size_t n = 0;
    if (item->match.film > 0)
        fusion_shares(w->fusion, w->features,
                      &(struct scorer_person){SCORER_NOBODY, w->chosen, w->q->n_movies}, (int32_t)movie,
                      w->share);
    for (size_t i = 0; item->match.film > 0 && i < w->q->n_movies; i++)
        if (w->share[i] > 0)
            because[n++] = (struct recommend_because){.movie = (uint32_t)w->chosen[i], .share = w->share[i]};
    if (n > 1)
        qsort(because, n, sizeof *because, by_share);
    item->because = because;
    item->n_because = n;
    enum err rc = w->like.stems == NULL
                      ? likeness_prepare(w->s, w->chosen, w->q->n_movies, w->arena, &w->like)
                      : ERR_OK;
    if (rc != ERR_OK)
        return rc;
    return n > 0 ? recommend_compare(&w->like, w->arena, movie, because, n)
                 : recommend_liken(&w->like, w->arena, item);
}

static enum err finish(struct recommend_work *w, const struct list *l, struct recommend_list *out)
{
    const struct candidate *picked = l->picked;
    out->items = arena_array(w->arena, l->n + 1, sizeof *out->items);
    if (out->items == NULL)
        return ERR_NOMEM;
    out->n = l->n;
    for (size_t i = 0; i < l->n; i++) {
        out->items[i] = (struct recommend_item){
            .character = picked[i].character,
            .match = recommend_match_of(w, picked[i].character),
            .propensity = l->drawn[i].chance > 0 ? l->drawn[i].chance : 1,
            .drawn = l->drawn[i].chance > 0,
            .pool = l->drawn[i].pool,
            .n_pool = l->drawn[i].n_pool,
        };
        if (explain(w, &out->items[i]) != ERR_OK)
            return ERR_NOMEM;
    }
    return ERR_OK;
}

/* Types that are nearer to the other list's are shown there, never as "near" in this one. */
static bool is_others(const struct recommend_work *w, uint8_t type, int distance)
{
    return mbti_distance(type, w->q->mbti) < distance ||
           mbti_distance(type, w->s->partners[w->q->mbti]) < distance;
}

/* Of the picked ones of one distance those that make a varied list of `take`; the others stay free. */
static size_t vary(struct recommend_work *w, struct candidate *picked, size_t n, size_t take)
{
    struct diversify_item items[DIVERSIFY_MOST];
    struct candidate before[DIVERSIFY_MOST];
    memcpy(before, picked, n * sizeof *before);
    for (size_t i = 0; i < n; i++) {
        items[i] = (struct diversify_item){w->s->characters[picked[i].character].movie, picked[i].match,
                                           (uint32_t)i};
    }
    diversify(w->s, w->mmr, items, n, take);
    for (size_t i = take; i < n; i++)
        w->per_film[items[i].movie]--;
    n = n < take ? n : take;
    for (size_t i = 0; i < n; i++)
        picked[i] = before[items[i].at];
    return n;
}

/* The best `limit` of a type and, where they are too few, of its neighbours. With Maximal Marginal Relevance
 * picked has room for MMR_REACH times as many. */
static enum err fill(struct recommend_work *w, uint8_t type, size_t limit, struct candidate *picked,
                     size_t *have)
{
    struct candidate *all = arena_array(w->arena, w->s->n_characters + 1, sizeof *all);
    if (all == NULL)
        return ERR_NOMEM;
    *have = 0;
    for (int distance = 0; distance <= MOST_NEAR && *have < limit; distance++) {
        size_t n = 0;
        for (uint8_t t = 0; t < MBTI_COUNT; t++)
            if (mbti_distance(t, type) == distance && !is_others(w, t, distance))
                n = collect(w, t, distance, all, n);
        if (n == 0)
            continue;
        size_t before = *have, reach = w->mmr > 0 ? before + MMR_REACH * (limit - before) : limit;
        *have = pick(w, all, n, picked, *have, reach);
        qsort_r(picked + before, *have - before, sizeof *picked, by_match, (void *)w->s);
        if (w->mmr > 0)
            *have = before + vary(w, picked + before, *have - before, limit - before);
    }
    return ERR_OK;
}

/* The open places of a list, and what may stand there. */
struct open_places {
    size_t at[EXPLORE_PLACES], n;
    struct candidate *pool;
    size_t n_pool;
};

/* Who could have stood in open place k, for who asks. */
static enum err note_pool(const struct recommend_work *w, const struct open_places *o, size_t k,
                          const double *chances, struct drawn *out)
{
    struct recommend_other *others = arena_array(w->arena, out->n_pool, sizeof *others);
    for (size_t i = 0; others != NULL && i < out->n_pool; i++)
        others[i] = (struct recommend_other){o->pool[k + i * o->n].character, chances[i]};
    out->pool = others;
    return others != NULL ? ERR_OK : ERR_NOMEM;
}

/* Puts one of its candidates into each open place: every n-th of the pool, from the one of its number on. */
static enum err explore(const struct recommend_work *w, const struct open_places *o, struct rng *r,
                        struct list *l)
{
    double m[RECOMMEND_POOL], chances[RECOMMEND_POOL];
    enum err rc = ERR_OK;
    for (size_t k = 0; rc == ERR_OK && k < o->n && k < o->n_pool; k++) {
        size_t mine = 0, at = o->at[k];
        for (size_t i = k; i < o->n_pool; i += o->n)
            m[mine++] = (double)o->pool[i].match;
        size_t drawn =
            explore_draw(m, mine, (double)w->q->settings->explore_temperature, rng_unit(r), chances);
        memmove(l->picked + at + 1, l->picked + at, (l->n - at) * sizeof *l->picked);
        memmove(l->drawn + at + 1, l->drawn + at, (l->n - at) * sizeof *l->drawn);
        l->picked[at] = o->pool[k + drawn * o->n];
        l->drawn[at] = (struct drawn){.chance = chances[drawn], .n_pool = w->q->pools ? mine : 0};
        l->n++;
        if (w->q->pools)
            rc = note_pool(w, o, k, chances, &l->drawn[at]);
    }
    return rc;
}

/* The list with its open places: what is certain first, then what may stand in the others. */
static enum err fill_open(struct recommend_work *w, uint8_t type, struct open_places *o, struct list *l)
{
    size_t room = o->n * w->q->settings->explore_pool;
    float mmr = w->mmr;
    struct rng r;
    o->pool = arena_array(w->arena, room, sizeof *o->pool);
    w->taken = arena_array(w->arena, w->s->n_characters + 1, sizeof *w->taken);
    if (o->pool == NULL || w->taken == NULL)
        return ERR_NOMEM;
    enum err rc = fill(w, type, w->q->limit - o->n, l->picked, &l->n);
    for (size_t i = 0; i < l->n; i++)
        w->taken[l->picked[i].character] = true;
    w->mmr = 0; /* candidates stand in the order of their match */
    if (rc == ERR_OK && l->n == w->q->limit - o->n)
        rc = fill(w, type, room, o->pool, &o->n_pool);
    w->taken = NULL;
    w->mmr = mmr;
    rng_seed(&r, w->q->seed ^ type);
    return rc == ERR_OK ? explore(w, o, &r, l) : rc;
}

static enum err make_list(struct recommend_work *w, uint8_t type, struct recommend_list *out)
{
    const struct variant_settings *s = w->q->settings;
    struct open_places o = {.n = 0};
    struct list l = {.picked =
                         arena_array(w->arena, (w->mmr > 0 ? MMR_REACH : 1) * w->q->limit, sizeof *l.picked),
                     .drawn = arena_array(w->arena, w->q->limit + 1, sizeof *l.drawn)};
    if (l.picked == NULL || l.drawn == NULL)
        return ERR_NOMEM;
    if (s != NULL && (s->parts & VARIANT_EXPLORE) != 0)
        o.n = explore_places(w->q->limit, (double)s->explore_share, o.at);
    memset(w->per_film, 0, w->s->n_movies);
    enum err rc = o.n > 0 ? fill_open(w, type, &o, &l) : fill(w, type, w->q->limit, l.picked, &l.n);
    return rc == ERR_OK ? finish(w, &l, out) : rc;
}

enum err recommend_run(const struct snapshot *s, const struct recommend_request *q, struct arena *a,
                       struct recommend_result *out, struct fail *why)
{
    struct recommend_work w;
    *out = (struct recommend_result){0};
    enum err rc = recommend_start(&w, s, q, a, why);
    if (rc != ERR_OK)
        return rc;
    out->n_left_movies = w.n_left_movies;
    out->n_left_characters = w.n_left_characters;
    out->partner = s->partners[q->mbti];
    rc = make_list(&w, q->mbti, &out->same);
    if (rc == ERR_OK)
        rc = make_list(&w, out->partner, &out->compatible);
    return rc == ERR_OK ? rc : fail_set(why, rc, "out of memory");
}

const char *recommend_ranker(const struct snapshot *s)
{
    return s->fusion.n_parts > 1 ? "ensemble" : s->models[0].info->kind;
}
