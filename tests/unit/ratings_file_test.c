/* data/ratings_file: what is written is read again, one rating for each person and film; damaged files and
 * those of other versions are refused. */
#include "tests/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/secret.h"
#include "data/ratings_file.h"
#include "data/ratings_known.h"

static char out_path[64];

static struct rating nth(uint32_t i)
{
    return (struct rating){.user = 1 + i / 50,
                           .movie = 1 + (int32_t)(i * 7919 % 3001),
                           .time = (int64_t)(i * 1000003u) * 1000,
                           .value = (int32_t)(1 + i % 10) * RATING_ONE / 2};
}

static bool write_file(uint32_t n, struct ratings_header *h)
{
    struct ratings_writer *w = NULL;
    struct fail why = {0};
    CHECK_MSG(ratings_writer_open(&w, out_path, &why) == ERR_OK, "%s", why.text);
    for (uint32_t i = 0; w != NULL && i < n; i++) {
        struct rating r = nth(i);
        ratings_writer_add(w, &r);
    }
    bool good = w != NULL && ratings_writer_finish(w, 5 * RATING_ONE, true, h, &why) == ERR_OK &&
                ratings_writer_commit(w, &why) == ERR_OK;
    ratings_writer_close(w);
    return good;
}

static void what_is_written_is_read(void)
{
    static const uint32_t sizes[] = {1,     63, 64, 65, RATINGS_BLOCK - 1, RATINGS_BLOCK, RATINGS_BLOCK + 1,
                                     200000};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct ratings_header h;
        struct ratings_file f;
        struct fail why = {0};
        CHECK(write_file(sizes[k], &h));
        CHECK_MSG(ratings_file_open(&f, out_path, &why) == ERR_OK, "%s", why.text);
        CHECK(f.header != NULL && memcmp(f.header, &h, sizeof h) == 0);
        CHECK_INT(h.n_ratings, sizes[k]);
        CHECK_INT(h.n_users, (sizes[k] + 49) / 50);
        CHECK_INT(h.n_movies, sizes[k] < 3001 ? sizes[k] : 3001);
        uint32_t i = 0;
        bool same = true;
        for (size_t block = 0; f.header != NULL && block < ratings_file_blocks(&f); block++) {
            struct ratings_block b = ratings_file_block(&f, block);
            for (size_t j = 0; j < b.n; j++, i++) {
                struct rating r = nth(i);
                same = same && b.user[j] == r.user && b.movie[j] == r.movie && b.time[j] == r.time / 1000 &&
                       f.value[b.code[j]] == r.value;
            }
        }
        CHECK(same);
        CHECK_INT(i, sizes[k]);
        ratings_file_close(&f);
    }
}

static void nothing_appears_before_the_commit(void)
{
    struct ratings_header h;
    struct ratings_writer *w = NULL;
    struct fail why = {0};
    unlink(out_path);
    CHECK(!write_file(0, &h));
    CHECK(access(out_path, F_OK) != 0);
    CHECK(write_file(10, &h));
    CHECK(ratings_writer_open(&w, out_path, &why) == ERR_OK);
    struct rating r = nth(5);
    ratings_writer_add(w, &r);
    CHECK(ratings_writer_finish(w, 5 * RATING_ONE, false, &h, &why) == ERR_OK);
    ratings_writer_close(w);
    struct ratings_file f;
    CHECK(ratings_file_open(&f, out_path, &why) == ERR_OK && f.header->n_ratings == 10);
    ratings_file_close(&f);
}

static void expect_corrupt(const char *words)
{
    struct ratings_file f;
    struct fail why = {0};
    CHECK(ratings_file_open(&f, out_path, &why) == ERR_CORRUPT);
    CHECK_MSG(strstr(why.text, words) != NULL, "%s", why.text);
    CHECK(f.header == NULL);
    ratings_file_close(&f);
}

static void damage(long offset, unsigned char mask)
{
    FILE *f = fopen(out_path, "r+b");
    CHECK(f != NULL && fseek(f, offset, SEEK_SET) == 0);
    int c = fgetc(f);
    CHECK(fseek(f, offset, SEEK_SET) == 0 && fputc(c ^ mask, f) != EOF && fclose(f) == 0);
}

static void damaged_files_are_refused(void)
{
    struct ratings_header h;
    struct fail why = {0};
    struct ratings_file f;
    CHECK(write_file(1000, &h));
    static const long places[] = {
        0, 8, 12, 16, 24, 32, 48, 80, 128, 129, 128 + 1024 * 12 + 5, 128 + 1024 * 13 - 1};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        damage(places[i], 0x10);
        expect_corrupt("");
        damage(places[i], 0x10);
    }
    CHECK(ratings_file_open(&f, out_path, &why) == ERR_OK);
    ratings_file_close(&f);
    CHECK(truncate(out_path, 5000) == 0);
    expect_corrupt("not as long");
    CHECK(truncate(out_path, 100) == 0);
    expect_corrupt("too short");
    CHECK(truncate(out_path, 0) == 0);
    expect_corrupt("too short");
    unlink(out_path);
    CHECK(ratings_file_open(&f, out_path, &why) == ERR_NOT_FOUND);
}

