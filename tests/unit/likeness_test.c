#include "app/likeness.h"

#include <math.h>
#include <string.h>

#include "app/recommend.h"
#include "base/rng.h"
#include "tests/check.h"
#include "tests/fixture/small_snapshot.h"

static struct small_snapshot file;
static struct snapshot snap;

/* A catalog of titles, years, genres and countries in memory; its films are numbered from 0. */
struct film {
    const char *en, *ko;
    int32_t year;
    const char *genres, *country, *theme;
};

static void open_films(const struct film *films, size_t n, struct snapshot *s, struct snapshot_movie *rows,
                       struct buf *strings)
{
    buf_putc(strings, '\0');
    *s = (struct snapshot){.movies = rows, .n_movies = n};
    for (size_t i = 0; i < n; i++) {
        const char *texts[] = {films[i].en, films[i].ko, films[i].genres, films[i].country,
                               films[i].theme != NULL ? films[i].theme : ""};
        uint32_t at[5];
        for (size_t k = 0; k < 5; k++) {
            at[k] = (uint32_t)strings->len;
            buf_put(strings, texts[k], strlen(texts[k]) + 1);
        }
        rows[i] = (struct snapshot_movie){.id = (int32_t)i, .year = films[i].year};
        rows[i].title_en = at[0], rows[i].title_ko = at[1], rows[i].genres = at[2], rows[i].country = at[3],
        rows[i].theme = at[4];
    }
    s->strings = strings->data;
    s->strings_len = strings->len;
}

/* What film 0 has in common with the others. */
static enum err common(const struct film *films, size_t n, struct arena *a, struct likeness *out)
{
    struct snapshot s;
    struct snapshot_movie rows[8];
    struct buf strings = {0};
    int32_t chosen[8];
    struct likeness_chosen c;
    open_films(films, n, &s, rows, &strings);
    for (size_t i = 1; i < n; i++)
        chosen[i - 1] = (int32_t)i;
    enum err rc = likeness_prepare(&s, chosen, n - 1, a, &c);
    if (rc == ERR_OK)
        rc = likeness_find(&c, 0, a, out);
    buf_free(&strings);
    return rc;
}

static void series_are_told_by_their_titles(void)
{
    static const struct {
        const char *one, *other;
        bool series;
    } rows[] = {
        {"Iron Man 3", "Iron Man", true},
        {"Rocky IV", "Rocky II", true},
        {"Mission: Impossible - Fallout", "Mission: Impossible II", true},
        {"Star Wars: Episode IV - A New Hope", "Star Wars", true},
        {"Kill Bill: Vol. 1", "Kill Bill Vol. 2", true},
        {"The Godfather: Part II", "The Godfather", true},
        {"The Godfather Part II", "The Godfather", true},
        {"Spider-Man: Homecoming", "Spider-Man 2", true},
        {"Frozen", "Frozen", false}, /* two films of one title */
        {"Alien", "Aliens", false},
        {"Heat", "Hea", false},
        {"2001: A Space Odyssey", "2010", false},
        {"It", "It: Chapter Two", false}, /* too short to say anything */
        {"The Mission", "Mission: Impossible", false},
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a = {0};
        struct film films[] = {{rows[i].one, "", 1990, "Drama", "US", NULL},
                               {rows[i].other, "", 1990, "Drama", "US", NULL}};
        struct likeness like;
        CHECK(common(films, 2, &a, &like) == ERR_OK);
        CHECK_MSG(like.series == rows[i].series, "%s, %s", rows[i].one, rows[i].other);
        arena_free(&a);
    }
}

static void films_of_two_countries_are_no_series(void)
{
    struct arena a = {0};
    struct likeness like;
    struct film films[] = {{"The Witch", "", 2015, "Horror", "US", NULL},
                           {"The Witch: Part 1", "", 2018, "Horror", "KR", NULL}};
    CHECK(common(films, 2, &a, &like) == ERR_OK && !like.series);
    films[1].country = "";
    CHECK(common(films, 2, &a, &like) == ERR_OK && like.series);
    arena_free(&a);
}

static void what_counts_most_is_told(void)
{
    struct arena a = {0};
    struct likeness like;
    struct film films[] = {{"Toy Story 3", "토이 스토리 3", 2010, "Animation|Comedy|Family", "US", NULL},
                           {"Up", "업", 2009, "Animation|Comedy|Family", "US", NULL},
                           {"Toy Story", "토이 스토리", 1995, "Adventure", "US", NULL},
                           {"Burning", "버닝", 2018, "Drama", "KR", NULL}};
    CHECK(common(films, 4, &a, &like) == ERR_OK);
    CHECK_INT(like.movie, 2);
    CHECK(like.series && like.n_genres == 0 && strcmp(like.country, "US") == 0 && like.decade == 0);
    CHECK(common(films, 2, &a, &like) == ERR_OK);
    CHECK(!like.series && like.n_genres == 3 && like.genres[1].n == 6);
    films[1] = films[3];
    CHECK(common(films, 2, &a, &like) == ERR_NOT_FOUND); /* a decade alone is nothing */
    films[1].country = "US";
    CHECK(common(films, 2, &a, &like) == ERR_OK && like.n_genres == 0 && like.decade == 2010);
    films[0].country = films[1].country = "", films[0].year = films[1].year = 0;
    CHECK(common(films, 2, &a, &like) == ERR_NOT_FOUND); /* unknown is like nothing */
    arena_free(&a);
}

