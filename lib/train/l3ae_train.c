#include "train/l3ae_train.h"

#include <math.h>
#include <stdlib.h>

#include "num/dense.h"
#include "num/gemm.h"
#include "num/parallel.h"
#include "train/ease_train.h"
#include "train/trainers.h"

enum { ROWS = 8 };

struct l3ae {
    const struct csr *x;
    const struct l3ae_options *options;
    size_t n;
    float *b;       /* [n × n] P, then B */
    float *s, *ps;  /* [n × n]; NULL without texts */
    float *by;      /* [n] of each column */
    uint8_t *liked; /* [n] by anybody */
};

static enum err check_options(const struct l3ae_options *o, size_t n, struct fail *why)
{
    if (!(o->lambda > 0 && o->lambda <= 1e9) || !(o->pull >= 0 && o->pull <= 1e9))
        return fail_set(why, ERR_INVALID, "a lambda above 0 and a pull of 0 or more are needed");
    if (!(o->texts > 1 && o->texts <= 1e6))
        return fail_set(why, ERR_INVALID, "texts must be above 1 and at most 1e6, not %g", o->texts);
    if (n > DENSE_MAX)
        return fail_set(why, ERR_TOO_LARGE, "a matrix of %zu items is too large; at most %d", n, DENSE_MAX);
    return ERR_OK;
}

static enum err no_memory(const struct l3ae *m, struct fail *why)
{
    return fail_set(why, ERR_NOMEM, "out of memory for matrices of %zu films", m->n);
}

/* ---- what texts say ---- */

/* (W + Wᵀ)/2 of the films that are items, into both triangles of s. */
static bool read_links(const struct l3ae *m, const struct fusion_part *content)
{
    const struct scorer *from = &content->scorer;
    int32_t *item = malloc((from->n_items + 1) * sizeof *item);
    if (item == NULL)
        return false;
    for (size_t c = 0; c < from->n_items; c++)
        item[c] = content->item_of == NULL && c < m->n ? (int32_t)c : -1;
    for (size_t i = 0; content->item_of != NULL && i < m->n; i++)
        if (content->item_of[i] >= 0)
            item[content->item_of[i]] = (int32_t)i;
    for (size_t c = 0; c < from->n_items; c++)
        for (uint64_t p = from->links.start[c]; item[c] >= 0 && p < from->links.start[c + 1]; p++) {
            int32_t i = item[c], j = item[from->links.col[p]];
            if (j < 0 || i == j)
                continue;
            m->s[(size_t)i * m->n + (size_t)j] += from->strength[p] / 2;
            m->s[(size_t)j * m->n + (size_t)i] += from->strength[p] / 2;
        }
    free(item);
    return true;
}

/* K + τI: links are not negative, so |x|ᵀK|x| ≤ |x|². */
static void normalise(const struct l3ae *m)
{
    for (size_t i = 0; i < m->n; i++) {
        double sum = 0;
        for (size_t j = 0; j < m->n; j++)
            sum += (double)m->s[i * m->n + j];
        m->by[i] = sum > 0 ? (float)(1 / sqrt(sum)) : 0;
    }
    for (size_t i = 0; i < m->n; i++) {
        for (size_t j = 0; j < m->n; j++)
            m->s[i * m->n + j] *= m->by[i] * m->by[j];
        m->s[i * m->n + i] = (float)m->options->texts;
    }
}

/* P, the upper triangle of a symmetric matrix, to −P[i,j]/P[j,j]. */
static enum err scale(const struct l3ae *m, float *p, struct fail *why)
{
    enum err rc = dense_one_by_diagonal(p, m->n, m->by, why);
    for (size_t j = 0; rc == ERR_OK && j < m->n; j++)
        m->by[j] = -m->by[j];
    if (rc == ERR_OK)
        dense_scale_columns(p, m->n, m->by);
    return rc;
}

/* S */
static enum err learn_texts(const struct l3ae *m, const struct fusion_part *content, struct fail *why)
{
    if (!read_links(m, content))
        return no_memory(m, why);
    normalise(m);
    enum err rc = dense_invert_upper(m->s, m->n, why);
    return rc == ERR_OK ? scale(m, m->s, why) : rc;
}

/* ---- what people like ---- */

