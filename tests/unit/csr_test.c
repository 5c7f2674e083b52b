/* Sparse rows against the plainest possible dense twins. */
#include "num/csr.h"

#include "base/rng.h"
#include "data/interactions.h"
#include "data/split.h"
#include "num/parallel.h"
#include "tests/check.h"
#include "tests/fixture/guarded.h"
#include "train/item_cut.h"

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void check_sort(size_t n, uint64_t mask, uint64_t seed)
{
    uint64_t *keys = malloc((n + 1) * sizeof *keys), *naive = malloc((n + 1) * sizeof *naive);
    struct rng rng;
    rng_seed(&rng, seed);
    for (size_t i = 0; i < n; i++)
        naive[i] = keys[i] = rng_u64(&rng) & mask;
    qsort(naive, n, sizeof *naive, by_value);
    CHECK(csr_sort_keys(keys, n) == ERR_OK);
    CHECK_MSG(memcmp(keys, naive, n * sizeof *keys) == 0, "n = %zu, mask = %llx", n,
              (unsigned long long)mask);
    free(keys);
    free(naive);
}

static void sorts_like_qsort(void)
{
    const size_t sizes[] = {0, 1, 2, 3, 255, 2047, 2049, 10007};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        check_sort(sizes[i], UINT64_MAX, i + 1);
        check_sort(sizes[i], 0x0003ffff0003ffffu, i + 1);
        check_sort(sizes[i], 1, i + 1);
        check_sort(sizes[i], 0, i + 1);
    }
}

/* A random 0/1 matrix, its dense twin, and keys in random order with doubles. */
static void random_matrix(size_t rows, size_t cols, char *dense, struct csr *x)
{
    struct rng rng;
    rng_seed(&rng, rows * 1000 + cols);
    size_t n = rows * cols / 2 + rows;
    uint64_t *keys = malloc((n + 1) * sizeof *keys);
    memset(dense, 0, rows * cols + 1);
    for (size_t i = 0; i < n && cols > 0; i++) {
        uint64_t r = rng_below(&rng, rows), c = rng_below(&rng, cols);
        keys[i] = r << 32 | c;
        dense[r * cols + c] = 1;
    }
    if (cols == 0)
        n = 0;
    CHECK(csr_from_keys(x, keys, &n, rows, cols, NULL) == ERR_OK);
    free(keys);
}

static void check_against_dense(const struct csr *x, const char *dense, bool transposed)
{
    size_t count = 0;
    CHECK(csr_valid(x));
    for (size_t r = 0; r < x->n_rows; r++)
        for (size_t c = 0; c < x->n_cols; c++) {
            char want = transposed ? dense[c * x->n_rows + r] : dense[r * x->n_cols + c];
            CHECK_INT(csr_has(x, r, (int32_t)c), want);
            count += (size_t)want;
        }
    CHECK_INT(csr_count(x), count);
}

static void agrees_with_dense(void)
{
    const size_t shapes[][2] = {{1, 1}, {3, 0}, {7, 13}, {64, 65}, {101, 3}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t rows = shapes[i][0], cols = shapes[i][1];
        char *dense = malloc(rows * cols + 1);
        struct csr x, t;
        random_matrix(rows, cols, dense, &x);
        check_against_dense(&x, dense, false);
        CHECK(csr_transpose(&t, &x) == ERR_OK);
        check_against_dense(&t, dense, true);
        uint64_t counts[70];
        csr_column_counts(&x, counts);
        for (size_t c = 0; c < cols; c++)
            CHECK_INT(counts[c], csr_row_count(&t, c));
        csr_free(&x);
        csr_free(&t);
        free(dense);
    }
}

