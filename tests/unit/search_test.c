#include <unistd.h>

#include "app/browse.h"
#include "app/rank.h"
#include "app/search.h"
#include "base/secret.h"
#include "fixture/ime.h"
#include "fixture/small_snapshot.h"
#include "fixture/titles.h"
#include "tests/check.h"
#include "text/search_key.h"

static struct small_snapshot small;
static struct snapshot s;
static struct arena arena;

static void a_wall_is_one_order_without_repeats(void)
{
    uint8_t *seen = calloc(s.n_movies, 1);
    size_t total = 0;
    for (size_t offset = 0; offset < s.n_movies; offset += 7) {
        struct browse_page page;
        CHECK(browse_wall(&s, &(struct browse_ask){42, offset, 7, WALL_STEEP, NULL, 0}, &arena, &page) ==
              ERR_OK);
        CHECK(page.more == (offset + page.n < s.n_movies));
        for (size_t i = 0; i < page.n; i++, total++)
            CHECK_MSG(seen[page.items[i]]++ == 0, "film %u twice", page.items[i]);
    }
    CHECK_INT(total, s.n_movies);
    free(seen);
    struct browse_page past;
    CHECK(browse_wall(&s, &(struct browse_ask){42, s.n_movies + 5, 7, WALL_STEEP, NULL, 0}, &arena, &past) ==
              ERR_OK &&
          past.n == 0 && !past.more);
}

static void another_seed_is_another_draw_of_known_films(void)
{
    struct browse_page a, b, again;
    CHECK(browse_wall(&s, &(struct browse_ask){1, 0, 20, WALL_STEEP, NULL, 0}, &arena, &a) == ERR_OK);
    CHECK(browse_wall(&s, &(struct browse_ask){2, 0, 20, WALL_STEEP, NULL, 0}, &arena, &b) == ERR_OK);
    CHECK(browse_wall(&s, &(struct browse_ask){1, 0, 20, WALL_STEEP, NULL, 0}, &arena, &again) == ERR_OK);
    CHECK(memcmp(a.items, again.items, 20 * sizeof *a.items) == 0);
    CHECK(memcmp(a.items, b.items, 20 * sizeof *a.items) != 0);
    /* the middle place in the wall of a first page lies before the middle of the catalog, over many draws */
    double sum = 0;
    uint32_t *rank = calloc(s.n_movies, sizeof *rank);
    for (uint32_t r = 0; r < s.n_movies; r++)
        rank[s.wall[r]] = r;
    for (uint64_t seed = 0; seed < 50; seed++) {
        CHECK(browse_wall(&s, &(struct browse_ask){seed, 0, 20, WALL_STEEP, NULL, 0}, &arena, &a) == ERR_OK);
        for (size_t i = 0; i < a.n; i++)
            sum += rank[a.items[i]];
    }
    CHECK_MSG(sum / (50 * 20) < 0.4 * (double)s.n_movies, "mean place %.0f of %zu", sum / 1000, s.n_movies);
    free(rank);
}

static void popular_is_the_oracle_of_a_sort(void)
{
    struct browse_page page;
    CHECK(rank_popular(&s, 12, &arena, &page) == ERR_OK);
    CHECK_INT(page.n, 12);
    for (size_t i = 0; i < page.n; i++) {
        const struct snapshot_character *c = &s.characters[page.items[i]];
        for (uint32_t o = 0; o < s.n_characters; o++) {
            bool listed = false;
            for (size_t j = 0; j <= i; j++)
                listed |= s.characters[page.items[j]].movie == s.characters[o].movie;
            CHECK_MSG(listed || s.characters[o].popularity <= c->popularity,
                      "%u should stand before place %zu", o, i);
        }
    }
}

static void a_ranking_pages_through_all(void)
{
    for (uint8_t t = 0; t < MBTI_COUNT; t++) {
        size_t total = 0;
        struct browse_page page = {.more = true};
        while (page.more) {
            rank_type(&s, t, total, 5, &page);
            for (size_t i = 0; i < page.n; i++)
                CHECK_INT(s.characters[page.items[i]].mbti, t);
            total += page.n;
        }
        CHECK_INT(total, rank_type_count(&s, t));
        rank_type(&s, t, total + 1, 5, &page);
        CHECK_INT(page.n, 0);
    }
}

