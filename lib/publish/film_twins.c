#include "publish/film_twins.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "text/movie_title.h"

/* ---- which films ---- */

/* A title of a film as it is compared. */
struct key {
    const char *text; /* normalised; never "" */
    int32_t year;
    size_t film;
};

struct search {
    const struct catalog_movie *movies;
    size_t n;
    const char **title[2]; /* [n] normalised titles, "" for none */
    struct arena arena;
    struct vec keys;  /* struct key, of one language */
    size_t *first_of; /* [n] */
};

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->year != y->year)
        return x->year < y->year ? -1 : 1;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : (x->film > y->film) - (x->film < y->film);
}

static bool normalise(struct search *s, size_t film)
{
    const char *titles[] = {s->movies[film].title_ko, s->movies[film].title_en};
    for (int language = 0; language < 2; language++) {
        struct buf b = {0};
        movie_title_key(&b, titles[language]);
        s->title[language][film] = arena_take(&s->arena, &b);
        if (s->title[language][film] == NULL)
            return false;
    }
    return true;
}

static bool differ(const struct search *s, int language, size_t a, size_t b)
{
    const char *x = s->title[language][a], *y = s->title[language][b];
    return x[0] != '\0' && y[0] != '\0' && strcmp(x, y) != 0;
}

static size_t first_of(const struct search *s, size_t film)
{
    while (s->first_of[film] != film)
        film = s->first_of[film];
    return film;
}

static void join(struct search *s, size_t a, size_t b)
{
    size_t x = first_of(s, a), y = first_of(s, b);
    s->first_of[x > y ? x : y] = x > y ? y : x;
}

/* Films of one year and one title in this language: each joins the first before it that it does not differ
 * from in the other one. */
static void join_run(struct search *s, const struct key *run, size_t n, int language)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (first_of(s, run[k].film) == run[k].film && !differ(s, !language, run[i].film, run[k].film)) {
                join(s, run[i].film, run[k].film);
                break;
            }
}

static bool search_language(struct search *s, int language)
{
    s->keys.len = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct key key = {s->title[language][i], s->movies[i].year, i};
        if (key.text[0] != '\0' && !vec_push(&s->keys, &key))
            return false;
    }
    struct key *keys = s->keys.data;
    if (s->keys.len > 1)
        qsort(keys, s->keys.len, sizeof *keys, compare_keys);
    for (size_t i = 0, end; i < s->keys.len; i = end) {
        for (end = i + 1; end < s->keys.len && keys[end].year == keys[i].year &&
                          strcmp(keys[end].text, keys[i].text) == 0;)
            end++;
        join_run(s, keys + i, end - i, language);
    }
    return true;
}

static bool search_all(struct search *s)
{
    for (int language = 0; language < 2; language++)
        if ((s->title[language] = arena_array(&s->arena, s->n, sizeof(char *))) == NULL)
            return false;
    s->first_of = arena_array(&s->arena, s->n, sizeof *s->first_of);
    if (s->first_of == NULL)
        return false;
    for (size_t i = 0; i < s->n; i++) {
        s->first_of[i] = i;
        if (!normalise(s, i))
            return false;
    }
    return search_language(s, 0) && search_language(s, 1);
}

enum err film_twins_find(const struct catalog_movie *movies, size_t n, struct vec *out, struct fail *why)
{
    struct search s = {.movies = movies, .n = n, .keys = VEC_OF(struct key)};
    *out = VEC_OF(struct film_twin);
    bool stored = search_all(&s);
    for (size_t i = 0; stored && i < n; i++) {
        struct film_twin twin = {i, first_of(&s, i)};
        if (twin.first != i)
            stored = vec_push(out, &twin);
    }
    vec_free(&s.keys);
    arena_free(&s.arena);
    return stored ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
}

/* ---- which of them is shown ---- */

struct joining {
    struct catalog *c;
    const struct model *counts;
    size_t *cast;  /* [n_movies] characters */
    size_t *shown; /* [n_movies] the film that stands for it; of the first of a group while choosing */
};

static double people(const struct joining *j, size_t film)
{
    const struct catalog_movie *m = &j->c->movies[film];
    int32_t item = m->popularity < 0 && j->counts != NULL ? model_item(j->counts, m->id) : -1;
    return m->popularity >= 0 ? (double)m->popularity : item >= 0 ? (double)j->counts->weights[item] : 0;
}

static bool better(const struct joining *j, size_t a, size_t b)
{
    if (j->cast[a] != j->cast[b])
        return j->cast[a] > j->cast[b];
    return people(j, a) != people(j, b) ? people(j, a) > people(j, b) : a < b;
}

/* Of one that is in the catalog, as that of every character is. */
static size_t film_of(const struct catalog *c, int32_t id)
{
    return (size_t)(catalog_find_movie(c, id) - c->movies);
}

static void choose(struct joining *j, const struct film_twin *twins, size_t n)
{
    for (size_t i = 0; i < j->c->n_movies; i++)
        j->shown[i] = i;
    for (size_t i = 0; i < j->c->n_characters; i++)
        j->cast[film_of(j->c, j->c->characters[i].movie_id)]++;
    for (size_t i = 0; i < n; i++)
        if (better(j, twins[i].film, j->shown[twins[i].first]))
            j->shown[twins[i].first] = twins[i].film;
    for (size_t i = 0; i < n; i++)
        j->shown[twins[i].film] = j->shown[twins[i].first];
}

static void give(const char **to, const char *from)
{
    if ((*to)[0] == '\0')
        *to = from;
}

/* Numbers stay: twins are of one year, and how many people rated a film is said of that row alone. */
#define GIVE_TEXT(field, ...) give(&to->field, from->field);
#define KEEP_NUMBER(...)

