/* EASE and SLIM from a few neighbours an item, against an independent NumPy implementation
 * (fixtures/make_ease_sparse.py), against EASE itself, and the counting of pairs against a naive twin. */
#include "train/ease_sparse_train.h"

#include "base/rng.h"
#include "num/dense.h"
#include "tests/check.h"
#include "tests/fixture/numbers.h"
#include "train/co_counts.h"
#include "train/ease_train.h"

static double weight_at(const struct csr *links, const float *strength, size_t i, size_t j)
{
    for (uint64_t p = links->start[i]; p < links->start[i + 1]; p++)
        if ((size_t)links->col[p] == j)
            return (double)strength[p];
    return 0;
}

enum { N = 23 };

static void check_against(FILE *f, const struct csr *x, const struct ease_sparse_options *o, double tolerance)
{
    struct csr links;
    float *strength;
    double want[N * N];
    CHECK(numbers_read(f, want, N * N));
    CHECK(ease_sparse_train(x, o, &links, &strength, NULL, NULL) == ERR_OK);
    CHECK(csr_valid(&links) && links.n_rows == N && links.n_cols == N);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            CHECK_NEAR(weight_at(&links, strength, i, j), want[i * N + j], tolerance);
    csr_free(&links);
    free(strength);
}

/* Weights are of order 1, the condition number below 20: some 10 float32 roundings times that. Coordinate
 * descent stops when a round moves nothing by 1e-5; the rest of the way is a few times that. */
static void equal_numpy(void)
{
    struct csr x;
    FILE *f = numbers_open("tests/unit/fixtures/ease_sparse.txt", &x);
    CHECK(f != NULL);
    if (f == NULL)
        return;
    const struct ease_sparse_options few = {.neighbours = 4, .lambda = 7.5};
    const struct ease_sparse_options all = {.neighbours = N, .lambda = 7.5};
    const struct ease_sparse_options slim = {
        .neighbours = 6, .lambda = 7.5, .nonnegative = true, .lambda1 = 0.5};
    check_against(f, &x, &few, 1e-5);
    check_against(f, &x, &all, 1e-5);
    check_against(f, &x, &slim, 1e-4);
    csr_free(&x);
    fclose(f);
}

/* Users of three tastes; item 0 is liked by all of them and the last one by none. */
static void random_users(struct csr *x, size_t n_users, size_t n_items)
{
    struct rng rng;
    rng_seed(&rng, 7);
    uint64_t *keys = malloc((n_users * n_items + 1) * sizeof *keys);
    size_t n = 0;
    for (uint64_t u = 0; u < n_users; u++)
        for (uint64_t i = 0; i + 1 < n_items; i++)
            if (i == 0 || rng_unit(&rng) < (i % 3 == u % 3 ? 0.5 : 0.2) / (1 + (double)i / 20))
                keys[n++] = u << 32 | i;
    CHECK(csr_from_keys(x, keys, &n, n_users, n_items, NULL) == ERR_OK);
    free(keys);
}

/* With all neighbours there are, nothing is approximate: where two items have no user in common, EASE's
 * weight is what others bring about, so all pairs must have one here, as 150 users with 12 items do. */
static void is_ease_with_all_neighbours(void)
{
    enum { M = 12 };
    struct csr x, links;
    float *strength, b[M * M];
    random_users(&x, 150, M);
    const struct ease_sparse_options o = {.neighbours = 1000, .lambda = 5};
    CHECK(ease_train(&x, o.lambda, b, NULL, NULL, NULL) == ERR_OK);
    CHECK(ease_sparse_train(&x, &o, &links, &strength, NULL, NULL) == ERR_OK);
    CHECK_INT(csr_count(&links), (M - 1) * (M - 2)); /* none of or for the item that nobody likes */
    for (size_t i = 0; i < M; i++)
        for (size_t j = 0; j < M; j++)
            CHECK_NEAR(weight_at(&links, strength, i, j), b[i * M + j], 1e-5);
    csr_free(&links);
    free(strength);
    csr_free(&x);
}

