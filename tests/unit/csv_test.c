/* base/csv and base/text_file: what real files do wrong, one row at a time. */
#include "tests/check.h"

#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/text_file.h"
#include "data/row_source.h"
#include "tests/fixture/file.h"

static char path[64];

static void put(const void *bytes, size_t n)
{
    CHECK(file_put(path, bytes, n));
}

static struct csv *open_text(const char *text)
{
    struct csv *r = NULL;
    struct fail why = {0};
    put(text, strlen(text));
    CHECK_MSG(csv_open(&r, path, &why) == ERR_OK, "%s", why.text);
    if (r == NULL)
        exit(1);
    return r;
}

/* The file as one string: "line:field|field;" a row, "line!verdict;" a rejected one. */
static const char *flatten(struct csv *r)
{
    static struct buf out;
    buf_reset(&out);
    struct csv_row row;
    while (csv_next(r, &row)) {
        buf_printf(&out, "%llu", (unsigned long long)row.line);
        if (row.verdict != CSV_OK) {
            const char *name = csv_verdict_name(row.verdict), *rest = row.reason + strlen(name);
            bool named = strncmp(row.reason, name, strlen(name)) == 0 &&
                         (*rest == '\0' || (strncmp(rest, ": ", 2) == 0 && rest[2] != '\0'));
            CHECK_MSG(row.fields == NULL && (named || row.verdict == CSV_WRONG_UTF8), "%s", row.reason);
            buf_printf(&out, "!%d;", row.verdict);
            continue;
        }
        CHECK_STR(row.reason, "");
        for (size_t i = 0; i < row.n; i++) {
            CHECK_INT(strlen(row.fields[i].text), row.fields[i].n);
            buf_printf(&out, "%c%s", i == 0 ? ':' : '|', row.fields[i].text);
        }
        buf_putc(&out, ';');
    }
    CHECK(csv_end(r, NULL) == ERR_OK);
    csv_close(r);
    return buf_str(&out);
}

static const char *flatten_bytes(const void *bytes, size_t n)
{
    struct csv *r = NULL;
    struct fail why = {0};
    put(bytes, n);
    CHECK_MSG(csv_open(&r, path, &why) == ERR_OK, "%s", why.text);
    return r != NULL ? flatten(r) : "";
}

#define CHECK_CSV(text, want) CHECK_STR(flatten(open_text(text)), want)

static void plain_and_quoted_rows(void)
{
    CHECK_CSV("a,b\n1,2\n3,4\n", "2:1|2;3:3|4;");
    CHECK_CSV("a,b\n1,2", "2:1|2;");
    CHECK_CSV("a,b\n\"x, \"\"y\"\"\",z\n", "2:x, \"y\"|z;");
    CHECK_CSV("a,b\n\"one\ntwo\n\nfour\",z\n5,6\n", "2:one\ntwo\n\nfour|z;6:5|6;");
    CHECK_CSV("a,b\n,\n\"\",x\n", "2:|;3:|x;");
    CHECK_CSV("a,b\n 1 ,\t2\n", "2: 1 |\t2;");
    CHECK_CSV("a\n쉬리\n\n\n아바타\n", "2:쉬리;5:아바타;");
    CHECK_CSV("a,b\n", "");
}

static void marks_of_windows(void)
{
    CHECK_CSV("\xef\xbb\xbf"
              "a,b\r\n1,2\r\n\r\n\"x\r\ny\",4\r\n",
              "2:1|2;4:x\r\ny|4;");
    struct csv *r = open_text("\xef\xbb\xbf"
                              "\"id\",name\r\n");
    CHECK_INT(csv_column(r, "id"), 0);
    CHECK_INT(csv_column(r, "name"), 1);
    csv_close(r);
    CHECK_STR(flatten(open_text("a\r\n1")), "2:1;");
}

