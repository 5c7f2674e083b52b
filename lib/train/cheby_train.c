#include "train/cheby_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "num/dense.h"
#include "num/gemm.h"
#include "num/parallel.h"
#include "train/item_graph.h"
#include "train/item_spectrum.h"
#include "train/trainers.h"

enum { WIDTH = ITEM_GRAPH_WIDTH, TILE = 16, SAMPLES = 400 };
static const double EXACT = 2e-6; /* how far q may be from h: about what float32 makes of the sums */

struct cheby {
    const struct cheby_options *options;
    size_t n;
    struct item_graph graph;
    struct item_spectrum spectrum;
    double h[CHEBY_MAX_ORDER + 1]; /* of T_k(1 − 2σ) */
    double q[CHEBY_MAX_ORDER + 1]; /* of T_k(2σ/top − 1) */
    size_t degree;
    double top;
    float *before, *after; /* [n] c^−β and c^β */
    float *b;
};

/* Σ_k c_k T_k(t) (Clenshaw). */
static double chebyshev(const double *c, size_t degree, double t)
{
    double one = 0, two = 0;
    for (size_t k = degree; k > 0; k--) {
        double next = c[k] + 2 * t * one - two;
        two = one;
        one = next;
    }
    return c[0] + t * one - two;
}

/* The coefficients of the polynomial with value[j] at the root j of T_{degree+1}, the least first. */
static void interpolate(const double *value, size_t degree, double *c)
{
    double n = (double)degree + 1;
    for (size_t k = 0; k <= degree; k++) {
        c[k] = 0;
        for (size_t j = 0; j <= degree; j++)
            c[k] += value[j] * cos((double)k * (n - 0.5 - (double)j) / n * M_PI) * 2 / n;
    }
    c[0] /= 2;
}

/* Root j of T_{degree+1}, the least first. */
static double root(size_t degree, size_t j)
{
    double n = (double)degree + 1;
    return cos((n - 0.5 - (double)j) / n * M_PI);
}

/* y(t) = ½ − ½·sign(t)·|t|^φ */
static double plateau(double t, double phi)
{
    return t < 0 ? 0.5 + 0.5 * pow(-t, phi) : 0.5 - 0.5 * pow(t, phi);
}

void cheby_train_coefficients(size_t order, double phi, double *a)
{
    double value[CHEBY_MAX_ORDER + 1];
    for (size_t j = 0; j <= order; j++)
        value[j] = plateau(cos((double)(order - j) / (double)order * M_PI), phi);
    interpolate(value, order, a);
}

/* h(σ) and q(σ), each at the place on [−1, 1] that its polynomial is written in. */
static double h_at(const struct cheby *m, double sigma)
{
    return chebyshev(m->h, m->options->order, 1 - 2 * sigma);
}

static double q_at(const struct cheby *m, double sigma)
{
    return chebyshev(m->q, m->degree, 2 * sigma / m->top - 1);
}

/* The shortest q that is h from 0 to top. */
static void choose_q(struct cheby *m)
{
    m->top = fmin(1, fmax(1e-3, m->spectrum.next * 1.001)); /* the bound is float32's */
    for (m->degree = 0; m->degree <= m->options->order; m->degree++) {
        double value[CHEBY_MAX_ORDER + 1], worst = 0;
        for (size_t j = 0; j <= m->degree; j++)
            value[j] = h_at(m, (root(m->degree, j) + 1) / 2 * m->top);
        interpolate(value, m->degree, m->q);
        for (int s = 0; s <= SAMPLES; s++) {
            double sigma = m->top * s / SAMPLES;
            worst = fmax(worst, fabs(q_at(m, sigma) - h_at(m, sigma)));
        }
        if (worst <= EXACT || m->degree == m->options->order)
            return;
    }
}

