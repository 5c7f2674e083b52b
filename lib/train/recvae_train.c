#include "train/recvae_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "num/adam.h"
#include "num/kernel.h"
#include "num/parallel.h"
#include "train/recvae_net.h"

static const double RUNAWAY = 20; /* a loss this many times the first batch's has diverged */
enum { ENCODER_PASSES = 3, PASSES = ENCODER_PASSES + 1, CHUNK = 1 << 15, ITEMS = 8 };

struct training {
    const struct recvae_plan *plan;
    const struct csr *x;
    struct recvae_net net;
    struct person_drawer drawer;
    struct adam adam[2];          /* encoder, decoder */
    float *m[2], *v[2];           /* [n_encoder], [n_decoder] */
    int32_t *users, *order;       /* [n_users] people with items; the same, shuffled */
    size_t n_users, n_batches;    /* batches: of a pass */
    struct adam *past;            /* [n_past] the encoder's steps of this epoch */
    size_t n_past, *seen;         /* [n_items] how many of them a row of W₁ has made */
    const float *zeros;           /* [hidden] */
    const struct person_batch *b; /* being stepped */
    struct checkpoint state;
};

/* ---- settings and memory ---- */

static enum err check_plan(const struct csr *x, const struct recvae_plan *p, struct fail *why)
{
    if (!(p->rate > 0 && p->rate <= 10))
        return fail_set(why, ERR_INVALID, "the rate must be above 0 and at most 10, not %g", p->rate);
    if (!(p->dropout >= 0 && p->dropout < 1))
        return fail_set(why, ERR_INVALID, "the dropout must be from 0 to below 1, not %g", p->dropout);
    if (!(p->gamma >= 0 && p->gamma <= 1e3) || !(p->noise >= 0 && p->noise <= 1e3))
        return fail_set(why, ERR_INVALID, "gamma %g or noise %g is out of range", p->gamma, p->noise);
    if (p->batch < 1)
        return fail_set(why, ERR_INVALID, "a batch needs people");
    if (x->n_rows > INT32_MAX)
        return fail_set(why, ERR_TOO_LARGE, "too many users");
    return ERR_OK;
}

static enum err allocate(struct training *t, struct fail *why)
{
    const struct recvae_plan *p = t->plan;
    size_t rows = p->batch < t->x->n_rows ? p->batch : t->x->n_rows + 1;
    enum err rc = recvae_net_init(&t->net, t->x->n_cols, p->hidden, p->latent, t->x->n_rows, rows, why);
    if (rc == ERR_OK)
        rc = person_batch_init(&t->drawer, t->x, rows, p->latent, 1 - p->dropout, p->noise, why);
    if (rc != ERR_OK)
        return rc;
    const size_t n[] = {t->net.layout.n_encoder, t->net.layout.n_decoder};
    bool ok = true;
    for (size_t i = 0; i < 2; i++) {
        t->m[i] = calloc(n[i], sizeof(float));
        t->v[i] = calloc(n[i], sizeof(float));
        ok = ok && t->m[i] != NULL && t->v[i] != NULL;
    }
    t->users = malloc((t->x->n_rows + 1) * sizeof *t->users);
    t->order = malloc((t->x->n_rows + 1) * sizeof *t->order);
    t->past = malloc((ENCODER_PASSES * (t->x->n_rows / rows + 1) + 1) * sizeof *t->past);
    t->seen = calloc(t->x->n_cols + 1, sizeof *t->seen);
    t->zeros = calloc(p->hidden, sizeof *t->zeros);
    if (ok && t->users != NULL && t->order != NULL && t->past != NULL && t->seen != NULL && t->zeros != NULL)
        return ERR_OK;
    return fail_set(why, ERR_NOMEM, "out of memory for the moments of %zu parameters", n[0] + n[1]);
}

static void release(struct training *t)
{
    recvae_net_free(&t->net);
    person_batch_free(&t->drawer);
    for (size_t i = 0; i < 2; i++) {
        free(t->m[i]);
        free(t->v[i]);
    }
    free(t->users);
    free(t->order);
    free(t->past);
    free(t->seen);
    free((void *)t->zeros);
}

static void find_people(struct training *t)
{
    for (size_t u = 0; u < t->x->n_rows; u++)
        if (csr_row_count(t->x, u) > 0)
            t->users[t->n_users++] = (int32_t)u;
    t->n_batches = (t->n_users + t->net.rows - 1) / t->net.rows;
}

static void draw_weights(float *w, size_t inputs, size_t outputs, struct rng *rng)
{
    double deviation = sqrt(2 / ((double)inputs + (double)outputs));
    for (size_t i = 0; i < inputs * outputs; i++)
        w[i] = (float)(deviation * rng_normal(rng));
}