static void rejected_rows_cost_themselves_only(void)
{
    CHECK_CSV("a,b\n1\n1,2,3\n4,5\n", "2!1;3!1;4:4|5;");
    CHECK_CSV("a,b\n1,\xff\n\xed\xa0\x80,2\n4,5\n", "2!2;3!2;4:4|5;");
    CHECK_CSV("a,b\n1,x\"y\n\"2\"z,3\n4,5\n", "2!5;3!5;4:4|5;");
    CHECK_CSV("a,b\n1,\"open\n3,4\n5,\"x\"\n", "2!5;3:3|4;4:5|x;");
    CHECK_CSV("a,b\n1,\"open\n3,4\n", "2!6;3:3|4;");
    CHECK_CSV("a,b\n1,2\n3", "2:1|2;3!6;");
    CHECK_CSV("a,b\n1,2\n3,\"4", "2:1|2;3!6;");
    CHECK_CSV("a,b\n1,2\n3,4,5", "2:1|2;3!1;");
    put("a,b\n1,\0\n3,4\n", 12);
    struct csv *r = NULL;
    CHECK(csv_open(&r, path, NULL) == ERR_OK);
    CHECK_STR(flatten(r), "2!3;3:3|4;");
}

static void long_things_are_bounded(void)
{
    struct buf b = {0};
    buf_puts(&b, "a,b\n1,");
    size_t head = b.len;
    for (size_t i = 0; i < CSV_FIELD_MAX; i++)
        buf_putc(&b, 'x');
    buf_puts(&b, "\n3,4\n");
    struct csv *r = open_text(buf_str(&b));
    struct csv_row row;
    CHECK(csv_next(r, &row) && row.verdict == CSV_OK && row.fields[1].n == CSV_FIELD_MAX);
    csv_close(r);
    buf_reset(&b);
    buf_puts(&b, "a,b\n1,");
    for (size_t i = 0; i <= CSV_FIELD_MAX; i++)
        buf_putc(&b, 'x');
    buf_puts(&b, "\n3,4\n");
    CHECK_CSV(buf_str(&b), "2!4;3:3|4;");
    for (size_t i = b.len; i < head + 3 * (size_t)TEXT_LINE_MAX; i++)
        buf_putc(&b, 'x');
    buf_puts(&b, "\n5,6\n");
    CHECK_CSV(buf_str(&b), "2!4;3:3|4;4!4;5:5|6;");
    buf_free(&b);
}

static void a_stray_quote_in_a_large_file(void)
{
    struct buf b = {0};
    buf_puts(&b, "a,b\n1,\"open\n");
    size_t rows = 0;
    for (; b.len < 3 * (size_t)TEXT_ROW_MAX; rows++)
        buf_puts(&b, "12345,67890\n");
    struct csv *r = open_text(buf_str(&b));
    struct csv_row row;
    CHECK(csv_next(r, &row) && row.verdict == CSV_TOO_LONG && row.line == 2);
    size_t good = 0;
    while (csv_next(r, &row)) {
        good += row.verdict == CSV_OK && strcmp(row.fields[1].text, "67890") == 0;
        CHECK_INT(row.line, good + 2);
    }
    CHECK_INT(good, rows);
    csv_close(r);
    buf_free(&b);
}

static void expect_refused(const char *bytes, size_t n, enum err code, const char *words)
{
    struct csv *r = NULL;
    struct fail why = {0};
    put(bytes, n);
    CHECK(csv_open(&r, path, &why) == code);
    CHECK_MSG(strstr(why.text, words) != NULL, "%s", why.text);
    CHECK(r == NULL);
    csv_close(r);
}

static void headers_that_cannot_be(void)
{
    expect_refused("", 0, ERR_INVALID, ":1: empty");
    expect_refused("\n\n", 2, ERR_INVALID, "empty");
    expect_refused("a,b,a\n", 6, ERR_INVALID, "\"a\"");
    expect_refused("a,\xff\n", 5, ERR_INVALID, "UTF-8");
    expect_refused("\"a\n", 3, ERR_INVALID, "quote");
    struct fail why = {0};
    struct csv *r = NULL;
    CHECK(csv_open(&r, "/nonexistent/x.csv", &why) == ERR_NOT_FOUND);
    CHECK(csv_open(&r, "/", &why) == ERR_INVALID);
    r = open_text("movie_id,year\n");
    CHECK(csv_need(r, (const char *const[]){"year", NULL}, &why) == ERR_OK);
    CHECK(csv_need(r, (const char *const[]){"title", "year", "genre", NULL}, &why) == ERR_INVALID);
    CHECK(strstr(why.text, ":1: the header row lacks: title, genre") != NULL);
    csv_close(r);
}

