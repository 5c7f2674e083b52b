#include "train/lightgcn_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "train/descent.h"
#include "train/trainers.h"

static const double START = 0.1; /* deviation of layer 0 at the beginning */

struct training {
    const struct lightgcn_plan *plan;
    struct lightgcn_graph g;
    struct descent layer0; /* g.e */
    struct checkpoint state;
    int32_t *drawable; /* users with an item and without one */
    size_t n_drawable;
    struct lightgcn_triple *batch;
    float *users, *items; /* where the result goes */
};

static enum err check_plan(const struct csr *x, const struct lightgcn_plan *p, struct fail *why)
{
    if (!(p->rate > 0 && p->rate <= 10))
        return fail_set(why, ERR_INVALID, "the rate must be above 0 and at most 10, not %g", p->rate);
    if (p->batch < 1 || p->batch > 1 << 24)
        return fail_set(why, ERR_INVALID, "a batch of %zu triples is out of range", p->batch);
    if (x->n_rows > INT32_MAX)
        return fail_set(why, ERR_TOO_LARGE, "too many users");
    return ERR_OK;
}

static void find_drawable(struct training *t)
{
    const struct csr *x = t->g.x;
    for (size_t u = 0; u < x->n_rows; u++)
        if (csr_row_count(x, u) > 0 && csr_row_count(x, u) < x->n_cols)
            t->drawable[t->n_drawable++] = (int32_t)u;
}

static void begin(void *training, bool anew)
{
    struct training *t = training;
    struct rng rng;
    rng_seed(&rng, t->plan->seed);
    for (size_t i = 0; i < t->layer0.n && anew; i++)
        t->g.e[i] = (float)(START * rng_normal(&rng));
}

static void draw_triple(const struct training *t, struct rng *rng, struct lightgcn_triple *out)
{
    const struct csr *x = t->g.x;
    out->user = t->drawable[rng_below(rng, t->n_drawable)];
    size_t u = (size_t)out->user;
    out->liked = csr_row(x, u)[rng_below(rng, csr_row_count(x, u))];
    do
        out->other = (int32_t)rng_below(rng, x->n_cols);
    while (csr_has(x, u, out->other));
}

static void step_row(void *arg, size_t node, const float *gradient)
{
    struct training *t = arg;
    size_t n = t->g.shape.dimensions;
    descent_step(&t->layer0, node * n, n, gradient);
}

/* 0 where there is nothing to tell apart. */
static double run_epoch(void *training, const struct progress *progress)
{
    struct training *t = training;
    struct rng rng;
    rng_seed(&rng, t->plan->seed ^ (t->state.epochs + 1) * 0x9e3779b97f4a7c15u);
    size_t all = csr_count(t->g.x), most = t->plan->batch, n_batches = (all + most - 1) / most;
    double sum = 0;
    if (t->n_drawable == 0)
        return 0;
    for (size_t b = 0; b < n_batches; b++) {
        size_t n = all - b * most < most ? all - b * most : most;
        for (size_t i = 0; i < n; i++)
            draw_triple(t, &rng, &t->batch[i]);
        double loss = lightgcn_graph_forward(&t->g, t->batch, n);
        sum += loss * (double)n;
        if (t->layer0.adam.t == 0)
            t->state.first = loss;
        adam_begin(&t->layer0.adam);
        lightgcn_graph_backward(&t->g, step_row, t);
        progress_report(progress, "lightgcn, batches", t->state.epochs * n_batches + b + 1,
                        t->plan->epochs * n_batches);
    }
    return sum / (double)all;
}

/* The vectors of the last layers; false: not all are numbers. */
static bool deliver(struct training *t)
{
    size_t n = t->g.shape.dimensions, n_users = t->g.n_users * n;
    bool ok = true;
    lightgcn_graph_final(&t->g);
    for (size_t i = 0; i < t->layer0.n; i++)
        ok &= isfinite(t->g.z[i]) != 0;
    if (t->users != NULL)
        memcpy(t->users, t->g.z, n_users * sizeof *t->users);
    memcpy(t->items, t->g.z + n_users, (t->layer0.n - n_users) * sizeof *t->items);
    return ok;
}