static void refuses_bad_keys(void)
{
    struct csr x;
    struct fail why;
    uint64_t row[] = {3ull << 32};
    uint64_t col[] = {5};
    size_t n = 1;
    CHECK(csr_from_keys(&x, row, &n, 3, 5, &why) == ERR_INVALID);
    CHECK(x.start == NULL);
    CHECK(csr_from_keys(&x, col, &n, 3, 5, &why) == ERR_INVALID);
    uint64_t last[] = {INT32_MAX}, beyond[] = {(uint64_t)INT32_MAX + 1};
    CHECK(csr_from_keys(&x, beyond, &n, 1, UINT32_MAX, &why) == ERR_INVALID); /* no int32 */
    CHECK(csr_from_keys(&x, last, &n, 1, (size_t)INT32_MAX + 1, &why) == ERR_OK);
    CHECK(csr_valid(&x) && x.col[0] == INT32_MAX);
    x.n_cols++;
    CHECK(!csr_valid(&x));
    csr_free(&x);
}

static void validity(void)
{
    uint64_t start[] = {0, 2, 3};
    int32_t col[] = {0, 2, 1};
    struct csr x = {2, 3, start, col};
    CHECK(csr_valid(&x));
    col[1] = 0;
    CHECK(!csr_valid(&x)); /* double */
    col[1] = 3;
    CHECK(!csr_valid(&x)); /* outside */
    col[1] = 2;
    start[1] = 4;
    CHECK(!csr_valid(&x)); /* offsets not ascending */
    start[1] = 2;
    col[2] = -1;
    CHECK(!csr_valid(&x));
}

/* Offsets that lead out of col are refused before they are followed: col ends where memory ends, and its
 * entries ascend to the end. */
static void validity_outside(void)
{
    static const uint64_t far[] = {4, 5, 1ull << 40, 1ull << 62, 1ull << 63, UINT64_MAX};
    const int32_t col[] = {0, 1, 2, 3};
    struct guarded g;
    guarded_make(&g, col, sizeof col, sizeof *col);
    for (size_t i = 1; i < sizeof far / sizeof *far; i++)
        for (size_t j = i; j < sizeof far / sizeof *far; j++) {
            uint64_t start[] = {0, far[i], far[j], 4};
            const struct csr x = {3, 4, start, (const int32_t *)(const void *)g.bytes};
            CHECK(!csr_valid(&x));
            start[0] = far[i];
            CHECK(!csr_valid(&x));
        }
    const uint64_t start[] = {0, 4, 4, 4};
    const struct csr x = {3, 4, start, (const int32_t *)(const void *)g.bytes};
    CHECK(csr_valid(&x));
    guarded_free(&g);
}

static void ids_and_matrix(void)
{
    struct interactions a = INTERACTIONS_NONE, b = INTERACTIONS_NONE;
    CHECK(interactions_add(&a, 4000000000u, 7) && interactions_add(&a, 5, 30000000) &&
          interactions_add(&a, 5, 7) && interactions_add(&b, 6, 9) && interactions_add(&b, 5, 7));
    const struct interactions *both[] = {&a, &b};
    struct id_table users, items, few = {0};
    CHECK(id_table_users(&users, both, 2, NULL) == ERR_OK);
    CHECK(id_table_items(&items, both, 2, NULL) == ERR_OK);
    CHECK_INT(users.n, 3);
    CHECK_INT(items.n, 3);
    CHECK_INT(id_table_find(&users, 4000000000u), 2);
    CHECK_INT(id_table_find(&users, 7), -1);
    struct csr x;
    CHECK(interactions_matrix(&x, &a, &users, &items, NULL) == ERR_OK);
    CHECK_INT(csr_count(&x), 3);
    CHECK(csr_has(&x, 0, 0) && csr_has(&x, 0, 2) && csr_has(&x, 2, 0));
    csr_free(&x);
    const struct interactions *second[] = {&b};
    CHECK(id_table_items(&few, second, 1, NULL) == ERR_OK);
    few.n = 1; /* only item 7: the other pair is left out */
    CHECK(interactions_matrix(&x, &b, &users, &few, NULL) == ERR_OK);
    CHECK_INT(csr_count(&x), 1);
    csr_free(&x);
    id_table_free(&users);
    id_table_free(&items);
    id_table_free(&few);
    interactions_free(&a);
    interactions_free(&b);
}

