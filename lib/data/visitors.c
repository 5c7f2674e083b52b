#include "data/visitors.h"

#include <stdlib.h>

#include "base/rng.h"

enum group { TRAIN, FITTING, TESTING };

struct part {
    uint64_t *start;
    int32_t *col;
    uint64_t n;
};

static bool part_alloc(struct part *p, const struct csr *x)
{
    p->start = calloc(x->n_rows + 1, sizeof *p->start);
    p->col = malloc((csr_count(x) + 1) * sizeof *p->col);
    return p->start != NULL && p->col != NULL;
}

static void add(struct part *p, int32_t item)
{
    p->col[p->n++] = item;
}

/* Draws `take` of the row (Knuth, The Art of Computer Programming, 3.4.2, algorithm S): keeps the order. */
static void divide(const int32_t *row, size_t n, size_t take, struct rng *rng, struct part *given,
                   struct part *held)
{
    for (size_t i = 0; i < n; i++) {
        bool is_given = rng_below(rng, n - i) < take;
        take -= is_given;
        add(is_given ? given : held, row[i]);
    }
}

static size_t given_of(size_t n, size_t most)
{
    return most == SIZE_MAX ? n * 4 / 5 : n / 2 < most ? n / 2 : most;
}

/* Marks `each` people for either group: the first ones of a shuffled list (Fisher, Yates). */
static size_t choose(const struct csr *x, size_t most, struct rng *rng, uint8_t *group, uint32_t *eligible)
{
    size_t n = 0;
    for (size_t u = 0; u < x->n_rows; u++)
        if (csr_row_count(x, u) >= VISITORS_LEAST)
            eligible[n++] = (uint32_t)u;
    size_t each = n / 10;
    if (each < VISITORS_ENOUGH)
        each = n / 4 < VISITORS_ENOUGH ? n / 4 : VISITORS_ENOUGH;
    each = each < most ? each : most;
    for (size_t i = 0; i < 2 * each; i++) {
        size_t other = i + rng_below(rng, n - i);
        uint32_t chosen = eligible[other];
        eligible[other] = eligible[i];
        eligible[i] = chosen;
        group[chosen] = i < each ? FITTING : TESTING;
    }
    return each;
}

static void fill(const struct csr *x, const uint8_t *group, size_t most_given, struct rng *rng,
                 struct part parts[5])
{
    for (size_t u = 0; u < x->n_rows; u++) {
        const int32_t *row = csr_row(x, u);
        size_t n = csr_row_count(x, u), at = group[u] == FITTING ? 1 : 3;
        if (group[u] == TRAIN)
            for (size_t i = 0; i < n; i++)
                add(&parts[0], row[i]);
        else
            divide(row, n, given_of(n, most_given), rng, &parts[at], &parts[at + 1]);
        for (size_t p = 0; p < 5; p++)
            parts[p].start[u + 1] = parts[p].n;
    }
}

/* Most of the memory asked for is not used: the groups are small. */
static void give(struct csr *out, const struct csr *x, struct part *p)
{
    int32_t *fit = realloc(p->col, (p->n + 1) * sizeof *fit);
    if (fit != NULL)
        p->col = fit;
    *out = (struct csr){x->n_rows, x->n_cols, p->start, p->col};
}

enum err visitors_draw(struct visitors *out, const struct csr *x, size_t most, size_t most_given,
                       uint64_t seed, struct fail *why)
{
    *out = (struct visitors){0};
    struct part parts[5] = {{0}};
    uint8_t *group = calloc(x->n_rows + 1, sizeof *group);
    uint32_t *eligible = malloc((x->n_rows + 1) * sizeof *eligible);
    struct rng rng;
    bool ok = group != NULL && eligible != NULL;
    for (size_t p = 0; p < 5; p++)
        ok = part_alloc(&parts[p], x) && ok;
    rng_seed(&rng, seed);
    size_t each = ok ? choose(x, most, &rng, group, eligible) : 0;
    if (ok)
        fill(x, group, most_given, &rng, parts);
    struct csr *const to[] = {&out->train, &out->fitting.given, &out->fitting.held, &out->testing.given,
                              &out->testing.held};
    for (size_t p = 0; p < 5; p++)
        give(to[p], x, &parts[p]);
    out->fitting.n = out->testing.n = each;
    free(group);
    free(eligible);
    if (ok && each > 0)
        return ERR_OK;
    visitors_free(out);
    return ok ? fail_set(why, ERR_INVALID, "too few people: at least 4 with %d likes or more are needed",
                         VISITORS_LEAST)
              : fail_set(why, ERR_NOMEM, "out of memory for the split");
}

/* The rows of both, which are never both there. */
static bool join(struct csr *out, const struct csr *a, const struct csr *b)
{
    struct part p = {.start = calloc(a->n_rows + 1, sizeof *p.start),
                     .col = malloc((csr_count(a) + csr_count(b) + 1) * sizeof *p.col)};
    *out = (struct csr){a->n_rows, a->n_cols, p.start, p.col};
    if (p.start == NULL || p.col == NULL)
        return false;
    for (size_t u = 0; u < a->n_rows; u++) {
        const struct csr *of = csr_row_count(a, u) > 0 ? a : b;
        for (size_t i = 0; i < csr_row_count(of, u); i++)
            add(&p, csr_row(of, u)[i]);
        p.start[u + 1] = p.n;
    }
    return true;
}

enum err visitors_join(struct visitor_group *out, const struct visitors *v, struct fail *why)
{
    *out = (struct visitor_group){.n = v->fitting.n + v->testing.n};
    if (join(&out->given, &v->fitting.given, &v->testing.given) &&
        join(&out->held, &v->fitting.held, &v->testing.held))
        return ERR_OK;
    visitors_free_group(out);
    return fail_set(why, ERR_NOMEM, "out of memory for the people held out");
}

void visitors_free_group(struct visitor_group *g)
{
    csr_free(&g->given);
    csr_free(&g->held);
    *g = (struct visitor_group){0};
}

void visitors_free(struct visitors *v)
{
    csr_free(&v->train);
    visitors_free_group(&v->fitting);
    visitors_free_group(&v->testing);
}
