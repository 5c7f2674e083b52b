#include "data/newest.h"

#include <stdlib.h>
#include <string.h>

#include "num/csr.h"

enum { FILMS_MAX = 1 << 20, SMALLEST = 64 };

static bool begin_person(struct newest_watch *w, uint32_t user)
{
    uint64_t before = w->people.n;
    if (!id_bits_add(&w->people, user))
        return false;
    w->again = w->people.n == before;
    w->begun = true;
    w->last = user;
    if (!w->ascending)
        movie_set_clear(&w->films);
    w->ascending = true;
    w->run.size = sizeof(uint32_t);
    w->run.len = 0;
    return true;
}

/* Keeps a film that is above all before it; the first that is not turns the run into a set. */
static bool take_ascending(struct newest_watch *w, uint32_t film)
{
    struct vec *v = &w->run;
    uint32_t *films = v->data;
    if (v->len == 0 || film > films[v->len - 1]) {
        if (v->len == v->cap && !vec_reserve(v, v->len + 1))
            return false;
        ((uint32_t *)v->data)[v->len++] = film;
        return true;
    }
    w->ascending = false;
    for (size_t i = 0; i < v->len; i++)
        if (!movie_set_add(&w->films, (int32_t)films[i]))
            return false;
    return true;
}

bool newest_watch_row(struct newest_watch *w, uint32_t user, int32_t movie)
{
    if (!w->again && (!w->begun || user != w->last) && !begin_person(w, user))
        return false;
    /* A person with a million films is not worth the memory. */
    if (w->again || w->run.len + w->films.n >= FILMS_MAX) {
        w->again = true;
        return true;
    }
    if (w->ascending && !take_ascending(w, (uint32_t)movie))
        return false;
    if (w->ascending)
        return true;
    w->again = movie_set_has(&w->films, movie);
    return w->again || movie_set_add(&w->films, movie);
}

void newest_watch_free(struct newest_watch *w)
{
    vec_free(&w->run);
    movie_set_free(&w->films);
    id_bits_free(&w->people);
    *w = (struct newest_watch){0};
}

/* ---- pairs that come more than once ---- */

struct newest_pair {
    uint64_t key;
    int64_t time;
    uint64_t row; /* + 1; 0: none offered yet */
    bool used;
};

static struct newest_pair *place(const struct newest *t, uint64_t key)
{
    uint64_t h = key * 0x9e3779b97f4a7c15u; /* Knuth 6.4; the upper half is the well-mixed one */
    size_t i = (size_t)(h >> 32 ^ h) & t->mask;
    while (t->pairs[i].used && t->pairs[i].key != key)
        i = (i + 1) & t->mask;
    return &t->pairs[i];
}

enum err newest_start(struct newest *t, uint64_t *keys, size_t n, struct fail *why)
{
    *t = (struct newest){0};
    if (csr_sort_keys(keys, n) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu ratings", n);
    for (size_t i = 1; i < n; i++) {
        bool third = i >= 2 && keys[i - 2] == keys[i - 1];
        t->n += !third && keys[i - 1] == keys[i];
    }
    size_t size = SMALLEST;
    while (size < 2 * t->n)
        size *= 2;
    t->mask = size - 1;
    t->pairs = calloc(size, sizeof *t->pairs);
    if (t->pairs == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu repeated ratings", t->n);
    for (size_t i = 1; i < n; i++)
        if (keys[i] == keys[i - 1])
            *place(t, keys[i]) = (struct newest_pair){.key = keys[i], .used = true};
    return ERR_OK;
}

void newest_offer(struct newest *t, uint64_t key, int64_t time, uint64_t row)
{
    struct newest_pair *p = place(t, key);
    if (p->used && (p->row == 0 || time >= p->time)) {
        p->time = time;
        p->row = row + 1;
    }
}

bool newest_is_old(const struct newest *t, uint64_t key, uint64_t row)
{
    const struct newest_pair *p = place(t, key);
    return p->used && p->row != row + 1;
}

void newest_free(struct newest *t)
{
    free(t->pairs);
    *t = (struct newest){0};
}
