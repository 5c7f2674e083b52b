#include "train/cdae_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "train/cdae_net.h"
#include "train/descent.h"
#include "train/trainers.h"

struct training {
    const struct cdae_plan *plan;
    const struct csr *x;
    struct cdae_net net;
    struct person_drawer drawer;
    struct descent parameters;
    int32_t *order; /* [n_users] people with items, shuffled */
    size_t n_users;
    struct checkpoint state;
    float *weights, *users_out; /* where the result goes */
};

static enum err check_plan(const struct cdae_plan *p, struct fail *why)
{
    if (!(p->rate > 0 && p->rate <= 10))
        return fail_set(why, ERR_INVALID, "the rate must be above 0 and at most 10, not %g", p->rate);
    if (!(p->dropout >= 0 && p->dropout < 1))
        return fail_set(why, ERR_INVALID, "the dropout must be from 0 to below 1, not %g", p->dropout);
    if (!(p->l2 >= 0 && p->l2 <= 1e6) || p->batch < 1)
        return fail_set(why, ERR_INVALID, "l2 %g or a batch of %zu is out of range", p->l2, p->batch);
    return ERR_OK;
}

static enum err allocate(struct training *t, struct fail *why)
{
    const struct cdae_plan *p = t->plan;
    size_t rows = p->batch < t->x->n_rows ? p->batch : t->x->n_rows + 1;
    enum err rc = cdae_net_init(&t->net, t->x->n_cols, t->x->n_rows, p->dimensions, rows, why);
    if (rc == ERR_OK)
        t->drawer = (struct person_drawer){.x = t->x, .rows = rows, .keep = 1 - p->dropout};
    if (rc == ERR_OK)
        rc = person_batch_init(&t->drawer, why);
    if (rc == ERR_OK)
        rc = descent_init(&t->parameters, t->net.theta, t->net.layout.n, why);
    if (rc != ERR_OK)
        return rc;
    t->net.l2 = p->l2;
    t->net.rectified = p->rectified;
    t->order = malloc((t->x->n_rows + 1) * sizeof *t->order);
    return t->order != NULL ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory for %zu people", t->x->n_rows);
}

static void release(struct training *t)
{
    cdae_net_free(&t->net);
    person_batch_free(&t->drawer);
    descent_free(&t->parameters);
    free(t->order);
}

/* N(0, 2/(rows + d)): Glorot and Bengio 2010. */
static void draw_weights(float *w, size_t rows, size_t d, struct rng *rng)
{
    double deviation = sqrt(2 / ((double)rows + (double)d));
    for (size_t i = 0; i < rows * d; i++)
        w[i] = (float)(deviation * rng_normal(rng));
}

static void begin(void *training, bool anew)
{
    struct training *t = training;
    const struct cdae_layout *l = &t->net.layout;
    struct rng rng;
    if (!anew)
        return;
    rng_seed(&rng, t->plan->seed);
    draw_weights(t->net.theta + l->w, l->n_items, l->d, &rng);
    draw_weights(t->net.theta + l->out_w, l->n_items, l->d, &rng);
    draw_weights(t->net.theta + l->v, l->n_users, l->d, &rng);
}

/* The people with items, in the order of this epoch. */
static void shuffle(struct training *t, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    t->n_users = 0;
    for (size_t u = 0; u < t->x->n_rows; u++)
        if (csr_row_count(t->x, u) > 0)
            t->order[t->n_users++] = (int32_t)u;
    rng_shuffle(&rng, t->order, t->n_users);
}

static double run_epoch(void *training, const struct progress *progress)
{
    struct training *t = training;
    struct descent *d = &t->parameters;
    /* Epochs and batches draw from seeds of their own, so that a resumed run draws what the whole one would have. */
    uint64_t seed = t->plan->seed ^ (t->state.epochs + 1) * 0x9e3779b97f4a7c15u;
    size_t rows = t->net.rows;
    double sum = 0;
    shuffle(t, seed);
    size_t n_batches = (t->n_users + rows - 1) / rows;
    for (size_t i = 0; i < n_batches; i++) {
        struct person_batch b;
        size_t from = i * rows, n = t->n_users - from < rows ? t->n_users - from : rows;
        person_batch_draw(&t->drawer, t->order + from, n, seed + (i + 1) * 0xd1342543de82ef95u, true, &b);
        double loss = cdae_net_step(&t->net, &b);
        if (d->adam.t == 0)
            t->state.first = loss / (double)n;
        adam_begin(&d->adam);
        descent_step(d, 0, d->n, t->net.gradient);
        sum += loss;
        progress_report(progress, "cdae, batches", t->state.epochs * n_batches + i + 1,
                        t->plan->epochs * n_batches);
    }
    return t->n_users == 0 ? 0 : sum / (double)t->n_users;
}

static void deliver(const struct training *t)
{
    const struct cdae_layout *l = &t->net.layout;
    memset(t->weights, 0, CDAE_HEADER * sizeof *t->weights);
    t->weights[0] = (float)l->d;
    t->weights[1] = t->plan->rectified ? 1 : 0;
    memcpy(t->weights + CDAE_HEADER, t->net.theta, l->n_scoring * sizeof *t->weights);
    memcpy(t->users_out, t->net.theta + l->v, l->n_users * l->d * sizeof *t->users_out);
}