/* Every pair of a subset, counted with the rows of all, some and no items at hand. Whole numbers: exact. */
static void counts_pairs_like_a_naive_twin(void)
{
    enum { ITEMS = 67, USERS = 90, M = 29 };
    struct csr x, xt;
    struct co_scratch scratch;
    float *g = dense_square(ITEMS), part[M * M], row[ITEMS];
    int32_t some[M];
    random_users(&x, USERS, ITEMS);
    CHECK(csr_transpose(&xt, &x) == ERR_OK && co_scratch_init(&scratch, USERS) == ERR_OK);
    for (size_t i = 0; i < ITEMS; i++)
        for (size_t j = 0; j < ITEMS; j++)
            for (size_t u = 0; u < USERS; u++)
                g[i * ITEMS + j] += csr_has(&x, u, (int32_t)i) && csr_has(&x, u, (int32_t)j) ? 1 : 0;
    for (int32_t a = 0; a < M; a++)
        some[a] = (a * 7 + 3) % ITEMS; /* in no order */
    const size_t budgets[] = {0, 9 * ITEMS * sizeof(float), ITEMS * ITEMS * sizeof(float), SIZE_MAX};
    for (size_t t = 0; t < sizeof budgets / sizeof *budgets; t++) {
        struct co_counts c;
        CHECK(co_counts_build(&c, &x, &xt, budgets[t], NULL) == ERR_OK);
        CHECK_INT(c.n_rows, t == 0 ? 0 : t == 1 ? 9 : ITEMS);
        for (size_t i = 0; i < ITEMS; i++) {
            co_counts_row(&c, i, row);
            CHECK(memcmp(row, g + i * ITEMS, sizeof row) == 0);
        }
        CHECK(co_counts_among(&c, some, M, &scratch, part));
        for (size_t a = 0; a < M; a++)
            for (size_t b = 0; b <= a; b++)
                CHECK(part[a * M + b] == g[(size_t)some[a] * ITEMS + (size_t)some[b]]);
        CHECK(co_counts_among(&c, some, 0, &scratch, part));
        co_counts_free(&c);
    }
    co_scratch_free(&scratch);
    csr_free(&x);
    csr_free(&xt);
    free(g);
}

/* Items of several blocks of work; the same bytes again, and at most m links for an item. */
static void same_bytes_again(void)
{
    enum { ITEMS = 101, M = 8 };
    struct csr x, one, two;
    float *s1, *s2;
    random_users(&x, 80, ITEMS);
    const struct ease_sparse_options o = {.neighbours = M, .lambda = 10};
    CHECK(ease_sparse_train(&x, &o, &one, &s1, NULL, NULL) == ERR_OK);
    CHECK(ease_sparse_train(&x, &o, &two, &s2, NULL, NULL) == ERR_OK);
    size_t n = csr_count(&one);
    CHECK(n == csr_count(&two) && memcmp(one.col, two.col, n * sizeof *one.col) == 0 &&
          memcmp(s1, s2, n * sizeof *s1) == 0);
    uint64_t each[ITEMS];
    csr_column_counts(&one, each);
    for (size_t j = 0; j < ITEMS; j++)
        CHECK(each[j] <= M);
    CHECK(each[1] == M);
    csr_free(&one);
    csr_free(&two);
    csr_free(&x);
    free(s1);
    free(s2);
}

static void edge_sizes(void)
{
    const size_t sizes[][2] = {{0, 0}, {3, 0}, {0, 3}, {1, 1}, {5, 2}, {1, 17}};
    for (size_t t = 0; t < sizeof sizes / sizeof *sizes; t++) {
        struct csr x, links;
        float *strength;
        random_users(&x, sizes[t][0], sizes[t][1]);
        const struct ease_sparse_options o = {.neighbours = 3, .lambda = 1};
        CHECK(ease_sparse_train(&x, &o, &links, &strength, NULL, NULL) == ERR_OK);
        CHECK(csr_valid(&links) && links.n_rows == sizes[t][1]);
        csr_free(&links);
        free(strength);
        csr_free(&x);
    }
}

static void refuses_bad_options(void)
{
    struct csr x, links;
    float *strength;
    struct fail why;
    random_users(&x, 10, 8);
    const struct ease_sparse_options bad[] = {
        {0, 1, false, 0},        {1, 0, false, 0},  {1, -1, false, 0}, {1, NAN, false, 0},
        {1, INFINITY, false, 0}, {1, 1, true, NAN}, {1, 1, true, -1},
    };
    for (size_t t = 0; t < sizeof bad / sizeof *bad; t++) {
        CHECK(ease_sparse_train(&x, &bad[t], &links, &strength, NULL, &why) == ERR_INVALID);
        CHECK(links.start == NULL && strength == NULL);
    }
    csr_free(&x);
}

int main(void)
{
    RUN(equal_numpy);
    RUN(is_ease_with_all_neighbours);
    RUN(counts_pairs_like_a_naive_twin);
    RUN(same_bytes_again);
    RUN(edge_sizes);
    RUN(refuses_bad_options);
    return check_done();
}