static void draw_start(struct training *t)
{
    const struct recvae_layout *l = &t->net.layout;
    float *p = t->net.encoder;
    struct rng rng;
    rng_seed(&rng, t->plan->seed);
    for (size_t k = 0; k < RECVAE_LAYERS; k++) {
        draw_weights(p + l->w[k], k == 0 ? l->n_items : l->hidden, l->hidden, &rng);
        for (size_t c = 0; c < l->hidden; c++)
            p[l->gain[k] + c] = 1;
    }
    draw_weights(p + l->mu_w, l->hidden, l->latent, &rng);
    draw_weights(p + l->logvar_w, l->hidden, l->latent, &rng);
    draw_weights(t->net.decoder, l->n_items, l->latent, &rng);
}

/* ---- steps ---- */

/* The steps without gradient that a row of W₁ has not made yet. */
static void make_up(struct training *t, size_t item)
{
    size_t width = t->net.layout.hidden, at = item * width;
    for (; t->seen[item] < t->n_past; t->seen[item]++)
        adam_update(&t->past[t->seen[item]], t->net.encoder + at, t->m[0] + at, t->v[0] + at, t->zeros,
                    width);
}

static void make_up_touched(void *arg, size_t block, size_t thread)
{
    (void)thread;
    struct training *t = arg;
    for (size_t i = block * ITEMS; i < (block + 1) * ITEMS && i < t->b->n_touched; i++)
        make_up(t, (size_t)t->b->touched[i]);
}

static void make_up_all(void *arg, size_t block, size_t thread)
{
    (void)thread;
    struct training *t = arg;
    for (size_t i = block * ITEMS; i < (block + 1) * ITEMS && i < t->x->n_cols; i++) {
        make_up(t, i);
        t->seen[i] = 0;
    }
}

static void step_items(void *arg, size_t block, size_t thread)
{
    (void)thread;
    struct training *t = arg;
    float row[RECVAE_MAX_HIDDEN];
    size_t width = t->net.layout.hidden;
    for (size_t i = block * ITEMS; i < (block + 1) * ITEMS && i < t->b->n_touched; i++) {
        size_t item = (size_t)t->b->touched[i], at = item * width;
        recvae_net_item_gradient(&t->net, t->b, i, row);
        adam_update(&t->adam[0], t->net.encoder + at, t->m[0] + at, t->v[0] + at, row, width);
        t->seen[item]++;
    }
}

struct span {
    struct training *t;
    size_t half, from, n; /* parameters from … from + n, which have their gradients in a row */
    float *theta;
    const float *gradient;
};

static void step_chunk(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct span *s = arg;
    size_t off = block * CHUNK, many = s->n - off < CHUNK ? s->n - off : CHUNK, at = s->from + off;
    adam_update(&s->t->adam[s->half], s->theta + at, s->t->m[s->half] + at, s->t->v[s->half] + at,
                s->gradient + off, many);
}

static void step_span(const struct span *s)
{
    parallel_if(s->n > CHUNK, (s->n + CHUNK - 1) / CHUNK, step_chunk, (void *)s);
}

static size_t blocks_of_items(size_t n)
{
    return (n + ITEMS - 1) / ITEMS;
}

static double step_encoder(struct training *t, const struct person_batch *b)
{
    const struct recvae_layout *l = &t->net.layout;
    t->b = b;
    parallel_if(b->n_touched * l->hidden > CHUNK, blocks_of_items(b->n_touched), make_up_touched, t);
    double loss = recvae_net_forward(&t->net, b);
    recvae_net_encoder_gradient(&t->net, b);
    adam_begin(&t->adam[0]);
    t->past[t->n_past++] = t->adam[0];
    parallel_if(b->n_touched * l->hidden > CHUNK, blocks_of_items(b->n_touched), step_items, t);
    step_span(&(struct span){t, 0, l->b[0], l->n_encoder - l->b[0], t->net.encoder, t->net.encoder_gradient});
    return loss;
}

static void step_decoder(struct training *t, const struct person_batch *b)
{
    (void)recvae_net_decode(&t->net, b);
    recvae_net_decoder_gradient(&t->net, b);
    adam_begin(&t->adam[1]);
    step_span(&(struct span){t, 1, 0, t->net.layout.n_decoder, t->net.decoder, t->net.decoder_gradient});
}

/* ---- epochs ---- */

/* The encoder's rows are all up to date, and what it says of everybody is remembered. */
static void settle(struct training *t)
{
    parallel_for(blocks_of_items(t->x->n_cols), make_up_all, t);
    t->n_past = 0;
    recvae_net_remember(&t->net, t->x, t->users, t->n_users);
}

static uint64_t seed_of(const struct training *t, uint64_t number)
{
    struct rng rng;
    rng_seed(&rng, t->plan->seed ^ (number + 1) * 0x9e3779b97f4a7c15u);
    return rng_u64(&rng);
}

static void shuffle(struct training *t, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    memcpy(t->order, t->users, t->n_users * sizeof *t->order);
    for (size_t i = t->n_users; i > 1; i--) {
        size_t j = (size_t)rng_below(&rng, i);
        int32_t other = t->order[j];
        t->order[j] = t->order[i - 1];
        t->order[i - 1] = other;
    }
}

