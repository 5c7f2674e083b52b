#include "bts/bts_films.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/vec.h"
#include "store/catalog.h"
#include "text/movie_title.h"

static enum err no_memory(struct fail *why)
{
    return fail_set(why, ERR_NOMEM, "out of memory for the films");
}

/* ---- from the database ---- */

static enum err from_database(const struct bts_source *from, struct vec *films, struct fail *why)
{
    struct catalog c;
    enum err rc = catalog_read(from->db, from->arena, &c, why);
    for (size_t i = 0; rc == ERR_OK && i < c.n_movies; i++) {
        const struct catalog_movie *m = &c.movies[i];
        const struct bts_film f = {.id = m->id,
                                   .year = m->year,
                                   .title = {m->title_en, m->title_ko},
                                   .plot = {m->plot_en, m->plot_ko},
                                   .keywords = m->keywords,
                                   .genres = m->genres};
        if (!vec_push(films, &f))
            rc = no_memory(why);
    }
    return rc;
}

/* ---- from CSV ---- */

enum { ID, ID_ML, YEAR, TITLE, TITLE_EN, TITLE_KO, GENRES, PLOT_EN, PLOT_KO, KEYWORDS, N_COLUMNS };

struct table {
    struct arena *arena;
    const char *path;
    struct csv *csv;
    int at[N_COLUMNS];
    size_t n_left_out;
};

static enum err table_open(struct table *t, struct fail *why)
{
    static const char *const names[N_COLUMNS] = {
        [ID] = "movie_id",       [ID_ML] = "movieId",     [YEAR] = "year",     [TITLE] = "title",
        [TITLE_EN] = "title_en", [TITLE_KO] = "title_ko", [GENRES] = "genres", [PLOT_EN] = "plot_en",
        [PLOT_KO] = "plot_ko",   [KEYWORDS] = "keywords",
    };
    enum err rc = csv_open(&t->csv, t->path, why);
    for (int i = 0; rc == ERR_OK && i < N_COLUMNS; i++)
        t->at[i] = csv_column(t->csv, names[i]);
    if (rc == ERR_OK && t->at[ID] < 0)
        t->at[ID] = t->at[ID_ML];
    if (rc == ERR_OK && t->at[ID] < 0)
        rc = fail_set(why, ERR_INVALID, "%s: the file lacks the column movie_id", t->path);
    return rc;
}

static const char *field(struct table *t, const struct csv_row *row, int column)
{
    int at = t->at[column];
    return at < 0 ? "" : arena_strndup(t->arena, row->fields[at].text, row->fields[at].n);
}

/* A whole number, or fallback. */
static int32_t number(const char *text, int32_t fallback)
{
    char *end;
    errno = 0;
    long n = strtol(text, &end, 10);
    return end == text || *end != '\0' || errno != 0 || n < 0 || n > INT32_MAX ? fallback : (int32_t)n;
}

/* The next film of the table, id −1 for a row that is none; false at the end or without memory (*rc). */
static bool table_next(struct table *t, struct bts_film *f, enum err *rc, struct fail *why)
{
    struct csv_row row;
    if (!csv_next(t->csv, &row)) {
        *rc = csv_end(t->csv, why);
        return false;
    }
    *f = (struct bts_film){.id = -1};
    if (row.verdict != CSV_OK)
        return true;
    f->id = number(row.fields[t->at[ID]].text, -1);
    const char *year = field(t, &row, YEAR), *title = field(t, &row, TITLE);
    f->title[BTS_EN] = field(t, &row, TITLE_EN);
    f->title[BTS_KO] = field(t, &row, TITLE_KO);
    f->plot[BTS_EN] = field(t, &row, PLOT_EN);
    f->plot[BTS_KO] = field(t, &row, PLOT_KO);
    f->keywords = field(t, &row, KEYWORDS);
    f->genres = field(t, &row, GENRES);
    if (year == NULL || title == NULL || f->title[BTS_EN] == NULL || f->title[BTS_KO] == NULL ||
        f->plot[BTS_EN] == NULL || f->plot[BTS_KO] == NULL || f->keywords == NULL || f->genres == NULL) {
        *rc = no_memory(why);
        return false;
    }
    f->year = number(year, 0);
    int32_t in_title;
    size_t n = movie_title_cut_year(title, &in_title);
    if (f->title[BTS_EN][0] == '\0')
        f->title[BTS_EN] = movie_title_spoken(t->arena, title, n);
    if (f->year == 0)
        f->year = in_title;
    if (f->genres[0] == '(') /* MovieLens's "(no genres listed)" */
        f->genres = "";
    if (f->title[BTS_EN] == NULL)
        *rc = no_memory(why);
    return *rc == ERR_OK;
}