static void tell(void *training)
{
    struct training *t = training;
    const struct lightgcn_plan *p = t->plan;
    if (trainer_epochs_want(p->told, t->state.epochs, p->epochs))
        (void)deliver(t);
    trainer_epochs_tell(p->told, t->state.epochs, p->epochs, t->state.loss);
}

static enum err run(struct training *t, const struct progress *progress, struct fail *why)
{
    const struct lightgcn_plan *p = t->plan;
    const struct lightgcn_shape *s = &p->shape;
    const double setting[] = {
        (double)s->dimensions,    (double)s->layers,       (double)p->batch,      p->rate, s->l2,
        s->plus ? s->alpha : 0.5, s->plus ? s->beta : 0.5, s->plus ? s->gamma : 0};
    checkpoint_describe(&t->state, s->plus ? "lightgcn++" : "lightgcn", t->g.x, p->seed, setting,
                        sizeof setting / sizeof *setting);
    const struct descent_run run = {.name = "LightGCN",
                                    .place = &p->checkpoint,
                                    .epochs = p->epochs,
                                    .rate = p->rate,
                                    .parts = &t->layer0,
                                    .n_parts = 1,
                                    .training = t,
                                    .begin = begin,
                                    .epoch = run_epoch,
                                    .after = tell};
    return descent_run(&run, &t->state, progress, why);
}