/* A file whose checksum is right but whose content is not: made by repairing the checksum of a damaged one.
 */
static void repair(void)
{
    static unsigned char bytes[1 << 16];
    FILE *f = fopen(out_path, "r+b");
    size_t n = f == NULL ? 0 : fread(bytes, 1, sizeof bytes, f);
    struct ratings_header h;
    uint8_t content[RATINGS_HASH];
    struct secret_hasher hasher;
    CHECK(n > sizeof h && n < sizeof bytes);
    memcpy(&h, bytes, sizeof h);
    memset(h.checksum, 0, sizeof h.checksum);
    secret_hash(content, bytes + sizeof h, n - sizeof h);
    secret_hasher_init(&hasher);
    secret_hasher_add(&hasher, &h, sizeof h);
    secret_hasher_add(&hasher, content, sizeof content);
    secret_hasher_end(&hasher, h.checksum);
    CHECK(f != NULL && fseek(f, 0, SEEK_SET) == 0 && fwrite(&h, sizeof h, 1, f) == 1 && fclose(f) == 0);
}

/* Writes rows, with `top`, and gives the version. */
static uint32_t write_rows(const struct rating *rows, size_t n, int32_t top, struct ratings_header *h)
{
    struct ratings_writer *w = NULL;
    struct fail why = {0};
    CHECK(ratings_writer_open(&w, out_path, &why) == ERR_OK);
    for (size_t i = 0; w != NULL && i < n; i++)
        ratings_writer_add(w, &rows[i]);
    CHECK_MSG(ratings_writer_finish(w, top, false, h, &why) == ERR_OK &&
                  ratings_writer_commit(w, &why) == ERR_OK,
              "%s", why.text);
    ratings_writer_close(w);
    return h->version;
}

static void values_out_of_range_are_refused(void)
{
    /* One rating: user at 128, movie at 128 + 256, code at 128 + 768. */
    static const struct rating row = {1, 1, 1000, 10000};
    static const long first_version[] = {128, 128 + 259, 128 + 768};
    static const unsigned char mask[] = {1, 0x80, 2};
    struct ratings_header h;
    struct ratings_file f;
    for (size_t i = 0; i < 3; i++) {
        CHECK_INT(write_rows(&row, 1, 5 * RATING_ONE, &h), 1);
        damage(first_version[i], mask[i]);
        repair();
        expect_corrupt("out of range");
    }
    CHECK_INT(write_rows(&row, 1, 10 * RATING_ONE, &h), 2);
    damage(128, 1);
    repair();
    CHECK(ratings_file_open(&f, out_path, NULL) == ERR_OK);
    ratings_file_close(&f);
    damage(128 + 259, 0x80);
    repair();
    expect_corrupt("out of range");
    CHECK_INT(write_rows(&row, 1, 10 * RATING_ONE, &h), 2);
    damage(8, 1); /* version 3 */
    repair();
    expect_corrupt("import its ratings again");
}

/* Of one rating there is one user and one film; 1 ^ 1 is none, 1 ^ 3 two. */
static void counts_that_cannot_be_are_refused(void)
{
    static const struct rating row = {1, 1, 1000, 10000};
    static const struct {
        long at;
        unsigned char mask;
    } cases[] = {
        {offsetof(struct ratings_header, simulated), 2}, {offsetof(struct ratings_header, n_users), 1},
        {offsetof(struct ratings_header, n_users), 3},   {offsetof(struct ratings_header, n_movies), 1},
        {offsetof(struct ratings_header, n_movies), 3},  {offsetof(struct ratings_header, top), 1}};
    struct ratings_header h;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(write_rows(&row, 1, 5 * RATING_ONE, &h), 1);
        damage(cases[i].at, cases[i].mask);
        repair();
        expect_corrupt("its counts cannot be");
    }
}