static enum err read_table(const struct bts_source *from, const char *path, struct vec *films,
                           struct fail *why)
{
    struct table t = {.arena = from->arena, .path = path};
    struct bts_film f;
    enum err rc = table_open(&t, why);
    while (rc == ERR_OK && table_next(&t, &f, &rc, why))
        if (f.id < 0)
            t.n_left_out++;
        else if (!vec_push(films, &f))
            rc = no_memory(why);
    csv_close(t.csv);
    if (rc == ERR_OK && t.n_left_out > 0)
        progress_note(from->progress, "%s: skipped %zu rows that are not films", path, t.n_left_out);
    return rc;
}

static int by_id(const void *a, const void *b)
{
    int32_t x = ((const struct bts_film *)a)->id, y = ((const struct bts_film *)b)->id;
    return (x > y) - (x < y);
}

static enum err sort(struct vec *films, const char *path, struct fail *why)
{
    struct bts_film *f = films->data;
    if (films->len > 1)
        qsort(f, films->len, sizeof *f, by_id);
    for (size_t i = 1; i < films->len; i++)
        if (f[i].id == f[i - 1].id)
            return fail_set(why, ERR_INVALID, "%s: duplicate film %d", path, f[i].id);
    return ERR_OK;
}

static enum err add_plots(const struct bts_source *from, struct vec *films, struct fail *why)
{
    struct vec plots = VEC_OF(struct bts_film);
    enum err rc = read_table(from, from->plots, &plots, why);
    if (rc == ERR_OK)
        rc = sort(&plots, from->plots, why);
    const struct bts_film *p = plots.data;
    for (size_t i = 0; rc == ERR_OK && i < plots.len; i++) {
        struct bts_film *f =
            films->len == 0 ? NULL : bsearch(&p[i], films->data, films->len, sizeof *f, by_id);
        if (f == NULL)
            continue;
        memcpy(f->plot, p[i].plot, sizeof f->plot);
        f->keywords = p[i].keywords;
    }
    vec_free(&plots);
    return rc;
}

static enum err from_files(const struct bts_source *from, struct vec *films, struct fail *why)
{
    enum err rc = read_table(from, from->movies, films, why);
    if (rc == ERR_OK)
        rc = sort(films, from->movies, why);
    return rc == ERR_OK && from->plots != NULL ? add_plots(from, films, why) : rc;
}

/* ---- what is left ---- */

static void hash_film(struct secret_hasher *h, const struct bts_film *f)
{
    const char *const texts[] = {f->title[BTS_EN], f->title[BTS_KO], f->plot[BTS_EN],
                                 f->plot[BTS_KO],  f->keywords,      f->genres};
    const int32_t numbers[] = {f->id, f->year};
    secret_hasher_add(h, numbers, sizeof numbers);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        secret_hasher_add(h, texts[i], strlen(texts[i]) + 1);
}

static enum err keep_told(struct arena *a, const struct vec *films, struct bts_films *out, struct fail *why)
{
    const struct bts_film *f = films->data;
    struct secret_hasher h;
    struct buf text = {0};
    *out = (struct bts_films){.n_all = films->len};
    out->films = arena_array(a, films->len, sizeof *out->films);
    out->ids = arena_array(a, films->len, sizeof *out->ids);
    if (out->films == NULL || out->ids == NULL)
        return no_memory(why);
    secret_hasher_init(&h);
    for (size_t i = 0; i < films->len; i++) {
        if (!bts_film_told(&f[i]))
            continue;
        out->films[out->n] = f[i];
        out->ids[out->n++] = f[i].id;
        hash_film(&h, &f[i]);
        for (int l = 0; l < BTS_LANGUAGES; l++) {
            buf_reset(&text);
            bts_film_text(&f[i], (enum bts_language)l, &text);
            out->n_texts[l] += text.len > 0;
        }
    }
    secret_hasher_end(&h, out->hash);
    buf_free(&text);
    return out->n > 0 ? ERR_OK
                      : fail_set(why, ERR_INVALID,
                                 "no film has a text or a genre; import some with: mvti import movies FILE, "
                                 "mvti import plots FILE");
}

enum err bts_films_read(const struct bts_source *from, struct bts_films *out, struct fail *why)
{
    struct vec films = VEC_OF(struct bts_film);
    enum err rc = from->movies == NULL ? from_database(from, &films, why) : from_files(from, &films, why);
    if (rc == ERR_OK)
        rc = keep_told(from->arena, &films, out, why);
    vec_free(&films);
    return rc;
}
