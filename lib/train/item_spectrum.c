#include "train/item_spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "num/dense.h"
#include "num/gemm.h"

enum { WIDTH = ITEM_GRAPH_WIDTH, DEGREE_MAX = 16, ROUNDS = 40, LEAST_MORE = 32 };
static const double RAISE_MAX = 1e5;
static const double ENOUGH = 2e-3;                    /* residual of an eigenvector, of its eigenvalue */
static const double MOST_TOP = 0.9, LEAST_TOP = 0.01; /* of the filter's interval */

struct search {
    const struct item_graph *g;
    size_t n, wanted, width; /* items; vectors wanted; vectors in work */
    float *q, *sq;           /* [n × width] vectors; S times them */
    float *small;            /* [width × width] */
    float *value;            /* [width] ascending */
    const float *from;       /* of item_graph_apply */
    float *to;
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void fill(void *arg, size_t block, float *columns)
{
    const struct search *s = arg;
    size_t first = block * WIDTH, n = least(WIDTH, s->width - first);
    for (size_t i = 0; i < s->n; i++) {
        memcpy(columns + i * WIDTH, s->from + i * s->width + first, n * sizeof *columns);
        memset(columns + i * WIDTH + n, 0, (WIDTH - n) * sizeof *columns);
    }
}

static void take(void *arg, size_t block, const float *columns)
{
    const struct search *s = arg;
    size_t first = block * WIDTH, n = least(WIDTH, s->width - first);
    for (size_t i = 0; i < s->n; i++)
        memcpy(s->to + i * s->width + first, columns + i * WIDTH, n * sizeof *columns);
}

static void apply(struct search *s, const struct item_polynomial *p, const float *from, float *to)
{
    s->from = from;
    s->to = to;
    item_graph_apply(&(struct item_graph_blocks){.graph = s->g,
                                                 .polynomial = *p,
                                                 .n_blocks = (s->width + WIDTH - 1) / WIDTH,
                                                 .fill = fill,
                                                 .take = take,
                                                 .arg = s});
}

/* q = T_d(2S/top − 1)·q, orthonormal again. d as high as float32 bears: every vector has a little of the first
 * one, 10⁻⁶, which the filter raises most. */
static enum err filter(struct search *s, double top, struct fail *why)
{
    double c[DEGREE_MAX + 1] = {0};
    size_t degree = (size_t)fmin(DEGREE_MAX, fmax(1, acosh(RAISE_MAX) / acosh(2 / top - 1)));
    c[degree] = 1;
    apply(s, &(struct item_polynomial){c, degree, top}, s->q, s->q);
    return dense_orthonormalise(s->q, s->n, s->width, why);
}

/* Rayleigh and Ritz: q and sq turned to the best eigenvectors in the span of q. */
static enum err turn(struct search *s, float *room, struct fail *why)
{
    const double plain[2] = {0.5, 0.5}; /* T_0/2 + T_1(2S − 1)/2 = S */
    size_t m = s->width;
    apply(s, &(struct item_polynomial){plain, 1, 1}, s->q, s->sq);
    gemm(&(struct gemm){.rows = m, .cols = m, .inner = s->n, .a_transposed = true}, s->q, s->sq, s->small);
    enum err rc = dense_eigen(s->small, m, s->value, why);
    float *const turned[] = {s->q, s->sq};
    for (int i = 0; rc == ERR_OK && i < 2; i++) {
        gemm(&(struct gemm){.rows = s->n, .cols = m, .inner = m, .b_transposed = true}, turned[i], s->small,
             room);
        memcpy(turned[i], room, s->n * m * sizeof *room);
    }
    return rc;
}

/* The largest residual among the wanted, of its eigenvalue; those below 10⁻⁶ are as good as none. */
static double worst_residual(const struct search *s)
{
    double worst = 0;
    for (size_t k = s->width - s->wanted; k < s->width; k++) {
        double sum = 0, value = (double)s->value[k];
        for (size_t i = 0; i < s->n; i++) {
            double r = (double)s->sq[i * s->width + k] - value * (double)s->q[i * s->width + k];
            sum += r * r;
        }
        worst = value > 1e-6 ? fmax(worst, sqrt(sum) / value) : worst;
    }
    return worst;
}

static enum err iterate(struct search *s, struct item_spectrum *out, float *room,
                        const struct progress *progress, struct fail *why)
{
    enum err rc = dense_orthonormalise(s->q, s->n, s->width, why);
    double worst = INFINITY;
    for (size_t round = 0; rc == ERR_OK && round < ROUNDS && worst > ENOUGH; round++) {
        progress_report(progress, "spectrum", round, ROUNDS);
        if (round > 0)
            rc = filter(s, fmin(MOST_TOP, fmax(LEAST_TOP, (double)s->value[0])), why);
        if (rc == ERR_OK)
            rc = turn(s, room, why);
        worst = rc == ERR_OK && s->width < s->n ? worst_residual(s) : 0;
        out->rounds = round + 1;
    }
    progress_report(progress, "spectrum", ROUNDS, ROUNDS);
    return rc;
}

static enum err deliver(const struct search *s, struct item_spectrum *out, struct fail *why)
{
    out->n = s->wanted;
    out->n_items = s->n;
    out->vectors = malloc((s->n * s->wanted + 1) * sizeof *out->vectors);
    out->values = malloc((s->wanted + 1) * sizeof *out->values);
    if (out->vectors == NULL || out->values == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu eigenvectors", s->wanted);
    for (size_t k = 0; k < s->wanted; k++) {
        size_t from = s->width - 1 - k;
        out->values[k] = fmin(1, fmax(0, (double)s->value[from]));
        for (size_t i = 0; i < s->n; i++)
            out->vectors[i * s->wanted + k] = s->q[i * s->width + from];
    }
    if (s->wanted < s->n)
        out->next = s->wanted < s->width ? fmax(0, (double)s->value[s->width - 1 - s->wanted]) : 0;
    return ERR_OK;
}

enum err item_spectrum_find(struct item_spectrum *out, const struct item_graph *g,
                            const struct item_spectrum_plan *plan, const struct progress *progress,
                            struct fail *why)
{
    struct search s = {.g = g, .n = g->n_items, .wanted = least(plan->wanted, g->n_items)};
    *out = (struct item_spectrum){.next = plan->wanted == 0 ? 1 : 0};
    if (s.wanted == 0)
        return ERR_OK;
    s.width = least(s.wanted + s.wanted / 4 + LEAST_MORE, s.n);
    size_t all = s.n * s.width;
    s.q = malloc(all * sizeof *s.q);
    s.sq = malloc(all * sizeof *s.sq);
    s.small = malloc(s.width * s.width * sizeof *s.small);
    s.value = malloc(s.width * sizeof *s.value);
    float *room = malloc(all * sizeof *room);
    struct rng rng;
    rng_seed(&rng, plan->seed);
    enum err rc = ERR_OK;
    if (s.q == NULL || s.sq == NULL || s.small == NULL || s.value == NULL || room == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory for %zu vectors of %zu items", s.width, s.n);
    for (size_t i = 0; rc == ERR_OK && i < all; i++)
        s.q[i] = (float)rng_normal(&rng);
    if (rc == ERR_OK)
        rc = iterate(&s, out, room, progress, why);
    if (rc == ERR_OK)
        rc = deliver(&s, out, why);
    free(s.q);
    free(s.sq);
    free(s.small);
    free(s.value);
    free(room);
    return rc;
}

void item_spectrum_free(struct item_spectrum *s)
{
    free(s->vectors);
    free(s->values);
    *s = (struct item_spectrum){0};
}
