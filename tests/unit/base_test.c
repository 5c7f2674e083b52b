#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/day.h"
#include "base/err.h"
#include "base/map_file.h"
#include "base/rng.h"
#include "base/secret.h"
#include "base/vec.h"
#include "tests/check.h"
#include "tests/fixture/file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail_sentences_are_cut_at_characters(void)
{
    struct fail why = {0};
    char longer[600];
    memset(longer, 'a', 510);
    memcpy(longer + 510, "가", 4);
    CHECK(fail_set(&why, ERR_INVALID, "%s", longer) == ERR_INVALID);
    CHECK_INT(strlen(why.text), 510);
    CHECK(fail_set(NULL, ERR_IO, "nobody listens") == ERR_IO);
    for (int i = 0; i < ERR_COUNT; i++)
        CHECK_MSG(err_name(i) != NULL && err_http_status(i) >= 200, "code %d has no row", i);
}

static void sentences_are_cut_behind_a_whole_character(void)
{
    static const struct {
        const char *tail; /* behind filler bytes 'a', of a sentence of 511 bytes at most */
        size_t filler, left;
    } rows[] = {{"가나다", 505, 511},
                {"가나다", 506, 509},
                {"가나다", 507, 510},
                {"\xf0\x9f\x8e\xac!", 509, 509},
                {"é!", 510, 510}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fail why = {0};
        char text[600];
        memset(text, 'a', rows[i].filler);
        strcpy(text + rows[i].filler, rows[i].tail);
        (void)fail_set(&why, ERR_INVALID, "%s", text);
        CHECK_MSG(strlen(why.text) == rows[i].left, "row %zu: %zu", i, strlen(why.text));
    }
}

static void a_wait_is_a_second_at_least(void)
{
    struct fail why = {0};
    CHECK(fail_limited(&why, 0, "too %s", "often") == ERR_LIMITED && why.wait == 1);
    CHECK_STR(why.text, "too often");
    CHECK(fail_limited(&why, 90, "x") == ERR_LIMITED && why.wait == 90);
    CHECK(fail_limited(&why, INT64_MAX, "x") == ERR_LIMITED && why.wait == INT32_MAX);
    CHECK(fail_limited(NULL, 7, "nobody listens") == ERR_LIMITED);
}

/* More than any memory: refused at once, and what is there stays. */
static void sizes_beyond_memory_are_refused(void)
{
    struct buf b = {0};
    struct vec v = VEC_OF(uint64_t);
    uint64_t seven = 7;
    buf_puts(&b, "kept");
    CHECK(!buf_reserve(&b, SIZE_MAX) && b.failed);
    buf_puts(&b, "not added");
    CHECK_STR(buf_str(&b), "kept");
    buf_free(&b);
    CHECK(vec_push(&v, &seven) && vec_reserve(&v, 2));
    CHECK(!vec_reserve(&v, SIZE_MAX) && !vec_reserve(&v, SIZE_MAX / sizeof seven));
    CHECK(v.len == 1 && *(uint64_t *)v.data == 7);
    vec_free(&v);
}

static void buf_grows_and_stays_terminated(void)
{
    struct buf b = {0};
    CHECK_STR(buf_str(&b), "");
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "%d,", i);
    CHECK_INT(b.len, 3890);
    CHECK_INT(b.data[b.len], 0);
    buf_reset(&b);
    buf_puts(&b, "x");
    CHECK_STR(buf_str(&b), "x");
    buf_free(&b);
    CHECK_STR(buf_str(&b), "");
}

static void arena_aligns_zeroes_and_resets(void)
{
    struct arena a = {0};
    for (size_t n = 0; n < 200; n++) {
        unsigned char *p = arena_alloc(&a, n);
        CHECK(p != NULL && (size_t)p % 16 == 0);
        for (size_t i = 0; i < n; i++)
            CHECK(p[i] == 0);
        memset(p, 0xff, n);
    }
    CHECK(arena_array(&a, (size_t)-1, 16) == NULL);
    CHECK(arena_alloc(&a, 1 << 20) != NULL);
    arena_reset(&a);
    CHECK_INT(a.used, 0);
    CHECK_STR(arena_printf(&a, "%s-%d", "a", 7), "a-7");
    arena_free(&a);
}