static void similar_ones_have_the_type_and_other_films(void)
{
    for (uint32_t c = 0; c < s.n_characters; c += 17) {
        struct browse_page similar, others;
        CHECK(browse_similar(&s, c, &arena, &similar) == ERR_OK &&
              browse_others(&s, c, &arena, &others) == ERR_OK);
        for (size_t i = 0; i < similar.n; i++) {
            CHECK_INT(s.characters[similar.items[i]].mbti, s.characters[c].mbti);
            CHECK(s.characters[similar.items[i]].movie != s.characters[c].movie);
            for (size_t j = 0; j < i; j++)
                CHECK(s.characters[similar.items[i]].movie != s.characters[similar.items[j]].movie);
        }
        for (size_t i = 0; i < others.n; i++)
            CHECK(others.items[i] != c && s.characters[others.items[i]].movie == s.characters[c].movie);
        CHECK_INT(others.n, s.movies[s.characters[c].movie].cast_count - 1);
    }
}

static void searching_finds_every_title_by_itself(void)
{
    struct search_result found;
    for (uint32_t i = 0; i < s.n_movies; i++) {
        const char *titles[] = {snapshot_text(&s, s.movies[i].title_ko),
                                snapshot_text(&s, s.movies[i].title_en)};
        for (int t = 0; t < 2; t++) {
            CHECK(search_movies(&s, titles[t], 0, s.n_movies, &arena, &found) == ERR_OK);
            bool has = false;
            for (size_t j = 0; j < found.n; j++)
                has |= found.items[j] == i;
            CHECK_MSG(has, "'%s' does not find film %d", titles[t], s.movies[i].id);
        }
    }
    CHECK(search_movies(&s, "!?", 0, 10, &arena, &found) == ERR_OK && found.found == 0);
    CHECK(search_movies(&s, "zzzqqq", 0, 10, &arena, &found) == ERR_OK && found.found == 0);
}

/* ---- catalogs of their own ---- */

struct film {
    int32_t id, year;
    const char *ko, *en;
};

/* The first is the most popular. */
static const struct film films[] = {
    {1, 1972, "대부", "The Godfather"},
    {2, 1974, "대부 2", "The Godfather Part II"},
    {3, 2013, "겨울왕국", "Frozen"},
    {4, 2019, "겨울왕국 Ⅱ", "Frozen II"},
    {5, 2005, "이온 플럭스", "Æon Flux"},
    {6, 1992, "에이리언³", "Alien³"},
    {7, 2009, "", "[REC]²"},
    {8, 1997, "", "Брат"},
    {9, 1980, "", "Groß und Klein"},
    {10, 2001, "", "Œuvre"},
    {11, 2020, "", "Nguyễn"},
    {12, 2004, "아이, 로봇", "I, Robot"},
    {13, 2000, "엑스맨", "X-Men"},
    {14, 2005, "브이 포 벤데타", "V for Vendetta"},
    {15, 2002, "스파이더맨", "Spider-Man"},
    {16, 2019, "어벤져스: 엔드게임", "Avengers: Endgame"},
    {17, 2019, "기생충", "Parasite"},
    {18, 1994, "레옹", "Léon: The Professional (a.k.a. The Professional) (Léon)"},
    {19, 1995, "증오", "Haine, La (Hate)"},
    {20, 1979, "록키 2", "Rocky II"},
    {21, 1982, "록키 3", "Rocky III"},
    {22, 2001, "패스트 앤 퓨리어스", "Fast & Furious"},
    {23, 2009, "뫼비우스 Łódź", "Ødipus fra Ålesund"},
    {24, 1971, "", "$"},
    {25, 1949, "", "Ὀδύσσεια"},
    {26, 2017, "그것", "It"},
    {27, 1990, "그것 (1990)", "It"},
    {28, 2003, "ﾊﾘｳｯﾄﾞ", "Ｈａｌｆ　Ｗｉｄｅ"},
    {29, 1992, "말콤 X", "Malcolm X"},
    {30, 2007, "", "Þór Ísland, Đorđe, Ħal, Ilgaz"},
};

static struct titles own;

static void open_own(void)
{
    titles_start(&own);
    for (size_t i = 0; i < sizeof films / sizeof *films; i++)
        titles_add(&own, films[i].id, films[i].year, films[i].ko, films[i].en, 1 - (double)i / 100);
    titles_open(&own);
}