/* Spreadsheets of half of Europe write semicolons, "Unicode text" is tabs, MySQL's client writes tabs too. */
static void headers_of_many_columns(void)
{
    struct buf b = {0};
    struct csv *r = NULL;
    struct fail why = {0};
    for (int i = 0; i <= CSV_COLUMNS_MAX; i++)
        buf_printf(&b, "%sc%d", i > 0 ? "," : "", i);
    put(b.data, b.len);
    CHECK(csv_open(&r, path, &why) == ERR_TOO_LARGE && r == NULL);
    CHECK_MSG(strstr(why.text, ":1: 257 columns, and at most 256 are read") != NULL, "%s", why.text);
    buf_free(&b);
    /* Programs that join files leave marks before names. */
    r = open_text("id,\xef\xbb\xbf\xef\xbb\xbfname\n1,x\n");
    CHECK_INT(csv_column(r, "name"), 1);
    csv_close(r);
}

static void other_delimiters(void)
{
    CHECK_CSV("a;b\n1;2,5\n\"x;y\";z\n", "2:1|2,5;3:x;y|z;");
    CHECK_CSV("a\tb\r\n1,0\t2;3\r\n", "2:1,0|2;3;");
    CHECK_CSV("a|b\n1|2\n", "2:1|2;");
    CHECK_CSV("a,b;c\n1,2;3\n", "2:1|2;3;"); /* of two as frequent, the comma */
    CHECK_CSV("\"a;b;c\",d\n1,2\n", "2:1|2;");
    CHECK_CSV("a\n1;2\n", "2:1;2;");
    struct csv *r = open_text("\n\na;b\n1;2\n");
    CHECK_INT(csv_delimiter(r), ';');
    CHECK_STR(flatten(r), "4:1|2;");
}

static void excels_line_about_the_delimiter(void)
{
    CHECK_CSV("sep=,\na,b\n1,2\n", "3:1|2;");
    CHECK_CSV("sep=;\r\na;b\r\n1;2,5\r\n", "3:1|2,5;");
    CHECK_CSV("\xef\xbb\xbfSEP=\t\na\tb\n1\t2\n", "3:1|2;");
    CHECK_CSV("\"sep=;\"\na;b\n1;2\n", "3:1|2;");
    CHECK_CSV("sep=,,,\na,b\n1,2\n", "3:1|2;");
    CHECK_CSV("sep=x,b\n1,2\n", "2:1|2;");
    expect_refused("sep=,\n", 6, ERR_INVALID, "empty");
    struct fail why = {0};
    struct csv *r = open_text("sep=;\na;b\n");
    CHECK(csv_need(r, (const char *const[]){"c", NULL}, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, ":2: the header row lacks: c (it has: a, b)") != NULL, "%s", why.text);
    csv_close(r);
}

static void names_of_columns_as_people_write_them(void)
{
    struct csv *r = open_text("\"Movie ID\", title_ko ,RATING,user-id,movieid\n");
    CHECK_INT(csv_column(r, "title_ko"), 1);
    CHECK_INT(csv_column(r, "rating"), 2);
    CHECK_INT(csv_column(r, "userId"), 3);
    CHECK_INT(csv_column(r, "movie_id"), 0);
    CHECK_INT(csv_column(r, "movieid"), 4);
    CHECK_INT(csv_column(r, "title"), -1);
    char names[32];
    csv_names(r, names, sizeof names);
    CHECK_STR(names, "Movie ID, title_ko, RATING, …");
    csv_close(r);
    expect_refused("a, A\n", 5, ERR_INVALID, "two columns are called \"A\"");
    CHECK_STR(flatten(open_text("a,,\n1,2,3\n")), "2:1|2|3;");
}

