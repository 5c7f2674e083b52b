/* Films: the catalog's own columns, or MovieLens with "Matrix, The (1999)" in one. */
#include "import/import_kind.h"

#include <string.h>

#include "base/joined.h"
#include "base/utf8.h"
#include "domain/country.h"
#include "store/catalog.h"
#include "text/movie_title.h"

enum { ID, CATALOG_MOVIE_FIELDS(IMPORT_AT, IMPORT_AT) TITLE, GENRES };
enum { GENRE_CHARS = 40 };

static const struct import_column columns[] = {
    [ID] = {"movie_id|movieId", IMPORT_REQUIRED, 0, 0},
    CATALOG_MOVIE_FIELDS(IMPORT_TEXT, IMPORT_NUMBER) /* as the catalog has them */
        [TITLE] = {"title", IMPORT_ONE_OF, 255, CATALOG_TITLE_EN | CATALOG_YEAR},
    [GENRES] = {"genres", IMPORT_OPTIONAL, 0, CATALOG_GENRES},
    {0},
};

/* Drops blanks, empty entries, repetitions and MovieLens's "(no genres listed)". NULL after import_reject. */
static const char *clean_genres(struct import *im, const char *text)
{
    char *out = arena_alloc(&im->row_arena, strlen(text) + 1);
    size_t len = 0, count = 0;
    for (struct joined part; out != NULL && joined_next(&text, &part);) {
        const char *genre = part.text;
        size_t n = part.n;
        while (n > 0 && genre[n - 1] == ' ')
            n--;
        for (; n > 0 && *genre == ' '; n--)
            genre++;
        if (n == 0 || *genre == '(' || joined_has(out, genre, n))
            continue;
        if (utf8_length(genre, n) > GENRE_CHARS || ++count > CATALOG_GENRES_MAX) {
            (void)import_reject(im, "a field is too long", "genres");
            return NULL;
        }
        if (len > 0)
            out[len++] = '|';
        memcpy(out + len, genre, n);
        len += n;
    }
    if (out == NULL)
        im->rc = fail_set(&im->why, ERR_NOMEM, "out of memory");
    return out;
}

/* title_en where the file has it, else MovieLens's title. */
static bool take_titles(struct import *im, const struct import_row *row, struct catalog_movie *m)
{
    int32_t year = 0;
    bool own = m->title_en[0] != '\0';
    const char *title = own ? m->title_en : import_text(row->text[TITLE]);
    size_t n = own ? strlen(title) : movie_title_cut_year(title, &year);
    m->title_en = movie_title_spoken(&im->row_arena, title, n);
    if (m->title_en == NULL) {
        im->rc = fail_set(&im->why, ERR_NOMEM, "out of memory");
        return false;
    }
    if (m->year == 0)
        m->year = year;
    if (m->title_en[0] != '\0' || m->title_ko[0] != '\0')
        return true;
    (void)import_reject(im, "no title", "%s", "");
    return false;
}

/* What is stored as it stands, and shown as nobody meant it. */
static void warn_of_words(struct import *im, const struct import_row *row, const struct catalog_movie *m)
{
    if (strpbrk(m->genres, ",;/") != NULL)
        import_warn(im, row, "a genre has a comma, semicolon or slash in it; genres are separated by |",
                    "'%.80s'", m->genres);
    if (m->country[0] != '\0' && country_code(m->country)[0] == '\0')
        import_warn(im, row, "country is not known, so the site names none; every code of ISO 3166-1 is (KR)",
                    "'%.64s'", m->country);
}

/* False after import_reject. */
static bool take_fields(struct import *im, const struct import_row *row, struct catalog_movie *to)
{
    bool right = true;
    CATALOG_MOVIE_FIELDS(IMPORT_TAKE_TEXT, IMPORT_TAKE_NUMBER)
    return right;
}

static enum import_verdict put(struct import *im, const struct import_row *row)
{
    struct catalog_movie m = catalog_movie_unknown;
    if (!import_id(im, row->text[ID], "movie_id", &m.id) || !take_fields(im, row, &m) ||
        !take_titles(im, row, &m))
        return IMPORT_REJECTED;
    m.genres = clean_genres(im, import_text(row->text[GENRES]));
    if (m.genres == NULL || !import_first(im, (uint64_t)m.id, row->text[ID]))
        return IMPORT_REJECTED;
    warn_of_words(im, row, &m);
    enum catalog_change change = CATALOG_SAME;
    enum err rc = catalog_put_movie(im->db, &m, row->given, &change, &im->why);
    if (rc == ERR_OK)
        rc = film_watch_row(im->watch, row->line, &m, &im->why);
    return import_stored(im, rc, (int)change);
}

const struct import_kind import_movies = {
    .name = "movies", .films = true, .columns = columns, .dat_columns = "movieId|title|genres", .put = put};