static enum err invert_gram(struct l3ae *m, struct fail *why)
{
    const struct l3ae_options *o = m->options;
    struct csr xt;
    if (csr_transpose(&xt, m->x) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for the transposed dataset");
    ease_train_gram(m->x, &xt, NULL, m->b);
    for (size_t i = 0; i < m->n; i++) {
        m->liked[i] = csr_row_count(&xt, i) > 0;
        m->b[i * m->n + i] += (float)(o->lambda + o->pull);
    }
    csr_free(&xt);
    return dense_invert_upper(m->b, m->n, why);
}

/* by[j] = (1 + δ(PS)[j,j]) / P[j,j] */
static enum err column_factors(const struct l3ae *m, struct fail *why)
{
    enum err rc = dense_one_by_diagonal(m->b, m->n, m->by, why);
    for (size_t j = 0; rc == ERR_OK && j < m->n; j++)
        m->by[j] *= 1 + (float)m->options->pull * m->ps[j * m->n + j];
    return rc;
}

static void join_block(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct l3ae *m = arg;
    const struct l3ae_options *o = m->options;
    float pull = (float)o->pull, fresh = (float)(o->pull / (o->lambda + o->pull));
    for (size_t i = block * ROWS; i < (block + 1) * ROWS && i < m->n; i++) {
        float *b = m->b + i * m->n;
        const float *s = m->s + i * m->n, *ps = m->ps + i * m->n;
        for (size_t j = 0; j < m->n; j++)
            b[j] = m->liked[j] ? pull * ps[j] - b[j] * m->by[j] : fresh * s[j];
        b[i] = 0;
    }
}

/* B from P and S. */
static enum err join(struct l3ae *m, struct fail *why)
{
    if (m->s == NULL)
        return scale(m, m->b, why);
    dense_mirror_upper(m->b, m->n);
    gemm(&(struct gemm){.rows = m->n, .cols = m->n, .inner = m->n}, m->b, m->s, m->ps);
    enum err rc = column_factors(m, why);
    if (rc == ERR_OK)
        parallel_for((m->n + ROWS - 1) / ROWS, join_block, m);
    return rc;
}

static bool l3ae_alloc(struct l3ae *m, bool texts)
{
    m->by = malloc((m->n + 1) * sizeof *m->by);
    m->liked = malloc(m->n + 1);
    m->s = texts ? dense_square(m->n) : NULL;
    m->ps = texts ? dense_square(m->n) : NULL;
    return m->by != NULL && m->liked != NULL && (!texts || (m->s != NULL && m->ps != NULL));
}

static void l3ae_free(struct l3ae *m)
{
    free(m->by);
    free(m->liked);
    free(m->s);
    free(m->ps);
}

enum err l3ae_train(const struct csr *x, const struct l3ae_options *options, float *b,
                    const struct progress *progress, struct fail *why)
{
    struct l3ae m = {.x = x, .options = options, .n = x->n_cols, .b = b};
    enum err rc = check_options(options, m.n, why);
    if (rc != ERR_OK || m.n == 0)
        return rc;
    bool texts = options->content->scorer.links.n_rows > 0;
    progress_report(progress, "texts", 0, 3);
    rc = l3ae_alloc(&m, texts) ? ERR_OK : no_memory(&m, why);
    if (rc == ERR_OK && texts)
        rc = learn_texts(&m, options->content, why);
    progress_report(progress, "linear autoencoder", 1, 3);
    if (rc == ERR_OK)
        rc = invert_gram(&m, why);
    progress_report(progress, "linear autoencoder", 2, 3);
    if (rc == ERR_OK)
        rc = join(&m, why);
    l3ae_free(&m);
    progress_report(progress, "linear autoencoder", 3, 3);
    return rc;
}

/* ---- as a trainer ---- */

static double default_pull(const struct csr *x)
{
    return 3 * ease_train_default_lambda(x);
}
TRAINER_FIXED(default_texts, 2)

enum { LAMBDA, PULL, TEXTS, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [LAMBDA] = {"lambda", 1e-3, 1e6, ease_train_default_lambda, "L2 regularisation; default as for ease",
                "log 10..5000"},
    [PULL] = {"pull", 0, 1e6, default_pull,
              "L2 penalty on the difference to the texts' weights; default 3 x lambda's", "log 10..5000"},
    [TEXTS] = {"texts", 1.01, 1e4, default_texts, "L2 regularisation of the texts' weights", "log 1.05..20"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    const struct l3ae_options o = {
        .lambda = v[LAMBDA], .pull = v[PULL], .texts = v[TEXTS], .content = &task->content};
    enum err rc = trained_alloc(out, 0, why);
    return rc == ERR_OK ? l3ae_train(task->x, &o, out->weights, task->progress, why) : rc;
}

const struct trainer l3ae_trainer = {
    .name = "l3ae",
    .help = "ease regularised towards the content model's links (Moon et al. 2025)",
    .settings = settings,
    .n_settings = SETTINGS,
    .train = train,
    .content = true};