/* Excel for Macintosh, "CSV (Macintosh)". */
static void lines_that_end_with_cr(void)
{
    CHECK_CSV("a,b\r1,2\r\r\"x\ry\",4\r", "2:1|2;4:x\ny|4;");
    CHECK_CSV("a,b\r1,2", "2:1|2;");
    CHECK_CSV("a,b\r", "");
    CHECK_CSV("a,b\r1,2\r\n3,4\n5,6\r", "2:1|2;3:3|4;4:5|6;");
    CHECK_CSV("\"a\rx\",b\n1,2\n", "2:1|2;");
}

static void long_file_that_ends_with_cr(void)
{
    struct buf b = {0};
    buf_puts(&b, "a,b\r");
    int rows = 0;
    for (; b.len < 3 << 20; rows++)
        buf_printf(&b, "%d,%.*s\r", rows, rows % 37, "0123456789012345678901234567890123456789");
    struct csv *r = open_text(buf_str(&b));
    struct csv_row row;
    int n = 0;
    for (; csv_next(r, &row); n++)
        CHECK(row.verdict == CSV_OK && row.line == (uint64_t)n + 2 && atoi(row.fields[0].text) == n);
    CHECK_INT(n, rows);
    csv_close(r);
    buf_free(&b);
}

static void utf16_is_read(void)
{
    static const char marked[] = "\xff\xfe"
                                 "i\0d\0\t\0n\0\r\0\n\0"
                                 "7\0\t\0\x30\xae\x34\xd0\r\0\n\0";
    CHECK_STR(flatten_bytes(marked, sizeof marked - 1), "2:7|기퀴;");
    static const char big[] = "\0i\0d\0,\0n\0\n\0"
                              "7\0,\xae\x30\0\n";
    CHECK_STR(flatten_bytes(big, sizeof big - 1), "2:7|기;");
    static const char lone[] = "\xff\xfe"
                               "a\0\n\0"
                               "\x34\xd8\n\0"
                               "b\0\n\0";
    CHECK_STR(flatten_bytes(lone, sizeof lone - 1), "2!2;3:b;");
    static const char odd[] = "\xff\xfe"
                              "a\0\n\0"
                              "b\0\n";
    CHECK_STR(flatten_bytes(odd, sizeof odd - 1), "2!2;");
}

static void compressed_files(void)
{
    gzFile z = gzopen(path, "wb");
    gzputs(z, "a,b\n");
    for (int i = 0; i < 50000; i++)
        gzprintf(z, "%d,%d\n", i, i * 7919 % 104729);
    gzclose(z);
    struct csv *r = NULL;
    struct csv_row row;
    struct fail why = {0};
    CHECK(csv_open(&r, path, NULL) == ERR_OK);
    int n = 0;
    for (; csv_next(r, &row); n++)
        CHECK_INT(atoi(row.fields[0].text), n);
    uint64_t done, total;
    csv_position(r, &done, &total);
    CHECK_INT(n, 50000);
    CHECK(csv_end(r, &why) == ERR_OK && done == total && total > 0);
    csv_close(r);
    CHECK(truncate(path, (off_t)total / 2) == 0);
    CHECK(csv_open(&r, path, NULL) == ERR_OK);
    for (n = 0; csv_next(r, &row); n++)
        CHECK(row.verdict == CSV_OK && atoi(row.fields[0].text) == n);
    CHECK(n > 0 && n < 50000);
    CHECK(csv_end(r, &why) == ERR_INVALID && strstr(why.text, "ends early") != NULL);
    csv_close(r);
}