static const struct {
    const char *query;
    int32_t film;
    long place;
} queries[] = {
    {"대부", 1, 0},
    {"댑", 1, 0},
    {"ㄷㅂ", 1, 0},
    {"대ㅂ", 1, 0},
    {"\u1103\u1162\u1107\u116e", 1, 0}, /* NFD */
    {"\uffa7\uffb2", 1, 0},             /* half-width */
    {"대부 1972", 1, 0},
    {"1972 대부", 1, 0},
    {"대부1972", 1, 0},
    {"대부 19", 1, 0},
    {"대부 1974", 2, 0},
    {"The Godfather (1972)", 1, 0},
    {"godfather 1974", 2, 0},
    {"godfather part 2", 2, 0},
    {"GODFATHER PART II", 2, 0},
    {"godfather part ⅱ", 2, 0},
    {"겨울왕국 2", 4, 0},
    {"겨울왕국 II", 4, 0},
    {"겨울왕국 Ⅱ", 4, 0},
    {"겨울왕국2", 4, 0},
    {"겨울왕국", 3, 0},
    {"frozen 2", 4, 0},
    {"aeon flux", 5, 0},
    {"ÆON", 5, 0},
    {"alien3", 6, 0},
    {"alien 3", 6, 0},
    {"alien iii", 6, 0},
    {"에이리언3", 6, 0},
    {"rec 2", 7, 0},
    {"rec2", 7, 0},
    {"брат", 8, 0},
    {"БРАТ", 8, 0},
    {"gross", 9, 0},
    {"GROẞ", 9, 0},
    {"oeuvre", 10, 0},
    {"nguyen", 11, 0},
    {"Nguye\u0302\u0303n", 11, 0},
    {"i, robot", 12, 0},
    {"i robot", 12, 0},
    {"x-men", 13, 0},
    {"xmen", 13, 0},
    {"v for vendetta", 14, 0},
    {"spider man", 15, 0},
    {"spiderman", 15, 0},
    {"ｓｐｉｄｅｒ－ｍａｎ", 15, 0},
    {"어벤져스엔드게임", 16, 0},
    {"기생충 parasite", 17, 0},
    {"parasite 2019", 17, 0},
    {"leon the professional", 18, 0},
    {"the professional", 18, 0},
    {"Léon: The Professional (a.k.a. The Professional) (Léon)", 18, 0},
    {"la haine", 19, 0},
    {"haine", 19, 0},
    {"hate", 19, 0},
    {"rocky 2", 20, 0},
    {"rocky ii", 20, 0},
    {"rocky ⅱ", 20, 0},
    {"록키 II", 20, 0},
    {"록키 Ⅲ", 21, 0},
    {"fast and furious", 22, 0},
    {"fast furious", 22, 0},
    {"fast & furious", 22, 0},
    {"lodz", 23, 0},
    {"odipus alesund", 23, 0},
    {"$", 24, 0},
    {"ΟΔΥΣΣΕΙΑ", 25, 0},
    {"οδύσσεια", 25, 0},
    {"it 1990", 27, 0},
    {"it 2017", 26, 0},
    {"half wide", 28, 0},
    {"ハリウッド", 28, 0},
    {"malcolm x", 29, 0},
    {"말콤엑스", 29, -1},
    {"thor island dorde hal ilgaz", 30, 0},
    {"eoqn", 1, 0}, /* the other keyboard */
    {"EOQN", 1, 0},
    {"rddr", 3, 0},
    {"ㄹㄱㅐㅋ두", 3, 0}, /* frozen */
    {"데부", 1, 0},       /* mistakes */
    {"godfahter", 1, 0},
    {"parasiet", 17, 0},
    {"어밴저스", 16, 0},
    {"디", 1, 0},
    {"1971", 24, 0},
    {"!!!", 1, -1},
    {"zzz", 1, -1},
    {"ㅎㅎㅎㅎㅎㅎㅎㅎㅎㅎ", 1, -1},
    {"\xff", 1, -1},
};

static void people_find_what_they_mean(void)
{
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        long at = titles_place(&own, queries[i].query, queries[i].film);
        CHECK_MSG(at == queries[i].place, "'%s': film %d is at %ld", queries[i].query, queries[i].film, at);
    }
}

