/* lib/export: batches, the files that are made of them, and how rows are parted by days. What other programs read in these files is
 * asked in tests/export. */
#include "tests/check.h"

#include <dirent.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/gzip.h"
#include "base/rng.h"
#include "export/export_folder.h"
#include "export/lines.h"
#include "export/parquet.h"
#include "export/parts.h"
#include "export/thrift.h"

static const struct batch_kind kinds[] = {
    {"n", BATCH_INT}, {"x", BATCH_REAL}, {"s", BATCH_TEXT}, {"t", BATCH_TIME}, {"d", BATCH_DATE}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void add(struct batch *b, int64_t n, double x, const char *s, int64_t t, int64_t d)
{
    struct batch_value row[KINDS] = {{.integer = n},
                                     {.real = x},
                                     {.text = s, .n = s != NULL ? strlen(s) : 0, .null = s == NULL},
                                     {.integer = t},
                                     {.integer = d}};
    CHECK(batch_add(b, row) == ERR_OK);
}

static void test_values_come_back_as_they_went_in(void)
{
    struct batch b;
    CHECK(batch_open(&b, kinds, KINDS) == ERR_OK);
    add(&b, 5, 0.5, "가", -1, 0);
    add(&b, INT64_MIN, -0.25, NULL, 1, -1);
    struct batch_reader n = batch_read(&b, 0), s = batch_read(&b, 2), d = batch_read(&b, 4);
    CHECK_INT(batch_next(&n).integer, 5);
    CHECK(batch_next(&n).integer == INT64_MIN);
    struct batch_value text = batch_next(&s);
    CHECK(text.n == 3 && memcmp(text.text, "가", 3) == 0);
    CHECK(batch_next(&s).null);
    CHECK_INT(batch_next(&d).integer, 0);
    CHECK_INT(batch_next(&d).integer, -1);
    CHECK_INT(batch_bytes(&b), 2 * KINDS + 2 * (8 + 8 + 8 + 4) + 4 + 3);
    batch_close(&b);
}

static void test_days_and_times_are_those_of_the_calendar(void)
{
    static const struct {
        const char *text;
        int64_t microseconds;
    } times[] = {{"1970-01-01 00:00:00", 0},
                 {"1969-12-31 23:59:59.999999", -1},
                 {"2026-05-01 12:00:00.120000", 1777636800120000},
                 {"2000-02-29 23:59:59", 951868799000000}};
    char text[BATCH_TIME_TEXT];
    int64_t value;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        CHECK(batch_parse_time(times[i].text, &value));
        CHECK_INT(value, times[i].microseconds);
        batch_time_text(value, text);
        CHECK_STR(text, times[i].text);
    }
    CHECK(batch_parse_time("2026-05-01 12:00:00.12", &value) && value == 1777636800120000);
    CHECK(batch_parse_date("2026-05-01", &value) && value == 20574);
    static const char *const wrong[] = {"",  "2026-05-01", "2026-05-01 12:00", "2026-05-01 12:00:00x",
                                        "x", "0000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_MSG(!batch_parse_time(wrong[i], &value), "%s", wrong[i]);
    CHECK(!batch_parse_date("2026-5-1", &value) && !batch_parse_date("2026-05-01x", &value));
    struct rng r;
    rng_seed(&r, 7);
    for (int i = 0; i < 2000; i++) {
        int64_t t = (int64_t)rng_below(&r, (uint64_t)8e15) - (int64_t)4e15, back;
        batch_time_text(t, text);
        CHECK_MSG(batch_parse_time(text, &back) && back == t, "%s", text);
    }
}

/* The example of the specification, and the largest number. */
static void test_numbers_are_written_seven_bits_a_byte(void)
{
    struct buf b = {0};
    thrift_varint(&b, 50399);
    CHECK(b.len == 3 && memcmp(b.data, "\xDF\x89\x03", 3) == 0);
    buf_reset(&b);
    thrift_varint(&b, UINT64_MAX);
    CHECK(b.len == 10 && memcmp(b.data, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10) == 0);
    buf_reset(&b);
    struct thrift t = {.out = &b};
    thrift_begin(&t);
    thrift_i32(&t, 1, -1);
    thrift_i64(&t, 20, 1);
    thrift_bool(&t, 21, true);
    thrift_list(&t, 22, THRIFT_I32, 15);
    thrift_end(&t);
    CHECK(b.len == 10 && memcmp(b.data, "\x15\x01\x06\x28\x02\x11\x19\xF5\x0F", 10) == 0);
    CHECK(!b.failed);
    buf_free(&b);
}

static void inflate_to(const char *from, size_t n, char *to, size_t room, size_t *got)
{
    z_stream z = {
        .next_in = (Bytef *)from, .avail_in = (uInt)n, .next_out = (Bytef *)to, .avail_out = (uInt)room};
    CHECK(inflateInit2(&z, 15 + 16) == Z_OK);
    CHECK(inflate(&z, Z_FINISH) == Z_STREAM_END);
    *got = z.total_out;
    inflateEnd(&z);
}

static void test_what_is_compressed_comes_back(void)
{
    static char bytes[100000], back[100000];
    struct rng r;
    rng_seed(&r, 1);
    for (size_t n = 0; n < sizeof bytes; n = n * 3 + 1) {
        struct buf out = {0};
        size_t got = 1;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)rng_below(&r, 1 + rng_below(&r, 255));
        CHECK(gzip_append(&out, bytes, n) == ERR_OK);
        inflate_to(out.data, out.len, back, sizeof back, &got);
        CHECK(got == n && memcmp(bytes, back, n) == 0);
        buf_free(&out);
    }
}

