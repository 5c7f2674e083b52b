#include "train/ials_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/ials.h"
#include "num/dense.h"
#include "num/kernel.h"
#include "num/outer.h"
#include "num/parallel.h"
#include "train/trainers.h"

enum { ROWS = 64 }; /* rows of a block: one product, one unit of work */

/* One turn: `own` [rows × d] from `other` [columns × d]. */
struct turn {
    const struct csr *x;
    const struct ials_options *options;
    const float *other, *gram; /* gram: α₀·otherᵀother [d × d] */
    float *own;
    float *scratch; /* [threads × 3 × ROWS × d]: residual, direction, A·direction */
};

/* Rows [first, first + n) and their parts of the scratch. */
struct block {
    const struct turn *t;
    size_t first, n, d;
    float *residual, *direction, *image;
    double ridge[ROWS], norm[ROWS];
};

static double square(const float *v, size_t d)
{
    return (double)kernel_dot(v, v, d);
}

/* residual = Σ y − A·own = Σ (1 − y·own) y − (gram + ridge)·own; direction = residual. */
static void start_rows(struct block *b)
{
    const struct csr *x = b->t->x;
    size_t d = b->d;
    float *own = b->t->own + b->first * d;
    const struct ials_options *o = b->t->options;
    dense_multiply_symmetric(own, b->t->gram, b->image, b->n, d);
    for (size_t r = 0; r < b->n; r++) {
        size_t row = b->first + r, n = csr_row_count(x, row);
        float *residual = b->residual + r * d;
        b->ridge[r] = ials_ridge(o->lambda, o->alpha0, o->nu, n, x->n_cols);
        for (size_t i = 0; i < d; i++)
            residual[i] = -b->image[r * d + i] - (float)b->ridge[r] * own[r * d + i];
        outer_add(&(struct outer){b->t->other, d, csr_row(x, row), n, .bias = 1, .by = -1}, own + r * d,
                  residual);
        memcpy(b->direction + r * d, residual, d * sizeof *residual);
        b->norm[r] = square(residual, d);
    }
}

/* One conjugate-gradient step (Hestenes and Stiefel 1952) of every row of the block: a = rᵀr/dᵀAd, x += a·d,
 * r −= a·Ad, d = r + (new rᵀr/rᵀr)·d. A = gram + ridge·I + Σ y yᵀ is only ever multiplied, never made. */
static void step_rows(struct block *b)
{
    size_t d = b->d;
    dense_multiply_symmetric(b->direction, b->t->gram, b->image, b->n, d);
    for (size_t r = 0; r < b->n; r++) {
        float *direction = b->direction + r * d, *residual = b->residual + r * d, *image = b->image + r * d;
        size_t row = b->first + r;
        kernel_axpy(image, (float)b->ridge[r], direction, d);
        outer_add(
            &(struct outer){b->t->other, d, csr_row(b->t->x, row), csr_row_count(b->t->x, row), .by = 1},
            direction, image);
        double curve = (double)kernel_dot(direction, image, d);
        if (!(curve > 0) || b->norm[r] < 1e-20) /* solved, or an empty row, whose solution is 0 */
            continue;
        double along = b->norm[r] / curve;
        kernel_axpy(b->t->own + (b->first + r) * d, (float)along, direction, d);
        kernel_axpy(residual, (float)-along, image, d);
        double norm = square(residual, d);
        float keep = (float)(norm / b->norm[r]);
        for (size_t i = 0; i < d; i++)
            direction[i] = residual[i] + keep * direction[i];
        b->norm[r] = norm;
    }
}

static void solve_block(void *arg, size_t block, size_t thread)
{
    const struct turn *t = arg;
    size_t d = t->options->factors, first = block * ROWS;
    float *scratch = t->scratch + thread * 3 * ROWS * d;
    struct block b = {.t = t,
                      .first = first,
                      .n = t->x->n_rows - first < ROWS ? t->x->n_rows - first : ROWS,
                      .d = d,
                      .residual = scratch,
                      .direction = scratch + ROWS * d,
                      .image = scratch + 2 * ROWS * d};
    start_rows(&b);
    for (size_t step = 0; step < t->options->steps; step++)
        step_rows(&b);
}