/* However the catalog writes the number of a film, and however it is asked for. */
static void numbers_are_found_in_every_form(void)
{
    static const char *const series[][8] = {
        {"Terminator 2", "Terminator II", "terminator Ⅱ", "Terminator two", "TERMINATOR2", "Terminator: 2"},
        {"대부 2", "대부2", "대부 II", "대부Ⅱ", "대부 2편", "대부2편", "대부 two"},
        {"Rocky 5", "Rocky V", "rocky ⅴ", "Rocky Five"},
        {"록키 1", "록키 I", "록키1편", "록키 one"},
        {"Ocean's Eleven", "Oceans 11", "Ocean’s XI"},
    };
    for (size_t k = 0; k < sizeof series / sizeof *series; k++)
        for (size_t i = 0; i < 8 && series[k][i] != NULL; i++) {
            struct titles t;
            bool hangul = (unsigned char)series[k][i][0] >= 0x80;
            titles_start(&t);
            titles_add(&t, 1, 1991, hangul ? series[k][i] : "", hangul ? "" : series[k][i], 0.5);
            titles_add(&t, 2, 1992, "대부", "Terminator Rocky", 1);
            titles_open(&t);
            for (size_t q = 0; q < 8 && series[k][q] != NULL; q++)
                CHECK_MSG(titles_place(&t, series[k][q], 1) == 0, "'%s' of '%s' is at %ld", series[k][q],
                          series[k][i], titles_place(&t, series[k][q], 1));
            titles_free(&t);
        }
}