static void test_a_parquet_file_begins_and_ends_as_the_format_says(void)
{
    struct batch b;
    struct buf one = {0}, two = {0};
    CHECK(batch_open(&b, kinds, KINDS) == ERR_OK);
    for (int i = 0; i < 3; i++) {
        uint32_t footer;
        buf_reset(&one);
        buf_reset(&two);
        CHECK(parquet_file(&one, &b) == ERR_OK && parquet_file(&two, &b) == ERR_OK);
        CHECK(one.len == two.len && memcmp(one.data, two.data, one.len) == 0);
        CHECK(memcmp(one.data, "PAR1", 4) == 0 && memcmp(one.data + one.len - 4, "PAR1", 4) == 0);
        memcpy(&footer, one.data + one.len - 8, 4);
        CHECK(footer > 0 && footer + 12 <= one.len);
        CHECK(one.data[one.len - 8 - footer] == 0x15 && one.data[one.len - 9] == 0);
        add(&b, i, i, "x", i, i);
    }
    buf_free(&one);
    buf_free(&two);
    batch_close(&b);
}

static void test_lines_quote_what_must_be_quoted(void)
{
    struct batch b;
    struct buf out = {0};
    CHECK(batch_open(&b, kinds, KINDS) == ERR_OK);
    add(&b, -3, 0.1, "a,\"b\"\n", 1500000, 1);
    add(&b, 4, 2, "", 0, 0);
    add(&b, 5, 2, NULL, 0, 0);
    CHECK(lines_csv(&out, &b) == ERR_OK);
    CHECK_STR(buf_str(&out),
              "n,x,s,t,d\n"
              "-3,0.10000000000000001,\"a,\"\"b\"\"\n\",1970-01-01 00:00:01.500000,1970-01-02\n"
              "4,2,\"\",1970-01-01 00:00:00,1970-01-01\n5,2,,1970-01-01 00:00:00,1970-01-01\n");
    buf_reset(&out);
    CHECK(lines_json(&out, &b) == ERR_OK);
    CHECK_STR(buf_str(&out),
              "{\"n\":-3,\"x\":0.10000000000000001,\"s\":\"a,\\\"b\\\"\\n\",\"t\":\"1970-01-01 "
              "00:00:01.500000\",\"d\":\"1970-01-02\"}\n"
              "{\"n\":4,\"x\":2,\"s\":\"\",\"t\":\"1970-01-01 00:00:00\",\"d\":\"1970-01-01\"}\n"
              "{\"n\":5,\"x\":2,\"s\":null,\"t\":\"1970-01-01 00:00:00\",\"d\":\"1970-01-01\"}\n");
    buf_free(&out);
    batch_close(&b);
}

/* ---- parts ---- */

static char folder[PARTS_PATH];

static size_t files_in(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    for (struct dirent *e = d != NULL ? readdir(d) : NULL; e != NULL; e = readdir(d))
        n += e->d_name[0] != '.';
    if (d != NULL)
        closedir(d);
    return n;
}

static struct parts open_parts(bool by_day)
{
    struct parts p = {.folder = folder, .format = PARTS_CSV, .kinds = kinds, .n = 1, .by_day = by_day};
    parts_open(&p);
    return p;
}

static void test_rows_lie_by_their_days_and_memory_has_a_bound(void)
{
    enum { ROWS = 30000, DAYS = 50, MOST = 64 << 10 };
    struct fail why = {0};
    struct parts p = open_parts(true);
    struct rng r;
    size_t held = 0;
    int64_t rows = 0;
    rng_seed(&r, 3);
    p.most = MOST;
    for (int i = 0; i < ROWS; i++) {
        struct batch_value v = {.integer = i};
        CHECK_MSG(parts_add(&p, (int64_t)rng_below(&r, DAYS), &v, &why) == ERR_OK, "%s", why.text);
        held = p.held > held ? p.held : held;
    }
    CHECK(held <= MOST + 16);
    CHECK_MSG(parts_finish(&p, &why) == ERR_OK, "%s", why.text);
    const struct parts_file *f = p.files.data;
    for (size_t i = 0; i < p.files.len; i++)
        rows += f[i].rows;
    CHECK_INT(rows, ROWS);
    CHECK_INT(p.rows, ROWS);
    CHECK_INT(files_in(folder), DAYS);
    CHECK(p.files.len >= DAYS && p.files.len < 20 * DAYS);
    parts_close(&p);
}