struct ials {
    const struct csr *x;
    struct csr xt;
    const struct ials_options *options;
    float *users, *items, *gram, *scratch;
};

static void take_turn(struct ials *m, bool items)
{
    const struct csr *x = items ? &m->xt : m->x;
    const float *other = items ? m->users : m->items;
    struct turn t = {.x = x,
                     .options = m->options,
                     .other = other,
                     .gram = m->gram,
                     .own = items ? m->items : m->users,
                     .scratch = m->scratch};
    dense_gram(other, x->n_cols, m->options->factors, (float)m->options->alpha0, m->gram);
    int threads = dense_threads(1); /* the blocks are parallel already */
    parallel_for((x->n_rows + ROWS - 1) / ROWS, solve_block, &t);
    dense_threads(threads);
}

static void draw(float *v, size_t n, double deviation, struct rng *rng)
{
    for (size_t i = 0; i < n; i++)
        v[i] = (float)(deviation * rng_normal(rng));
}

/* What a scorer needs besides the vectors (model/ials.h). */
static void deliver(const struct ials *m)
{
    const struct ials_options *o = m->options;
    float *scalar = m->gram + o->factors * o->factors;
    dense_gram(m->items, m->x->n_cols, o->factors, (float)o->alpha0, m->gram);
    scalar[0] = (float)o->alpha0;
    scalar[1] = (float)o->lambda;
    scalar[2] = (float)o->nu;
}

static enum err iterate(struct ials *m, uint64_t seed, const struct progress *progress, struct fail *why)
{
    const struct ials_options *o = m->options;
    size_t n_items = m->x->n_cols * o->factors, n_users = m->x->n_rows * o->factors;
    struct rng rng;
    rng_seed(&rng, seed);
    draw(m->items, n_items, 0.1 / sqrt((double)o->factors), &rng);
    memset(m->users, 0, n_users * sizeof *m->users);
    for (size_t i = 0; i < o->iterations; i++) {
        progress_report(progress, "ials", 2 * i, 2 * o->iterations);
        take_turn(m, false);
        progress_report(progress, "ials", 2 * i + 1, 2 * o->iterations);
        take_turn(m, true);
        if (!kernel_within(m->users, n_users, 1e6f) || !kernel_within(m->items, n_items, 1e6f))
            return fail_set(why, ERR_DIVERGED, "iALS: the vectors diverge in iteration %zu; raise lambda",
                            i + 1);
        if (trainer_epochs_want(o->told, i + 1, o->iterations))
            deliver(m);
        trainer_epochs_tell(o->told, i + 1, o->iterations, NAN);
    }
    progress_report(progress, "ials", 2 * o->iterations, 2 * o->iterations);
    return ERR_OK;
}

static enum err check_options(const struct ials_options *o, struct fail *why)
{
    if (o->factors < 1 || o->factors > IALS_MAX_FACTORS || o->iterations < 1 || o->steps < 1)
        return fail_set(why, ERR_INVALID, "from 1 to %d factors, at least 1 iteration and 1 step",
                        IALS_MAX_FACTORS);
    if (!(o->alpha0 >= 0 && o->alpha0 <= 1e6) || !(o->lambda > 0 && o->lambda <= 1e6) ||
        !(o->nu >= 0 && o->nu <= 1))
        return fail_set(why, ERR_INVALID,
                        "alpha0 of 0 or more, lambda above 0 and nu from 0 to 1 are needed");
    return ERR_OK;
}