/* The rest of a quoted field that could not be read is no row. */
static void a_row_cut_by_damage_is_none(void)
{
    gzFile z = gzopen(path, "wb0"); /* stored: what is cut off is text */
    gzputs(z, "a,b\n1,2\n3,\"");
    for (int i = 0; i < 5000; i++)
        gzprintf(z, "line %d\n", i);
    gzputs(z, "\"\n");
    gzclose(z);
    CHECK(truncate(path, 20000) == 0);
    struct csv *r = NULL;
    struct csv_row row;
    struct fail why = {0};
    CHECK(csv_open(&r, path, NULL) == ERR_OK);
    CHECK(csv_next(r, &row) && row.verdict == CSV_OK);
    CHECK(!csv_next(r, &row));
    CHECK(csv_end(r, &why) == ERR_INVALID && strstr(why.text, "ends early") != NULL);
    csv_close(r);
}

/* Reads all of a compressed file that was harmed, whatever way the bytes are read. */
static void expect_harmed(const char *encoding, bool cut, const char *says)
{
    static const char noise[64] = "\xff\xff\xff\xff\xff\xff\xff\xff";
    struct text_file *t = NULL;
    struct text_line line;
    struct fail why = {0};
    gzFile z = gzopen(path, "wb");
    for (int k = 0; k < 50000; k++)
        gzprintf(z, "%d\n", k * 7919 % 104729);
    gzclose(z);
    if (cut) {
        CHECK(truncate(path, 90000) == 0);
    } else {
        FILE *f = fopen(path, "r+b");
        CHECK(f != NULL && fseek(f, 90000, SEEK_SET) == 0 &&
              fwrite(noise, 1, sizeof noise, f) == sizeof noise && fclose(f) == 0);
    }
    CHECK(text_file_open_as(&t, path, encoding, &why) == ERR_OK);
    while (t != NULL && text_file_first(t, &line))
        ;
    CHECK_MSG(text_file_status(t, &why) == ERR_INVALID && strstr(why.text, says) != NULL, "%s", why.text);
    text_file_close(t);
}

static void a_failed_read_is_told_in_every_encoding(void)
{
    expect_harmed(NULL, true, "the compressed data ends early");
    expect_harmed("cp949", true, "the compressed data ends early");
    expect_harmed(NULL, false, "the compressed data is damaged");
    expect_harmed("cp949", false, "the compressed data is damaged");
    struct text_file *t;
    struct fail why = {0};
    CHECK(text_file_open(&t, "/proc/self/mem", &why) == ERR_IO); /* nothing lies at its beginning */
    CHECK_MSG(strstr(why.text, "/proc/self/mem: Input/output error") != NULL, "%s", why.text);
    CHECK(text_file_open(&t, "/etc/passwd/x", &why) == ERR_IO);
    CHECK(text_file_open(&t, "/dev/null", &why) == ERR_INVALID && strstr(why.text, "is a device") != NULL);
    CHECK(text_file_open(&t, "/tmp", &why) == ERR_INVALID && strstr(why.text, "is a directory") != NULL);
}

static void a_last_line_that_is_too_long(void)
{
    static char text[TEXT_LINE_MAX + (1 << 20)];
    struct text_file *t = NULL;
    struct text_line line;
    memset(text, 'x', sizeof text);
    put(text, sizeof text);
    CHECK(text_file_open(&t, path, NULL) == ERR_OK);
    CHECK(text_file_first(t, &line) && line.too_long && line.n == TEXT_LINE_MAX);
    CHECK(!text_file_first(t, &line) && text_file_status(t, NULL) == ERR_OK);
    text_file_close(t);
}

static void a_wrong_count_is_said(void)
{
    struct csv *r = open_text("a,b,c\n1,2\n1,2,3,4\n");
    struct csv_row row;
    CHECK(csv_next(r, &row) && row.verdict == CSV_WRONG_COUNT);
    CHECK_MSG(strstr(row.reason, ": 2 of 3 columns") != NULL, "%s", row.reason);
    CHECK(csv_next(r, &row) && row.verdict == CSV_WRONG_COUNT);
    CHECK_MSG(strstr(row.reason, ": 4 of 3 columns") != NULL, "%s", row.reason);
    csv_close(r);
    CHECK_STR(csv_verdict_name(CSV_N_VERDICTS), "unknown");
}

