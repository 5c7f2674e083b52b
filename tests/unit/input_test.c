/* The edges of what visitors send: the last value that is taken and the first that is not, in each form. */
#include <string.h>

#include "app/once.h"
#include "app/recommend.h"
#include "base/buf.h"
#include "fixture/site.h"
#include "tests/check.h"

static struct site_fixture f;

struct row {
    const char *query;
    int status;
};

/* Refused in the field's name, and in no other. */
static void ask_all(const char *path, const char *field, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char target[300];
        snprintf(target, sizeof target, "%s%s", path, rows[i].query);
        CHECK_MSG(site_ask(&f, HTTP_GET, target, NULL) == rows[i].status, "%s: %d", target,
                  f.site.response.status);
        bool named = rows[i].status == 400 && *site_problem(&f, field) != '\0';
        CHECK_MSG(named == (rows[i].status == 400), "%s does not name %s", target, field);
    }
}
#define ASK_ALL(path, field, rows) ask_all(path, field, rows, sizeof rows / sizeof *rows)

static void cursors_are_ours_or_none(void)
{
    static const struct row rows[] = {
        {"", 200},
        {"0-0", 200},
        {"ffffffffffffffff-0", 200},
        {"0-f4240", 200}, /* a million films on */
        {"0-f4241", 400},
        {"10000000000000000-0", 400}, /* 17 digits */
        {"0-00000000000000000", 400},
        {"-0", 400},
        {"0-", 400},
        {"-", 400},
        {"0", 400},
        {"F-0", 400},
        {"0-0-0", 400},
        {"0-0x", 400},
        {"+1-0", 400},
        {"%201-0", 400},
    };
    ASK_ALL("/api/v1/movies?cursor=", "cursor", rows);
    ASK_ALL("/api/v1/movies?q=film&cursor=", "cursor", rows);
}

/* Numbers of rows are as large as a database's may be, and no larger than a script can say; here it is away. */
static void cursors_of_rows_have_their_bounds(void)
{
    static const struct row tests[] = {{"20000000000000-0", 503}, {"20000000000001-0", 400}, {"1-1", 400}};
    static const struct row likes[] = {{"1-7fffffff", 503}, {"1-80000000", 400}, {"20000000000001-1", 400}};
    snprintf(f.cookie, sizeof f.cookie, "mvti=%043d", 7);
    ASK_ALL("/api/v1/me/tests?cursor=", "cursor", tests);
    ASK_ALL("/api/v1/me/likes?cursor=", "cursor", likes);
    ASK_ALL("/api/v1/me/votes?cursor=", "cursor", likes);
    f.cookie[0] = '\0';
}

static void seeds_are_whole_numbers(void)
{
    static const struct row rows[] = {{"0", 200},
                                      {"9999999999999999999", 200},
                                      {"10000000000000000000", 400},
                                      {"", 400},
                                      {"-1", 400},
                                      {"+1", 400},
                                      {"1.0", 400},
                                      {"0x1", 400}};
    ASK_ALL("/api/v1/movies?seed=", "seed", rows);
}

static void limits_have_two_ends(void)
{
    static const struct row rows[] = {{"1", 200},  {"100", 200}, {"0", 400},  {"101", 400},
                                      {"-1", 400}, {"", 400},    {"1 ", 400}, {"99999999999999999999", 400}};
    ASK_ALL("/api/v1/movies?limit=", "limit", rows);
}

static void an_enneagram_type_goes_with_a_type(void)
{
    static const struct row mbti[] = {{"enneagram=4w5", 400}, {"mbti=&enneagram=4w5", 400}};
    static const struct row enneagram[] = {{"mbti=INFP&enneagram=", 400}, {"mbti=INFP&enneagram=4w6", 400}};
    static const struct row fine[] = {{"", 200}, {"mbti=INFP", 200}, {"mbti=INFP&enneagram=4w5", 200}};
    ASK_ALL("/api/v1/movies/101?", "mbti", mbti);
    ASK_ALL("/api/v1/movies/101?", "enneagram", enneagram);
    ASK_ALL("/api/v1/movies/101?", "", fine);
}

/* The same films as a list of JSON, "101" as 101, and as a query; both are refused or both are answered. */
static void ask_films(const char *list, bool taken)
{
    char body[1200], target[1200];
    snprintf(body, sizeof body, "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[%s]}", list);
    CHECK_MSG(site_ask(&f, HTTP_POST, "/api/v1/tests", body) == (taken ? 200 : 400), "%s: %d", body,
              f.site.response.status);
    CHECK_MSG(taken || *site_problem(&f, "movies") != '\0', "%s", body);
    CHECK_INT(strstr(buf_str(&f.site.response.body), "\"saved\":false") != NULL, taken);
    snprintf(target, sizeof target, "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=%s", list);
    CHECK_MSG(site_ask(&f, HTTP_GET, target, NULL) == (taken ? 200 : 400), "%s: %d", target,
              f.site.response.status);
    CHECK_MSG(taken || *site_problem(&f, "movies") != '\0', "%s", target);
}

/* Films from 111 on; 151 and 152 are others of the catalog under which 101 and 102 are found. */
static const char *films(struct buf *out, int n)
{
    buf_reset(out);
    for (int i = 0; i < n; i++)
        buf_printf(out, "%s%d", i > 0 ? "," : "", 111 + i);
    return buf_str(out);
}

