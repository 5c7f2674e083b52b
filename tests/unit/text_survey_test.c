/* base/text_survey, base/encoding_guess and base/encoding: which encoding a file is in, told before a row of
 * it is used. */
#include "tests/check.h"

#include <unistd.h>

#include "base/encoding.h"
#include "base/encoding_guess.h"
#include "base/text_file.h"
#include "base/text_survey.h"
#include "tests/fixture/file.h"

static char path[64];

static void put(const void *bytes, size_t n)
{
    CHECK(file_put(path, bytes, n));
}

static struct text_survey survey(const char *text)
{
    struct text_survey s;
    struct fail why = {0};
    put(text, strlen(text));
    CHECK_MSG(text_survey_file(path, &s, &why) == ERR_OK, "%s", why.text);
    return s;
}

static const char *look(const char *text)
{
    struct text_survey s = survey(text);
    return s.utf8 ? "utf-8" : s.look != NULL ? s.look->name : "unknown";
}

static void what_a_file_looks_like(void)
{
    CHECK_STR(look("movie_id,title\n1,Alien\n"), "utf-8");
    CHECK_STR(look("1,쉬리\n2,La cité\n"), "utf-8");
    /* 기생충, 올드보이; 펲 and 똠 are not of KS X 1001 */
    CHECK_STR(look("1,\xb1\xe2\xbb\xfd\xc3\xe6\n2,\xbf\xc3\xb5\xe5\xba\xb8\xc0\xcc\n"), "cp949");
    CHECK_STR(look("1,\xb1\xe2\xbb\xfd\xc3\xe6 \xbb\xe7\xb6\xfb \xbc\xd2\xbc\xb3\n"
                   "2,\xc6\xd0\xb7\xaf\xb5\xf0 \x8c\x63\xb9\xe6\xb0\xa2\xc7\xcf \xbc\x84\n"),
              "cp949");
    /* 千と千尋の神隠し, となりのトトロ */
    CHECK_STR(look("1,\x90\xe7\x82\xc6\x90\xe7\x90\x71\x82\xcc\x90\x5f\x89\x42\x82\xb5\n"), "shift_jis");
    CHECK_STR(look("1,\xa4\xc8\xa4\xca\xa4\xea\xa4\xce\xa5\xc8\xa5\xc8\xa5\xed\n"), "euc-jp");
    /* 卧虎藏龙 霸王别姬 */
    CHECK_STR(look("1,\xce\xd4\xbb\xa2\xb2\xd8\xc1\xfa\n2,\xb0\xd4\xcd\xf5\xb1\xf0\xbc\xa7\n3,"
                   "\xbb\xa8\xd1\xf9\xc4\xea\xbb\xaa\n"
                   "4,\xd2\xbb\xb4\xfa\xd7\xda\xca\xa6\n"),
              "gb18030");
    /* 英雄本色 */
    CHECK_STR(look("1,\xad\x5e\xb6\xaf\xa5\xbb\xa6\xe2\n"), "big5");
    CHECK_STR(look("1,\xc1\xf0\xe0\xf2\n2,\xd1\xf2\xe0\xeb\xea\xe5\xf0\n"), "windows-1251");
    CHECK_STR(look("1,Mis\xe9rables, Les\n2,Am\xe9lie\n3,It\x92s \x93us\x94\n4,\xc4on Flux\n"),
              "windows-1252");
    CHECK_STR(look("1,\x93"
                   "A\x94 \x93I\x94 \x92s\n"),
              "windows-1252");
    CHECK_STR(look("1,\xff\x81\xfe\x8d\n"), "unknown");
}

/* Of a larger file the piece that is looked at may end inside a character. */
static void a_character_that_is_cut_spoils_nothing(void)
{
    char text[601] = "";
    const struct encoding_look *guess = NULL;
    for (int i = 0; i < 300; i++)
        memcpy(text + 2 * i, i % 2 ? "\xbb\xfd" : "\xb1\xe2", 2);
    text[600] = '\xc3';
    CHECK(encoding_guess(text, sizeof text, &guess) == ERR_OK && guess != NULL);
    CHECK_STR(guess->name, "cp949");
}

static void damage_is_not_another_encoding(void)
{
    struct text_survey s = survey("1,쉬리\n2,쉬\xec\n3,A\n");
    CHECK(s.utf8);
    CHECK_INT(s.wrong, 1);
    CHECK_INT(s.wrong_line, 2);
    CHECK_INT(s.good, 1);
    CHECK(survey("\xef\xbb\xbf"
                 "1,A\n2,Caf\xe9\n")
              .utf8);
    s = survey("1,A\r2,\xb1\xe2\r");
    CHECK(!s.utf8);
    CHECK_INT(s.wrong_line, 2);
    put("\xff\xfe\x30\xae\n\0", 6);
    CHECK(text_survey_file(path, &s, NULL) == ERR_OK && s.utf8 && s.wrong == 0);
    CHECK(text_survey_file("/nonexistent", &s, NULL) == ERR_NOT_FOUND);
}