static void give_texts(struct catalog_movie *to, const struct catalog_movie *from)
{
    CATALOG_MOVIE_FIELDS(GIVE_TEXT, KEEP_NUMBER)
    CATALOG_PLOT_FIELDS(GIVE_TEXT)
    give(&to->genres, from->genres);
    if (to->n_links == 0) {
        to->links = from->links;
        to->n_links = from->n_links;
    }
}

/* ---- the characters ---- */

/* A character of a film that has twins, where it would be shown. */
struct role {
    size_t film;
    bool at_home; /* imported for that film */
    struct catalog_character *who;
};

static const char *name_of(const struct catalog_character *c)
{
    return c->name_en[0] != '\0' ? c->name_en : c->name_ko;
}

/* By film and name; of one name the film's own first, then that with more votes, then the smaller id. */
static int compare_roles(const void *a, const void *b)
{
    const struct role *x = a, *y = b;
    if (x->film != y->film)
        return x->film < y->film ? -1 : 1;
    int order = strcmp(name_of(x->who), name_of(y->who));
    if (order != 0)
        return order;
    if (x->at_home != y->at_home)
        return x->at_home ? -1 : 1;
    if (x->who->votes != y->who->votes)
        return x->who->votes > y->who->votes ? -1 : 1;
    return (x->who->id > y->who->id) - (x->who->id < y->who->id);
}

/* Marks characters to leave out by movie_id −1: those that came from a twin and whose name is there. The
 * first of a name is shown for them. */
static bool move_characters(struct joining *j, const bool *in_group, struct vec *hidden)
{
    struct vec roles = VEC_OF(struct role);
    bool stored = true;
    for (size_t i = 0; stored && i < j->c->n_characters; i++) {
        struct catalog_character *who = &j->c->characters[i];
        size_t film = film_of(j->c, who->movie_id);
        struct role role = {j->shown[film], j->shown[film] == film, who};
        stored = !in_group[j->shown[film]] || vec_push(&roles, &role);
    }
    const struct role *r = roles.data;
    if (stored && roles.len > 1)
        qsort(roles.data, roles.len, sizeof *r, compare_roles);
    int32_t first = -1; /* of the name */
    for (size_t i = 0; stored && i < roles.len; i++) {
        bool again =
            i > 0 && r[i].film == r[i - 1].film && strcmp(name_of(r[i].who), name_of(r[i - 1].who)) == 0;
        bool namesake = again && !r[i].at_home;
        first = again ? first : r[i].who->id;
        struct film_hidden h = {r[i].who->id, first};
        stored = !namesake || vec_push(hidden, &h);
        r[i].who->movie_id = namesake ? -1 : j->c->movies[r[i].film].id;
    }
    vec_free(&roles);
    return stored;
}

/* Closes the gaps that hidden films and characters leave. */
static void close_up(struct joining *j)
{
    struct catalog *c = j->c;
    size_t n = 0;
    for (size_t i = 0; i < c->n_characters; i++)
        if (c->characters[i].movie_id >= 0)
            c->characters[n++] = c->characters[i];
    c->n_characters = n;
    n = 0;
    for (size_t i = 0; i < c->n_movies; i++)
        if (j->shown[i] == i)
            c->movies[n++] = c->movies[i];
    c->n_movies = n;
}

static int compare_hidden(const void *a, const void *b)
{
    const struct film_hidden *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static bool join_all(struct joining *j, const struct film_twin *twins, size_t n, struct films_hidden *hidden)
{
    bool *in_group = calloc(j->c->n_movies, sizeof *in_group), stored = in_group != NULL;
    if (stored)
        choose(j, twins, n);
    for (size_t i = 0; stored && i < j->c->n_movies; i++) {
        if (j->shown[i] == i)
            continue;
        struct film_hidden h = {j->c->movies[i].id, j->c->movies[j->shown[i]].id};
        in_group[j->shown[i]] = true;
        give_texts(&j->c->movies[j->shown[i]], &j->c->movies[i]);
        stored = vec_push(&hidden->films, &h);
    }
    stored = stored && move_characters(j, in_group, &hidden->characters);
    if (hidden->characters.len > 1)
        qsort(hidden->characters.data, hidden->characters.len, sizeof(struct film_hidden), compare_hidden);
    if (stored)
        close_up(j);
    free(in_group);
    return stored;
}

void films_hidden_free(struct films_hidden *h)
{
    vec_free(&h->films);
    vec_free(&h->characters);
}

int32_t films_hidden_shown(const struct films_hidden *h, int32_t film)
{
    const struct film_hidden key = {film, 0}, *found = NULL;
    if (h->films.len > 0)
        found = bsearch(&key, h->films.data, h->films.len, sizeof key, compare_hidden);
    return found != NULL ? found->shown : film;
}

enum err film_twins_join(struct catalog *c, const struct model *counts, struct films_hidden *hidden,
                         struct fail *why)
{
    struct vec twins;
    *hidden = (struct films_hidden){VEC_OF(struct film_hidden), VEC_OF(struct film_hidden)};
    enum err rc = film_twins_find(c->movies, c->n_movies, &twins, why);
    if (rc == ERR_OK && twins.len > 0) {
        struct joining j = {.c = c, .counts = counts};
        j.cast = calloc(c->n_movies, sizeof *j.cast);
        j.shown = calloc(c->n_movies, sizeof *j.shown);
        if (j.cast == NULL || j.shown == NULL || !join_all(&j, twins.data, twins.len, hidden))
            rc = fail_set(why, ERR_NOMEM, "out of memory");
        free(j.cast);
        free(j.shown);
    }
    vec_free(&twins);
    return rc;
}