static enum err allocate(struct training *t, struct fail *why)
{
    enum err rc = descent_init(&t->layer0, t->g.e, t->g.n_nodes * t->g.shape.dimensions, why);
    if (rc != ERR_OK)
        return rc;
    t->drawable = malloc((t->g.n_users + 1) * sizeof *t->drawable);
    t->batch = malloc(t->plan->batch * sizeof *t->batch);
    if (t->drawable == NULL || t->batch == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for batches of %zu triples", t->plan->batch);
    return ERR_OK;
}

enum err lightgcn_train(const struct csr *x, const struct lightgcn_plan *plan, float *users, float *items,
                        const struct progress *progress, struct fail *why)
{
    struct training t = {.plan = plan, .users = users, .items = items};
    enum err rc = check_plan(x, plan, why);
    if (rc == ERR_OK)
        rc = lightgcn_graph_init(&t.g, x, &plan->shape, why);
    if (rc == ERR_OK)
        rc = allocate(&t, why);
    if (rc == ERR_OK) {
        find_drawable(&t);
        rc = run(&t, progress, why);
    }
    if (rc == ERR_OK && !deliver(&t))
        rc = fail_set(why, ERR_DIVERGED, "the vectors diverged; a smaller rate may help");
    lightgcn_graph_free(&t.g);
    descent_free(&t.layer0);
    free(t.drawable);
    free(t.batch);
    return rc;
}

/* ---- as two trainers ---- */

TRAINER_FIXED(default_dimensions, 64)
TRAINER_FIXED(default_layers, 3)
TRAINER_FIXED(default_layers_plus, 2)
TRAINER_FIXED(default_l2, 1e-4)
TRAINER_FIXED(default_alpha, 0.6)
TRAINER_FIXED(default_beta, -0.1)
TRAINER_FIXED(default_gamma, 0.2)

/* The whole graph is propagated once a step. From 200,000 likes on, steps grow with the data, 100 an epoch;
 * from 333,000 on, epochs become fewer, so that the time stays about the same; and where that leaves few
 * steps, each goes further. */
static double default_batch(const struct csr *x)
{
    return fmin(fmax(2048, ceil((double)csr_count(x) / 100)), 1 << 24);
}

static double default_epochs(const struct csr *x)
{
    return fmin(fmax(3, floor(2e8 / fmax(1, (double)csr_count(x)))), 600);
}

static double default_rate(const struct csr *x)
{
    double batch = default_batch(x), steps = default_epochs(x) * ceil((double)csr_count(x) / batch);
    return batch > 2048 ? fmin(fmax(1e-3, 20 / steps), 0.02) : 1e-3;
}

/* LightGCN has those up to BATCH, LightGCN++ all. */
enum { DIMENSIONS, LAYERS, EPOCHS, RATE, L2, BATCH, SETTINGS, ALPHA = SETTINGS, BETA, GAMMA, PLUS_SETTINGS };
#define LAYERS_HELP "propagation layers; 0: BPR-MF trained with Adam"
#define SHARED_SETTINGS                                                                                      \
    [DIMENSIONS] = {"dimensions", 1, LIGHTGCN_MAX_DIMENSIONS, default_dimensions, "embedding size", NULL},   \
    [EPOCHS] = {"epochs",                                                                                    \
                1,                                                                                           \
                1e5,                                                                                         \
                default_epochs,                                                                              \
                "epochs of as many triples as there are likes; default: about 200 million triples, from 3 "  \
                "to 600 epochs",                                                                             \
                "100,200,400,600,1000"},                                                                     \
    [RATE] = {"rate",                                                                                        \
              1e-6,                                                                                          \
              10,                                                                                            \
              default_rate,                                                                                  \
              "learning rate of Adam; default 1e-3, higher with few steps",                                  \
              "log 3e-4..5e-3"},                                                                             \
    [L2] = {"l2", 0, 1e3, default_l2, "L2 regularisation of the input embeddings", "log 1e-6..1e-2"},        \
    [BATCH] = {"batch",                                                                                      \
               1,                                                                                            \
               1 << 24,                                                                                      \
               default_batch,                                                                                \
               "batch size in triples; default: 100 steps per epoch, at least 2,048",                        \
               NULL}
static const struct trainer_setting settings[SETTINGS] = {
    SHARED_SETTINGS,
    [LAYERS] = {"layers", 0, LIGHTGCN_MAX_LAYERS, default_layers, LAYERS_HELP, "1,2,3,4"},
};
static const struct trainer_setting plus_settings[PLUS_SETTINGS] = {
    SHARED_SETTINGS,
    [LAYERS] = {"layers", 0, LIGHTGCN_MAX_LAYERS, default_layers_plus, LAYERS_HELP, "1,2,3"},
    [ALPHA] = {"alpha", -1, 2, default_alpha, "exponent of the receiving node's degree", "0.3..0.7"},
    [BETA] = {"beta", -1, 2, default_beta, "exponent of the sending node's degree", "-0.2..0.2"},
    [GAMMA] = {"gamma", 0, 1, default_gamma, "share of the input embeddings", "0..0.5"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    bool plus = out->trainer == &lightgcn_trainer_plus;
    const struct lightgcn_plan plan = {.shape = {.dimensions = (size_t)v[DIMENSIONS],
                                                 .layers = (size_t)v[LAYERS],
                                                 .l2 = v[L2],
                                                 .plus = plus,
                                                 .alpha = plus ? v[ALPHA] : 0,
                                                 .beta = plus ? v[BETA] : 0,
                                                 .gamma = plus ? v[GAMMA] : 0},
                                       .epochs = (size_t)v[EPOCHS],
                                       .rate = v[RATE],
                                       .batch = (size_t)v[BATCH],
                                       .seed = task->seed,
                                       .checkpoint = task->checkpoint,
                                       .told = task->epochs};
    enum err rc = trained_alloc_vectors(out, task->x->n_rows, plan.shape.dimensions, why);
    return rc == ERR_OK ? lightgcn_train(task->x, &plan, out->users, out->weights, task->progress, why) : rc;
}

const struct trainer lightgcn_trainer = {.name = "lightgcn",
                                         .help = "embeddings propagated over the user-item graph (He 2020)",
                                         .settings = settings,
                                         .n_settings = SETTINGS,
                                         .train = train,
                                         .resumes = true};
const struct trainer lightgcn_trainer_plus = {.name = "lightgcn++",
                                              .help = "the same, normalised before each layer (Lee 2024)",
                                              .settings = plus_settings,
                                              .n_settings = PLUS_SETTINGS,
                                              .train = train,
                                              .resumes = true};