/* Whoever writes a page asks the arena at the end whether anything was lost on the way. */
static void an_arena_takes_what_was_written_and_remembers_what_was_not(void)
{
    struct arena a = {0};
    struct buf whole = {0}, nothing = {0}, cut = {0};
    buf_put(&whole, "a\0b", 3);
    const char *text = arena_take(&a, &whole);
    CHECK(memcmp(text, "a\0b", 4) == 0 && whole.data == NULL);
    CHECK_STR(arena_take(&a, &nothing), "");
    CHECK(!a.failed);
    buf_puts(&cut, "half");
    cut.failed = true;
    CHECK(arena_take(&a, &cut) == NULL && a.failed && cut.data == NULL);
    arena_free(&a);
}

static void vec_keeps_order(void)
{
    struct vec v = VEC_OF(int);
    for (int i = 0; i < 1000; i++)
        CHECK(vec_push(&v, &i));
    CHECK_INT(((int *)v.data)[999], 999);
    vec_free(&v);
    CHECK_INT(v.len, 0);
}

static void a_day_is_one_that_there_is(void)
{
    static const char *const none[] = {"",           "2026",       "2026-11",    "2026-11-",   "2026-1-30",
                                       "26-11-30",   "2026/11/30", "2026-11/30", " 2026-11-3", "2026-02-30",
                                       "2026-02-29", "2026-00-10", "2026-13-10", "2026-11-00", "2026-11-31",
                                       "+026-11-30", "2026-11-3x", "２026-11-30"};
    static const struct {
        const char *text, *rest;
        int64_t seconds;
    } days[] = {{"1970-01-01", "", 0},
                {"1969-12-31", "", -86400},
                {"2026-11-30T09:00", "T09:00", 1795996800},
                {"2024-02-29..", "..", 1709164800},
                {"2000-12-310", "0", 978220800}};
    const char *rest;
    int64_t seconds;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_MSG(!day_read(none[i], &rest, &seconds), "%s", none[i]);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        CHECK_MSG(day_read(days[i].text, &rest, &seconds), "%s", days[i].text);
        CHECK_STR(rest, days[i].rest);
        CHECK_INT(seconds, days[i].seconds);
    }
}

static void rng_repeats_and_is_uniform(void)
{
    struct rng a, b;
    rng_seed(&a, 7);
    rng_seed(&b, 7);
    long count[10] = {0};
    for (int i = 0; i < 100000; i++) {
        uint64_t x = rng_below(&a, 10);
        CHECK(x == rng_below(&b, 10));
        count[x]++;
    }
    double chi2 = 0;
    for (int i = 0; i < 10; i++)
        chi2 += (count[i] - 10000.0) * (count[i] - 10000.0) / 10000.0;
    CHECK(chi2 < 27.9); /* 99.9 % point of chi-square with 9 degrees of freedom; the seed is fixed */
    double sum = 0, squares = 0;
    for (int i = 0; i < 100000; i++) {
        double x = rng_normal(&a);
        sum += x;
        squares += x * x;
    }
    CHECK_NEAR(sum / 100000, 0, 0.015);
    CHECK_NEAR(squares / 100000, 1, 0.02);
}

/* Of a range that is no power of two nearly half of the draws are drawn again. */
static void large_ranges_are_uniform(void)
{
    struct rng r;
    const uint64_t n = (UINT64_C(1) << 63) + 1;
    long low = 0;
    rng_seed(&r, 5);
    for (int i = 0; i < 10000; i++) {
        uint64_t x = rng_below(&r, n);
        CHECK(x < n);
        low += x < n / 2;
    }
    CHECK_NEAR(low, 5000, 200); /* four deviations */
    CHECK_INT(rng_below(&r, 0), 0);
    CHECK_INT(rng_below(&r, 1), 0);
}

/* All 6 orders of 3 values, about equally often: 600 each, deviation 22. */
static void shuffles_evenly(void)
{
    struct rng r;
    long count[27] = {0};
    rng_seed(&r, 11);
    for (int i = 0; i < 3600; i++) {
        int32_t v[] = {0, 1, 2};
        rng_shuffle(&r, v, 3);
        count[v[0] * 9 + v[1] * 3 + v[2]]++;
    }
    static const int order[] = {5, 7, 11, 15, 19, 21};
    for (int k = 0; k < 6; k++)
        CHECK_NEAR(count[order[k]], 600, 90);
    rng_shuffle(&r, NULL, 0);
}