static void test_there_is_always_a_file(void)
{
    struct fail why = {0};
    char path[PARTS_PATH + 64];
    struct stat s;
    for (int by_day = 0; by_day < 2; by_day++) {
        struct parts p = open_parts(by_day);
        CHECK_MSG(parts_finish(&p, &why) == ERR_OK, "%s", why.text);
        CHECK_INT(p.files.len, 1);
        snprintf(path, sizeof path, "%s/%s", folder, by_day ? "day=1970-01-01/0001.csv" : "0001.csv");
        CHECK(stat(path, &s) == 0 && s.st_size == 2);
        parts_close(&p);
    }
}

static void test_a_folder_that_takes_nothing_is_told(void)
{
    struct fail why = {0};
    struct parts p = open_parts(true);
    struct batch_value v = {.integer = 1};
    p.folder = "/nowhere";
    CHECK(parts_add(&p, 1, &v, &why) == ERR_OK);
    CHECK(parts_finish(&p, &why) == ERR_IO);
    CHECK_MSG(strstr(why.text, "/nowhere") != NULL, "%s", why.text);
    parts_close(&p);
}

/* ---- the folder of exports ---- */

static int64_t last_of(const char *dir, const char *table, const char *format)
{
    return export_folder_last(&(struct export_series){dir, table, format});
}

static void test_the_last_watermark_is_that_of_the_names(void)
{
    static const char *const names[] = {"0000000000-0000000007-all-parquet",
                                        "0000000007-0000000009-event-parquet",
                                        "0000000007-0000000030-all-csv",
                                        ".0000000009-0000000040-all-parquet",
                                        "0000000009-0000000050-all-parquet.tmp",
                                        "junk",
                                        "1-2-all"};
    char path[PARTS_PATH + 64];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        CHECK(mkdir(path, 0700) == 0);
    }
    CHECK_INT(last_of(folder, "all", "parquet"), 7);
    CHECK_INT(last_of(folder, "event", "parquet"), 9);
    CHECK_INT(last_of(folder, "test", "parquet"), 7);
    CHECK_INT(last_of(folder, "all", "csv"), 30);
    CHECK_INT(last_of(folder, "all", "jsonl"), 0);
    CHECK_INT(last_of("/nowhere", "all", "csv"), 0);
    CHECK_INT(export_folder_unfinished(&(struct export_series){folder, "all", "parquet"}, 9), 40);
    CHECK_INT(export_folder_unfinished(&(struct export_series){folder, "all", "parquet"}, 7), 0);
    CHECK_INT(export_folder_unfinished(&(struct export_series){folder, "event", "parquet"}, 9), 0);
}

static void test_one_writes_to_a_folder_at_a_time(void)
{
    struct fail why = {0};
    int first, second;
    CHECK(export_folder_lock(folder, &first, &why) == ERR_OK);
    CHECK(export_folder_lock(folder, &second, &why) == ERR_BUSY);
    CHECK(strstr(why.text, folder) != NULL);
    close(first);
    CHECK(export_folder_lock(folder, &second, &why) == ERR_OK);
    close(second);
}

#define IN_FOLDER(fn)                                                                                        \
    do {                                                                                                     \
        CHECK(export_folder_fresh(base, "work", out, &why) == ERR_OK);                                       \
        snprintf(folder, sizeof folder, "%s", out);                                                          \
        RUN(fn);                                                                                             \
    } while (0)

int main(void)
{
    struct fail why = {0};
    char base[] = "/tmp/mvti-export-XXXXXX", out[PARTS_PATH];
    CHECK(mkdtemp(base) != NULL);
    RUN(test_values_come_back_as_they_went_in);
    RUN(test_days_and_times_are_those_of_the_calendar);
    RUN(test_numbers_are_written_seven_bits_a_byte);
    RUN(test_what_is_compressed_comes_back);
    RUN(test_a_parquet_file_begins_and_ends_as_the_format_says);
    RUN(test_lines_quote_what_must_be_quoted);
    IN_FOLDER(test_rows_lie_by_their_days_and_memory_has_a_bound);
    IN_FOLDER(test_there_is_always_a_file);
    IN_FOLDER(test_a_folder_that_takes_nothing_is_told);
    IN_FOLDER(test_the_last_watermark_is_that_of_the_names);
    IN_FOLDER(test_one_writes_to_a_folder_at_a_time);
    CHECK(export_folder_fresh(base, "work", out, &why) == ERR_OK);
    rmdir(out);
    rmdir(base);
    return check_done();
}
