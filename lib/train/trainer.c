#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "model/model_file.h"
#include "num/dense.h"
#include "num/kernel.h"
#include "train/admm_slim_train.h"
#include "train/bpr_train.h"
#include "train/ease_train.h"
#include "train/ials_train.h"
#include "train/item_knn_train.h"
#include "train/lightgcn_train.h"
#include "train/popularity_train.h"

static enum err run_ease(const struct csr *x, uint64_t seed, struct trained *out,
                         const struct progress *progress, struct fail *why)
{
    (void)seed; /* a closed form: nothing is drawn */
    enum err rc = trained_alloc(out, 0, why);
    return rc == ERR_OK ? ease_train(x, out->value[0], out->weights, NULL, progress, why) : rc;
}

static enum err run_popularity(const struct csr *x, uint64_t seed, struct trained *out,
                               const struct progress *progress, struct fail *why)
{
    (void)seed;
    (void)progress;
    enum err rc = trained_alloc(out, 0, why);
    if (rc == ERR_OK)
        popularity_train(x, out->weights);
    return rc;
}

static enum err run_item_knn(const struct csr *x, uint64_t seed, struct trained *out,
                             const struct progress *progress, struct fail *why)
{
    (void)seed;
    const struct item_knn_options o = {
        .neighbours = (size_t)out->value[0], .shrink = out->value[1], .activity = out->value[2]};
    return item_knn_train(x, &o, &out->links, &out->strength, progress, why);
}

static enum err run_admm_slim(const struct csr *x, uint64_t seed, struct trained *out,
                              const struct progress *progress, struct fail *why)
{
    (void)seed;
    const struct admm_slim_options o = {.lambda1 = out->value[0],
                                        .lambda2 = out->value[1],
                                        .rho = out->value[2],
                                        .alpha = out->value[3],
                                        .iterations = (size_t)out->value[4],
                                        .tolerance = out->value[5]};
    return admm_slim_train(x, &o, &out->links, &out->strength, NULL, progress, why);
}

static enum err run_ials(const struct csr *x, uint64_t seed, struct trained *out,
                         const struct progress *progress, struct fail *why)
{
    const struct ials_options o = {.factors = (size_t)out->value[0],
                                   .iterations = (size_t)out->value[1],
                                   .alpha0 = out->value[2],
                                   .lambda = out->value[3],
                                   .nu = out->value[4],
                                   .steps = (size_t)out->value[5]};
    enum err rc = trained_alloc(out, o.factors, why);
    return rc == ERR_OK ? ials_train(x, &o, seed, out->weights, progress, why) : rc;
}