/* Mean loss over the people. */
static double run_pass(struct training *t, uint64_t number, bool decoder, const struct progress *progress)
{
    double sum = 0;
    uint64_t seed = seed_of(t, number);
    shuffle(t, seed);
    for (size_t i = 0; i < t->n_batches; i++) {
        struct person_batch b;
        size_t from = i * t->net.rows, n = t->n_users - from < t->net.rows ? t->n_users - from : t->net.rows;
        progress_report(progress, "recvae, batches", number * t->n_batches + i,
                        t->plan->epochs * PASSES * t->n_batches);
        person_batch_draw(&t->drawer, t->order + from, n, seed_of(t, seed + i), !decoder, &b);
        b.gamma = t->plan->gamma;
        if (decoder) {
            step_decoder(t, &b);
            continue;
        }
        double loss = step_encoder(t, &b);
        if (t->adam[0].t == 1)
            t->state.first = loss;
        sum += loss * (double)n;
    }
    return sum / (double)t->n_users;
}

static enum err check_loss(const struct training *t, double loss, struct fail *why)
{
    if (isfinite(loss) && loss <= RUNAWAY * fmax(t->state.first, 1))
        return ERR_OK;
    return fail_set(why, ERR_DIVERGED,
                    "RecVAE: the loss is %g in epoch %llu, after %g in the first batch; a smaller rate than "
                    "%g may help",
                    loss, (unsigned long long)t->state.epochs + 1, t->state.first, t->plan->rate);
}

static enum err run_epoch(struct training *t, const struct progress *progress, struct fail *why)
{
    for (uint64_t pass = 0; pass < ENCODER_PASSES; pass++) {
        t->state.loss = run_pass(t, t->state.epochs * PASSES + pass, false, progress);
        enum err rc = check_loss(t, t->state.loss, why);
        if (rc != ERR_OK)
            return rc;
    }
    settle(t);
    run_pass(t, t->state.epochs * PASSES + ENCODER_PASSES, true, progress);
    t->state.epochs++;
    t->state.steps[0] = t->adam[0].t;
    t->state.steps[1] = t->adam[1].t;
    return checkpoint_keep(&t->state, &t->plan->checkpoint, t->state.epochs == t->plan->epochs, progress,
                           why);
}

static void describe(struct training *t)
{
    const struct recvae_plan *p = t->plan;
    const struct recvae_layout *l = &t->net.layout;
    const double setting[] = {(double)p->hidden, (double)p->latent, (double)p->batch, p->rate,
                              p->gamma,          p->dropout,        p->noise};
    float *const arrays[] = {t->net.encoder, t->m[0], t->v[0], t->net.decoder, t->m[1], t->v[1]};
    checkpoint_describe(&t->state, "recvae", t->x, p->seed, setting, sizeof setting / sizeof *setting);
    for (size_t i = 0; i < 6; i++) {
        t->state.arrays[i].values = arrays[i];
        t->state.arrays[i].n = i < 3 ? l->n_encoder : l->n_decoder;
    }
}

static enum err run(struct training *t, const struct progress *progress, struct fail *why)
{
    describe(t);
    enum err rc = checkpoint_begin(&t->state, &t->plan->checkpoint, t->plan->epochs, progress, why);
    if (rc != ERR_OK)
        return rc;
    if (t->state.epochs == 0)
        draw_start(t);
    for (size_t i = 0; i < 2; i++) {
        adam_init(&t->adam[i], t->plan->rate);
        t->adam[i].t = t->state.steps[i];
    }
    recvae_net_remember(&t->net, t->x, t->users, t->n_users);
    while (rc == ERR_OK && t->state.epochs < t->plan->epochs && t->n_users > 0)
        rc = run_epoch(t, progress, why);
    progress_report(progress, "recvae, batches", 1, 1);
    return rc;
}

enum err recvae_train(const struct csr *x, const struct recvae_plan *plan, float *weights, double *loss,
                      const struct progress *progress, struct fail *why)
{
    struct training t = {.plan = plan, .x = x};
    enum err rc = check_plan(x, plan, why);
    if (rc == ERR_OK)
        rc = allocate(&t, why);
    if (rc == ERR_OK) {
        find_people(&t);
        rc = run(&t, progress, why);
    }
    if (rc == ERR_OK) {
        recvae_pack(&t.net.layout, t.net.encoder, t.net.decoder, weights);
        *loss = t.state.loss;
        if (!kernel_within(weights, recvae_weight_count(&t.net.layout), 1e6f))
            rc = fail_set(why, ERR_DIVERGED, "RecVAE: the weights grow without limit; lower the rate");
    }
    release(&t);
    return rc;
}

/* Twenty steps a pass, but not fewer than 50 people in a step nor more than the paper's 500. */
double recvae_default_batch(const struct csr *x)
{
    return floor(fmin(500, fmax(50, (double)x->n_rows / 20)));
}

/* Some 1,500 steps of the encoder, within 20 and 200 epochs. */
double recvae_default_epochs(const struct csr *x)
{
    double steps = ENCODER_PASSES * ceil(((double)x->n_rows + 1) / recvae_default_batch(x));
    return floor(fmin(200, fmax(20, 1500 / steps)));
}
