#include "train/bpr_train.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/factors.h"
#include "num/kernel.h"
#include "train/trainers.h"

enum { TRIES = 100, REPORT = 1 << 15 };

struct bpr {
    const struct csr *x;
    const struct bpr_options *options;
    float *items, *users;
    int32_t *user_of; /* [interactions] */
    struct rng rng;
};

/* The header's three updates at once; `keep` is 1 − rate·reg, the shrinking of each vector. */
float bpr_train_step(float *restrict p, float *restrict qi, float *restrict qj, size_t d, float rate,
                     float reg)
{
    float difference = kernel_dot(p, qi, d) - kernel_dot(p, qj, d);
    /* rate·σ(−x): the gradient of ln σ(x) (Rendle et al. 2009) */
    float g = rate / (1 + expf(difference)), keep = 1 - rate * reg;
    for (size_t k = 0; k < d; k++) {
        float person = p[k], i = qi[k], j = qj[k];
        p[k] = keep * person + g * (i - j);
        qi[k] = keep * i + g * person;
        qj[k] = keep * j - g * person;
    }
    return difference;
}

/* An item that the user does not have; any item for someone who has (nearly) all. */
static int32_t draw_other(struct bpr *m, size_t user)
{
    int32_t j = 0;
    for (int i = 0; i < TRIES; i++) {
        j = (int32_t)rng_below(&m->rng, m->x->n_cols);
        if (!csr_has(m->x, user, j))
            break;
    }
    return j;
}

/* Of `candidates` draws the one with the highest score: the steepest triple, so the one that teaches most. */
static int32_t draw_negative(struct bpr *m, size_t user)
{
    size_t d = m->options->factors;
    const float *p = m->users + user * d;
    int32_t best = draw_other(m, user);
    if (m->options->candidates == 1)
        return best;
    float highest = kernel_dot(p, m->items + (size_t)best * d, d);
    for (size_t c = 1; c < m->options->candidates; c++) {
        int32_t j = draw_other(m, user);
        float score = kernel_dot(p, m->items + (size_t)j * d, d);
        if (score > highest) {
            highest = score;
            best = j;
        }
    }
    return best;
}

static void one_triple(struct bpr *m, float rate)
{
    size_t d = m->options->factors, n = csr_count(m->x), at = (size_t)rng_below(&m->rng, n);
    size_t user = (size_t)m->user_of[at];
    int32_t i = m->x->col[at], j = draw_negative(m, user);
    if (i != j)
        bpr_train_step(m->users + user * d, m->items + (size_t)i * d, m->items + (size_t)j * d, d, rate,
                       (float)m->options->reg);
}

static enum err run_epochs(struct bpr *m, const struct progress *progress, struct fail *why)
{
    const struct bpr_options *o = m->options;
    size_t n = csr_count(m->x), d = o->factors;
    for (size_t epoch = 0; epoch < o->epochs; epoch++) {
        /* rate·(1 − 0.9·epoch/(epochs − 1)): to a tenth in the last one */
        double part = o->epochs > 1 ? (double)epoch / (double)(o->epochs - 1) : 0;
        float rate = (float)(o->rate * (1 - 0.9 * part));
        for (size_t t = 0; t < n; t++) {
            one_triple(m, rate);
            if (t % REPORT == 0)
                progress_report(progress, "bpr", epoch * n + t, o->epochs * n);
        }
        if (!kernel_within(m->items, m->x->n_cols * d, 1e6f) ||
            !kernel_within(m->users, m->x->n_rows * d, 1e6f))
            return fail_set(why, ERR_DIVERGED, "BPR: the vectors diverge in epoch %zu; lower the rate",
                            epoch + 1);
        trainer_epochs_tell(o->told, epoch + 1, o->epochs, NAN);
    }
    progress_report(progress, "bpr", o->epochs * n, o->epochs * n);
    return ERR_OK;
}

/* N(0, 0.1²): scores near 0, where σ is steepest. */
static void draw_vectors(struct bpr *m)
{
    size_t d = m->options->factors;
    for (size_t i = 0; i < m->x->n_cols * d; i++)
        m->items[i] = (float)(0.1 * rng_normal(&m->rng));
    for (size_t i = 0; i < m->x->n_rows * d; i++)
        m->users[i] = (float)(0.1 * rng_normal(&m->rng));
}

enum err bpr_train(const struct csr *x, const struct bpr_options *options, uint64_t seed,
                   const struct bpr_vectors *out, const struct progress *progress, struct fail *why)
{
    float *items = out->items, *users = out->users;
    if (options->factors < 1 || options->factors > FACTORS_MAX || options->epochs < 1 ||
        options->candidates < 1 || !(options->rate > 0 && options->rate <= 1e6) ||
        !(options->reg >= 0 && options->reg <= 1e6))
        return fail_set(why, ERR_INVALID,
                        "from 1 to %d factors, at least 1 epoch and 1 candidate, a rate above 0 and a "
                        "regularisation of 0 or more are needed",
                        FACTORS_MAX);
    struct bpr m = {.x = x, .options = options, .items = items, .users = users};
    m.user_of = malloc((csr_count(x) + 1) * sizeof *m.user_of);
    if (m.user_of == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t u = 0; u < x->n_rows; u++)
        for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
            m.user_of[p] = (int32_t)u;
    rng_seed(&m.rng, seed);
    draw_vectors(&m);
    enum err rc = run_epochs(&m, progress, why);
    free(m.user_of);
    return rc;
}

/* Epochs to start from: 10⁸ triples in all, at least 10 epochs, at most 100. */
static double default_epochs(const struct csr *x)
{
    return floor(fmin(100, fmax(10, 1e8 / ((double)csr_count(x) + 1))));
}

/* ---- as a trainer ---- */

TRAINER_FIXED(default_factors, 64)
TRAINER_FIXED(default_rate, 0.05)
TRAINER_FIXED(default_reg, 0.01)
TRAINER_FIXED(default_candidates, 1)

enum { FACTORS, EPOCHS, RATE, REG, CANDIDATES, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [FACTORS] = {"factors", 1, 256, default_factors, "embedding size", "32,64,128"},
    [EPOCHS] =
        {"epochs", 1, 1e5, default_epochs,
         "epochs of as many triples as there are likes; default: about 10^8 triples, from 10 to 100 epochs",
         "20,50,100,200"},
    [RATE] = {"rate", 1e-6, 1e3, default_rate, "initial step size; decays to a tenth", "log 0.005..0.3"},
    [REG] = {"reg", 0, 1e3, default_reg, "L2 regularisation per step", "log 1e-4..0.1"},
    [CANDIDATES] = {"candidates", 1, 1e3, default_candidates,
                    "use the highest-scoring of this many sampled negatives", "1,2,4"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    const struct bpr_options o = {.factors = (size_t)v[FACTORS],
                                  .epochs = (size_t)v[EPOCHS],
                                  .rate = v[RATE],
                                  .reg = v[REG],
                                  .candidates = (size_t)v[CANDIDATES],
                                  .told = task->epochs};
    enum err rc = trained_alloc_vectors(out, task->x->n_rows, o.factors, why);
    return rc == ERR_OK ? bpr_train(task->x, &o, task->seed, &(struct bpr_vectors){out->weights, out->users},
                                    task->progress, why)
                        : rc;
}

const struct trainer bpr_trainer = {.name = "bpr",
                                    .help = "matrix factorisation with a pairwise loss (Rendle 2009)",
                                    .settings = settings,
                                    .n_settings = SETTINGS,
                                    .train = train};
