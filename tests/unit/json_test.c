#include "json/json.h"
#include "json/json_out.h"
#include "tests/check.h"
#include "web/problem.h"

static enum err reads(const char *s, size_t n)
{
    struct arena a = {0};
    const struct json_value *v;
    enum err rc = json_read(&a, s, n, &v, NULL);
    arena_free(&a);
    return rc;
}

static void reading_refuses_what_is_no_json(void)
{
    static const struct {
        const char *text;
        size_t n;
        enum err rc;
    } rows[] = {
        {"{\"a\":1}", 7, ERR_OK},
        {" [1, 2.5, null, true, \"x\"] ", 27, ERR_OK},
        {"12", 2, ERR_OK},
        {"null", 4, ERR_OK},
        {"\"\\u0041\"", 8, ERR_OK},
        {"", 0, ERR_INVALID},
        {"   ", 3, ERR_INVALID},
        {"{", 1, ERR_INVALID},
        {"{\"a\":1", 6, ERR_INVALID},
        {"{\"a\":1}x", 8, ERR_INVALID},
        {"{\"a\":1,}", 8, ERR_INVALID},
        {"[1 2]", 5, ERR_INVALID},
        {"{'a':1}", 7, ERR_INVALID},
        {"[01]", 4, ERR_INVALID},
        {"NaN", 3, ERR_INVALID},
        {"// x\n1", 6, ERR_INVALID},
        {"\"a\0b\"", 5, ERR_INVALID},
        {"\"a\\u0000b\"", 10, ERR_INVALID},
        {"\"\xff\"", 3, ERR_INVALID},
        {"[[[[[[[[[[[[[[1]]]]]]]]]]]]]]", 29, ERR_INVALID}, /* deeper than JSON_MAX_DEPTH */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_MSG(reads(rows[i].text, rows[i].n) == rows[i].rc, "row %zu: %s", i, rows[i].text);
}

static void reading_keeps_values_and_limits_their_number(void)
{
    struct arena a = {0};
    const char text[] = "{\"mbti\":\"INFP\",\"movies\":[1,-2,9223372036854775808],\"x\":{\"y\":0.5}}";
    const struct json_value *v;
    CHECK(json_read(&a, text, strlen(text), &v, NULL) == ERR_OK);
    CHECK_STR(json_member(v, "mbti")->text, "INFP");
    const struct json_value *movies = json_member(v, "movies");
    CHECK_INT(movies->n, 3);
    CHECK_INT(movies->items[1].integer, -2);
    CHECK(movies->items[2].kind == JSON_REAL);
    CHECK_NEAR(json_member(json_member(v, "x"), "y")->real, 0.5, 0);
    CHECK(json_member(v, "nothing") == NULL && json_member(movies, "x") == NULL);
    struct buf many = {0};
    buf_putc(&many, '[');
    for (int i = 0; i < JSON_MAX_VALUES; i++)
        buf_puts(&many, "1,");
    buf_puts(&many, "1]");
    CHECK(reads(many.data, many.len) == ERR_INVALID);
    buf_free(&many);
    arena_free(&a);
}

static void writing_places_commas_and_escapes(void)
{
    struct buf b = {0};
    struct json_out w;
    json_out_start(&w, &b);
    json_out_map(&w);
    json_out_name(&w, "a");
    json_out_list(&w);
    json_out_int(&w, 1);
    json_out_list(&w);
    json_out_end(&w);
    json_out_map(&w);
    json_out_end(&w);
    json_out_end(&w);
    json_out_text_of(&w, "b", "\"\\/\n\x01한");
    json_out_null_of(&w, "c");
    json_out_bool_of(&w, "d", true);
    json_out_end(&w);
    CHECK_STR(buf_str(&b), "{\"a\":[1,[],{}],\"b\":\"\\\"\\\\/\\n\\u0001한\",\"c\":null,\"d\":true}");
    buf_free(&b);
}

/* Where memory is out nothing more is written, whatever is asked for, and that is known at the end. */
static void what_has_no_room_is_not_written(void)
{
    struct buf b = {.failed = true};
    struct json_out w;
    json_out_start(&w, &b);
    json_out_map(&w);
    json_out_name(&w, "a");
    json_out_list(&w);
    json_out_text(&w, "text");
    json_out_int(&w, 1);
    json_out_real(&w, 0.5, 2);
    json_out_bool(&w, true);
    json_out_null(&w);
    json_out_raw(&w, "{}", 2);
    json_out_end(&w);
    json_out_members(&w, "\"b\":1", 5);
    json_out_end(&w);
    CHECK(b.failed && b.len == 0 && b.data == NULL);
    b = (struct buf){0};
    json_out_start(&w, &b);
    json_out_text_n(&w, "a text of which nobody has the length", SIZE_MAX / 8 + 1);
    CHECK(b.failed && b.len == 0);
    buf_free(&b);
}

static void digits_are_as_many_as_asked(void)
{
    static const struct {
        double x;
        int digits;
        const char *want;
    } rows[] = {{0.1, 9, "0.1"},          {0.1, 17, "0.10000000000000001"}, {1e30, 3, "1e+30"},
                {1234567, 3, "1.23e+06"}, {-0.0000125, 9, "-1.25e-05"},     {NAN, 9, "null"},
                {INFINITY, 9, "null"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = {0};
        struct json_out w;
        json_out_start(&w, &b);
        json_out_digits(&w, rows[i].x, rows[i].digits);
        CHECK_STR(buf_str(&b), rows[i].want);
        buf_free(&b);
    }
}

static void numbers_are_written_exactly(void)
{
    static const struct {
        double x;
        int decimals;
        const char *want;
    } rows[] = {{0.61, 2, "0.61"},   {0.5, 3, "0.5"},  {1, 4, "1"},         {0.005, 2, "0.01"},
                {-0.25, 2, "-0.25"}, {-0.001, 2, "0"}, {12.04, 2, "12.04"}, {1e30, 2, "null"},
                {NAN, 2, "null"},    {0.999, 2, "1"},  {100, 0, "100"},     {0.000001, 6, "0.000001"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = {0};
        struct json_out w;
        json_out_start(&w, &b);
        json_out_real(&w, rows[i].x, rows[i].decimals);
        CHECK_STR(buf_str(&b), rows[i].want);
        buf_free(&b);
    }
    struct buf b = {0};
    struct json_out w;
    json_out_start(&w, &b);
    json_out_list(&w);
    json_out_int(&w, INT64_MIN);
    json_out_int(&w, INT64_MAX);
    json_out_end(&w);
    CHECK_STR(buf_str(&b), "[-9223372036854775808,9223372036854775807]");
    buf_free(&b);
}

/* Every byte below 0x80 and a sample of longer sequences comes back as it went in. */
static void what_is_written_reads_back(void)
{
    for (unsigned c = 1; c < 0x80; c++) {
        char text[] = {'x', (char)c, 'y', 0};
        struct arena a = {0};
        struct buf b = {0};
        struct json_out w;
        json_out_start(&w, &b);
        json_out_text(&w, text);
        const struct json_value *v;
        CHECK_MSG(json_read(&a, b.data, b.len, &v, NULL) == ERR_OK && strcmp(v->text, text) == 0, "byte %u",
                  c);
        buf_free(&b);
        arena_free(&a);
    }
}

static void problem_documents_name_the_field(void)
{
    struct problem p = {0};
    struct buf b = {0};
    CHECK(problem_field(&p, "movies", "at least %d", 3) == ERR_INVALID);
    problem_write(&p, "abc", &b);
    CHECK_STR(buf_str(&b),
              "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,\"detail\":\"at least 3\","
              "\"errors\":[{\"field\":\"movies\",\"message\":\"at least 3\"}],\"request_id\":\"abc\"}");
    for (int i = 0; i < 20; i++)
        problem_field(&p, "x", "%d", i);
    CHECK_INT(p.n_errors, PROBLEM_FIELDS);
    buf_free(&b);
}

/* json-c keeps the last of two members of one name, which somebody else may have read as the first. */
static void names_that_stand_twice_are_seen(void)
{
    static const struct {
        const char *text;
        bool once;
    } rows[] = {
        {"{}", true},
        {"[]", true},
        {"{\"a\":1,\"b\":2}", true},
        {"{\"a\":{\"a\":1},\"b\":[{\"a\":\":\"},{\"a\":\"\\\":\\\"\"}]}", true},
        {"{\"a:\":1}", true},
        {"{\"a\":1,\"a\":1}", false},
        {"{\"a\":{\"b\":1,\"b\":2}}", false},
        {"[{\"b\":1},{\"b\":1,\"b\":2}]", false},
        {"[[{\"b\\\"\":1,\"b\\\"\":2}]]", false},
        {"{\"a\":1,\"\\u0061\":2}", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena a = {0};
        const struct json_value *v;
        CHECK(json_read(&a, rows[i].text, strlen(rows[i].text), &v, NULL) == ERR_OK);
        CHECK_MSG(json_names_once(rows[i].text, strlen(rows[i].text), v) == rows[i].once, "%s", rows[i].text);
        arena_free(&a);
    }
}

int main(void)
{
    RUN(reading_refuses_what_is_no_json);
    RUN(reading_keeps_values_and_limits_their_number);
    RUN(writing_places_commas_and_escapes);
    RUN(what_has_no_room_is_not_written);
    RUN(numbers_are_written_exactly);
    RUN(digits_are_as_many_as_asked);
    RUN(what_is_written_reads_back);
    RUN(problem_documents_name_the_field);
    RUN(names_that_stand_twice_are_seen);
    return check_done();
}