static void split_is_a_partition(void)
{
    char dense[64 * 65 + 1];
    struct csr x;
    struct split s, again;
    random_matrix(64, 65, dense, &x);
    CHECK(split_by_user(&s, &x, 0.2, 11, NULL) == ERR_OK);
    CHECK(csr_valid(&s.train) && csr_valid(&s.held));
    CHECK_INT(csr_count(&s.train) + csr_count(&s.held), csr_count(&x));
    for (size_t u = 0; u < 64; u++) {
        size_t n = csr_row_count(&x, u), want = n < 5 ? 0 : n / 5;
        CHECK_INT(csr_row_count(&s.held, u), want);
        for (int32_t c = 0; c < 65; c++)
            CHECK_INT(csr_has(&s.train, u, c) + csr_has(&s.held, u, c), csr_has(&x, u, c));
    }
    CHECK(split_by_user(&again, &x, 0.2, 11, NULL) == ERR_OK);
    CHECK(memcmp(again.held.col, s.held.col, csr_count(&s.held) * sizeof *s.held.col) == 0);
    split_free(&again);
    CHECK(split_by_user(&again, &x, 0.2, 12, NULL) == ERR_OK);
    CHECK(memcmp(again.held.col, s.held.col, csr_count(&s.held) * sizeof *s.held.col) != 0);
    split_free(&again);
    split_free(&s);
    CHECK(split_by_user(&s, &x, 1.0, 11, NULL) == ERR_INVALID);
    csr_free(&x);
}

/* Rows of 0 … n_rows − 1 items, so that every length occurs. */
static void staircase(struct csr *x, size_t n_rows)
{
    uint64_t keys[64 * 64];
    size_t n = 0;
    for (uint64_t u = 0; u < n_rows; u++)
        for (uint64_t i = 0; i < u; i++)
            keys[n++] = u << 32 | (i * 5 + u) % 61; /* distinct for fewer than 61 */
    CHECK(csr_from_keys(x, keys, &n, n_rows, 61, NULL) == ERR_OK);
}

static void check_partition(const struct csr *x, const struct csr part[SPLIT_PARTS])
{
    for (size_t u = 0; u < x->n_rows; u++)
        for (int32_t c = 0; c < (int32_t)x->n_cols; c++)
            CHECK_INT(csr_has(&part[0], u, c) + csr_has(&part[1], u, c) + csr_has(&part[2], u, c),
                      csr_has(x, u, c));
}

/* The counts of RecBole 1.2.1, written down from its Dataset._calcu_split_ids for 0.8, 0.1, 0.1. */
static void split_in_three_counts_as_recbole(void)
{
    const struct {
        size_t n, valid, test;
    } recbole[] = {{0, 0, 0}, {1, 0, 0},  {2, 0, 1},  {3, 1, 1},  {4, 1, 1},
                   {9, 1, 1}, {10, 1, 1}, {19, 1, 1}, {20, 2, 2}, {59, 5, 5}};
    const double ratio[SPLIT_PARTS] = {8, 1, 1}, none[SPLIT_PARTS] = {1, 0, 0};
    struct csr x;
    struct split_three s, again;
    staircase(&x, 60);
    CHECK(split_by_ratio(&s, &x, ratio, 3, NULL) == ERR_OK);
    check_partition(&x, s.part);
    for (size_t i = 0; i < sizeof recbole / sizeof *recbole; i++) {
        CHECK_INT(csr_row_count(&s.part[SPLIT_VALID], recbole[i].n), recbole[i].valid);
        CHECK_INT(csr_row_count(&s.part[SPLIT_TEST], recbole[i].n), recbole[i].test);
    }
    CHECK(split_by_ratio(&again, &x, ratio, 4, NULL) == ERR_OK);
    CHECK(memcmp(again.part[SPLIT_TEST].col, s.part[SPLIT_TEST].col,
                 csr_count(&s.part[SPLIT_TEST]) * sizeof(int32_t)) != 0);
    split_three_free(&again);
    split_three_free(&s);
    CHECK(split_by_ratio(&s, &x, none, 3, NULL) == ERR_INVALID);
    CHECK(split_leave_one_out(&s, &x, 3, NULL) == ERR_OK);
    check_partition(&x, s.part);
    for (size_t u = 0; u < 60; u++) {
        CHECK_INT(csr_row_count(&s.part[SPLIT_VALID], u), u >= 3);
        CHECK_INT(csr_row_count(&s.part[SPLIT_TEST], u), u >= 3);
    }
    split_three_free(&s);
    csr_free(&x);
}

