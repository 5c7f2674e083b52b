#include "model/cdae.h"

#include "num/dot.h"
#include "num/exp.h"
#include "num/kernel.h"
#include "num/layer.h"

static size_t take(size_t *at, size_t n)
{
    size_t from = *at;
    *at += n;
    return from;
}

bool cdae_layout(struct cdae_layout *l, size_t n_items, size_t n_users, size_t d)
{
    *l = (struct cdae_layout){.n_items = n_items, .n_users = n_users, .d = d};
    if (n_items > INT32_MAX || n_users > INT32_MAX || d < 1 || d > CDAE_MAX_DIMENSIONS)
        return false;
    size_t at = 0;
    l->w = take(&at, n_items * d);
    l->b = take(&at, d);
    l->out_w = take(&at, n_items * d);
    l->out_b = take(&at, n_items);
    l->n_scoring = at;
    l->v = take(&at, n_users * d);
    l->n = at;
    return true;
}

bool cdae_weights_ok(const float *weights, size_t n, size_t n_items)
{
    struct cdae_layout l;
    if (n < CDAE_HEADER || !(weights[0] >= 1 && weights[0] <= CDAE_MAX_DIMENSIONS) ||
        !(weights[1] == 0 || weights[1] == 1))
        return false;
    size_t d = (size_t)weights[0];
    return (float)d == weights[0] && cdae_layout(&l, n_items, 0, d) && CDAE_HEADER + l.n_scoring == n;
}

/* f: σ(a) = 1/(1 + e^−a) as in Wu et al. 2016, or max(0, a) as in RecBole. */
void cdae_activate(float *a, size_t d, bool rectified)
{
    if (!rectified)
        exp_each(a, -1, a, d);
    for (size_t c = 0; c < d; c++)
        a[c] = !rectified ? 1 / (1 + a[c]) : a[c] > 0 ? a[c] : 0;
}

static void score(const struct scorer *s, const float *person, const int32_t *history, size_t n,
                  float *scores)
{
    struct cdae_layout l;
    float h[CDAE_MAX_DIMENSIONS];
    const float *p = s->weights + CDAE_HEADER;
    if (!cdae_layout(&l, s->n_items, 0, (size_t)s->weights[0]))
        return;
    /* s = W′·f(b + Σ w_i + v_u) + b′; a visitor has no v_u. */
    layer_gather(&(struct layer_sparse){p + l.w, p + l.b, l.d}, history, n, 1, h);
    if (person != NULL)
        kernel_axpy(h, 1, person, l.d);
    cdae_activate(h, l.d, s->weights[1] != 0);
    dot_rows(p + l.out_w, l.d, NULL, l.n_items, h, scores);
    kernel_axpy(scores, 1, p + l.out_b, l.n_items);
}

void cdae_score(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    score(s, NULL, history, n, scores);
}

void cdae_score_known(const struct scorer *s, size_t user, const int32_t *history, size_t n, float *scores)
{
    score(s, s->users + user * (size_t)s->weights[0], history, n, scores);
}