static void tokens_are_url_safe_and_differ(void)
{
    char a[64], b[64];
    secret_token(a, SHARE_TOKEN_BYTES);
    secret_token(b, SHARE_TOKEN_BYTES);
    CHECK_INT(strlen(a), SHARE_TOKEN_CHARS);
    CHECK(secret_token_valid(a, SHARE_TOKEN_CHARS));
    CHECK(!secret_token_valid("../../etc/passwd_abcde", SHARE_TOKEN_CHARS));
    CHECK(strcmp(a, b) != 0);
    uint8_t one[32], two[32];
    secret_hash(one, "abc", 3);
    struct secret_hasher h;
    secret_hasher_init(&h);
    secret_hasher_add(&h, "a", 1);
    secret_hasher_add(&h, "bc", 2);
    secret_hasher_end(&h, two);
    CHECK(secret_equal(one, two, 32));
    char hex[65];
    secret_hex(hex, one, 32);
    /* b2sum -l 256 of "abc" */
    CHECK_STR(hex, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void config_defaults_are_in_range_and_errors_name_the_line(void)
{
    struct config c;
    config_init(&c);
    struct fail why = {0};
    for (const struct config_row *row = config_rows(); row->name != NULL; row++)
        CHECK_MSG(config_set(&c, row->name, row->fallback, &why) == ERR_OK, "%s: %s", row->name, why.text);
    char path[] = "/tmp/mvti-config-XXXXXX";
    int fd = mkstemp(path);
    const char text[] = "[mvti]\ndb_name = films\nlog_level = 9\n";
    CHECK(write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1);
    close(fd);
    CHECK(config_read(&c, path, &why) == ERR_INVALID);
    CHECK(strstr(why.text, ":3: ") != NULL && strstr(why.text, "log_level") != NULL);
    CHECK_STR(c.db_name, "films");
    CHECK(config_set(&c, "nonsense", "1", &why) == ERR_INVALID);
    CHECK(config_set(&c, "state_dir", "/srv/mvti", &why) == ERR_OK);
    static const char *const written[] = {"state_dir", "picture_cache_dir"};
    for (size_t i = 0; i < 2; i++) {
        CHECK(config_set(&c, written[i], "state", &why) == ERR_INVALID &&
              config_set(&c, written[i], "", &why) == ERR_INVALID);
        CHECK(strstr(why.text, "is not an absolute path") != NULL);
    }
    CHECK_STR(c.state_dir, "/srv/mvti");
    CHECK(config_read(&c, "/nonexistent/mvti.conf", &why) == ERR_NOT_FOUND);
    unlink(path);
}

static void files_are_replaced_whole_or_not_at_all(void)
{
    char folder[] = "/tmp/mvti-out-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    char path[64];
    snprintf(path, sizeof path, "%s/file", folder);
    struct fail why = {0};
    struct out_file o;
    CHECK(map_file_out_open(&o, path, &why) == ERR_OK);
    map_file_out_write(&o, "hello", 5);
    map_file_out_patch(&o, 0, "J", 1);
    CHECK(map_file_out_commit(&o, &why) == ERR_OK);
    CHECK(map_file_out_open(&o, path, &why) == ERR_OK);
    map_file_out_write(&o, "never", 5);
    map_file_out_abort(&o);
    struct map_file m;
    CHECK(map_file_open(&m, path, &why) == ERR_OK);
    CHECK(m.size == 5 && memcmp(m.data, "Jello", 5) == 0);
    map_file_close(&m);
    char inside[80];
    snprintf(inside, sizeof inside, "%s/inside", path);
    CHECK(map_file_open(&m, inside, &why) == ERR_IO); /* of what is no folder */
    CHECK(truncate(path, 0) == 0 && map_file_open(&m, path, &why) == ERR_OK && m.size == 0 && m.data == NULL);
    map_file_close(&m);
    CHECK(map_file_open(&m, ".", &why) == ERR_INVALID && strstr(why.text, "not a regular file") != NULL);
    CHECK(unlink(path) == 0 && mkfifo(path, 0600) == 0);
    CHECK(map_file_open(&m, path, &why) == ERR_INVALID && strstr(why.text, "not a regular file") != NULL);
    CHECK(unlink(path) == 0 && map_file_open(&m, path, &why) == ERR_NOT_FOUND);
    CHECK(rmdir(folder) == 0); /* fails if a temporary file stayed */
    CHECK(map_file_out_open(&o, "/nonexistent/x", &why) == ERR_IO);
    map_file_out_abort(&o);
}

static char out_folder[] = "/tmp/mvti-out-XXXXXX", out_path[64];

static void out_begin(struct out_file *o)
{
    snprintf(out_path, sizeof out_path, "%s/file", out_folder);
    CHECK(map_file_out_open(o, out_path, NULL) == ERR_OK);
}

/* Pieces smaller than what is gathered, as large, and larger, in turn. */
static void pieces_of_any_length_are_written(void)
{
    enum { MIB = 1 << 20 };
    static const size_t lengths[] = {10,     MIB - 10, 1,      MIB,     3, MIB + 5, 0,
                                     700000, 700000,   700000, MIB - 1, 1, 2};
    static unsigned char bytes[MIB + 5];
    struct out_file o;
    struct map_file m;
    size_t sum = 0, at = 0;
    bool same = true;
    out_begin(&o);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        memset(bytes, 'a' + (int)i, lengths[i]);
        map_file_out_write(&o, bytes, lengths[i]);
        sum += lengths[i];
    }
    map_file_out_patch(&o, sum - 2, "yz", 2);
    CHECK(map_file_out_commit(&o, NULL) == ERR_OK);
    CHECK(map_file_open(&m, out_path, NULL) == ERR_OK && m.size == sum);
    for (size_t i = 0; i + 1 < sizeof lengths / sizeof *lengths; i++)
        for (size_t end = at + lengths[i]; at < end; at++)
            same = same && ((const char *)m.data)[at] == 'a' + (int)i;
    CHECK(same && memcmp((const char *)m.data + sum - 2, "yz", 2) == 0);
    map_file_close(&m);
}

static bool is_mapped(const char *path)
{
    char line[600];
    bool found = false;
    FILE *f = fopen("/proc/self/maps", "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        found = found || strstr(line, path) != NULL;
    CHECK(f != NULL && fclose(f) == 0);
    return found;
}

/* A worker that takes up a snapshot lets the older one go. */
static void a_closed_file_is_mapped_no_more(void)
{
    struct map_file m;
    CHECK(map_file_open(&m, out_path, NULL) == ERR_OK && is_mapped(out_path));
    map_file_close(&m);
    CHECK(m.data == NULL && !is_mapped(out_path));
    map_file_close(&m);
}

/* The disk is full, in the middle of a piece or at its end: an error, the older file, and nothing beside it.
 */
static void what_finds_no_room_leaves_the_older_file(void)
{
    static unsigned char bytes[3000];
    struct rlimit before, small;
    struct map_file m;
    CHECK(map_file_open(&m, out_path, NULL) == ERR_OK);
    size_t old = m.size;
    map_file_close(&m);
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    signal(SIGXFSZ, SIG_IGN);
    small = before;
    small.rlim_cur = 2000;
    CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
    for (int patched = 0; patched <= 1; patched++) {
        struct out_file o;
        struct fail why = {0};
        out_begin(&o);
        map_file_out_write(&o, bytes, sizeof bytes);
        if (patched) {
            map_file_out_patch(&o, 0, "x", 1);
            CHECK(map_file_out_status(&o, &why) == ERR_IO);
        }
        CHECK(map_file_out_commit(&o, &why) == ERR_IO);
        CHECK_MSG(strstr(why.text, "too large") != NULL, "%s", why.text);
    }
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    signal(SIGXFSZ, SIG_DFL);
    CHECK(map_file_open(&m, out_path, NULL) == ERR_OK && m.size == old);
    map_file_close(&m);
    CHECK(unlink(out_path) == 0 && rmdir(out_folder) == 0); /* fails if a temporary file stayed */
}

/* What cannot be put in its place is not said to be there. */
static void what_cannot_be_renamed_is_an_error(void)
{
    struct out_file o;
    struct fail why = {0};
    CHECK(mkdtemp(strcpy(out_folder, "/tmp/mvti-out-XXXXXX")) != NULL);
    snprintf(out_path, sizeof out_path, "%s/file", out_folder);
    CHECK(map_file_out_open(&o, out_path, &why) == ERR_OK);
    map_file_out_write(&o, "hello", 5);
    CHECK(mkdir(out_path, 0700) == 0);
    CHECK(map_file_out_commit(&o, &why) == ERR_IO && strstr(why.text, "cannot write") != NULL);
    CHECK(rmdir(out_path) == 0 && rmdir(out_folder) == 0); /* fails if a temporary file stayed */
}

/* Whoever may write to a folder does not choose what root's command, which writes there, opens. */
static void no_link_is_written_through(void)
{
    char fresh[100], other[80];
    struct out_file o;
    struct stat st;
    CHECK(mkdtemp(strcpy(out_folder, "/tmp/mvti-out-XXXXXX")) != NULL);
    snprintf(out_path, sizeof out_path, "%s/file", out_folder);
    snprintf(other, sizeof other, "%s/other", out_folder);
    snprintf(fresh, sizeof fresh, "%s.tmp.%ld", out_path, (long)getpid());
    CHECK(file_put_text(other, "kept") && symlink(other, fresh) == 0);
    CHECK(map_file_out_open(&o, out_path, NULL) == ERR_IO);
    map_file_out_abort(&o);
    CHECK(stat(other, &st) == 0 && st.st_size == 4);
    CHECK(unlink(fresh) == 0 && unlink(other) == 0 && rmdir(out_folder) == 0);
}

static void patches_and_paths_have_their_ends(void)
{
    struct out_file o;
    struct fail why = {0};
    char path[sizeof o.path + 2];
    memset(path, 'p', sizeof path);
    path[sizeof o.path] = '\0';
    CHECK(map_file_out_open(&o, path, &why) == ERR_INVALID);
    path[sizeof o.path - 1] = '\0';
    CHECK(map_file_out_open(&o, path, &why) == ERR_IO); /* longer than systems allow a name to be */
    CHECK(map_file_out_commit(&o, &why) == ERR_IO);
    CHECK(mkdtemp(strcpy(out_folder, "/tmp/mvti-out-XXXXXX")) != NULL);
    static const struct {
        size_t offset, n;
        enum err rc;
    } rows[] = {{0, 5, ERR_OK}, {4, 1, ERR_OK}, {4, 2, ERR_IO},
                {5, 1, ERR_IO}, {6, 0, ERR_IO}, {SIZE_MAX, 2, ERR_IO}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        out_begin(&o);
        map_file_out_write(&o, "hello", 5);
        map_file_out_patch(&o, rows[i].offset, "HELLO", rows[i].n);
        CHECK_MSG(map_file_out_commit(&o, &why) == rows[i].rc, "row %zu", i);
    }
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    RUN(fail_sentences_are_cut_at_characters);
    RUN(sentences_are_cut_behind_a_whole_character);
    RUN(a_wait_is_a_second_at_least);
    RUN(sizes_beyond_memory_are_refused);
    RUN(buf_grows_and_stays_terminated);
    RUN(arena_aligns_zeroes_and_resets);
    RUN(an_arena_takes_what_was_written_and_remembers_what_was_not);
    RUN(vec_keeps_order);
    RUN(a_day_is_one_that_there_is);
    RUN(rng_repeats_and_is_uniform);
    RUN(large_ranges_are_uniform);
    RUN(shuffles_evenly);
    RUN(tokens_are_url_safe_and_differ);
    RUN(config_defaults_are_in_range_and_errors_name_the_line);
    RUN(files_are_replaced_whole_or_not_at_all);
    RUN(what_cannot_be_renamed_is_an_error);
    RUN(no_link_is_written_through);
    RUN(patches_and_paths_have_their_ends);
    RUN(pieces_of_any_length_are_written);
    RUN(a_closed_file_is_mapped_no_more);
    RUN(what_finds_no_room_leaves_the_older_file);
    return check_done();
}