/* b = V·diag(h − q + α)·Vᵀ */
static enum err add_spectrum(struct cheby *m, struct fail *why)
{
    const struct item_spectrum *s = &m->spectrum;
    float *weighted = malloc((m->n * s->n + 1) * sizeof *weighted);
    if (weighted == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu eigenvectors", s->n);
    for (size_t k = 0; k < s->n; k++) {
        double by = h_at(m, s->values[k]) - q_at(m, s->values[k]) + m->options->alpha;
        for (size_t i = 0; i < m->n; i++)
            weighted[i * s->n + k] = (float)by * s->vectors[i * s->n + k];
    }
    gemm(&(struct gemm){.rows = m->n, .cols = m->n, .inner = s->n, .b_transposed = true}, weighted,
         s->vectors, m->b);
    free(weighted);
    return ERR_OK;
}

static void identity(void *arg, size_t block, float *columns)
{
    const struct cheby *m = arg;
    memset(columns, 0, m->n * WIDTH * sizeof *columns);
    for (size_t c = 0; c < WIDTH && block * WIDTH + c < m->n; c++)
        columns[(block * WIDTH + c) * WIDTH + c] = 1;
}

/* Columns of q(S), which is symmetric, onto rows of b, and those scaled. */
static void add_rows(void *arg, size_t block, const float *columns)
{
    const struct cheby *m = arg;
    size_t n = m->n, first = block * WIDTH, rows = n - first < WIDTH ? n - first : WIDTH;
    for (size_t tile = 0; tile < n; tile += TILE)
        for (size_t r = 0; r < rows; r++)
            for (size_t j = tile; j < tile + TILE && j < n; j++) {
                float *at = m->b + (first + r) * n + j;
                *at = (*at + columns[j * WIDTH + r]) * m->before[first + r] * m->after[j];
            }
    for (size_t r = 0; r < rows; r++)
        m->b[(first + r) * n + first + r] = 0;
}

/* D^−β and D^β; an item without users takes and gives nothing. */
static void weigh_items(struct cheby *m)
{
    for (size_t i = 0; i < m->n; i++) {
        size_t users = csr_row_count(&m->graph.xt, i);
        m->before[i] = users == 0 ? 0 : (float)pow((double)users, -m->options->beta);
        m->after[i] = users == 0 ? 0 : (float)pow((double)users, m->options->beta);
    }
}

static enum err check_options(const struct cheby_options *o, size_t n, struct fail *why)
{
    if (o->order < 1 || o->order > CHEBY_MAX_ORDER || !(o->phi > 0 && o->phi <= 1000))
        return fail_set(why, ERR_INVALID, "an order from 1 to %d and a phi above 0 are needed",
                        CHEBY_MAX_ORDER);
    if (!(o->alpha >= 0 && o->alpha <= 1000) || !(o->beta >= 0 && o->beta <= 1))
        return fail_set(why, ERR_INVALID, "alpha of 0 or more and beta from 0 to 1 are needed");
    if (n > DENSE_MAX)
        return fail_set(why, ERR_TOO_LARGE, "a matrix of %zu items is too large; at most %d", n, DENSE_MAX);
    return ERR_OK;
}

static enum err make(struct cheby *m, struct cheby_report *report, const struct progress *progress,
                     struct fail *why)
{
    double start = clock_monotonic();
    const struct item_spectrum_plan plan = {m->options->eta, m->options->seed};
    enum err rc = item_spectrum_find(&m->spectrum, &m->graph, &plan, progress, why);
    report->spectrum = clock_monotonic() - start;
    report->rounds = m->spectrum.rounds;
    if (rc != ERR_OK)
        return rc;
    progress_report(progress, "chebycf", 0, 2);
    cheby_train_coefficients(m->options->order, m->options->phi, m->h);
    choose_q(m);
    report->degree = m->degree;
    weigh_items(m);
    rc = add_spectrum(m, why);
    progress_report(progress, "chebycf", 1, 2);
    if (rc == ERR_OK)
        item_graph_apply(&(struct item_graph_blocks){.graph = &m->graph,
                                                     .polynomial = {m->q, m->degree, m->top},
                                                     .n_blocks = (m->n + WIDTH - 1) / WIDTH,
                                                     .fill = identity,
                                                     .take = add_rows,
                                                     .arg = m});
    progress_report(progress, "chebycf", 2, 2);
    report->matrix = clock_monotonic() - start - report->spectrum;
    return rc;
}

enum err cheby_train(const struct csr *x, const struct cheby_options *options, const struct cheby_result *out,
                     const struct progress *progress, struct fail *why)
{
    struct cheby m = {.options = options, .n = x->n_cols, .b = out->b};
    struct cheby_report unused;
    enum err rc = check_options(options, m.n, why);
    if (rc != ERR_OK || m.n == 0)
        return rc;
    m.before = malloc(m.n * sizeof *m.before);
    m.after = malloc(m.n * sizeof *m.after);
    rc = m.before != NULL && m.after != NULL ? item_graph_open(&m.graph, x, why)
                                             : fail_set(why, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        rc = make(&m, out->report == NULL ? &unused : out->report, progress, why);
    item_spectrum_free(&m.spectrum);
    item_graph_close(&m.graph);
    free(m.before);
    free(m.after);
    return rc;
}

/* ---- as a trainer ---- */

TRAINER_FIXED(default_order, 8)
TRAINER_FIXED(default_phi, 1.5)
TRAINER_FIXED(default_alpha, 0.2)
TRAINER_FIXED(default_beta, 0.4)

static double default_eta(const struct csr *x)
{
    return fmin(512, fmax(16, floor(fmin((double)x->n_cols / 16, (double)x->n_rows / 4))));
}

enum { ORDER, PHI, ETA, ALPHA, BETA, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [ORDER] = {"order", 1, CHEBY_MAX_ORDER, default_order, "degree of the filter's polynomial", NULL},
    [PHI] = {"phi", 0.1, 100, default_phi, "flatness of the filter between its ends", "log 0.5..20"},
    [ETA] = {"eta", 0, 4096, default_eta,
             "eigenvectors of the ideal low-pass; default a sixteenth of the items or a quarter of the "
             "users, at most 512",
             "16,32,64,128,256,512"},
    [ALPHA] = {"alpha", 0, 10, default_alpha, "weight of the ideal low-pass", "0..0.6"},
    [BETA] = {"beta", 0, 1, default_beta,
              "inputs are divided by (users per item)^beta, scores multiplied by it", "0..0.6"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    const struct cheby_options o = {.order = (size_t)v[ORDER],
                                    .phi = v[PHI],
                                    .eta = (size_t)v[ETA],
                                    .alpha = v[ALPHA],
                                    .beta = v[BETA],
                                    .seed = task->seed};
    enum err rc = trained_alloc(out, 0, why);
    return rc == ERR_OK
               ? cheby_train(task->x, &o, &(struct cheby_result){out->weights, NULL}, task->progress, why)
               : rc;
}

const struct trainer cheby_trainer = {.name = "chebycf",
                                      .help = "closed-form filter of the item graph (2025)",
                                      .settings = settings,
                                      .n_settings = SETTINGS,
                                      .train = train};