static void signs_alone_find_nothing(void)
{
    static const char *const signs[] = {"😀", "👍🏽", "❤️", "🎬",    "!!!", "?!",
                                        "…", "'",        "#",      "%%%%", "。",  "👨‍👩‍👧",
                                        "-", "★★★★★",    "()"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        CHECK_MSG(titles_found(&own, signs[i]) == 0, "'%s' finds %zu", signs[i],
                  (size_t)titles_found(&own, signs[i]));
    CHECK_INT(titles_found(&own, "$"), 1);    /* which is a title */
    CHECK_INT(titles_found(&own, "千と"), 0); /* two characters are not forgiven one */
}

static void better_places_come_first_then_popularity(void)
{
    static const struct film rows[] = {
        {1, 2000, "", "Old Manhattan"},   {2, 2000, "", "Superman"}, {3, 2000, "", "Man on Fire"},
        {4, 2000, "", "Manhattan"},       {5, 2000, "", "Man"},      {6, 2000, "", "Woman"},
        {7, 2000, "", "Iron Man"},        {8, 2000, "", "The Man"},  {9, 2000, "", "Mna"},
        {10, 2000, "", "Out of Nothing"},
    };
    static const int32_t want[] = {5, 8, 3, 4, 1, 7, 2, 6};
    struct titles t;
    titles_start(&t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        titles_add(&t, rows[i].id, rows[i].year, rows[i].ko, rows[i].en, i < 8 ? 0.5 : 1);
    titles_open(&t);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        CHECK_MSG(titles_place(&t, "man", want[i]) == (long)i, "film %d at %ld", want[i],
                  titles_place(&t, "man", want[i]));
    CHECK_INT(titles_found(&t, "man"), 8);
    CHECK_INT(titles_place(&t, "out nothing", 10), 0);
    titles_free(&t);
}

/* Also with a mistake: the film of that title, and not the most popular of its series. */
static void a_whole_title_comes_first(void)
{
    static const struct film rows[] = {{1, 2017, "스파이더맨: 홈커밍", "Spider-Man: Homecoming"},
                                       {2, 2018, "어벤져스: 인피니티 워", "Avengers: Infinity War"},
                                       {3, 2002, "스파이더맨", "Spider-Man"},
                                       {4, 2012, "어벤져스", "The Avengers"},
                                       {5, 1997, "타이타닉", "Titanic"},
                                       {6, 2016, "주토피아", "Zootopia"}};
    static const struct {
        const char *query;
        int32_t film;
    } wanted[] = {{"spider-man", 3}, {"스파이더맨", 3}, {"spidr man", 3}, {"스파이더멘", 3}, {"어벤저스", 4},
                  {"avengars", 4},   {"titanik", 5},    {"쥬토피아", 6},  {"zootpia", 6}};
    struct titles t;
    titles_start(&t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        titles_add(&t, rows[i].id, rows[i].year, rows[i].ko, rows[i].en, 1 - (double)i / 10);
    titles_open(&t);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        CHECK_MSG(titles_place(&t, wanted[i].query, wanted[i].film) == 0, "'%s': film %d is at %ld",
                  wanted[i].query, wanted[i].film, titles_place(&t, wanted[i].query, wanted[i].film));
    titles_free(&t);
}

static void pages_are_parts_of_one_order(void)
{
    struct search_result all, page;
    CHECK(search_movies(&own.s, "e", 0, 1000, &arena, &all) == ERR_OK && all.n == all.found && all.n > 8);
    for (size_t at = 0; at < all.n + 3; at += 3) {
        CHECK(search_movies(&own.s, "e", at, 3, &arena, &page) == ERR_OK && page.found == all.n);
        for (size_t i = 0; i < page.n; i++)
            CHECK_INT(page.items[i], all.items[at + i]);
    }
}

/* After every key, the film is found. */
static void type_title(const struct titles *t, const char *title, int32_t id)
{
    uint32_t keys[2048];
    struct buf seen = {0}, letters = {0};
    size_t n = ime_keys(title, keys);
    for (size_t i = 1; i <= n; i++) {
        buf_reset(&seen);
        buf_reset(&letters);
        ime_show(&seen, keys, i);
        CHECK(search_key_query(&letters, buf_str(&seen)) == ERR_OK);
        bool symbols = letters.len == 0 || (unsigned char)letters.data[0] >= 0x80; /* "(", "[" so far */
        CHECK_MSG(symbols || titles_place(t, buf_str(&seen), id) >= 0, "'%s' on the way to '%s'",
                  buf_str(&seen), title);
    }
    buf_free(&seen);
    buf_free(&letters);
}

static void type_all(const struct titles *t)
{
    for (size_t i = 0; i < t->s.n_movies; i++) {
        const struct snapshot_movie *m = &t->s.movies[i];
        char dated[1100];
        type_title(t, snapshot_text(&t->s, m->title_ko), m->id);
        if (m->title_en != m->title_ko)
            type_title(t, snapshot_text(&t->s, m->title_en), m->id);
        snprintf(dated, sizeof dated, "%s %d", snapshot_text(&t->s, m->title_ko), m->year);
        if (i % 8 == 0 && m->year > 0)
            type_title(t, dated, m->id);
    }
}

static void no_key_on_the_way_loses_a_film(void)
{
    type_all(&own);
}

static void the_real_catalog_is_found_key_by_key(void)
{
    struct titles t;
    titles_start(&t);
    titles_add_csv(&t, "../shared/data/mvti/movies.csv", 1);
    titles_add_csv(&t, "../shared/data/ml-latest-small/movies.csv", 40);
    titles_open(&t);
    type_all(&t);
    titles_free(&t);
}

/* query TAB film, of the films in a CSV. */
static void queries_of_the_cases_find_their_films(void)
{
    char line[512];
    struct titles t;
    FILE *f = fopen("../shared/cases/latin-letters.queries", "r");
    CHECK(f != NULL);
    titles_start(&t);
    CHECK(titles_add_csv(&t, "../shared/cases/latin-letters.csv", 1));
    titles_open(&t);
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        char *film = strchr(line, '\t');
        if (film == NULL)
            continue;
        *film++ = '\0';
        CHECK_MSG(titles_place(&t, line, (int32_t)strtol(film, NULL, 10)) >= 0, "'%s'", line);
    }
    if (f != NULL)
        fclose(f);
    titles_free(&t);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    small_snapshot_open(&small, 300, 7, &s);
    RUN(a_wall_is_one_order_without_repeats);
    RUN(another_seed_is_another_draw_of_known_films);
    RUN(popular_is_the_oracle_of_a_sort);
    RUN(a_ranking_pages_through_all);
    RUN(similar_ones_have_the_type_and_other_films);
    RUN(searching_finds_every_title_by_itself);
    open_own();
    RUN(people_find_what_they_mean);
    RUN(numbers_are_found_in_every_form);
    RUN(signs_alone_find_nothing);
    RUN(better_places_come_first_then_popularity);
    RUN(a_whole_title_comes_first);
    RUN(pages_are_parts_of_one_order);
    RUN(no_key_on_the_way_loses_a_film);
    if (access("../shared/data/mvti/movies.csv", R_OK) == 0)
        RUN(the_real_catalog_is_found_key_by_key);
    else
        SKIP(the_real_catalog_is_found_key_by_key, "../shared/data is not there");
    if (access("../shared/cases/latin-letters.csv", R_OK) == 0)
        RUN(queries_of_the_cases_find_their_films);
    else
        SKIP(queries_of_the_cases_find_their_films, "../shared/cases is not there");
    titles_free(&own);
    arena_free(&arena);
    snapshot_close(&s);
    small_snapshot_free(&small);
    return check_done();
}