/* Every item has the same chance of every part: 4 items, 2 to training, 1 each to the others, 12 ways. */
static void draws_are_even(void)
{
    enum { ROWS = 12000 };
    uint64_t *keys = malloc(ROWS * 4 * sizeof *keys);
    size_t n = 0, seen[4][4] = {0};
    struct csr x;
    struct split_three s;
    for (uint64_t u = 0; u < ROWS; u++)
        for (uint64_t i = 0; i < 4; i++)
            keys[n++] = u << 32 | i;
    CHECK(csr_from_keys(&x, keys, &n, ROWS, 4, NULL) == ERR_OK);
    CHECK(split_leave_one_out(&s, &x, 1, NULL) == ERR_OK);
    for (size_t u = 0; u < ROWS; u++)
        seen[csr_row(&s.part[SPLIT_VALID], u)[0]][csr_row(&s.part[SPLIT_TEST], u)[0]]++;
    for (size_t v = 0; v < 4; v++)
        for (size_t t = 0; t < 4; t++)
            CHECK_NEAR((double)seen[v][t], v == t ? 0 : 1000, v == t ? 0 : 150); /* 5 standard deviations */
    split_three_free(&s);
    csr_free(&x);
    free(keys);
}

/* Does some row of whole consist of exactly the items of both? Rows of the staircase differ in length. */
static void check_folded(const struct csr *whole, const struct csr *known, const struct csr *held, size_t row)
{
    size_t u = csr_row_count(known, row) + csr_row_count(held, row);
    for (int32_t c = 0; c < (int32_t)whole->n_cols; c++)
        CHECK_INT(csr_has(known, row, c) + csr_has(held, row, c), csr_has(whole, u, c));
}

static void split_by_users_hides_them(void)
{
    struct split_users_rule rule = {.valid = 0.1, .test = 7, .fold_in = 0.8, .least = 5, .seed = 2};
    struct csr x;
    struct split_users s, again;
    bool seen[60] = {0};
    staircase(&x, 60);
    CHECK(split_by_users(&s, &x, &rule, NULL) == ERR_OK);
    CHECK_INT(s.known[SPLIT_VALID].n_rows, 5); /* floor(0.1 × the 55 with at least 5) */
    CHECK_INT(s.known[SPLIT_TEST].n_rows, 7);
    CHECK_INT(s.train.n_rows, 60 - 12);
    CHECK(csr_valid(&s.train));
    for (size_t r = 0; r < s.train.n_rows; r++) {
        size_t u = csr_row_count(&s.train, r);
        CHECK(!seen[u] && memcmp(csr_row(&s.train, r), csr_row(&x, u), u * sizeof(int32_t)) == 0);
        seen[u] = true;
    }
    for (int part = SPLIT_VALID; part < SPLIT_PARTS; part++)
        for (size_t r = 0; r < s.known[part].n_rows; r++) {
            size_t held = csr_row_count(&s.held[part], r), u = csr_row_count(&s.known[part], r) + held;
            CHECK(u >= 5 && !seen[u]);
            CHECK_INT(held, u / 5);
            check_folded(&x, &s.known[part], &s.held[part], r);
            seen[u] = true;
        }
    CHECK(split_by_users(&again, &x, &rule, NULL) == ERR_OK);
    CHECK(memcmp(again.train.col, s.train.col, csr_count(&s.train) * sizeof(int32_t)) == 0);
    split_users_free(&again);
    split_users_free(&s);
    rule.test = 50;
    CHECK(split_by_users(&s, &x, &rule, NULL) == ERR_INVALID);
    rule.test = 0;
    CHECK(split_by_users(&s, &x, &rule, NULL) == ERR_INVALID);
    rule.test = 1;
    rule.fold_in = 1;
    CHECK(split_by_users(&s, &x, &rule, NULL) == ERR_INVALID);
    csr_free(&x);
}