/* What two plots are about says more than a genre that half of all films have, and less than a series. */
static void themes_are_told(void)
{
    struct arena a = {0};
    struct likeness like;
    struct film films[] = {{"Whiplash", "", 2014, "Drama", "US", "music"},
                           {"Room", "", 2015, "Drama", "US", "family"},
                           {"Coco", "", 2017, "Animation", "MX", "music"}};
    CHECK(common(films, 3, &a, &like) == ERR_OK);
    CHECK_INT(like.movie, 1); /* all of its genres, country and decade */
    films[1].genres = "Drama|Thriller|Mystery";
    CHECK(common(films, 3, &a, &like) == ERR_OK && like.movie == 2);
    CHECK(like.theme != NULL && strcmp(like.theme, "music") == 0 && like.n_genres == 0);
    films[0].theme = films[2].theme = "";
    CHECK(common(films, 3, &a, &like) == ERR_OK && like.movie == 1 && like.theme == NULL);
    arena_free(&a);
}

/* Korean titles speak where there is no English one. */
static void titles_of_one_language_are_compared(void)
{
    struct arena a = {0};
    struct likeness like;
    struct film films[] = {{"", "신과 함께: 인과 연", 2018, "Fantasy", "KR", NULL},
                           {"", "신과 함께: 죄와 벌", 2017, "Fantasy", "KR", NULL}};
    CHECK(common(films, 2, &a, &like) == ERR_OK && like.series);
    films[1].en = "Along with the Gods";
    CHECK(common(films, 2, &a, &like) == ERR_OK && !like.series);
    arena_free(&a);
}

static void check_told(const struct recommend_item *it)
{
    const struct snapshot_movie *m = &snap.movies[snap.characters[it->character].movie];
    if (it->n_because > 0 || it->like == NULL) {
        CHECK(it->like == NULL);
        CHECK(!it->loved || (it->n_because == 0 && m->popularity >= 0.7999f));
        return;
    }
    const struct snapshot_movie *o = &snap.movies[it->like->movie];
    CHECK(!it->loved && (it->like->series || it->like->theme != NULL || it->like->n_genres > 0 ||
                         (it->like->country && it->like->decade > 0)));
    for (size_t i = 0; i < it->like->n_genres; i++)
        CHECK(joined_has(snapshot_text(&snap, m->genres), it->like->genres[i].text, it->like->genres[i].n) &&
              joined_has(snapshot_text(&snap, o->genres), it->like->genres[i].text, it->like->genres[i].n));
    if (it->like->country != NULL)
        CHECK(strcmp(snapshot_text(&snap, m->country), it->like->country) == 0 &&
              strcmp(snapshot_text(&snap, o->country), it->like->country) == 0);
    if (it->like->decade > 0)
        CHECK(m->year / 10 * 10 == it->like->decade && o->year / 10 * 10 == it->like->decade);
}

/* Over random sets of films, also of those that nobody has rated: every reason holds in the catalog. */
static void every_reason_is_true(void)
{
    struct rng r;
    struct arena a = {0};
    size_t told = 0;
    rng_seed(&r, 5);
    for (int round = 0; round < 300; round++) {
        int32_t movies[3];
        for (size_t i = 0; i < 3; i++)
            movies[i] =
                snap.movies[i * 50 + rng_below(&r, round % 3 == 0 ? 7 : 50) * (round % 3 == 0 ? 7 : 1)].id;
        struct recommend_request q = {.mbti = (uint8_t)rng_below(&r, 16),
                                      .enneagram = (uint8_t)rng_below(&r, 18),
                                      .movies = movies,
                                      .n_movies = 3,
                                      .limit = 20};
        struct recommend_result out;
        CHECK(recommend_run(&snap, &q, &a, &out, NULL) == ERR_OK);
        for (size_t i = 0; i < out.same.n + out.compatible.n; i++) {
            const struct recommend_item *it =
                i < out.same.n ? &out.same.items[i] : &out.compatible.items[i - out.same.n];
            check_told(it);
            told += it->like != NULL;
        }
        arena_reset(&a);
    }
    CHECK(told > 100);
    arena_free(&a);
}

int main(void)
{
    small_snapshot_open(&file, 150, 21, &snap);
    RUN(series_are_told_by_their_titles);
    RUN(films_of_two_countries_are_no_series);
    RUN(what_counts_most_is_told);
    RUN(themes_are_told);
    RUN(titles_of_one_language_are_compared);
    RUN(every_reason_is_true);
    snapshot_close(&snap);
    small_snapshot_free(&file);
    return check_done();
}
