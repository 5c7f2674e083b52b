#include "train/cdae_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "num/adam.h"
#include "num/parallel.h"
#include "train/cdae_net.h"

static const double RUNAWAY = 20; /* a loss this many times the first batch's has diverged */
enum { CHUNK = 1 << 15 };

struct training {
    const struct cdae_plan *plan;
    const struct csr *x;
    struct cdae_net net;
    struct person_drawer drawer;
    struct adam adam;
    float *m, *v;   /* [layout.n] */
    int32_t *order; /* [n_users] people with items, shuffled */
    size_t n_users;
    struct checkpoint state;
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
        rc = person_batch_init(&t->drawer, t->x, rows, 0, 1 - p->dropout, 0, why);
    if (rc != ERR_OK)
        return rc;
    t->net.l2 = p->l2;
    t->net.rectified = p->rectified;
    t->m = calloc(t->net.layout.n + 1, sizeof *t->m);
    t->v = calloc(t->net.layout.n + 1, sizeof *t->v);
    t->order = malloc((t->x->n_rows + 1) * sizeof *t->order);
    if (t->m == NULL || t->v == NULL || t->order == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for the moments of %zu parameters", t->net.layout.n);
    return ERR_OK;
}

static void release(struct training *t)
{
    cdae_net_free(&t->net);
    person_batch_free(&t->drawer);
    free(t->m);
    free(t->v);
    free(t->order);
}

static void draw_weights(float *w, size_t rows, size_t d, struct rng *rng)
{
    double deviation = sqrt(2 / ((double)rows + (double)d));
    for (size_t i = 0; i < rows * d; i++)
        w[i] = (float)(deviation * rng_normal(rng));
}

static void draw_start(struct training *t)
{
    const struct cdae_layout *l = &t->net.layout;
    struct rng rng;
    rng_seed(&rng, t->plan->seed);
    draw_weights(t->net.theta + l->w, l->n_items, l->d, &rng);
    draw_weights(t->net.theta + l->out_w, l->n_items, l->d, &rng);
    draw_weights(t->net.theta + l->v, l->n_users, l->d, &rng);
}

static void step_chunk(void *arg, size_t block, size_t thread)
{
    (void)thread;
    struct training *t = arg;
    size_t at = block * CHUNK, n = t->net.layout.n - at < CHUNK ? t->net.layout.n - at : CHUNK;
    adam_update(&t->adam, t->net.theta + at, t->m + at, t->v + at, t->net.gradient + at, n);
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
    for (size_t i = t->n_users; i > 1; i--) {
        size_t j = (size_t)rng_below(&rng, i);
        int32_t other = t->order[j];
        t->order[j] = t->order[i - 1];
        t->order[i - 1] = other;
    }
}

static double run_epoch(struct training *t, const struct progress *progress)
{
    uint64_t seed = t->plan->seed ^ (t->state.epochs + 1) * 0x9e3779b97f4a7c15u;
    size_t n_parameters = t->net.layout.n, rows = t->net.rows;
    double sum = 0;
    shuffle(t, seed);
    size_t n_batches = (t->n_users + rows - 1) / rows;
    for (size_t i = 0; i < n_batches; i++) {
        struct person_batch b;
        size_t from = i * rows, n = t->n_users - from < rows ? t->n_users - from : rows;
        progress_report(progress, "cdae, batches", t->state.epochs * n_batches + i,
                        t->plan->epochs * n_batches);
        person_batch_draw(&t->drawer, t->order + from, n, seed + (i + 1) * 0xd1342543de82ef95u, true, &b);
        double loss = cdae_net_step(&t->net, &b);
        if (t->adam.t == 0)
            t->state.first = loss / (double)n;
        adam_begin(&t->adam);
        parallel_if(n_parameters > CHUNK, (n_parameters + CHUNK - 1) / CHUNK, step_chunk, t);
        sum += loss;
    }
    return t->n_users == 0 ? 0 : sum / (double)t->n_users;
}

static enum err check_loss(const struct training *t, double loss, struct fail *why)
{
    if (isfinite(loss) && loss <= RUNAWAY * fmax(t->state.first, 1))
        return ERR_OK;
    return fail_set(why, ERR_DIVERGED,
                    "CDAE: the loss is %g in epoch %llu, after %g in the first batch; a smaller rate than %g "
                    "may help",
                    loss, (unsigned long long)t->state.epochs + 1, t->state.first, t->plan->rate);
}

static void describe(struct training *t)
{
    const struct cdae_plan *p = t->plan;
    const double setting[] = {(double)p->dimensions, (double)p->batch, p->rate, p->l2, p->dropout,
                              p->rectified ? 1 : 0};
    float *const arrays[] = {t->net.theta, t->m, t->v};
    checkpoint_describe(&t->state, "cdae", t->x, p->seed, setting, sizeof setting / sizeof *setting);
    for (size_t i = 0; i < 3; i++) {
        t->state.arrays[i].values = arrays[i];
        t->state.arrays[i].n = t->net.layout.n;
    }
}

static enum err run(struct training *t, const struct progress *progress, struct fail *why)
{
    describe(t);
    enum err rc = checkpoint_begin(&t->state, &t->plan->checkpoint, t->plan->epochs, progress, why);
    if (rc == ERR_OK && t->state.epochs == 0)
        draw_start(t);
    adam_init(&t->adam, t->plan->rate);
    t->adam.t = t->state.steps[0];
    while (rc == ERR_OK && t->state.epochs < t->plan->epochs) {
        t->state.loss = run_epoch(t, progress);
        rc = check_loss(t, t->state.loss, why);
        if (rc != ERR_OK)
            return rc;
        t->state.epochs++;
        t->state.steps[0] = t->adam.t;
        rc = checkpoint_keep(&t->state, &t->plan->checkpoint, t->state.epochs == t->plan->epochs, progress,
                             why);
    }
    progress_report(progress, "cdae, batches", 1, 1);
    return rc;
}

enum err cdae_train(const struct csr *x, const struct cdae_plan *plan, float *weights, float *users,
                    double *loss, const struct progress *progress, struct fail *why)
{
    struct training t = {.plan = plan, .x = x};
    enum err rc = check_plan(plan, why);
    if (rc == ERR_OK)
        rc = allocate(&t, why);
    if (rc == ERR_OK)
        rc = run(&t, progress, why);
    if (rc == ERR_OK) {
        const struct cdae_layout *l = &t.net.layout;
        memset(weights, 0, CDAE_HEADER * sizeof *weights);
        weights[0] = (float)l->d;
        weights[1] = plan->rectified ? 1 : 0;
        memcpy(weights + CDAE_HEADER, t.net.theta, l->n_scoring * sizeof *weights);
        memcpy(users, t.net.theta + l->v, l->n_users * l->d * sizeof *users);
        *loss = t.state.loss;
    }
    release(&t);
    return rc;
}

/* Ten steps an epoch, but not fewer than 50 people in a step nor more than 500. */
double cdae_default_batch(const struct csr *x)
{
    return floor(fmin(500, fmax(50, (double)x->n_rows / 10)));
}

/* Some 1,500 steps, within 20 and 200 epochs. */
double cdae_default_epochs(const struct csr *x)
{
    double steps = ceil(((double)x->n_rows + 1) / cdae_default_batch(x));
    return floor(fmin(200, fmax(20, 1500 / steps)));
}