/* So many items are known, the rest is held out, and whoever has no more is never measured. */
static void split_by_users_gives_a_number_of_items(void)
{
    const size_t given[] = {3, 5, 10};
    struct csr x;
    staircase(&x, 60);
    for (int g = 0; g < 3; g++) {
        const struct split_users_rule rule = {
            .valid = 9, .test = 12, .fold_in = 0.8, .given = given[g], .least = 5, .seed = 2};
        struct split_users s;
        CHECK(split_by_users(&s, &x, &rule, NULL) == ERR_OK);
        for (int part = SPLIT_VALID; part < SPLIT_PARTS; part++)
            for (size_t r = 0; r < s.known[part].n_rows; r++) {
                CHECK_INT(csr_row_count(&s.known[part], r), given[g]);
                CHECK(csr_row_count(&s.held[part], r) >= 1 &&
                      csr_row_count(&s.held[part], r) + given[g] >= rule.least);
                check_folded(&x, &s.known[part], &s.held[part], r);
            }
        split_users_free(&s);
    }
    csr_free(&x);
}

static void item_cut_keeps_the_most_liked(void)
{
    /* users of items 0…4: 2, 3, 1, 3, 2 */
    uint64_t keys[] = {1,
                       3,
                       1ull << 32 | 0,
                       1ull << 32 | 1,
                       1ull << 32 | 3,
                       1ull << 32 | 4,
                       2ull << 32 | 0,
                       2ull << 32 | 1,
                       2ull << 32 | 2,
                       2ull << 32 | 3,
                       2ull << 32 | 4};
    size_t n = sizeof keys / sizeof *keys;
    struct csr x;
    struct item_cut cut;
    CHECK(csr_from_keys(&x, keys, &n, 4, 5, NULL) == ERR_OK);
    CHECK(item_cut_make(&cut, &x, 3, NULL) == ERR_OK);
    const int32_t kept[] = {0, 1, 3}, at[] = {0, 1, -1, 2, -1}, list[] = {4, 3, 0};
    int32_t mapped[3];
    CHECK_INT(cut.n, 3);
    CHECK(memcmp(cut.kept, kept, sizeof kept) == 0 && memcmp(cut.at, at, sizeof at) == 0);
    CHECK(csr_valid(&cut.x));
    CHECK_INT(cut.x.n_rows, 4);
    CHECK_INT(csr_count(&cut.x), 8);
    for (size_t u = 0; u < 4; u++)
        for (int32_t i = 0; i < 3; i++)
            CHECK_INT(csr_has(&cut.x, u, i), csr_has(&x, u, kept[i]));
    CHECK_INT(item_cut_list(&cut, list, 3, mapped), 2);
    CHECK_INT(mapped[0], 2);
    CHECK_INT(mapped[1], 0);
    item_cut_free(&cut);
    CHECK(item_cut_make(&cut, &x, 99, NULL) == ERR_OK);
    CHECK_INT(cut.n, 5);
    CHECK(csr_count(&cut.x) == csr_count(&x) && memcmp(cut.x.col, x.col, csr_count(&x) * 4) == 0);
    item_cut_free(&cut);
    csr_free(&x);
}

static void count_block(void *arg, size_t block, size_t thread)
{
    CHECK(thread < parallel_threads());
    ((int *)arg)[block]++; /* every block has its own cell */
}

static void every_block_once(void)
{
    int seen[1000] = {0};
    parallel_for(0, count_block, seen);
    parallel_for(1000, count_block, seen);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(seen[i], 1);
}

int main(void)
{
    RUN(sorts_like_qsort);
    RUN(agrees_with_dense);
    RUN(refuses_bad_keys);
    RUN(validity);
    RUN(validity_outside);
    RUN(ids_and_matrix);
    RUN(split_is_a_partition);
    RUN(split_in_three_counts_as_recbole);
    RUN(draws_are_even);
    RUN(split_by_users_hides_them);
    RUN(split_by_users_gives_a_number_of_items);
    RUN(item_cut_keeps_the_most_liked);
    RUN(every_block_once);
    return check_done();
}