enum err ials_train(const struct csr *x, const struct ials_options *options, uint64_t seed, float *weights,
                    const struct progress *progress, struct fail *why)
{
    enum err rc = check_options(options, why);
    if (rc != ERR_OK)
        return rc;
    size_t d = options->factors;
    struct ials m = {.x = x, .options = options, .items = weights, .gram = weights + x->n_cols * d};
    m.users = malloc((x->n_rows * d + 1) * sizeof *m.users);
    m.scratch = malloc(parallel_threads() * 3 * ROWS * d * sizeof *m.scratch);
    if (m.users == NULL || m.scratch == NULL || csr_transpose(&m.xt, x) != ERR_OK) {
        rc = ERR_NOMEM;
        (void)fail_set(why, rc, "out of memory: iALS of %zu users and %zu factors", x->n_rows, d);
    }
    if (rc == ERR_OK)
        rc = iterate(&m, seed, progress, why);
    if (rc == ERR_OK)
        deliver(&m);
    csr_free(&m.xt);
    free(m.users);
    free(m.scratch);
    return rc;
}

/* The λ to start from, for ν = 1 and α₀ = 0.3: 1.4·√density·(1/√users + 1/√items), density the share of ones
 * in X. Where most of what is known of a row is that it has not, its ridge is about λα₀·(length of the row),
 * and the two sides' together take λα₀·√(users·items) from every singular value of X: directions below that
 * are lost, and with too large a λ all are but the first, which is popularity. What should be lost is noise,
 * whose largest singular value is about √density·(√users + √items). Best in grids, and by the formula: 0.004
 * and 0.0085 on ml-latest-small, 0.013 and 0.018 on MovieLens-100K, 0.03 and 0.024 on the simulated audience,
 * 0.0025 to 0.004 and 0.0021 on LastFM, 0.003 to 0.005 and 0.0042 on a million simulated ratings, where
 * 0.0149 left nothing but popularity; Rendle et al. publish 0.003 for MovieLens-20M at α₀ = 0.1, where the
 * formula, times 0.3/0.1, gives 0.0025. */
static double default_lambda(const struct csr *x)
{
    if (csr_count(x) == 0)
        return 0.01;
    double users = (double)x->n_rows, items = (double)x->n_cols;
    double density = (double)csr_count(x) / users / items;
    return fmin(0.1, fmax(1e-5, 1.4 * sqrt(density) * (1 / sqrt(users) + 1 / sqrt(items))));
}

/* ---- as a trainer ---- */

TRAINER_FIXED(default_factors, 64)
TRAINER_FIXED(default_iterations, 16)
TRAINER_FIXED(default_alpha0, 0.3)
TRAINER_FIXED(default_nu, 1)
TRAINER_FIXED(default_steps, 3)

enum { FACTORS, ITERATIONS, ALPHA0, LAMBDA, NU, STEPS, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [FACTORS] = {"factors", 1, 256, default_factors, "embedding size", "16,32,64,128,256"},
    [ITERATIONS] = {"iterations", 1, 1e4, default_iterations,
                    "iterations, each over all users and then all items", "8,16,32"},
    [ALPHA0] = {"alpha0", 0, 1e3, default_alpha0, "weight of unobserved items", "log 0.01..3"},
    [LAMBDA] = {"lambda", 1e-9, 1e6, default_lambda,
                "L2 regularisation; default from density and size, close to the noise level",
                "log 5e-4..0.3"},
    [NU] = {"nu", 0, 1, default_nu,
            "how regularisation grows with the number of likes: 0 not at all, 1 in proportion", "0..1"},
    [STEPS] = {"steps", 1, 256, default_steps, "conjugate-gradient steps per solve", NULL},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    const struct ials_options o = {.factors = (size_t)v[FACTORS],
                                   .iterations = (size_t)v[ITERATIONS],
                                   .alpha0 = v[ALPHA0],
                                   .lambda = v[LAMBDA],
                                   .nu = v[NU],
                                   .steps = (size_t)v[STEPS],
                                   .told = task->epochs};
    enum err rc = trained_alloc(out, o.factors, why);
    return rc == ERR_OK ? ials_train(task->x, &o, task->seed, out->weights, task->progress, why) : rc;
}

const struct trainer ials_trainer = {
    .name = "ials",
    .help = "implicit matrix factorisation by least squares (Hu 2008, Rendle 2022)",
    .settings = settings,
    .n_settings = SETTINGS,
    .train = train};
