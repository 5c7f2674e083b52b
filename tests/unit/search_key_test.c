/* What titles and queries are compared as, and matching against a twin that tries everything. */
#include "text/search_key.h"

#include "base/rng.h"
#include "tests/check.h"
#include "text/hangul.h"
#include "text/search_match.h"

static struct buf key, query;

static const char *key_of(const char *title)
{
    buf_reset(&key);
    CHECK(search_key_title(&key, title) == ERR_OK);
    return buf_str(&key);
}

/* A query without its blanks, as it is matched. */
static const char *query_of(const char *text)
{
    buf_reset(&query);
    CHECK(search_key_query(&query, text) == ERR_OK);
    size_t n = 0;
    for (size_t i = 0; i < query.len; i++)
        if (query.data[i] != ' ')
            query.data[n++] = query.data[i];
    query.len = n;
    if (query.data != NULL)
        query.data[n] = '\0';
    return buf_str(&query);
}

static void queries_are_bare_words(void)
{
    static const struct {
        const char *text, *key;
    } rows[] = {
        {"", ""},
        {"  The Lord of the Rings: The Two Towers ", "the lord of the rings the two towers"},
        {"AMÉLIE", "amelie"},
        {"Ame\u0301lie", "amelie"},
        {"Ｗ·８０", "w 80"},
        {"Škoda Łódź Żeń ő", "skoda lodz zen o"},
        {"Æon Œuvre Groß Ðogg Þór Mørk Đặng Ħal ılgaz Ŋ ŧ ſ",
         "aeon oeuvre gross dogg thor mork dang hal ilgaz n t s"},
        {"İSTANBUL", "istanbul"},
        {"Nguyễn Việt", "nguyen viet"},
        {"Alien³ [REC]²", "alien 3 rec 2"},
        {"Rocky Ⅳ ⅸ", "rocky iv ix"},
        {"Ⓐⓑ ﬁn ㎏", "ab fin kg"},
        {"БРАТ Ёлки", "брат елки"},
        {"ΟΔΟΣ Ὀδύσσεια", "οδοσ οδυσσεια"},
        {"Ocean’s Eleven / Schindler's", "oceans eleven schindlers"},
        {"WALL·E X-Men", "wall e x men"},
        {"千と千尋の神隠し", "千と千尋の神隠し"},
        {"9½ Weeks", "91 2 weeks"},
        {"$", "\uff04"},
        {" … ", "\uff0e\uff0e\uff0e"},
        {"🎬", "🎬"},
        {"Rocky 2\ud3b8 II \ud3b8", "rocky 2 ii"},
        {"\ud3b8", "R'C"},
        {"co\u00adop \u200bzero", "coop zero"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_reset(&query);
        CHECK(search_key_query(&query, rows[i].text) == ERR_OK);
        CHECK_STR(buf_str(&query), rows[i].key);
    }
    buf_reset(&query);
    CHECK(search_key_query(&query, "\xff") == ERR_OK && query.len == 0);
}

static void titles_have_the_readings_people_use(void)
{
    static const struct {
        const char *title, *readings;
    } rows[] = {
        {"", ""},
        {"Heat", "heat\n"},
        {"Rocky II", "rocky ii\nrocky 2\nrocky two\n"},
        {"Rocky 2", "rocky 2\nrocky ii\nrocky two\n"},
        {"Rocky Two", "rocky two\nrocky 2\nrocky ii\n"},
        {"Two Weeks at Twenty-One", "two weeks at twenty one\ntwo weeks at 20 1\ntwo weeks at xx i\n"},
        {"One by One by Night", "one by one by night\n"},
        {"Alien³", "alien 3\nalien iii\nalien three\n"},
        {"World War I: The Movie", "world war i the movie\nworld war 1 the movie\nworld war one the movie\n"},
        {"Malcolm X", "malcolm x\nmalcolm 10\nmalcolm ten\n"},
        {"I, Robot", "i robot\n"},
        {"V for Vendetta", "v for vendetta\n"},
        {"X-Men", "x men\n"},
        {"What I Did", "what i did\n"},
        {"Mix Vivid Civil", "mix vivid civil\n"},
        {"2 Days", "2 days\n"},
        {"Step Up 3D", "step up 3 d\n"},
        {"Blade Runner 2049", "blade runner 2049\n"},
        {"Fast & Furious 6", "fast furious 6\nfast and furious 6\nfast furious vi\nfast furious six\nfast "
                             "and furious vi\nfast and furious six\n"},
        {"Haine, La (Hate)", "haine la hate\nla haine\nhaine la\nhate\n"},
        {"Léon: The Professional (a.k.a. The Professional) (Léon)",
         "leon the professional a k a the professional leon\nleon the professional\nleon\nthe "
         "professional\n"},
        {"(500) Days of Summer", "500 days of summer\n"},
        {"The Godfather (1972)", "the godfather 1972\nthe godfather\n"},
        {"a)(b) c)", "a b c\n"},
        {"\xff", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(key_of(rows[i].title), rows[i].readings);
    buf_reset(&key);
    CHECK(search_key_title(&key, "Heat") == ERR_OK && search_key_title(&key, "HEAT!") == ERR_OK);
    CHECK_STR(buf_str(&key), "heat\n");
}

static void the_other_keyboard_gives_the_other_script(void)
{
    static const struct {
        const char *typed, *meant;
    } rows[] = {{"eoqn", "대부"},     {"rodqkd", "갱방"}, {"EoRnt", "때꾸ㅅ"},
                {"EOQN 2", "대부 2"}, {"ㅎㅐㅇ", "god"},  {"ㅎㅐㅇㄹㅁ소ㄷㄱ", "godfather"}};
    struct buf got = {0}, want = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_reset(&got);
        buf_reset(&want);
        CHECK(search_key_other_keyboard(&got, rows[i].typed) == ERR_OK);
        CHECK(search_key_query(&want, rows[i].meant) == ERR_OK);
        CHECK_MSG(strcmp(buf_str(&got), buf_str(&want)) == 0, "%s: %s", rows[i].typed, buf_str(&got));
    }
    static const char *const neither[] = {"", "12", "대부 godfather", "брат", "eoqn брат", "é가"};
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++) {
        buf_reset(&got);
        CHECK(search_key_other_keyboard(&got, neither[i]) == ERR_OK);
        CHECK_MSG(got.len == 0, "%s: %s", neither[i], buf_str(&got));
    }
    buf_free(&got);
    buf_free(&want);
}

static enum search_place place(const char *title, const char *text)
{
    const char *k = key_of(title), *q = query_of(text);
    return search_match(k, q, query.len, true);
}

static void queries_find_titles(void)
{
    static const struct {
        const char *title, *query;
        enum search_place place;
    } rows[] = {
        {"아바타", "아바타", SEARCH_EXACT},
        {"아바타", "ㅇㅂㅌ", SEARCH_EXACT},
        {"아바타: 물의 길", "ㅁㅇㄱ", SEARCH_WORD},
        {"아바타: 물의 길", "아바타물", SEARCH_BEGINNING},
        {"어벤져스", "어ㅂㅈㅅ", SEARCH_EXACT},
        {"어벤져스", "업ㅈㅅ", SEARCH_EXACT}, /* what a keyboard makes of it */
        {"어벤져스", "어베", SEARCH_BEGINNING},
        {"어벤져스", "ㅇ벤", SEARCH_BEGINNING},
        {"어벤져스", "어베스", SEARCH_NOWHERE}, /* only the last syllable may be unfinished */
        {"어벤져스", "어벨", SEARCH_NOWHERE},
        {"어벤져스", "ㅏ", SEARCH_NOWHERE},
        {"어벤져스", "져", SEARCH_INSIDE},
        {"대부", "댑", SEARCH_EXACT},
        {"대부 2", "대붕", SEARCH_NOWHERE},
        {"기생충", "ㄳㅊ", SEARCH_EXACT},
        {"닭의 길", "달ㄱ", SEARCH_BEGINNING},
        {"과속스캔들", "고", SEARCH_BEGINNING},
        {"Parasite", "site", SEARCH_INSIDE},
        {"Parasite", "sites", SEARCH_NOWHERE},
        {"The Godfather", "godfather", SEARCH_EXACT},
        {"The Godfather", "the godfather", SEARCH_EXACT},
        {"The Godfather Part II", "godfather part 2", SEARCH_EXACT},
        {"Spider-Man: Homecoming", "spiderman home", SEARCH_BEGINNING},
        {"까마귀", "ㄱㅁ", SEARCH_NOWHERE},
        {"까마귀", "ㄲㅁ", SEARCH_BEGINNING},
        {"Брат", "рат", SEARCH_INSIDE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_MSG(place(rows[i].title, rows[i].query) == rows[i].place, "'%s' in '%s': %d", rows[i].query,
                  rows[i].title, place(rows[i].title, rows[i].query));
}

/* ---- a twin that tries everything ---- */

/* Syllables as their keys, everything else key by key. */
struct units {
    char text[64][6];
    bool syllable[64];
    size_t n;
};

static bool twin_at(const struct units *u, size_t at, const char *q)
{
    if (*q == '\0')
        return true;
    if (at == u->n)
        return false;
    const char *unit = u->text[at];
    size_t n = strlen(unit), left = strlen(q);
    if (strncmp(q, unit, n) == 0 && twin_at(u, at + 1, q + n))
        return true;
    if (u->syllable[at] && *q == unit[0] && !(q[1] != '\0' && hangul_is_vowel(q[1])) &&
        twin_at(u, at + 1, q + 1))
        return true;
    return left < n && strncmp(q, unit, left) == 0;
}

static void draw_title(struct rng *r, struct units *u, struct buf *line)
{
    static const char *const units[] = {"A!", "A)", "A!A", "A!FA", "F!", "F)!", "a", "b", "A)F"};
    u->n = 1 + rng_below(r, 6);
    for (size_t i = 0; i < u->n; i++) {
        const char *unit = units[rng_below(r, 9)];
        strcpy(u->text[i], unit);
        u->syllable[i] = unit[0] < 'a';
        if (i > 0 && rng_below(r, 3) == 0)
            buf_putc(line, ' ');
        buf_puts(line, unit);
    }
    buf_putc(line, '\n');
}

static void matching_is_the_twin_that_tries_everything(void)
{
    static const char letters[] = "A!F)ab";
    struct rng r;
    size_t found = 0;
    rng_seed(&r, 11);
    for (int round = 0; round < 200000; round++) {
        struct units u;
        struct buf line = {0};
        char q[8] = "";
        draw_title(&r, &u, &line);
        size_t n = 1 + rng_below(&r, 5);
        for (size_t i = 0; i < n; i++)
            q[i] = letters[rng_below(&r, 6)];
        bool want = false;
        for (size_t at = 0; at < u.n; at++)
            want |= twin_at(&u, at, q);
        bool got = search_match(line.data, q, n, true) < SEARCH_NOWHERE;
        struct search_mask t = search_mask_key(line.data), m = search_mask_query(q, n);
        CHECK_MSG(got == want, "'%s' in '%s': %d", q, line.data, got);
        CHECK_MSG(!want || ((m.letters & ~t.letters) == 0 && (m.pairs & ~t.pairs) == 0),
                  "mask of '%s' in '%s'", q, line.data);
        found += want;
        buf_free(&line);
    }
    CHECK(found > 10000);
}

/* ---- one mistake ---- */

static size_t edits(const char *a, size_t a_n, const char *b, size_t b_n)
{
    size_t d[24][24];
    for (size_t i = 0; i <= a_n; i++)
        for (size_t j = 0; j <= b_n; j++) {
            size_t best = i == 0 ? j : j == 0 ? i : d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (i > 0 && d[i - 1][j] + 1 < best)
                best = d[i - 1][j] + 1;
            if (j > 0 && d[i][j - 1] + 1 < best)
                best = d[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[a_n][b_n];
}

static void one_mistake_is_an_edit_distance_of_one(void)
{
    struct rng r;
    size_t forgiven = 0;
    rng_seed(&r, 5);
    for (int round = 0; round < 200000; round++) {
        char title[16] = "", q[16] = "";
        size_t n = 4 + rng_below(&r, 5), query_n = 4 + rng_below(&r, 4), least = 99;
        for (size_t i = 0; i < n; i++)
            title[i] = "abc"[rng_below(&r, 3)];
        for (size_t i = 0; i < query_n; i++)
            q[i] = i < n && rng_below(&r, 5) > 0 ? title[i] : "abc"[rng_below(&r, 3)];
        for (size_t cut = 0; cut <= n; cut++) {
            size_t d = edits(q, query_n, title, cut);
            least = d < least ? d : least;
        }
        bool got = search_match_mistyped(title, q, query_n);
        CHECK_MSG(got == (least <= 1), "'%s' for '%s': %zu", q, title, least);
        CHECK_MSG(least > 1 ||
                      search_match_may_be_mistyped(search_mask_key(title), search_mask_query(q, query_n)),
                  "mask of '%s' for '%s'", q, title);
        forgiven += got;
    }
    CHECK(forgiven > 10000);
}

static void mistakes_people_make_are_forgiven(void)
{
    static const struct {
        const char *title, *query;
        bool found;
    } rows[] = {
        {"어벤져스", "어밴져스", true},
        {"어벤져스", "어벤저스", true},
        {"어벤져스", "어벤져쓰", true},
        {"Moby Dick", "mobby dick", true},
        {"The Avengers", "avnegers", true},
        {"Gladiator", "gladitor", true},
        {"Gladiator", "gladiater", true},
        {"Spider-Man", "spidreman", true},
        {"Брат 2", "бррат", true},
        {"Братья", "бртаья", true},
        {"Братья", "бротья", true},
        {"Heat", "cat", false},
        {"대부", "디", true}, /* on a phone with three vowels, on the way to 대 */
        {"대부", "대무", true},
        {"Gladiator", "gldiater", false},
        {"Heat", "q", false},
        {"아바타", "아바바타", true},
        {"인터스텔라", "인터텔라", true},
        {"라라랜드", "라랜드", true},
        {"반지의 제왕", "반지와 제왕", true},
        {"반지의 제왕", "반지 제왕", true},
        {"기생충", "기승전충", false},
        {"어벤져스", "어벤쟁스", true},
        {"대부", "아부지", false},
        {"쇼생크 탈출", "쇼생그 탈출", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *k = key_of(rows[i].title), *q = query_of(rows[i].query);
        CHECK_MSG(search_match_mistyped(k, q, query.len) == rows[i].found, "'%s' for '%s'", rows[i].query,
                  rows[i].title);
        CHECK_MSG(!rows[i].found ||
                      search_match_may_be_mistyped(search_mask_key(k), search_mask_query(q, query.len)),
                  "mask of '%s' for '%s'", rows[i].query, rows[i].title);
    }
}

int main(void)
{
    RUN(queries_are_bare_words);
    RUN(titles_have_the_readings_people_use);
    RUN(the_other_keyboard_gives_the_other_script);
    RUN(queries_find_titles);
    RUN(matching_is_the_twin_that_tries_everything);
    RUN(one_mistake_is_an_edit_distance_of_one);
    RUN(mistakes_people_make_are_forgiven);
    buf_free(&key);
    buf_free(&query);
    return check_done();
}
