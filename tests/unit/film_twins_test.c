/* lib/publish/film_twins: which films are one to people, which of them is shown, and what becomes of the
 * others. */
#include "tests/check.h"

#include "domain/enneagram.h"
#include "domain/mbti.h"
#include "publish/film_twins.h"

enum { MOST = 20 };

static struct catalog_movie movies[MOST];
static struct catalog_character characters[MOST];
static struct catalog catalog;

static struct catalog_movie *film(int32_t id, const char *en, const char *ko, int32_t year)
{
    struct catalog_movie *m = &movies[catalog.n_movies++];
    *m = catalog_movie_unknown;
    m->id = id;
    m->title_en = en;
    m->title_ko = ko;
    m->year = year;
    return m;
}

static void character(int32_t id, int32_t movie, const char *name, int32_t votes)
{
    characters[catalog.n_characters++] = (struct catalog_character){
        .id = id, .movie_id = movie, .name_en = name, .name_ko = "", .votes = votes};
}

static void fresh(void)
{
    catalog = (struct catalog){.movies = movies, .characters = characters};
}

/* "hidden>shown;" of every film that is hidden, then "c" and the same of characters if there are any. */
static const char *joined(void)
{
    static char text[256];
    struct films_hidden hidden;
    struct fail why = {0};
    int n = 0;
    text[0] = '\0';
    CHECK_MSG(film_twins_join(&catalog, NULL, &hidden, &why) == ERR_OK, "%s", why.text);
    const struct vec *lists[] = {&hidden.films, &hidden.characters};
    for (int k = 0; k < 2; k++) {
        const struct film_hidden *h = lists[k]->data;
        if (k == 1 && lists[k]->len > 0)
            n += snprintf(text + n, sizeof text - (size_t)n, "c");
        for (size_t i = 0; i < lists[k]->len; i++)
            n += snprintf(text + n, sizeof text - (size_t)n, "%d>%d;", (int)h[i].id, (int)h[i].shown);
        for (size_t i = 0; k == 0 && i < lists[k]->len; i++)
            CHECK(films_hidden_shown(&hidden, h[i].id) == h[i].shown &&
                  films_hidden_shown(&hidden, h[i].shown) == h[i].shown);
    }
    films_hidden_free(&hidden);
    return text;
}

static void one_title_and_one_year(void)
{
    fresh();
    film(0, "Emma", "", 1996);
    film(3, "EMMA!", "", 1996);
    film(4, "Emma", "", 2020);
    film(5, "Emma", "", 0);
    film(6, "Emma", "", 0);
    film(7, "Am\u00e9lie", "", 2001);
    film(8, "Amelie", "", 2001);
    CHECK_STR(joined(), "3>0;6>5;8>7;");
    CHECK_INT(catalog.n_movies, 4);
    CHECK_INT(catalog.movies[2].id, 5);
    CHECK_STR(joined(), "");
}

static void titles_in_two_languages(void)
{
    fresh();
    film(1, "Parasite", "기생충", 2019);
    film(2, "", "기생충", 2019);
    film(3, "Parasite", "", 2019);
    film(4, "Parasite", "패러사이트", 2019);
    film(5, "Parasites", "기생충", 2019);
    CHECK_STR(joined(), "2>1;3>1;");
    fresh();
    film(1, "", "", 0);
    film(2, "", "", 0);
    CHECK_STR(joined(), "");
    fresh();
    CHECK_STR(joined(), "");
}

static void the_one_with_more_to_it_is_shown(void)
{
    fresh();
    film(1, "Emma", "", 1996);
    film(2, "Emma", "", 1996);
    film(3, "Emma", "", 1996)->popularity = 10;
    character(10, 2, "Emma", -1);
    CHECK_STR(joined(), "1>2;3>2;");
    fresh();
    film(1, "Emma", "", 1996);
    film(2, "Emma", "", 1996);
    film(3, "Emma", "", 1996)->popularity = 10;
    CHECK_STR(joined(), "1>3;2>3;");
}

static void nothing_of_the_hidden_is_lost(void)
{
    static const struct catalog_link link = {1, "Mubi", "https://mubi.com/"};
    fresh();
    struct catalog_movie *poor = film(1, "Emma", "엠마", 1996);
    poor->plot_en = "A matchmaker.";
    poor->genres = "Comedy";
    poor->links = &link;
    poor->n_links = 1;
    film(2, "Emma", "", 1996)->genres = "Romance";
    film(9, "Other", "", 1996);
    character(10, 1, "Emma", 900);
    character(11, 1, "Harriet", 5);
    character(20, 2, "Emma", 3);
    character(21, 2, "Knightley", 3);
    character(22, 2, "Elton", 3);
    character(90, 9, "Emma", 3);
    CHECK_STR(joined(), "1>2;c10>20;");
    const struct catalog_movie *m = &catalog.movies[0];
    CHECK_INT(m->id, 2);
    CHECK_STR(m->title_ko, "엠마");
    CHECK_STR(m->plot_en, "A matchmaker.");
    CHECK_STR(m->genres, "Romance");
    CHECK_INT(m->n_links, 1);
    const int32_t ids[] = {11, 20, 21, 22, 90}, films[] = {2, 2, 2, 2, 9};
    CHECK_INT(catalog.n_characters, 5);
    for (size_t i = 0; i < catalog.n_characters; i++)
        CHECK(catalog.characters[i].id == ids[i] && catalog.characters[i].movie_id == films[i]);
}

/* Of one name each film keeps the character that was imported for it, else that with more votes, else the
 * first. */
static void of_namesakes_one_stays(void)
{
    fresh();
    film(1, "Emma", "", 1996);
    film(2, "Emma", "", 1996);
    film(3, "Emma", "", 1996)->popularity = 10;
    film(5, "Alien", "", 1979);
    film(6, "Alien", "", 1979)->popularity = 10;
    character(10, 1, "Emma", 5);
    character(11, 2, "Emma", 7);
    character(12, 1, "Elton", 5);
    character(13, 2, "Elton", 5);
    character(14, 2, "Weston", 1);
    character(15, 1, "Weston", 2);
    character(30, 3, "Harriet", 1);
    character(31, 1, "Harriet", 900);
    character(32, 3, "Knightley", 1);
    character(33, 3, "Bates", 1);
    character(34, 3, "Jane", 1);
    character(35, 3, "Frank", 1);
    character(50, 5, "Ripley", 3);
    character(60, 6, "Ash", 3);
    character(61, 6, "Dallas", 3);
    CHECK_STR(joined(), "1>3;2>3;5>6;c10>11;13>12;14>15;31>30;");
    const int32_t ids[] = {11, 12, 15, 30, 32, 33, 34, 35, 50, 60, 61};
    CHECK_INT(catalog.n_characters, 11);
    for (size_t i = 0; i < catalog.n_characters && i < 11; i++)
        CHECK_INT(catalog.characters[i].id, ids[i]);
}

int main(void)
{
    RUN(one_title_and_one_year);
    RUN(titles_in_two_languages);
    RUN(the_one_with_more_to_it_is_shown);
    RUN(nothing_of_the_hidden_is_lost);
    RUN(of_namesakes_one_stays);
    return check_done();
}
