#include "train/co_counts.h"

#include <stdlib.h>
#include <string.h>

#include "num/parallel.h"

enum { AHEAD = 8 /* users whose lists are asked for before they are needed */ };

struct popular {
    uint64_t users;
    int32_t item;
};

static int most_liked_first(const void *a, const void *b)
{
    const struct popular *x = a, *y = b;
    if (x->users != y->users)
        return x->users > y->users ? -1 : 1;
    return x->item - y->item;
}

/* Row `item` of XᵀX: how many users each item has in common with it. */
static void count_row(const struct co_counts *c, size_t item, float *row)
{
    const struct csr *x = c->x;
    const int32_t *user = c->xt->col + c->xt->start[item], *end = c->xt->col + c->xt->start[item + 1];
    memset(row, 0, x->n_cols * sizeof *row);
    for (; user < end; user++) {
        if (end - user > AHEAD)
            __builtin_prefetch(x->col + x->start[user[AHEAD]]);
        for (uint64_t p = x->start[*user]; p < x->start[*user + 1]; p++)
            row[x->col[p]] += 1;
    }
}

struct build {
    struct co_counts *counts;
    const struct popular *order;
};

static void build_block(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct build *b = arg;
    size_t item = (size_t)b->order[block].item;
    b->counts->row_of[item] = (int32_t)block;
    count_row(b->counts, item, b->counts->rows + block * b->counts->x->n_cols);
}

static struct popular *by_popularity(const struct csr *xt)
{
    struct popular *order = calloc(xt->n_rows + 1, sizeof *order);
    for (size_t i = 0; order != NULL && i < xt->n_rows; i++)
        order[i] = (struct popular){csr_row_count(xt, i), (int32_t)i};
    if (order != NULL)
        qsort(order, xt->n_rows, sizeof *order, most_liked_first);
    return order;
}

enum err co_counts_build(struct co_counts *out, const struct csr *x, const struct csr *xt, size_t bytes,
                         struct fail *why)
{
    size_t n = x->n_cols, fit = n == 0 ? 0 : bytes / (n * sizeof(float));
    *out = (struct co_counts){.x = x, .xt = xt, .n_rows = fit < n ? fit : n};
    struct popular *order = by_popularity(xt);
    out->rows = malloc((out->n_rows * n + 1) * sizeof *out->rows);
    out->row_of = malloc((n + 1) * sizeof *out->row_of);
    enum err rc = ERR_OK;
    if (order != NULL && out->rows != NULL && out->row_of != NULL) {
        for (size_t i = 0; i < n; i++)
            out->row_of[i] = -1;
        struct build b = {out, order};
        parallel_for(out->n_rows, build_block, &b);
    } else {
        co_counts_free(out);
        rc = fail_set(why, ERR_NOMEM, "out of memory for the common users of %zu items", n);
    }
    free(order);
    return rc;
}

void co_counts_free(struct co_counts *c)
{
    free(c->rows);
    free(c->row_of);
    *c = (struct co_counts){0};
}

void co_counts_row(const struct co_counts *c, size_t item, float *row)
{
    if (c->row_of[item] >= 0)
        memcpy(row, c->rows + (size_t)c->row_of[item] * c->x->n_cols, c->x->n_cols * sizeof *row);
    else
        count_row(c, item, row);
}

/* One item of one user: a link of the user's list. */
struct co_entry {
    int32_t at;   /* number of the item */
    int32_t next; /* 1 + the entry before, or 0 */
};

enum err co_scratch_init(struct co_scratch *s, size_t n_users)
{
    *s = (struct co_scratch){.first = calloc(n_users + 1, sizeof *s->first)};
    return s->first == NULL ? ERR_NOMEM : ERR_OK;
}

void co_scratch_free(struct co_scratch *s)
{
    free(s->first);
    free(s->entries);
    *s = (struct co_scratch){0};
}

static bool make_room(struct co_scratch *s, size_t n)
{
    if (n <= s->room)
        return true;
    struct co_entry *more = realloc(s->entries, 2 * n * sizeof *more);
    if (more == NULL)
        return false;
    s->entries = more;
    s->room = 2 * n;
    return true;
}

/* Pairs of two items of which no row is at hand: each item meets those before it in the lists of its users.
 */
static void count_pairs(const struct co_counts *c, const int32_t *items, size_t m, struct co_scratch *s,
                        float *g)
{
    int32_t n = 0;
    for (size_t a = 0; a < m; a++) {
        if (c->row_of[items[a]] >= 0)
            continue;
        for (uint64_t p = c->xt->start[items[a]]; p < c->xt->start[items[a] + 1]; p++) {
            int32_t *first = &s->first[c->xt->col[p]];
            s->entries[n] = (struct co_entry){(int32_t)a, *first};
            *first = ++n;
            for (int32_t e = *first; e > 0; e = s->entries[e - 1].next)
                g[a * m + (size_t)s->entries[e - 1].at] += 1;
        }
    }
    for (size_t a = 0; a < m; a++)
        for (uint64_t p = c->xt->start[items[a]]; c->row_of[items[a]] < 0 && p < c->xt->start[items[a] + 1];
             p++)
            s->first[c->xt->col[p]] = 0;
}

bool co_counts_among(const struct co_counts *c, const int32_t *items, size_t m, struct co_scratch *s,
                     float *g)
{
    size_t few = 0;
    for (size_t a = 0; a < m; a++)
        few += c->row_of[items[a]] < 0 ? csr_row_count(c->xt, (size_t)items[a]) : 0;
    if (!make_room(s, few + 1))
        return false;
    for (size_t a = 0; a < m; a++) {
        int32_t row = c->row_of[items[a]];
        for (size_t b = 0; b <= a; b++) {
            int32_t other = c->row_of[items[b]];
            g[a * m + b] = row >= 0     ? c->rows[(size_t)row * c->x->n_cols + (size_t)items[b]]
                           : other >= 0 ? c->rows[(size_t)other * c->x->n_cols + (size_t)items[a]]
                                        : 0;
        }
    }
    count_pairs(c, items, m, s, g);
    return true;
}