static void tell(void *training)
{
    const struct training *t = training;
    const struct cdae_plan *p = t->plan;
    if (trainer_epochs_want(p->told, t->state.epochs, p->epochs))
        deliver(t);
    trainer_epochs_tell(p->told, t->state.epochs, p->epochs, t->state.loss);
}

static enum err run(struct training *t, const struct progress *progress, struct fail *why)
{
    const struct cdae_plan *p = t->plan;
    const double setting[] = {(double)p->dimensions, (double)p->batch, p->rate, p->l2, p->dropout,
                              p->rectified ? 1 : 0};
    checkpoint_describe(&t->state, "cdae", t->x, p->seed, setting, sizeof setting / sizeof *setting);
    const struct descent_run run = {.name = "CDAE",
                                    .place = &p->checkpoint,
                                    .epochs = p->epochs,
                                    .rate = p->rate,
                                    .parts = &t->parameters,
                                    .n_parts = 1,
                                    .training = t,
                                    .begin = begin,
                                    .epoch = run_epoch,
                                    .after = tell};
    return descent_run(&run, &t->state, progress, why);
}

enum err cdae_train(const struct csr *x, const struct cdae_plan *plan, const struct cdae_trained *out,
                    const struct progress *progress, struct fail *why)
{
    float *weights = out->weights, *users = out->users;
    double *loss = out->loss;
    struct training t = {.plan = plan, .x = x, .weights = weights, .users_out = users};
    enum err rc = check_plan(plan, why);
    if (rc == ERR_OK)
        rc = allocate(&t, why);
    if (rc == ERR_OK)
        rc = run(&t, progress, why);
    if (rc == ERR_OK) {
        deliver(&t);
        *loss = t.state.loss;
    }
    release(&t);
    return rc;
}

/* Ten steps an epoch, but not fewer than 50 people in a step nor more than 500. */
static double default_batch(const struct csr *x)
{
    return floor(fmin(500, fmax(50, (double)x->n_rows / 10)));
}

/* Some 1,500 steps, within 20 and 200 epochs. */
static double default_epochs(const struct csr *x)
{
    double steps = ceil(((double)x->n_rows + 1) / default_batch(x));
    return floor(fmin(200, fmax(20, 1500 / steps)));
}

/* ---- as a trainer ---- */

TRAINER_FIXED(default_dimensions, 64)
TRAINER_FIXED(default_rate, 1e-3)
TRAINER_FIXED(default_l2, 0.01)
TRAINER_FIXED(default_dropout, 0.5)
TRAINER_FIXED(default_relu, 1)

enum { DIMENSIONS, EPOCHS, BATCH, RATE, L2, DROPOUT, RELU, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [DIMENSIONS] = {"dimensions", 1, CDAE_MAX_DIMENSIONS, default_dimensions, "size of the hidden layer",
                    "32,64,128,256"},
    [EPOCHS] = {"epochs", 1, 1e5, default_epochs, "epochs; default: about 1,500 steps, from 20 to 200 epochs",
                "20,50,100,200"},
    [BATCH] = {"batch", 1, 1 << 20, default_batch,
               "batch size in users; default: 10 steps per epoch, from 50 to 500", "50,100,200,500"},
    [RATE] = {"rate", 1e-8, 10, default_rate, "learning rate of Adam", "log 3e-4..1e-2"},
    [L2] = {"l2", 0, 1e6, default_l2, "L2 regularisation of the item and user vectors", "log 1e-3..100"},
    [DROPOUT] = {"dropout", 0, 0.99, default_dropout, "share of a user's likes dropped from the input",
                 "0.3,0.5,0.7"},
    [RELU] = {"relu", 0, 1, default_relu, "activation: 1 ReLU as in RecBole, 0 sigmoid as in the paper",
              "0,1"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    const struct cdae_plan plan = {.dimensions = (size_t)v[DIMENSIONS],
                                   .epochs = (size_t)v[EPOCHS],
                                   .batch = (size_t)v[BATCH],
                                   .rate = v[RATE],
                                   .l2 = v[L2],
                                   .dropout = v[DROPOUT],
                                   .rectified = v[RELU] != 0,
                                   .seed = task->seed,
                                   .checkpoint = task->checkpoint,
                                   .told = task->epochs};
    struct cdae_layout l;
    if (!cdae_layout(&l, out->n_items, task->x->n_rows, plan.dimensions))
        return fail_set(why, ERR_TOO_LARGE, "CDAE: too many items or users");
    enum err rc = trained_alloc_users(out, task->x->n_rows, l.d, why);
    if (rc == ERR_OK)
        rc = trained_alloc_network(out, CDAE_HEADER + l.n_scoring, why);
    out->has_loss = true;
    return rc == ERR_OK
               ? cdae_train(task->x, &plan, &(struct cdae_trained){out->weights, out->users, &out->loss},
                            task->progress, why)
               : rc;
}

const struct trainer cdae_trainer = {.name = "cdae",
                                     .help = "denoising autoencoder with a vector per user (Wu 2016)",
                                     .settings = settings,
                                     .n_settings = SETTINGS,
                                     .train = train,
                                     .resumes = true};
