/* Selection against sorting everything. */
#include "num/topk.h"

#include "base/rng.h"
#include "tests/check.h"

static size_t naive_topk(const float *scores, size_t n, size_t k, int32_t *out)
{
    size_t kept = 0;
    char *used = calloc(n + 1, 1);
    while (kept < k) {
        int64_t best = -1;
        for (size_t i = 0; i < n; i++)
            if (!used[i] && !isnan(scores[i]) && scores[i] != -INFINITY &&
                (best < 0 || scores[i] > scores[best]))
                best = (int64_t)i;
        if (best < 0)
            break;
        used[best] = 1;
        out[kept++] = (int32_t)best;
    }
    free(used);
    return kept;
}

/* Few distinct values make many ties; some are masked, some not numbers. */
static void fill(float *scores, size_t n, struct rng *rng, int values)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t draw = rng_below(rng, 20);
        scores[i] = draw == 0   ? -INFINITY
                    : draw == 1 ? NAN
                    : draw == 2 ? INFINITY
                                : (float)rng_below(rng, (uint64_t)values) - 3;
    }
}

static void agrees_with_sorting(void)
{
    struct rng rng;
    rng_seed(&rng, 3);
    float scores[300];
    int32_t got[300], want[300];
    for (int round = 0; round < 2000; round++) {
        size_t n = rng_below(&rng, 301), k = rng_below(&rng, 40);
        fill(scores, n, &rng, round % 2 ? 5 : 100000);
        size_t a = topk_select(scores, n, k, got), b = naive_topk(scores, n, k, want);
        CHECK_INT(a, b);
        CHECK(memcmp(got, want, b * sizeof *got) == 0);
        if (check_failed_in_test)
            return;
    }
}

static void edges(void)
{
    int32_t out[4] = {9, 9, 9, 9};
    const float masked[3] = {-INFINITY, NAN, -INFINITY};
    const float late[4] = {NAN, -5, -INFINITY, -4};
    CHECK_INT(topk_select(NULL, 0, 3, out), 0);
    CHECK_INT(topk_select(masked, 3, 3, out), 0);
    CHECK_INT(topk_select(late, 4, 0, out), 0);
    CHECK_INT(out[0], 9);
    CHECK_INT(topk_select(late, 4, 4, out), 2);
    CHECK_INT(out[0], 3);
    CHECK_INT(out[1], 1);
}

/* As many as the features of ranks are made of, among few and among many: whatever way is taken. */
static void many_agree_too(void)
{
    static const size_t sizes[] = {63, 64, 500, 512, 513, 2047, 2048, 2049, 5000};
    static const size_t most[] = {63, 64, 65, 500, 512, 513};
    enum { N = 5000 };
    struct rng rng;
    rng_seed(&rng, 4);
    float *scores = malloc(N * sizeof *scores);
    int32_t *got = malloc(N * sizeof *got), *want = malloc(N * sizeof *want);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int values = 2; values <= 200000; values *= 100) {
            fill(scores, sizes[s], &rng, values);
            for (size_t i = 0; i < sizes[s]; i += 7)
                scores[i] =
                    i % 2 ? -0.0f : -1e-42f * (float)i; /* both zeros, and numbers below the normal ones */
            for (size_t k = 0; k < sizeof most / sizeof *most; k++) {
                size_t a = topk_select(scores, sizes[s], most[k], got);
                size_t b = naive_topk(scores, sizes[s], most[k], want);
                CHECK_MSG(a == b && memcmp(got, want, b * sizeof *got) == 0, "%zu of %zu", most[k], sizes[s]);
            }
        }
    free(scores);
    free(got);
    free(want);
}

/* The best come last, so that every one of them drives another out. */
static void ascending_scores(void)
{
    enum { N = 20000, K = 300 };
    static float scores[N];
    int32_t got[K];
    for (int i = 0; i < N; i++)
        scores[i] = (float)(i - N / 2);
    CHECK_INT(topk_select(scores, N, K, got), K);
    for (int i = 0; i < K; i++)
        CHECK_INT(got[i], N - 1 - i);
}

int main(void)
{
    RUN(agrees_with_sorting);
    RUN(edges);
    RUN(many_agree_too);
    RUN(ascending_scores);
    return check_done();
}
