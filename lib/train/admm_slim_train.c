#include "train/admm_slim_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/vec.h"
#include "num/dense.h"
#include "num/links.h"
#include "num/parallel.h"
#include "train/admm_slim_step.h"
#include "train/ease_train.h"
#include "train/ridge_inverse.h"
#include "train/trainers.h"

enum { WIDTH = 512, NO_ITEM = -1 }; /* columns in work: enough for the product's full speed */

/* One column in work; its numbers are row `slot` of the panels. */
struct column {
    int32_t item; /* NO_ITEM: idle */
    uint32_t iterations;
    bool converged, finite;
};

struct slim {
    const struct admm_slim_options *options;
    size_t n, width;
    double rho;
    struct ridge_inverse inverse;
    float *p;              /* [width × n] P's columns of the items in work */
    float *v, *product;    /* [width × n] C − Γ, at first the item itself, and times P */
    float *w;              /* [width × n] B + Γ before thresholding: holds both C and Γ */
    struct column *column; /* [width] */
    size_t next, done;     /* items */
    struct vec links;      /* struct link */
    struct admm_slim_report *report;
};

static void iterate_slot(void *arg, size_t slot, size_t thread)
{
    (void)thread;
    const struct slim *m = arg;
    struct column *col = &m->column[slot];
    if (col->item == NO_ITEM)
        return;
    const struct admm_slim_options *o = m->options;
    size_t n = m->n, j = (size_t)col->item;
    float rho = (float)m->rho, *product = m->product + slot * n, *p = m->p + slot * n;
    if (col->iterations == 0) { /* C − Γ is 0 still: the place of its product was used to get P's column */
        memcpy(p, product, n * sizeof *p);
        memset(product, 0, n * sizeof *product);
    }
    float s = (1 + rho * product[j]) / p[j]; /* s·P_j is what holds B[j,j] at 0 */
    product[j] = s * p[j] / rho;             /* e_j belongs here: the entry that makes it so */
    const struct admm_slim_step step = {.w = m->w + slot * n,
                                        .v = m->v + slot * n,
                                        .product = product,
                                        .p = p,
                                        .rho = rho,
                                        .kappa = (float)(o->lambda1 / m->rho),
                                        .s = s,
                                        .n = n};
    struct admm_slim_residual r = admm_slim_step_iterate(&step);
    /* Boyd et al. 2011, 3.3.1, per column and in squares: ‖B − C‖ against the larger of ‖B‖ and ‖C‖, and how
     * far C moved against the larger of ‖Γ‖ and ‖C‖. */
    float tol2 = (float)(o->tolerance * o->tolerance);
    col->iterations++;
    col->finite = isfinite(r.b) && isfinite(r.c) && isfinite(r.gamma);
    col->converged = r.primal <= tol2 * fmaxf(r.b, r.c) && r.dual <= tol2 * fmaxf(r.gamma, r.c);
}

static void start_column(struct slim *m, size_t slot)
{
    memset(m->v + slot * m->n, 0, m->n * sizeof *m->v);
    memset(m->w + slot * m->n, 0, m->n * sizeof *m->w);
    m->column[slot] = (struct column){.item = m->next < m->n ? (int32_t)m->next++ : NO_ITEM};
    if (m->column[slot].item != NO_ITEM)
        m->v[slot * m->n + (size_t)m->column[slot].item] = 1;
}

/* C = max(0, B + Γ − λ₁/ρ), the soft threshold with B ≥ 0: its column into the links. */
static bool keep_column(struct slim *m, size_t slot)
{
    const float *w = m->w + slot * m->n, kappa = (float)(m->options->lambda1 / m->rho);
    int32_t to = m->column[slot].item;
    for (size_t i = 0; i < m->n; i++)
        if (w[i] > kappa && (int32_t)i != to) {
            const struct link l = {(int32_t)i, to, w[i] - kappa};
            if (!vec_push(&m->links, &l))
                return false;
        }
    return true;
}

/* Takes out the columns that are finished and puts the next ones in. */
static enum err turn_over(struct slim *m, struct fail *why)
{
    for (size_t slot = 0; slot < m->width; slot++) {
        struct column *col = &m->column[slot];
        if (col->item == NO_ITEM)
            continue;
        if (!col->finite)
            return fail_set(why, ERR_DIVERGED,
                            "ADMM-SLIM: column %d diverged after %u iterations; raise rho or lambda2",
                            col->item + 1, col->iterations);
        if (!col->converged && col->iterations < m->options->iterations)
            continue;
        if (!keep_column(m, slot))
            return fail_set(why, ERR_NOMEM, "out of memory for %zu links between items", m->links.len);
        m->report->column_iterations += col->iterations;
        m->report->not_converged += !col->converged;
        m->done++;
        start_column(m, slot);
    }
    return ERR_OK;
}