static void what_a_person_is_told(void)
{
    const char *encoding = "";
    struct fail why = {0};
    struct text_survey s = survey("a\n\xb1\xe2\xbb\xfd\xc3\xe6\n");
    CHECK(text_survey_choose(&s, "f.csv", NULL, &encoding, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "f.csv:2: ") != NULL && strstr(why.text, "CP949 (EUC-KR)") != NULL &&
                  strstr(why.text, "--encoding cp949") != NULL,
              "%s", why.text);
    CHECK(text_survey_choose(&s, "f.csv", "euc-kr", &encoding, &why) == ERR_OK);
    CHECK_STR(encoding, "euc-kr");
    s = survey("a\n1,\xff\x81\xfe\x8d\n");
    CHECK(text_survey_choose(&s, "f.csv", NULL, &encoding, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "f.csv:2: is neither UTF-8 nor another") != NULL, "%s", why.text);
    s = survey("a\n기생충\n");
    CHECK(text_survey_choose(&s, "f.csv", NULL, &encoding, &why) == ERR_OK && encoding == NULL);
    CHECK(text_survey_choose(&s, "f.csv", "utf-8", &encoding, &why) == ERR_OK);
    CHECK(text_survey_choose(&s, "f.csv", "cp949", &encoding, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "f.csv: is UTF-8, not cp949") != NULL, "%s", why.text);
}

/* The whole file in `encoding`, as text_open_as gives it. */
static void expect_decoded(const char *bytes, size_t n, const char *encoding, const char *want)
{
    struct text_file *t = NULL;
    struct text_line line;
    struct fail why = {0};
    put(bytes, n);
    CHECK_MSG(text_file_open_as(&t, path, encoding, &why) == ERR_OK, "%s", why.text);
    if (t == NULL)
        return;
    CHECK(text_file_first(t, &line));
    CHECK_MSG(line.n == strlen(want) && memcmp(line.text, want, line.n) == 0, "%.*s", (int)line.n, line.text);
    CHECK(strcmp(text_file_encoding(t), "UTF-8") != 0);
    text_file_close(t);
}

static void decoding(void)
{
    expect_decoded("\xb1\xe2\xbb\xfd\xc3\xe6 \x8c\x63", 9, "EUC-KR", "기생충 똠");
    expect_decoded("\xb1", 1, "cp949", "\xff");
    expect_decoded("\xb1\xe2\xff\xb1\xe2", 5, "ks_c_5601-1987", "기\xff기");
    expect_decoded("Am\xe9lie \x80", 8, "latin1", "Amélie €");
    expect_decoded("a\x81z", 3, "windows-1252", "a\xffz");
    expect_decoded("\xff\xfe\x30\xae", 4, "cp949", "기");
    expect_decoded("\xfe\xff\xae\x30", 4, NULL, "기");
    expect_decoded("\xff\xfe\0\0\x30\xae\0\0", 8, NULL, "기");
    expect_decoded("\0\0\xfe\xff\0\0\xae\x30", 8, NULL, "기");
    expect_decoded("\0a\xd8\x34\0b", 6, "utf-16be",
                   "a\xff"
                   "b");
    struct text_file *t;
    struct fail why = {0};
    put("a\n", 2);
    CHECK(text_file_open_as(&t, path, "cp9949", &why) == ERR_INVALID && strstr(why.text, "'cp9949'") != NULL);
    CHECK(text_file_open_as(&t, path, "cp949//IGNORE", &why) == ERR_INVALID);
    CHECK(text_file_open_as(&t, path, "", &why) == ERR_INVALID);
}

/* Longer than all buffers, with two-byte characters at odd and even places: every one comes through whole. */
static void a_long_file_is_decoded_piece_by_piece(void)
{
    FILE *f = fopen(path, "wb");
    enum { LINES = 100000 };
    for (int i = 0; f != NULL && i < LINES; i++)
        fprintf(f, "%d,\xb1\xe2\xbb\xfd\xc3\xe6\r\n", i);
    CHECK(f != NULL && fclose(f) == 0);
    struct text_file *t = NULL;
    struct text_line line;
    CHECK(text_file_open_as(&t, path, "cp949", NULL) == ERR_OK);
    int n = 0;
    char want[40];
    for (; text_file_first(t, &line); n++) {
        snprintf(want, sizeof want, "%d,기생충\r\n", n);
        CHECK(line.n == strlen(want) && memcmp(line.text, want, line.n) == 0);
    }
    CHECK_INT(n, LINES);
    CHECK(text_file_status(t, NULL) == ERR_OK);
    text_file_close(t);
}

static void no_text_at_all(void)
{
    static const struct {
        const char *bytes, *words;
    } cases[] = {{"PK\x03\x04 sheet", "xlsx"},
                 {"\xd0\xcf\x11\xe0 sheet", "xls"},
                 {"\n <html><table>", "HTML"},
                 {"%PDF-1.7", "PDF"},
                 {"[{\"movie_id\": 1}]", "JSON"},
                 {"\n{\"movie_id\": 1}\n{\"movie_id\": 2}\n", "JSON"},
                 {"BZh91AY", "bzip2"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text_file *t;
        struct fail why = {0};
        put(cases[i].bytes, strlen(cases[i].bytes));
        CHECK(text_file_open(&t, path, &why) == ERR_INVALID);
        CHECK_MSG(strstr(why.text, cases[i].words) != NULL, "%s", why.text);
    }
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/mvti_survey_test.%ld", (long)getpid());
    RUN(what_a_file_looks_like);
    RUN(a_character_that_is_cut_spoils_nothing);
    RUN(damage_is_not_another_encoding);
    RUN(what_a_person_is_told);
    RUN(decoding);
    RUN(a_long_file_is_decoded_piece_by_piece);
    RUN(no_text_at_all);
    unlink(path);
    return check_done();
}
