#include "train/dlae_train.h"

#include <math.h>
#include <stdlib.h>

#include "num/dense.h"
#include "num/parallel.h"
#include "train/ease_train.h"
#include "train/trainers.h"

enum { ROWS = 8 };

struct dlae {
    const struct csr *x;
    const struct dlae_options *options;
    size_t n;
    float *b;        /* [n × n] */
    float *weight;   /* [users] n(u)^−β */
    double *ridge;   /* [n] Λ */
    float *by;       /* [n] of each column */
    float *strength; /* [n] c(i)^α */
};

static enum err check_options(const struct dlae_options *o, size_t n, struct fail *why)
{
    if (!(o->lambda > 0 && o->lambda <= 1e9) || !(o->dropout >= 0 && o->dropout < 1))
        return fail_set(why, ERR_INVALID, "a lambda above 0 and a dropout from 0 to below 1 are needed");
    if (!(o->xi >= 0 && o->xi <= 1) || !(o->alpha >= 0 && o->alpha <= 1) || !(o->beta >= 0 && o->beta <= 1))
        return fail_set(why, ERR_INVALID, "xi, alpha and beta are from 0 to 1");
    if (n > DENSE_MAX)
        return fail_set(why, ERR_TOO_LARGE, "a matrix of %zu items is too large; at most %d", n, DENSE_MAX);
    return ERR_OK;
}

static bool dlae_alloc(struct dlae *m)
{
    m->weight = malloc((m->x->n_rows + 1) * sizeof *m->weight);
    m->ridge = malloc((m->n + 1) * sizeof *m->ridge);
    m->by = malloc((m->n + 1) * sizeof *m->by);
    m->strength = malloc((m->n + 1) * sizeof *m->strength);
    return m->weight != NULL && m->ridge != NULL && m->by != NULL && m->strength != NULL;
}

static void dlae_free(struct dlae *m)
{
    free(m->weight);
    free(m->ridge);
    free(m->by);
    free(m->strength);
}

/* G + Λ into the upper triangle, with the ridge that hiding a share p of each user's likes amounts to on average, p/(1 − p) of an item's users
 * (Steck 2020). */
static enum err gram_plus_ridge(struct dlae *m, struct fail *why)
{
    const struct dlae_options *o = m->options;
    struct csr xt;
    if (csr_transpose(&xt, m->x) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for the transposed dataset");
    for (size_t u = 0; u < m->x->n_rows; u++)
        m->weight[u] = (float)pow(fmax(1, (double)csr_row_count(m->x, u)), -o->beta);
    ease_train_gram(m->x, &xt, m->weight, m->b);
    for (size_t i = 0; i < m->n; i++) {
        double users = (double)csr_row_count(&xt, i);
        m->ridge[i] = o->lambda + o->dropout / (1 - o->dropout) * users;
        m->strength[i] = (float)pow(fmax(1, users), o->alpha);
        m->b[i * m->n + i] += (float)m->ridge[i];
    }
    csr_free(&xt);
    return ERR_OK;
}

/* by[j] = −max(Λ_j, (1 − ξ) / P[j,j]) / c(j)^α */
static enum err column_factors(struct dlae *m, struct fail *why)
{
    enum err rc = dense_one_by_diagonal(m->b, m->n, m->by, why);
    for (size_t j = 0; rc == ERR_OK && j < m->n; j++)
        m->by[j] = -(float)fmax(m->ridge[j], (1 - m->options->xi) * (double)m->by[j]) / m->strength[j];
    return rc;
}

static void strengthen_rows(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct dlae *m = arg;
    for (size_t i = block * ROWS; i < (block + 1) * ROWS && i < m->n; i++)
        for (size_t j = 0; j < m->n; j++)
            m->b[i * m->n + j] *= m->strength[i];
}

enum err dlae_train(const struct csr *x, const struct dlae_options *options, float *b,
                    const struct progress *progress, struct fail *why)
{
    struct dlae m = {.x = x, .options = options, .n = x->n_cols, .b = b};
    enum err rc = check_options(options, m.n, why);
    if (rc != ERR_OK || m.n == 0)
        return rc;
    progress_report(progress, "linear autoencoder", 0, 3);
    rc = dlae_alloc(&m) ? gram_plus_ridge(&m, why) : fail_set(why, ERR_NOMEM, "out of memory");
    progress_report(progress, "linear autoencoder", 1, 3);
    if (rc == ERR_OK)
        rc = dense_invert_upper(b, m.n, why);
    progress_report(progress, "linear autoencoder", 2, 3);
    if (rc == ERR_OK)
        rc = column_factors(&m, why);
    if (rc == ERR_OK) {
        dense_scale_columns(b, m.n, m.by);
        if (options->alpha > 0)
            parallel_for((m.n + ROWS - 1) / ROWS, strengthen_rows, &m);
    }
    dlae_free(&m);
    progress_report(progress, "linear autoencoder", 3, 3);
    return rc;
}

/* ---- as three trainers ---- */

TRAINER_FIXED(default_lambda, 100)
TRAINER_FIXED(default_dropout, 0.5)
TRAINER_FIXED(default_xi, 0.1)
TRAINER_FIXED(default_alpha, 0.2)
TRAINER_FIXED(default_beta, 0.3)

/* EDLAE has those up to DROPOUT, RDLAE those up to XI, DAN all. */
enum {
    LAMBDA,
    DROPOUT,
    EDLAE_SETTINGS,
    XI = EDLAE_SETTINGS,
    RDLAE_SETTINGS,
    ALPHA = RDLAE_SETTINGS,
    BETA,
    SETTINGS
};
static const struct trainer_setting settings[SETTINGS] = {
    [LAMBDA] = {"lambda", 1e-3, 1e6, default_lambda, "L2 regularisation", "log 3..3000"},
    [DROPOUT] = {"dropout", 0, 0.99, default_dropout,
                 "share of each user's likes to drop and reconstruct; higher for shorter histories",
                 "0.1..0.97"},
    [XI] = {"xi", 0, 1, default_xi, "how far an item may explain itself: 0 not at all, 1 without limit",
            "0..0.9"},
    [ALPHA] = {"alpha", 0, 1, default_alpha,
               "scores are divided by (users per item)^alpha, inputs multiplied by it", "0..0.5"},
    [BETA] = {"beta", 0, 1, default_beta, "users with n likes weigh n^-beta", "0..0.6"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    size_t n = out->trainer->n_settings;
    const struct dlae_options o = {.lambda = v[LAMBDA],
                                   .dropout = v[DROPOUT],
                                   .xi = n > XI ? v[XI] : 0,
                                   .alpha = n > ALPHA ? v[ALPHA] : 0,
                                   .beta = n > BETA ? v[BETA] : 0};
    enum err rc = trained_alloc(out, 0, why);
    return rc == ERR_OK ? dlae_train(task->x, &o, out->weights, task->progress, why) : rc;
}

const struct trainer dlae_trainer = {.name = "edlae",
                                     .help = "ease trained to reconstruct dropped likes (Steck 2020)",
                                     .settings = settings,
                                     .n_settings = EDLAE_SETTINGS,
                                     .train = train};

const struct trainer dlae_trainer_relaxed = {.name = "rdlae",
                                             .help = "edlae with a relaxed diagonal (Moon et al. 2023)",
                                             .settings = settings,
                                             .n_settings = RDLAE_SETTINGS,
                                             .train = train};

const struct trainer dlae_trainer_normalised = {.name = "dan",
                                                .help = "rdlae with data-adaptive normalisation (2025)",
                                                .settings = settings,
                                                .n_settings = SETTINGS,
                                                .train = train};
