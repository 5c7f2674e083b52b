#include "import/film_watch.h"

#include <stdlib.h>
#include <string.h>

#include "data/row_source.h"
#include "publish/film_twins.h"
#include "text/movie_title.h"

enum {
    PRINTED = 1000,
    YEARS_APART = 1 /* two sources often name a festival's year and that of the release */
};

struct film {
    int32_t id, year;  /* year 0: unknown */
    const char *title; /* English; "" unknown */
    const char *title_ko;
};

struct films {
    const char *source;       /* what the warning calls it */
    const struct film *items; /* [n] by id */
    size_t n;
};

struct row {
    int32_t id;
    uint64_t line;
};

struct film_watch {
    struct db *db;
    const struct progress *progress;
    const char *path;
    struct films catalog, other;
    struct vec rows; /* struct row, in the order of the file */
    struct arena arena;
    uint64_t strangers, twins;
};

static int by_id(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static const void *find(const void *items, size_t n, size_t size, int32_t id)
{
    return n > 0 ? bsearch(&id, items, n, size, by_id) : NULL;
}

static enum err no_memory(struct fail *why)
{
    return fail_set(why, ERR_NOMEM, "out of memory");
}

/* ---- the films to compare with ---- */

static enum err read_catalog(struct film_watch *w, struct fail *why)
{
    struct catalog_movie *movies;
    size_t n;
    enum err rc = catalog_titles(w->db, &w->arena, &movies, &n, why);
    if (rc != ERR_OK)
        return rc;
    struct film *films = arena_array(&w->arena, n, sizeof *films);
    if (films == NULL)
        return no_memory(why);
    for (size_t i = 0; i < n; i++)
        films[i] = (struct film){movies[i].id, movies[i].year, movies[i].title_en, movies[i].title_ko};
    w->catalog = (struct films){"the catalog", films, n};
    return ERR_OK;
}

/* One row of MovieLens's film list; what is none is not this import's business. */
static bool take_film(struct film_watch *w, const struct csv_row *row, int id, int title, struct vec *films)
{
    char *end;
    const char *number = row->fields[id].text;
    long n = strtol(number, &end, 10);
    if (end == number || *end != '\0' || n < 0 || n > INT32_MAX)
        return true;
    struct film f = {.id = (int32_t)n, .title_ko = ""};
    size_t len = movie_title_cut_year(row->fields[title].text, &f.year);
    f.title = movie_title_spoken(&w->arena, row->fields[title].text, len);
    return f.title != NULL && vec_push(films, &f);
}

static enum err read_other(struct film_watch *w, const char *path, struct fail *why)
{
    struct row_source s;
    struct csv_row row;
    struct vec films = VEC_OF(struct film);
    enum err rc = row_source_open(&s, path, "movieId|title|genres", NULL, why);
    int id = rc == ERR_OK ? row_source_column(&s, "movieId", strlen("movieId")) : -1;
    int title = rc == ERR_OK ? row_source_column(&s, "title", strlen("title")) : -1;
    if (rc == ERR_OK && (id < 0 || title < 0))
        rc = fail_set(why, ERR_INVALID, "%s: the file lacks columns to compare: movieId, title", path);
    while (rc == ERR_OK && row_source_next(&s, &row))
        if (row.verdict == CSV_OK && !take_film(w, &row, id, title, &films))
            rc = no_memory(why);
    if (rc == ERR_OK)
        rc = row_source_end(&s, why);
    row_source_close(&s);
    struct film *kept = arena_array(&w->arena, films.len, sizeof *kept);
    if (rc == ERR_OK && kept == NULL)
        rc = no_memory(why);
    if (rc == ERR_OK && films.len > 0) {
        memcpy(kept, films.data, films.len * sizeof *kept);
        qsort(kept, films.len, sizeof *kept, by_id);
    }
    w->other = (struct films){path, kept, films.len};
    vec_free(&films);
    return rc;
}

enum err film_watch_open(struct film_watch **out, struct db *db, const struct progress *progress,
                         const char *path, const char *compare, struct fail *why)
{
    struct film_watch *w = *out = calloc(1, sizeof *w);
    if (w == NULL)
        return no_memory(why);
    w->db = db;
    w->progress = progress;
    w->path = path;
    w->rows = VEC_OF(struct row);
    enum err rc = read_catalog(w, why);
    return rc == ERR_OK && compare != NULL ? read_other(w, compare, why) : rc;
}

void film_watch_free(struct film_watch *w)
{
    if (w == NULL)
        return;
    vec_free(&w->rows);
    arena_free(&w->arena);
    free(w);
}

/* ---- one id, two films ---- */

static bool titles_differ(const char *a, const char *b)
{
    return a[0] != '\0' && b[0] != '\0' && !movie_title_agree(a, b);
}

static bool is_another(const struct film *a, const struct film *b)
{
    if (a->year != 0 && b->year != 0 && abs(a->year - b->year) > YEARS_APART)
        return true;
    return titles_differ(a->title, b->title) || titles_differ(a->title_ko, b->title_ko);
}

/* "Parasite" (2019), or the Korean title where there is no English one. */
static const char *named(struct film_watch *w, const struct film *f)
{
    const char *title = f->title[0] != '\0' ? f->title : f->title_ko;
    const char *text = f->year != 0 ? arena_printf(&w->arena, "\"%.120s\" (%d)", title, (int)f->year)
                                    : arena_printf(&w->arena, "\"%.120s\"", title);
    return text != NULL ? text : "";
}

static void compare(struct film_watch *w, uint64_t line, const struct film *f, const struct films *with)
{
    const struct film *known = find(with->items, with->n, sizeof *known, f->id);
    if (known == NULL || !is_another(f, known) || w->strangers++ >= PRINTED)
        return;
    progress_note(w->progress, "%s:%llu: warning: film %d is %s here and %s in %s", w->path,
                  (unsigned long long)line, (int)f->id, named(w, f), named(w, known), with->source);
}

enum err film_watch_row(struct film_watch *w, uint64_t line, const struct catalog_movie *m, struct fail *why)
{
    const struct film f = {m->id, m->year, m->title_en, m->title_ko};
    struct row row = {m->id, line};
    compare(w, line, &f, &w->catalog);
    compare(w, line, &f, &w->other);
    return vec_push(&w->rows, &row) ? ERR_OK : no_memory(why);
}

/* ---- two ids, one film ---- */

static void warn_of_twin(struct film_watch *w, const struct catalog_movie *a, const struct catalog_movie *b)
{
    const struct row *of_a = find(w->rows.data, w->rows.len, sizeof *of_a, a->id);
    const struct row *of_b = find(w->rows.data, w->rows.len, sizeof *of_b, b->id);
    const struct row *row = of_a != NULL ? of_a : of_b;
    if (row == NULL || w->twins++ >= PRINTED)
        return; /* neither is of this file */
    const struct film f = {a->id, a->year, a->title_en, a->title_ko};
    progress_note(
        w->progress,
        "%s:%llu: warning: film %d has the same title and year as film %d: %s; the site shows one of them",
        w->path, (unsigned long long)row->line, (int)row->id, (int)(row->id == a->id ? b->id : a->id),
        named(w, &f));
}

static enum err warn_of_twins(struct film_watch *w, struct fail *why)
{
    struct catalog_movie *movies;
    struct vec twins;
    size_t n;
    enum err rc = catalog_titles(w->db, &w->arena, &movies, &n, why);
    if (rc == ERR_OK)
        rc = film_twins_find(movies, n, &twins, why);
    if (rc != ERR_OK)
        return rc;
    const struct film_twin *t = twins.data;
    if (w->rows.len > 1)
        qsort(w->rows.data, w->rows.len, sizeof(struct row), by_id);
    for (size_t i = 0; i < twins.len; i++)
        warn_of_twin(w, &movies[t[i].film], &movies[t[i].first]);
    vec_free(&twins);
    return ERR_OK;
}

enum err film_watch_end(struct film_watch *w, struct fail *why)
{
    enum err rc = warn_of_twins(w, why);
    if (rc == ERR_OK && w->strangers > 0)
        progress_note(
            w->progress,
            "%s: %llu IDs mean another film elsewhere; ratings and likes by ID would go to the wrong film",
            w->path, (unsigned long long)w->strangers);
    if (rc == ERR_OK && w->twins > 0)
        progress_note(w->progress, "%s: %llu films have the same title and year as another film", w->path,
                      (unsigned long long)w->twins);
    return rc;
}