/* What version 1 cannot hold, and only that, makes a file of version 2; the values come back. */
static void versions(void)
{
    const struct {
        struct rating row;
        int32_t top;
        uint32_t version;
    } cases[] = {
        {{1, 1, 0, 45000}, 5 * RATING_ONE, 1},
        {{0, 1, 0, 45000}, 5 * RATING_ONE, 2},
        {{1, 0, 0, 45000}, 5 * RATING_ONE, 2},
        {{TOKEN_FIRST, 1, 0, 45000}, 5 * RATING_ONE, 2},
        {{1, 1, 0, 43000}, 5 * RATING_ONE, 2},
        {{1, 1, 0, 0}, 5 * RATING_ONE, 2},
        {{1, 1, 0, 90000}, 10 * RATING_ONE, 2},
        {{1, 1, 0, 10000}, 0, 2},
        {{UINT32_MAX, INT32_MAX, 0, 710000}, 1000000, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ratings_header h;
        struct ratings_file f;
        struct fail why = {0};
        CHECK_INT(write_rows(&cases[i].row, 1, cases[i].top, &h), cases[i].version);
        CHECK_MSG(ratings_file_open(&f, out_path, &why) == ERR_OK, "%s", why.text);
        if (f.header == NULL)
            continue;
        struct ratings_block b = ratings_file_block(&f, 0);
        CHECK_INT(b.user[0], cases[i].row.user);
        CHECK_INT(b.movie[0], cases[i].row.movie);
        CHECK_INT(f.value[b.code[0]], cases[i].row.value);
        CHECK_INT(ratings_file_least(&f, 3.5), cases[i].top == 0 ? RATING_ONE : cases[i].top / 10 * 7);
        ratings_file_close(&f);
    }
}

/* "user/movie/rating@seconds;" of the file. */
static const char *stored_rows(void)
{
    static struct buf out;
    struct ratings_file f;
    char value[RATING_TEXT];
    buf_reset(&out);
    CHECK(ratings_file_open(&f, out_path, NULL) == ERR_OK);
    for (size_t k = 0; f.header != NULL && k < ratings_file_blocks(&f); k++) {
        struct ratings_block b = ratings_file_block(&f, k);
        for (size_t i = 0; i < b.n; i++)
            buf_printf(&out, "%u/%d/%s@%u;", b.user[i], b.movie[i],
                       rating_scale_text(f.value[b.code[i]], value), b.time[i]);
    }
    ratings_file_close(&f);
    return buf_str(&out);
}

static void the_newest_rating_is_stored(void)
{
    const struct rating together[] = {{1, 2, 5000, 10000}, {1, 3, 6000, 20000}, {1, 2, 7000, 30000}};
    const struct rating late_first[] = {{1, 2, 9000, 10000}, {1, 2, 7000, 30000}, {1, 2, 8000, 20000}};
    const struct rating apart[] = {
        {1, 2, 7001, 50000}, {2, 2, 1000, 10000}, {1, 2, 7000, 20000}, {0, 0, 0, 30000}, {2, 3, 0, 40000}};
    const struct rating untimed[] = {{1, 2, 0, 50000}, {2, 2, 0, 10000}, {1, 2, 0, 20000}, {2, 2, 0, 45000}};
    const struct rating back_only[] = {{1, 2, 0, 50000}, {2, 2, 0, 10000}, {1, 3, 0, 20000}};
    struct ratings_header h;
    write_rows(together, 3, 5 * RATING_ONE, &h);
    CHECK_STR(stored_rows(), "1/3/2@6;1/2/3@7;");
    CHECK_INT(h.n_ratings, 2);
    CHECK_INT(h.version, 1);
    write_rows(late_first, 3, 5 * RATING_ONE, &h);
    CHECK_STR(stored_rows(), "1/2/1@9;");
    write_rows(apart, 5, 5 * RATING_ONE, &h); /* a millisecond later */
    CHECK_STR(stored_rows(), "1/2/5@7;2/2/1@1;0/0/3@0;2/3/4@0;");
    CHECK_INT(h.n_users, 3);
    write_rows(untimed, 4, 5 * RATING_ONE, &h);
    CHECK_STR(stored_rows(), "1/2/2@0;2/2/4.5@0;");
    write_rows(back_only, 3, 5 * RATING_ONE, &h);
    CHECK_INT(h.n_ratings, 3);
    CHECK_INT(h.n_users, 2);
}

/* Every pair three times, in different orders, over several blocks: the same file as with the newest alone.
 */
static void many_repeated_ratings(void)
{
    enum { N = 70000 };
    static struct rating rows[3 * N];
    struct ratings_header once, thrice;
    struct ratings_file a, b;
    char kept[sizeof out_path + 4];
    for (uint32_t i = 0; i < N; i++) {
        struct rating r = nth(i);
        rows[i] = (struct rating){r.user, (int32_t)(i % 50), 5000, r.value};
    }
    write_rows(rows, N, 5 * RATING_ONE, &once);
    snprintf(kept, sizeof kept, "%s.one", out_path);
    CHECK(rename(out_path, kept) == 0);
    for (uint32_t i = 0; i < N; i++) {
        rows[2 * N - 1 - i] = rows[i];
        rows[2 * N - 1 - i].time = 4000;
        rows[2 * N + i] = rows[i];
        rows[2 * N + i].time = 3000 + i % 2000;
    }
    write_rows(rows, 3 * N, 5 * RATING_ONE, &thrice);
    CHECK(memcmp(&once, &thrice, sizeof once) == 0);
    CHECK(ratings_file_open(&a, kept, NULL) == ERR_OK && ratings_file_open(&b, out_path, NULL) == ERR_OK);
    CHECK(ratings_file_same(&a, &b));
    ratings_file_close(&a);
    ratings_file_close(&b);
    unlink(kept);
}

static bool same_as(const struct rating *x, int32_t top_x, const struct rating *y, int32_t top_y, size_t n)
{
    struct ratings_header h;
    struct ratings_file a, b;
    char kept[sizeof out_path + 4];
    snprintf(kept, sizeof kept, "%s.one", out_path);
    write_rows(x, n, top_x, &h);
    CHECK(rename(out_path, kept) == 0);
    write_rows(y, n, top_y, &h);
    CHECK(ratings_file_open(&a, kept, NULL) == ERR_OK && ratings_file_open(&b, out_path, NULL) == ERR_OK);
    bool same = ratings_file_same(&a, &b);
    ratings_file_close(&a);
    ratings_file_close(&b);
    unlink(kept);
    return same;
}

static void the_same_ratings_are_known(void)
{
    const struct rating x[] = {{1, 2, 5000, 10000}, {1, 3, 6000, 20000}, {2, 2, 7000, 30000}};
    const struct rating turned[] = {{2, 2, 7000, 30000}, {1, 3, 6000, 20000}, {1, 2, 5000, 10000}};
    const struct rating later[] = {{1, 2, 5000, 10000}, {1, 3, 6000, 20000}, {2, 2, 8000, 30000}};
    const struct rating worse[] = {{1, 2, 5000, 10000}, {1, 3, 6000, 20000}, {2, 2, 7000, 20000}};
    const struct rating thumbs[] = {{1, 2, 5000, 0}, {1, 3, 6000, 0}, {2, 2, 7000, 10000}};
    enum { FIVE = 5 * RATING_ONE };
    CHECK(same_as(x, FIVE, x, FIVE, 3));
    CHECK(same_as(x, FIVE, turned, FIVE, 3));
    CHECK(!same_as(x, FIVE, later, FIVE, 3));
    CHECK(!same_as(x, FIVE, worse, FIVE, 3));
    CHECK(same_as(x, FIVE, thumbs, 0, 3)); /* read in another way */
    const struct rating alone[] = {{1, 2, 5000, 10000}, {1, 3, 6000, 20000}, {1, 4, 7000, 30000}};
    CHECK(!same_as(x, FIVE, alone, FIVE, 3)); /* of one person fewer */
}

/* Beside a naive count. */
static void films_that_a_catalog_knows(void)
{
    static const struct {
        int32_t from, step;
        size_t n;
        bool none, few;
    } catalogs[] = {{1, 1, 4000, false, false}, {1, 10, 400, false, false}, {2950, 1, 500, false, true},
                    {5000, 1, 300, true, true}, {0, 1, 0, false, false},    {2147483000, 1, 100, true, true}};
    enum { RATINGS = RATINGS_BLOCK + 5000 };
    struct ratings_header h;
    struct ratings_file f;
    struct ratings_known known;
    CHECK(write_file(RATINGS, &h) && ratings_file_open(&f, out_path, NULL) == ERR_OK);
    for (size_t c = 0; c < sizeof catalogs / sizeof *catalogs; c++) {
        int32_t ids[4000];
        bool seen[4000] = {false};
        uint64_t films = 0, ratings = 0;
        for (size_t i = 0; i < catalogs[c].n; i++)
            ids[i] = catalogs[c].from + (int32_t)i * catalogs[c].step;
        for (uint32_t i = 0; i < RATINGS; i++)
            for (size_t k = 0; k < catalogs[c].n; k++)
                if (ids[k] == nth(i).movie) {
                    ratings++;
                    films += !seen[k];
                    seen[k] = true;
                    break;
                }
        CHECK(ratings_known_count(&known, &f, ids, catalogs[c].n, NULL) == ERR_OK);
        CHECK_INT(known.films, films);
        CHECK_INT(known.ratings, ratings);
        CHECK(ratings_known_none(&known) == catalogs[c].none && ratings_known_few(&known) == catalogs[c].few);
    }
    ratings_file_close(&f);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    snprintf(out_path, sizeof out_path, "/tmp/mvti_ratings_file_test.%ld.mvr", (long)getpid());
    RUN(what_is_written_is_read);
    RUN(nothing_appears_before_the_commit);
    RUN(damaged_files_are_refused);
    RUN(values_out_of_range_are_refused);
    RUN(counts_that_cannot_be_are_refused);
    RUN(versions);
    RUN(the_newest_rating_is_stored);
    RUN(many_repeated_ratings);
    RUN(the_same_ratings_are_known);
    RUN(films_that_a_catalog_knows);
    unlink(out_path);
    return check_done();
}