/* MovieLens's kind of file, with a row of each kind. */
static void rows_of_dat_files(void)
{
    static const char bytes[] =
        "1::A::Drama\r\n\n2::B\n3::C::D::E\n4::n\0l::x\n5::\xed\x95\x9c::y\n6::\xec::z\n7::last";
    static const enum csv_verdict want[] = {CSV_OK, CSV_WRONG_COUNT, CSV_WRONG_COUNT, CSV_HAS_NUL,
                                            CSV_OK, CSV_WRONG_UTF8,  CSV_CUT};
    static char longest[TEXT_LINE_MAX + 100];
    char dat[80];
    struct row_source s;
    struct csv_row row;
    struct fail why = {0};
    uint64_t done, total;
    snprintf(dat, sizeof dat, "%s.dat", path);
    CHECK(file_put(dat, bytes, sizeof bytes - 1));
    CHECK(row_source_open(&s, dat, NULL, NULL, &why) == ERR_INVALID &&
          strstr(why.text, "no .dat file of this kind") != NULL);
    row_source_close(&s);
    CHECK_MSG(row_source_open(&s, dat, "movieId|title|genres", "utf-8", &why) == ERR_OK, "%s", why.text);
    CHECK(row_source_column(&s, "title", 5) == 1 && row_source_column(&s, "year", 4) == -1);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CHECK(row_source_next(&s, &row));
        CHECK_MSG(row.verdict == want[i], "%zu: %s", i, row.reason);
        CHECK((row.verdict == CSV_OK) == (row.fields != NULL) &&
              (row.verdict == CSV_OK) == (row.reason[0] == '\0'));
        if (want[i] == CSV_WRONG_UTF8)
            CHECK_STR(row.reason, "not valid UTF-8");
    }
    CHECK(!row_source_next(&s, &row) && row_source_end(&s, &why) == ERR_OK);
    row_source_position(&s, &done, &total);
    CHECK(done == total && total == sizeof bytes - 1);
    row_source_close(&s);
    memset(longest, 'x', sizeof longest);
    CHECK(file_put(dat, longest, sizeof longest));
    CHECK(row_source_open(&s, dat, "movieId|title", NULL, &why) == ERR_OK && row_source_next(&s, &row) &&
          row.verdict == CSV_TOO_LONG);
    row_source_close(&s);
    CHECK(file_put_text(dat, "1::\xb1\xe2\xbb\xfd\xc3\xe6::x\n"));
    CHECK(row_source_open(&s, dat, "movieId|title|genres", NULL, &why) == ERR_INVALID &&
          strstr(why.text, "CP949") != NULL);
    row_source_close(&s);
    CHECK(unlink(dat) == 0);
    put("a,b\n1,2\n", 8);
    CHECK(row_source_open(&s, path, NULL, NULL, &why) == ERR_OK && row_source_column(&s, "b", 1) == 1);
    memset(longest, 'b', 100);
    CHECK_INT(row_source_column(&s, longest, 100), -1);
    while (row_source_next(&s, &row))
        ;
    row_source_position(&s, &done, &total);
    CHECK(row_source_end(&s, &why) == ERR_OK && done == 8 && total == 8);
    row_source_close(&s);
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/mvti_csv_test.%ld", (long)getpid());
    RUN(plain_and_quoted_rows);
    RUN(marks_of_windows);
    RUN(rejected_rows_cost_themselves_only);
    RUN(long_things_are_bounded);
    RUN(a_stray_quote_in_a_large_file);
    RUN(headers_that_cannot_be);
    RUN(headers_of_many_columns);
    RUN(other_delimiters);
    RUN(excels_line_about_the_delimiter);
    RUN(names_of_columns_as_people_write_them);
    RUN(lines_that_end_with_cr);
    RUN(long_file_that_ends_with_cr);
    RUN(utf16_is_read);
    RUN(compressed_files);
    RUN(a_row_cut_by_damage_is_none);
    RUN(a_failed_read_is_told_in_every_encoding);
    RUN(a_last_line_that_is_too_long);
    RUN(a_wrong_count_is_said);
    RUN(rows_of_dat_files);
    unlink(path);
    return check_done();
}