/* Moves the last columns into idle slots, once no new ones come: the product shrinks with the work. */
static void close_gaps(struct slim *m)
{
    for (size_t slot = 0; m->next == m->n && slot < m->width;) {
        size_t last = m->width - 1;
        if (m->column[slot].item != NO_ITEM) {
            slot++;
            continue;
        }
        if (slot != last) {
            m->column[slot] = m->column[last];
            memcpy(m->v + slot * m->n, m->v + last * m->n, m->n * sizeof *m->v);
            memcpy(m->w + slot * m->n, m->w + last * m->n, m->n * sizeof *m->w);
            memcpy(m->p + slot * m->n, m->p + last * m->n, m->n * sizeof *m->p);
        }
        m->width--;
    }
}

static enum err run_columns(struct slim *m, const struct progress *progress, struct fail *why)
{
    for (size_t slot = 0; slot < m->width; slot++)
        start_column(m, slot);
    enum err rc = ERR_OK;
    while (rc == ERR_OK && m->done < m->n) {
        progress_report(progress, "admm-slim", m->done, m->n);
        ridge_inverse_multiply(&m->inverse, m->v, m->product, m->width);
        parallel_for(m->width, iterate_slot, m);
        rc = turn_over(m, why);
        close_gaps(m);
    }
    progress_report(progress, "admm-slim", m->done, m->n);
    return rc;
}

/* The largest eigenvalue of XᵀX by the power method, from the columns' counts on: a popular item's direction
 * is nearly it, and the second is several times smaller, so that few rounds give more digits than are needed.
 */
static enum err largest_eigenvalue(const struct csr *x, const struct csr *xt, double *out)
{
    enum { ROUNDS = 8 };
    double *v = malloc((x->n_cols + 1) * sizeof *v), *sum = calloc(x->n_cols + 1, sizeof *sum);
    enum err rc = v == NULL || sum == NULL ? ERR_NOMEM : ERR_OK;
    *out = 0;
    for (size_t i = 0; rc == ERR_OK && i < x->n_cols; i++)
        sum[i] = (double)csr_row_count(xt, i);
    for (int round = 0; rc == ERR_OK && round < ROUNDS; round++) {
        double norm = 0;
        for (size_t i = 0; i < x->n_cols; i++)
            norm += sum[i] * sum[i];
        *out = sqrt(norm); /* ‖XᵀX v‖ for ‖v‖ = 1; in the first round a start only */
        for (size_t i = 0; i < x->n_cols; i++) {
            v[i] = norm > 0 ? sum[i] / *out : 0;
            sum[i] = 0;
        }
        for (size_t u = 0; u < x->n_rows; u++) {
            double along = 0;
            for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
                along += v[x->col[p]];
            for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
                sum[x->col[p]] += along;
        }
    }
    free(v);
    free(sum);
    return rc;
}

/* λ₂ᵢ */
static double ridge(const struct slim *m, const struct csr *x, const struct csr *xt, size_t i)
{
    double share = (double)csr_row_count(xt, i) / (double)x->n_rows;
    return m->options->lambda2 * pow(share, m->options->alpha);
}

/* ρ where none is given: half the geometric mean of the smallest and the largest curvature (the header says
 * what was measured). */
