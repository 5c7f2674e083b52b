#include "app/likeness.h"

#include <string.h>

#include "base/joined.h"
#include "text/search_key.h"

/* What each is worth: all genres of two films being the same, and so on. */
enum { SERIES = 100, GENRES = 12, THEME = 6, PLACE_AND_TIME = 2, PLACE_OR_TIME = 1 };

/* Where the name of a series ends within a title. */
static size_t name_length(const char *title)
{
    const char *colon = strchr(title, ':'), *dash = strstr(title, " - ");
    size_t n = strlen(title);
    if (colon != NULL && colon > title)
        n = (size_t)(colon - title);
    if (dash != NULL && dash > title && (size_t)(dash - title) < n)
        n = (size_t)(dash - title);
    return n;
}

static bool is_number(const char *word, size_t n)
{
    return n > 0 && n <= 5 && (strspn(word, "0123456789") >= n || strspn(word, "ivx") >= n);
}

static bool is_counter(const char *word, size_t n)
{
    static const char *const words[] = {"part", "episode", "chapter", "vol", "volume"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n && memcmp(word, words[i], n) == 0)
            return true;
    return is_number(word, n);
}

/* Takes numbers and their words off the end of a key, but never the whole of it. */
static void drop_counters(char *key)
{
    for (char *blank; (blank = strrchr(key, ' ')) != NULL && is_counter(blank + 1, strlen(blank + 1));)
        *blank = '\0';
}

static const char *title_of(const struct snapshot *s, uint32_t movie, bool korean)
{
    const struct snapshot_movie *m = &s->movies[movie];
    return snapshot_text(s, korean ? m->title_ko : m->title_en);
}

static enum err stem_of(const struct snapshot *s, uint32_t movie, bool korean, struct arena *a, char **out)
{
    const char *title = title_of(s, movie, korean);
    struct buf key = {0};
    char *name = arena_strndup(a, title, name_length(title));
    enum err rc = name != NULL ? search_key_query(&key, name) : ERR_NOMEM;
    *out = rc == ERR_OK ? arena_strndup(a, key.data != NULL ? key.data : "", key.len) : NULL;
    buf_free(&key);
    if (*out == NULL)
        return ERR_NOMEM;
    drop_counters(*out);
    return ERR_OK;
}

static bool has_english(const struct snapshot *s, uint32_t movie)
{
    return *title_of(s, movie, false) != '\0';
}

enum err likeness_film(const struct snapshot *s, uint32_t movie, struct arena *a, struct likeness_film *out)
{
    char *stem;
    enum err rc = stem_of(s, movie, !has_english(s, movie), a, &stem);
    *out = (struct likeness_film){movie, stem};
    return rc;
}

enum err likeness_prepare(const struct snapshot *s, const int32_t *movies, size_t n, struct arena *a,
                          struct likeness_chosen *out)
{
    *out = (struct likeness_chosen){s, movies, n, arena_array(a, n + 1, sizeof *out->stems)};
    enum err rc = out->stems != NULL ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; rc == ERR_OK && i < n; i++) {
        struct likeness_film film;
        rc = likeness_film(s, (uint32_t)movies[i], a, &film);
        out->stems[i] = film.stem;
    }
    return rc;
}

/* A remake has the very title, and is no part of a series. */
static bool is_series(const struct likeness_chosen *c, size_t i, const struct likeness_film *film)
{
    uint32_t movie = film->movie, other = (uint32_t)c->movies[i];
    const char *stem = film->stem;
    bool korean = !has_english(c->snapshot, movie);
    return strlen(stem) > 2 && korean == !has_english(c->snapshot, other) && strcmp(stem, c->stems[i]) == 0 &&
           strcmp(title_of(c->snapshot, movie, korean), title_of(c->snapshot, other, korean)) != 0;
}

/* Adds the genres of both; their share of all that the two have, 0…1. */
static double add_genres(const char *mine, const char *others, struct likeness *out)
{
    size_t both = 0, all = joined_count(mine) + joined_count(others);
    for (struct joined genre; joined_next(&mine, &genre);) {
        if (!joined_has(others, genre.text, genre.n))
            continue;
        both++;
        if (out->n_genres < LIKENESS_GENRES)
            out->genres[out->n_genres++] = genre;
    }
    return both > 0 ? (double)both / (double)(all - both) : 0;
}

/* How much the film has in common with chosen film i, and what. */
static double compare(const struct likeness_chosen *c, size_t i, const struct likeness_film *film,
                      struct likeness *out)
{
    const struct snapshot *s = c->snapshot;
    const struct snapshot_movie *m = &s->movies[film->movie], *other = &s->movies[c->movies[i]];
    const char *country = snapshot_text(s, m->country), *theirs = snapshot_text(s, other->country);
    *out = (struct likeness){.movie = (uint32_t)c->movies[i], .series = is_series(c, i, film)};
    double genres = add_genres(snapshot_text(s, m->genres), snapshot_text(s, other->genres), out);
    if (*country != '\0' && strcmp(country, theirs) == 0)
        out->country = country;
    else if (*country != '\0' && *theirs != '\0')
        out->series = false; /* two countries' films of one name are two stories */
    if (*snapshot_text(s, m->theme) != '\0' &&
        strcmp(snapshot_text(s, m->theme), snapshot_text(s, other->theme)) == 0)
        out->theme = snapshot_text(s, m->theme);
    if (m->year > 0 && m->year / 10 == other->year / 10)
        out->decade = m->year / 10 * 10;
    bool both = out->country != NULL && out->decade > 0, one = out->country != NULL || out->decade > 0;
    if (!out->series && out->theme == NULL && out->n_genres == 0 && !both)
        return 0;
    return SERIES * out->series + THEME * (out->theme != NULL) + GENRES * genres +
           (both  ? PLACE_AND_TIME
            : one ? PLACE_OR_TIME
                  : 0);
}

enum err likeness_find(const struct likeness_chosen *c, uint32_t movie, struct arena *a, struct likeness *out)
{
    struct likeness_film film;
    enum err rc = likeness_film(c->snapshot, movie, a, &film);
    double most = 0;
    for (size_t i = 0; rc == ERR_OK && i < c->n; i++) {
        struct likeness one;
        double common = compare(c, i, &film, &one);
        if (common > most) {
            most = common;
            *out = one;
        }
    }
    return rc == ERR_OK && most == 0 ? ERR_NOT_FOUND : rc;
}

enum err likeness_with(const struct likeness_chosen *c, size_t i, const struct likeness_film *film,
                       struct likeness *out)
{
    return compare(c, i, film, out) == 0 ? ERR_NOT_FOUND : ERR_OK;
}
