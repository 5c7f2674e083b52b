/* A sample of rows: which are kept, and that each is as likely as any other. */
#include "data/sample.h"

#include "base/rng.h"
#include "tests/check.h"

enum { ROWS = 40, COLS = 9 };

/* Every fourth row is empty. */
static void make(struct csr *x)
{
    uint64_t keys[ROWS * COLS];
    size_t n = 0;
    for (uint64_t r = 0; r < ROWS; r++)
        for (uint64_t c = 0; c < COLS; c++)
            if (r % 4 != 3 && (r + c * c) % 3 != 0)
                keys[n++] = r << 32 | c;
    CHECK(csr_from_keys(x, keys, &n, ROWS, COLS, NULL) == ERR_OK);
}

static size_t rows_kept(const struct csr *some, const struct csr *x)
{
    size_t n = 0;
    CHECK(csr_valid(some) && some->n_rows == x->n_rows && some->n_cols == x->n_cols);
    for (size_t r = 0; r < ROWS; r++) {
        size_t len = csr_row_count(some, r);
        CHECK(len == 0 || (len == csr_row_count(x, r) &&
                           memcmp(csr_row(some, r), csr_row(x, r), len * sizeof *some->col) == 0));
        n += len > 0;
    }
    return n;
}

static void keeps_as_many_as_asked(void)
{
    struct csr x, some;
    make(&x);
    const size_t most[] = {0, 1, 7, 29, 30, 31, 40, SIZE_MAX}; /* 30 rows hold something */
    for (size_t t = 0; t < sizeof most / sizeof *most; t++) {
        CHECK(sample_rows(&some, &x, most[t], 3, NULL) == ERR_OK);
        CHECK_INT(rows_kept(&some, &x), most[t] < 30 ? most[t] : 30);
        csr_free(&some);
    }
    csr_free(&x);
    const struct csr none = {0};
    CHECK(sample_rows(&some, &none, 5, 3, NULL) == ERR_OK);
    CHECK(csr_valid(&some) && csr_count(&some) == 0);
    csr_free(&some);
}

static void every_row_is_as_likely(void)
{
    enum { DRAWS = 3000, MOST = 6 };
    struct csr x, some, again;
    int kept[ROWS] = {0};
    make(&x);
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        CHECK(sample_rows(&some, &x, MOST, seed, NULL) == ERR_OK);
        for (size_t r = 0; r < ROWS; r++)
            kept[r] += csr_row_count(&some, r) > 0;
        csr_free(&some);
    }
    for (size_t r = 0; r < ROWS; r++) /* binomial: 600 expected, a standard deviation of 22 */
        CHECK_NEAR(kept[r], r % 4 == 3 ? 0 : DRAWS * MOST / 30, 110);
    CHECK(sample_rows(&some, &x, MOST, 5, NULL) == ERR_OK &&
          sample_rows(&again, &x, MOST, 5, NULL) == ERR_OK);
    CHECK(memcmp(some.start, again.start, (ROWS + 1) * sizeof *some.start) == 0);
    csr_free(&some);
    csr_free(&again);
    csr_free(&x);
}

int main(void)
{
    RUN(keeps_as_many_as_asked);
    RUN(every_row_is_as_likely);
    return check_done();
}