static enum err choose_rho(struct slim *m, const struct csr *x, const struct csr *xt, struct fail *why)
{
    double largest, sum = 0;
    m->rho = m->options->rho;
    if (m->rho > 0)
        return ERR_OK;
    if (largest_eigenvalue(x, xt, &largest) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for two vectors of %zu items", m->n);
    for (size_t i = 0; i < m->n; i++)
        sum += ridge(m, x, xt, i);
    m->rho = fmax(1, sqrt(sum / (double)m->n * largest) / 2);
    return ERR_OK;
}

static enum err invert(struct slim *m, const struct csr *x, const struct progress *progress, struct fail *why)
{
    struct csr xt;
    double *diagonal = malloc((m->n + 1) * sizeof *diagonal);
    if (diagonal == NULL || csr_transpose(&xt, x) != ERR_OK) {
        free(diagonal);
        return fail_set(why, ERR_NOMEM, "out of memory for the transposed dataset");
    }
    enum err rc = choose_rho(m, x, &xt, why);
    for (size_t i = 0; i < m->n; i++)
        diagonal[i] = ridge(m, x, &xt, i) + m->rho;
    csr_free(&xt);
    if (rc == ERR_OK)
        rc = ridge_inverse_make(&m->inverse, &(struct ridge_sum){x, diagonal, m->options->way}, progress,
                                "admm-slim: inverting", why);
    free(diagonal);
    return rc;
}

static enum err check_options(const struct admm_slim_options *o, size_t n, struct fail *why)
{
    if (!(o->lambda1 >= 0 && o->lambda1 < 1e9) || !(o->lambda2 > 0 && o->lambda2 < 1e9) ||
        !(o->rho >= 0 && o->rho < 1e9))
        return fail_set(why, ERR_INVALID, "lambda1 and rho of 0 or more and lambda2 above 0 are needed");
    if (!(o->alpha >= 0 && o->alpha <= 1) || !(o->tolerance >= 0 && o->tolerance < 1) || o->iterations < 1)
        return fail_set(why, ERR_INVALID, "alpha from 0 to 1, tolerance from 0 to 1, at least 1 iteration");
    if (n > DENSE_MAX)
        return fail_set(why, ERR_TOO_LARGE, "ADMM-SLIM of %zu items is too large; at most %d", n, DENSE_MAX);
    return ERR_OK;
}

static bool slim_alloc(struct slim *m)
{
    m->p = malloc(m->width * m->n * sizeof *m->p);
    m->v = malloc(m->width * m->n * sizeof *m->v);
    m->w = malloc(m->width * m->n * sizeof *m->w);
    m->product = malloc(m->width * m->n * sizeof *m->product);
    m->column = calloc(m->width, sizeof *m->column);
    return m->p != NULL && m->v != NULL && m->w != NULL && m->product != NULL && m->column != NULL;
}

static void slim_free(struct slim *m)
{
    ridge_inverse_free(&m->inverse);
    free(m->p);
    free(m->v);
    free(m->w);
    free(m->product);
    free(m->column);
    vec_free(&m->links);
}

enum err admm_slim_train(const struct csr *x, const struct admm_slim_options *options,
                         const struct admm_slim_result *out, const struct progress *progress,
                         struct fail *why)
{
    struct csr *links = out->links;
    float **strength = out->strength;
    struct admm_slim_report *report = out->report;
    struct admm_slim_report unused = {0};
    size_t n = x->n_cols;
    struct slim m = {.options = options,
                     .n = n,
                     .width = n < WIDTH ? n : WIDTH,
                     .links = VEC_OF(struct link),
                     .report = report == NULL ? &unused : report};
    *links = (struct csr){0};
    *strength = NULL;
    *m.report = (struct admm_slim_report){0};
    enum err rc = check_options(options, n, why);
    if (rc == ERR_OK && n > 0 && !slim_alloc(&m))
        rc = fail_set(why, ERR_NOMEM, "out of memory for %zu columns of %zu items", m.width, n);
    double start = clock_monotonic();
    if (rc == ERR_OK && n > 0)
        rc = invert(&m, x, progress, why);
    m.report->rho = m.rho;
    m.report->invert = clock_monotonic() - start;
    if (rc == ERR_OK)
        rc = run_columns(&m, progress, why);
    m.report->iterate = clock_monotonic() - start - m.report->invert;
    if (rc == ERR_OK)
        rc = links_build(links, strength, m.links.data, m.links.len, n, why);
    slim_free(&m);
    return rc;
}

/* ---- as a trainer ---- */

TRAINER_FIXED(default_lambda1, 1)
TRAINER_FIXED(default_rho, 0)
TRAINER_FIXED(default_alpha, 0)
TRAINER_FIXED(default_iterations, 100)
TRAINER_FIXED(default_tolerance, 3e-3)

enum { LAMBDA1, LAMBDA2, RHO, ALPHA, ITERATIONS, TOLERANCE, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [LAMBDA1] = {"lambda1", 0, 1e6, default_lambda1, "L1 regularisation; higher values give fewer links",
                 "log 0.01..20"},
    [LAMBDA2] = {"lambda2", 1e-3, 1e6, ease_train_default_lambda,
                 "L2 regularisation; default as for ease's lambda", "log 10..5000"},
    [RHO] = {"rho", 0, 1e7, default_rho,
             "ADMM penalty; affects speed, not the result; 0: chosen from the data", NULL},
    [ALPHA] = {"alpha", 0, 1, default_alpha, "lambda2 scales with popularity^alpha (RecBole: 0.5)", "0..1"},
    [ITERATIONS] = {"iterations", 1, 1e5, default_iterations, "maximum number of iterations", NULL},
    [TOLERANCE] = {"tolerance", 0, 0.5, default_tolerance,
                   "a column that changes less is finished; 0: run all iterations", NULL},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    const struct admm_slim_options o = {.lambda1 = v[LAMBDA1],
                                        .lambda2 = v[LAMBDA2],
                                        .rho = v[RHO],
                                        .alpha = v[ALPHA],
                                        .iterations = (size_t)v[ITERATIONS],
                                        .tolerance = v[TOLERANCE]};
    return admm_slim_train(task->x, &o, &(struct admm_slim_result){&out->links, &out->strength, NULL},
                           task->progress, why);
}

const struct trainer admm_slim_trainer = {.name = "admm-slim",
                                          .help = "sparse non-negative item-item weights (Steck 2020)",
                                          .settings = settings,
                                          .n_settings = SETTINGS,
                                          .train = train};