static enum err run_bpr(const struct csr *x, uint64_t seed, struct trained *out,
                        const struct progress *progress, struct fail *why)
{
    const struct bpr_options o = {.factors = (size_t)out->value[0],
                                  .epochs = (size_t)out->value[1],
                                  .rate = out->value[2],
                                  .reg = out->value[3],
                                  .candidates = (size_t)out->value[4]};
    enum err rc = trained_alloc(out, o.factors, why);
    if (rc != ERR_OK)
        return rc;
    out->users = malloc((x->n_rows * o.factors + 1) * sizeof *out->users);
    out->n_users = x->n_rows;
    if (out->users == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for the vectors of %zu users", x->n_rows);
    return bpr_train(x, &o, seed, out->weights, out->users, progress, why);
}

static enum err run_lightgcn(const struct csr *x, uint64_t seed, struct trained *out,
                             const struct progress *progress, struct fail *why)
{
    const double *v = out->value;
    bool plus = out->trainer->n_settings > 5;
    const struct lightgcn_plan plan = {.shape = {.dimensions = (size_t)v[0],
                                                 .layers = (size_t)v[1],
                                                 .l2 = v[4],
                                                 .plus = plus,
                                                 .alpha = plus ? v[5] : 0,
                                                 .beta = plus ? v[6] : 0,
                                                 .gamma = plus ? v[7] : 0},
                                       .epochs = (size_t)v[2],
                                       .rate = v[3],
                                       .batch = 2048,
                                       .seed = seed};
    enum err rc = trained_alloc(out, plan.shape.dimensions, why);
    if (rc != ERR_OK)
        return rc;
    out->users = malloc((x->n_rows * plan.shape.dimensions + 1) * sizeof *out->users);
    out->n_users = x->n_rows;
    if (out->users == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for the vectors of %zu users", x->n_rows);
    return lightgcn_train(x, &plan, out->users, out->weights, progress, why);
}

/* A default that does not depend on the data. */
#define FIXED(name, value)                                                                                   \
    static double name(const struct csr *x)                                                                  \
    {                                                                                                        \
        (void)x;                                                                                             \
        return value;                                                                                        \
    }
FIXED(knn_neighbours, 200)
FIXED(knn_shrink, 0.5)
FIXED(knn_activity, 1)
FIXED(slim_lambda1, 1)
FIXED(slim_rho, 1000)
FIXED(slim_alpha, 0)
FIXED(slim_iterations, 100)
FIXED(slim_tolerance, 3e-3)
FIXED(vector_length, 64)
FIXED(ials_iterations, 16)
FIXED(ials_alpha0, 0.3)
FIXED(ials_nu, 1)
FIXED(ials_steps, 3)
FIXED(bpr_rate, 0.05)
FIXED(bpr_reg, 0.01)
FIXED(bpr_candidates, 1)

FIXED(gcn_dimensions, 64)
FIXED(gcn_layers, 3)
FIXED(gcn_layers_plus, 2)
FIXED(gcn_epochs, 600)
FIXED(gcn_rate, 1e-3)
FIXED(gcn_l2, 1e-4)
FIXED(gcn_alpha, 0.6)
FIXED(gcn_beta, -0.1)
FIXED(gcn_gamma, 0.2)

#define GCN_SETTINGS(layers)                                                                                 \
    {"dimensions", 1, LIGHTGCN_MAX_DIMENSIONS, gcn_dimensions, "length of a vector"},                        \
        {"layers", 1, LIGHTGCN_MAX_LAYERS, layers, "hops over the graph"},                                   \
        {"epochs", 1, 1e5, gcn_epochs, "each as many triples as likes"},                                     \
        {"rate", 1e-6, 10, gcn_rate, "of Adam"},                                                             \
    {                                                                                                        \
        "l2", 0, 1e3, gcn_l2, "L2 regularisation of layer 0"                                                 \
    }
static const struct trainer_setting gcn_settings[] = {GCN_SETTINGS(gcn_layers)};
static const struct trainer_setting gcn_plus_settings[] = {
    GCN_SETTINGS(gcn_layers_plus),
    {"alpha", -1, 2, gcn_alpha, "power of the degree of who receives"},
    {"beta", -1, 2, gcn_beta, "power of the degree of who gives"},
    {"gamma", 0, 1, gcn_gamma, "share of layer 0"},
};

static const struct trainer_setting ease_settings[] = {
    {"lambda", 1e-3, 1e6, ease_default_lambda,
     "L2 regularisation; default 4 x users per item, within 100 and 500"},
};
static const struct trainer_setting knn_settings[] = {
    {"neighbours", 1, 1e5, knn_neighbours, "most similar items kept for each"},
    {"shrink", 0, 1e6, knn_shrink, "added to the denominator: distrust of few common users"},
    {"activity", 0, 2, knn_activity, "users with n likes weigh n^-activity; 0: all alike"},
};
static const struct trainer_setting slim_settings[] = {
    {"lambda1", 0, 1e6, slim_lambda1, "L1: more gives fewer links"},
    {"lambda2", 1e-3, 1e6, ease_default_lambda, "L2; default as ease's lambda"},
    {"rho", 1e-3, 1e7, slim_rho, "penalty of the splitting: changes the speed, not the result"},
    {"alpha", 0, 1, slim_alpha, "lambda2 falls with share of users^alpha (RecBole: 0.5)"},
    {"iterations", 1, 1e5, slim_iterations, "at most"},
    {"tolerance", 0, 0.5, slim_tolerance, "a column that moves less is done; 0: all iterations"},
};
static const struct trainer_setting ials_settings[] = {
    {"factors", 1, 256, vector_length, "length of a vector"},
    {"iterations", 1, 1e4, ials_iterations, "each: all users, then all items"},
    {"alpha0", 0, 1e3, ials_alpha0, "weight of what was not liked"},
    {"lambda", 1e-9, 1e6, ials_default_lambda,
     "L2 regularisation; default 0.12 x root of the density, within 0.003 and 0.03"},
    {"nu", 0, 1, ials_nu, "how it grows with what is known: 0 not, 1 in proportion"},
    {"steps", 1, 256, ials_steps, "conjugate gradients a turn"},
};
static const struct trainer_setting bpr_settings[] = {
    {"factors", 1, 256, vector_length, "length of a vector"},
    {"epochs", 1, 1e5, bpr_default_epochs,
     "each as many triples as likes; default for 10^8 triples, within 10 and 100"},
    {"rate", 1e-6, 1e3, bpr_rate, "step size, falls to a tenth"},
    {"reg", 0, 1e3, bpr_reg, "L2 regularisation of each step"},
    {"candidates", 1, 1e3, bpr_candidates, "of that many drawn negatives the likeliest is used"},
};

#define SETTINGS(s) s, sizeof(s) / sizeof *(s)

static const struct trainer rows[] = {
    {"admm-slim", "sparse item-item weights, none negative (Steck 2020)", SETTINGS(slim_settings),
     run_admm_slim},
    {"bpr", "matrix factorisation by pairs (Rendle 2009)", SETTINGS(bpr_settings), run_bpr},
    {"ease", "item-item weights in closed form (Steck 2019)", SETTINGS(ease_settings), run_ease},
    {"ials", "matrix factorisation by least squares (Hu 2008, Rendle 2022)", SETTINGS(ials_settings),
     run_ials},
    {"item-knn", "the most similar items by cosine, shrunk", SETTINGS(knn_settings), run_item_knn},
    {"lightgcn", "vectors propagated over the graph (He 2020)", SETTINGS(gcn_settings), run_lightgcn},
    {"lightgcn++", "the same, normed before each hop (Lee 2024)", SETTINGS(gcn_plus_settings), run_lightgcn},
    {"popularity", "the most liked for everyone: the baseline", NULL, 0, run_popularity},
};

const struct trainer *trainer_rows(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}

const struct trainer *trainer_find(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

enum err trainer_set(const struct trainer *t, struct trainer_values *v, const char *assignment,
                     struct fail *why)
{
    const char *equals = strchr(assignment, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - assignment);
    for (size_t i = 0; i < t->n_settings && equals != NULL; i++) {
        const struct trainer_setting *s = &t->settings[i];
        if (strlen(s->name) != len || memcmp(s->name, assignment, len) != 0)
            continue;
        char *end;
        double x = strtod(equals + 1, &end);
        if (end == equals + 1 || *end != '\0' || !(x >= s->least && x <= s->most))
            return fail_set(why, ERR_INVALID, "%s: %s must be a number from %g to %g", assignment, s->name,
                            s->least, s->most);
        v->value[i] = x;
        v->given[i] = true;
        return ERR_OK;
    }
    return fail_set(why, ERR_INVALID, "%s: %s has no such setting", assignment, t->name);
}

enum err trained_alloc(struct trained *out, size_t n_factors, struct fail *why)
{
    if (!model_weight_count(out->trainer->name, out->n_items, n_factors, &out->n_weights))
        return fail_set(why, ERR_FAULT, "%s: not a kind of model file", out->trainer->name);
    size_t n = out->n_weights, bytes = (n + 1) * sizeof(float);
    out->n_factors = n_factors;
    out->weights = n == out->n_items * out->n_items ? dense_square(out->n_items)
                                                    : aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (out->weights == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory: %s of %zu items needs %.1f GB", out->trainer->name,
                        out->n_items, (double)n * sizeof(float) / 1e9);
    return ERR_OK;
}

static enum err check_numbers(const struct trained *m, struct fail *why)
{
    if (kernel_within(m->weights, m->n_weights, MODEL_LARGEST) &&
        kernel_within(m->strength, csr_count(&m->links), MODEL_LARGEST))
        return ERR_OK;
    return fail_set(why, ERR_DIVERGED, "%s: training left weights that are no numbers or beyond %g",
                    m->trainer->name, (double)MODEL_LARGEST);
}

enum err trainer_run(const struct trainer *t, const struct trainer_values *v, const struct csr *x,
                     uint64_t seed, const struct progress *progress, struct trained *out, struct fail *why)
{
    *out = (struct trained){.trainer = t, .n_items = x->n_cols};
    for (size_t i = 0; i < t->n_settings; i++)
        out->value[i] = v->given[i] ? v->value[i] : t->settings[i].fallback(x);
    double start = clock_monotonic();
    enum err rc = t->train(x, seed, out, progress, why);
    out->seconds = clock_monotonic() - start;
    if (rc == ERR_OK)
        rc = check_numbers(out, why);
    if (rc != ERR_OK)
        trained_free(out);
    return rc;
}

struct scorer trained_scorer(const struct trained *m)
{
    return (struct scorer){.score = model_score_of(m->trainer->name),
                           .weights = m->weights,
                           .n_items = m->n_items,
                           .n_factors = m->n_factors,
                           .links = m->links,
                           .strength = m->strength,
                           .users = m->users,
                           .n_users = m->n_users};
}

void trained_free(struct trained *m)
{
    free(m->weights);
    csr_free(&m->links);
    free(m->strength);
    free(m->users);
    *m = (struct trained){0};
}
