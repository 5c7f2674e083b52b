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

int main(void)
{
    RUN(agrees_with_sorting);
    RUN(edges);
    return check_done();
}