static void films_are_three_to_a_hundred_and_each_once(void)
{
    struct buf list = {0};
    ask_films(films(&list, RECOMMEND_MIN_MOVIES - 1), false);
    ask_films(films(&list, RECOMMEND_MIN_MOVIES), true);
    ask_films(films(&list, RECOMMEND_MAX_MOVIES), true);
    ask_films(films(&list, RECOMMEND_MAX_MOVIES + 1), false);
    ask_films("", false);
    ask_films("111,112,999999", false);
    ask_films("111,112,2147483648", false);
    ask_films("111,112,-113", false);
    static const char *const twice[] = {"111,111,112", "112,111,112", "113,112,111,113", "51,102,101"};
    for (size_t i = 0; i < sizeof twice / sizeof *twice; i++)
        ask_films(twice[i], false);
    buf_free(&list);
}

#define IN_JSON "must contain film IDs, which are whole numbers"
#define IN_QUERY "must be comma-separated film IDs, such as 1,2,3"

/* One error, in these words: what is wrong is found once, and nothing is done with the rest. */
static void refuses(const char *list, const char *words)
{
    CHECK_MSG(f.site.response.status == 400, "%s: %d", list, f.site.response.status);
    CHECK_STR(site_problem(&f, "movies"), words);
    CHECK_INT(site_at(site_json(&f), "errors", NULL)->n, 1);
}

/* Films that left the catalog, or are said twice, teach the wall nothing; what is no list is refused. */
static void films_that_the_wall_learns_from_are_a_list(void)
{
    static const struct row rows[] = {
        {"", 200},     {"111", 200},  {"111,112", 200},   {"111,111,999999", 200},
        {"111,", 400}, {",111", 400}, {"111,,112", 400},  {"111;112", 400},
        {"-111", 400}, {"x", 400},    {"2147483648", 400}};
    ASK_ALL("/api/v1/movies?chosen=", "chosen", rows);
}

static void what_is_no_list_of_films_is_named(void)
{
    static const struct {
        const char *list, *words;
    } bodies[] = {{"null", "must be a list of film IDs"},
                  {"\"111,112,113\"", "must be a list of film IDs"},
                  {"{}", "must be a list of film IDs"},
                  {"[111,112,\"113\"]", IN_JSON},
                  {"[111,112,113.5]", IN_JSON},
                  {"[111,112,null]", IN_JSON},
                  {"[111,112,-1]", IN_JSON},
                  {"[111,112,2147483648]", IN_JSON},
                  {"[111,112,2147483647]", "there is no film 2147483647"},
                  {"[111,112,0]", "there is no film 0"},
                  {"[]", "needs at least 3 films"}},
      queries[] = {{"111,112,113,", IN_QUERY},          {",111,112,113", IN_QUERY},
                   {"111,,112,113", IN_QUERY},          {"111;112;113", IN_QUERY},
                   {"111,112,-113", IN_QUERY},          {"111,112,00000000113", IN_QUERY},
                   {"111,112,2147483648", IN_QUERY},    {"111,112,2147483647", "there is no film 2147483647"},
                   {"111,112,0", "there is no film 0"}, {"", "needs at least 3 films"}};
    char ask[200];
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        snprintf(ask, sizeof ask, "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":%s}", bodies[i].list);
        site_ask(&f, HTTP_POST, "/api/v1/tests", ask);
        refuses(bodies[i].list, bodies[i].words);
    }
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        snprintf(ask, sizeof ask, "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=%s",
                 queries[i].list);
        site_ask(&f, HTTP_GET, ask, NULL);
        refuses(queries[i].list, queries[i].words);
    }
    CHECK_INT(site_ask(&f, HTTP_GET,
                       "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=0000000111,112,113", NULL),
              200);
}

static int ask_with_key(const char *key)
{
    struct request r = {.method = HTTP_POST,
                        .content_type = "application/json",
                        .fetch_site = "same-origin",
                        .idempotency_key = key};
    static const char body[] = "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[111,112,113]}";
    return site_ask_as(&f, &r, "/api/v1/tests", body, sizeof body - 1);
}

static void keys_have_a_length_and_an_alphabet(void)
{
    char key[ONCE_KEY_MOST + 4];
    static const struct {
        size_t n;
        int status;
    } rows[] = {{0, 400},
                {ONCE_KEY_LEAST - 1, 400},
                {ONCE_KEY_LEAST, 200},
                {ONCE_KEY_MOST, 200},
                {ONCE_KEY_MOST + 1, 400}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int quoted = 0; quoted <= 1; quoted++) {
            memset(key, 'k', sizeof key);
            key[0] = quoted ? '"' : 'k';
            memcpy(key + quoted + rows[i].n, quoted ? "\"" : "", (size_t)quoted + 1);
            CHECK_MSG(ask_with_key(key) == rows[i].status, "%zu: %d", rows[i].n, f.site.response.status);
            CHECK_MSG(rows[i].status == 200 || *site_problem(&f, "Idempotency-Key") != '\0', "%zu",
                      rows[i].n);
        }
    static const char *const wrong[] = {"\"kkkkkkkkkkkkkkkk", "kkkkkkkkkkkkkkkk\"", "kkkkkkkkkkkkkkk.",
                                        "kkkkkkkk kkkkkkkk", "\"kkkkkkkkkkkkkkkk\"x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_MSG(ask_with_key(wrong[i]) == 400, "%s", wrong[i]);
}

int main(void)
{
    site_make(&f, 120, NULL);
    RUN(cursors_are_ours_or_none);
    RUN(cursors_of_rows_have_their_bounds);
    RUN(seeds_are_whole_numbers);
    RUN(limits_have_two_ends);
    RUN(an_enneagram_type_goes_with_a_type);
    RUN(films_are_three_to_a_hundred_and_each_once);
    RUN(films_that_the_wall_learns_from_are_a_list);
    RUN(what_is_no_list_of_films_is_named);
    RUN(keys_have_a_length_and_an_alphabet);
    site_free(&f);
    return check_done();
}
