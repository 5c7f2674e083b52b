#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "train/admm_slim_train.h"
#include "train/bpr_train.h"
#include "train/cdae_net.h"
#include "train/cdae_train.h"
#include "train/ease_sparse_train.h"
#include "train/ease_train.h"
#include "train/ensemble.h"
#include "train/ials_train.h"
#include "train/item_knn_train.h"
#include "train/lightgcn_train.h"
#include "train/popularity_train.h"
#include "train/recvae_net.h"
#include "train/recvae_train.h"

static enum err run_ease(const struct train_task *task, struct trained *out, struct fail *why)
{
    enum err rc = trained_alloc(out, 0, why);
    return rc == ERR_OK ? ease_train(task->x, out->value[0], out->weights, NULL, task->progress, why) : rc;
}

static enum err run_ease_sparse(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct ease_sparse_options o = {.neighbours = (size_t)out->value[0], .lambda = out->value[1]};
    return ease_sparse_train(task->x, &o, &out->links, &out->strength, task->progress, why);
}

static enum err run_slim_sparse(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct ease_sparse_options o = {.neighbours = (size_t)out->value[0],
                                          .lambda1 = out->value[1],
                                          .lambda = out->value[2],
                                          .nonnegative = true};
    return ease_sparse_train(task->x, &o, &out->links, &out->strength, task->progress, why);
}

static enum err run_popularity(const struct train_task *task, struct trained *out, struct fail *why)
{
    enum err rc = trained_alloc(out, 0, why);
    if (rc == ERR_OK)
        popularity_train(task->x, out->weights);
    return rc;
}

static enum err run_item_knn(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct item_knn_options o = {
        .neighbours = (size_t)out->value[0], .shrink = out->value[1], .activity = out->value[2]};
    return item_knn_train(task->x, &o, &out->links, &out->strength, task->progress, why);
}

static enum err run_admm_slim(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct admm_slim_options o = {.lambda1 = out->value[0],
                                        .lambda2 = out->value[1],
                                        .rho = out->value[2],
                                        .alpha = out->value[3],
                                        .iterations = (size_t)out->value[4],
                                        .tolerance = out->value[5]};
    return admm_slim_train(task->x, &o, &out->links, &out->strength, NULL, task->progress, why);
}

static enum err run_ials(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct ials_options o = {.factors = (size_t)out->value[0],
                                   .iterations = (size_t)out->value[1],
                                   .alpha0 = out->value[2],
                                   .lambda = out->value[3],
                                   .nu = out->value[4],
                                   .steps = (size_t)out->value[5]};
    enum err rc = trained_alloc(out, o.factors, why);
    return rc == ERR_OK ? ials_train(task->x, &o, task->seed, out->weights, task->progress, why) : rc;
}

static struct checkpoint_place place_of(const struct train_task *task)
{
    return (struct checkpoint_place){task->checkpoint, task->anew, task->checkpoint_seconds};
}

static enum err alloc_users(const struct train_task *task, size_t n_factors, struct trained *out,
                            struct fail *why)
{
    out->users = malloc((task->x->n_rows * n_factors + 1) * sizeof *out->users);
    out->n_users = task->x->n_rows;
    if (out->users == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for the vectors of %zu users", task->x->n_rows);
    return ERR_OK;
}

/* Room for the vectors of the users trained on, besides the items'. */
static enum err alloc_vectors(const struct train_task *task, size_t n_factors, struct trained *out,
                              struct fail *why)
{
    enum err rc = trained_alloc(out, n_factors, why);
    return rc == ERR_OK ? alloc_users(task, n_factors, out, why) : rc;
}

static enum err run_bpr(const struct train_task *task, struct trained *out, struct fail *why)
{
    const struct bpr_options o = {.factors = (size_t)out->value[0],
                                  .epochs = (size_t)out->value[1],
                                  .rate = out->value[2],
                                  .reg = out->value[3],
                                  .candidates = (size_t)out->value[4]};
    enum err rc = alloc_vectors(task, o.factors, out, why);
    return rc == ERR_OK ? bpr_train(task->x, &o, task->seed, out->weights, out->users, task->progress, why)
                        : rc;
}

static enum err run_lightgcn(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    bool plus = strcmp(out->trainer->name, "lightgcn++") == 0;
    const struct lightgcn_plan plan = {.shape = {.dimensions = (size_t)v[0],
                                                 .layers = (size_t)v[1],
                                                 .l2 = v[4],
                                                 .plus = plus,
                                                 .alpha = plus ? v[6] : 0,
                                                 .beta = plus ? v[7] : 0,
                                                 .gamma = plus ? v[8] : 0},
                                       .epochs = (size_t)v[2],
                                       .rate = v[3],
                                       .batch = (size_t)v[5],
                                       .seed = task->seed,
                                       .checkpoint = place_of(task)};
    enum err rc = alloc_vectors(task, plan.shape.dimensions, out, why);
    return rc == ERR_OK ? lightgcn_train(task->x, &plan, out->users, out->weights, task->progress, why) : rc;
}

static enum err run_cdae(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    const struct cdae_plan plan = {.dimensions = (size_t)v[0],
                                   .epochs = (size_t)v[1],
                                   .batch = (size_t)v[2],
                                   .rate = v[3],
                                   .l2 = v[4],
                                   .dropout = v[5],
                                   .rectified = v[6] != 0,
                                   .seed = task->seed,
                                   .checkpoint = place_of(task)};
    struct cdae_layout l;
    if (!cdae_layout(&l, out->n_items, task->x->n_rows, plan.dimensions))
        return fail_set(why, ERR_TOO_LARGE, "CDAE: too many items or users");
    enum err rc = alloc_users(task, l.d, out, why);
    if (rc == ERR_OK)
        rc = trained_alloc_network(out, CDAE_HEADER + l.n_scoring, why);
    out->has_loss = true;
    return rc == ERR_OK
               ? cdae_train(task->x, &plan, out->weights, out->users, &out->loss, task->progress, why)
               : rc;
}

static enum err run_recvae(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    const struct recvae_plan plan = {.hidden = (size_t)v[0],
                                     .latent = (size_t)v[1],
                                     .epochs = (size_t)v[2],
                                     .batch = (size_t)v[3],
                                     .rate = v[4],
                                     .gamma = v[5],
                                     .dropout = v[6],
                                     .noise = v[7],
                                     .seed = task->seed,
                                     .checkpoint = place_of(task)};
    struct recvae_layout layout;
    if (!recvae_layout(&layout, out->n_items, plan.hidden, plan.latent))
        return fail_set(why, ERR_TOO_LARGE, "RecVAE: too many items");
    enum err rc = trained_alloc_network(out, recvae_weight_count(&layout), why);
    out->has_loss = true;
    return rc == ERR_OK ? recvae_train(task->x, &plan, out->weights, &out->loss, task->progress, why) : rc;
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
FIXED(sparse_neighbours, 200)
FIXED(slim_lambda1, 1)
FIXED(slim_sparse_lambda1, 0.1)
FIXED(slim_rho, 0)
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
FIXED(gcn_l2, 1e-4)
/* The whole graph is propagated once a step. From 200,000 likes on, steps grow with the data, 100 an epoch;
 * from 333,000 on, epochs become fewer, so that the time stays about the same; and where that leaves few
 * steps, each goes further. */
static double gcn_batch(const struct csr *x)
{
    return fmin(fmax(2048, ceil((double)csr_count(x) / 100)), 1 << 24);
}
static double gcn_epochs(const struct csr *x)
{
    return fmin(fmax(3, floor(2e8 / fmax(1, (double)csr_count(x)))), 600);
}
static double gcn_rate(const struct csr *x)
{
    double batch = gcn_batch(x), steps = gcn_epochs(x) * ceil((double)csr_count(x) / batch);
    return batch > 2048 ? fmin(fmax(1e-3, 20 / steps), 0.02) : 1e-3;
}
FIXED(gcn_alpha, 0.6)
FIXED(gcn_beta, -0.1)
FIXED(gcn_gamma, 0.2)
FIXED(cdae_rate, 1e-3)
FIXED(cdae_l2, 0.01)
FIXED(cdae_dropout, 0.5)
FIXED(cdae_relu, 1)
/* The paper's 600 and 200 were chosen for thousands of films and millions of likes; for hundreds, less is as
 * good and much faster. With 200 in place of 600, ml-latest-small's films of the catalog and MovieLens-100K
 * have an NDCG@10 of people held out of .4240 and .4727 (.4153 and .4610; means of four and two divisions),
 * learn three times as fast, and fit into a processor's cache when they serve. 600,000 simulated likes need
 * the width: .0872 (.1552). */
static double vae_width(const struct csr *x)
{
    return x->n_cols >= 1200 ? 600 : x->n_cols <= 200 ? 100 : floor((double)x->n_cols / 2);
}
static double vae_hidden(const struct csr *x)
{
    return csr_count(x) < 200000 ? fmin(200, vae_width(x)) : vae_width(x);
}
static double vae_latent(const struct csr *x)
{
    return floor(vae_width(x) / 3);
}
FIXED(vae_rate, 5e-4)
FIXED(vae_gamma, 5e-3)
FIXED(vae_dropout, 0.5)
FIXED(vae_noise, 0.01)

#define GCN_SETTINGS(layers, tune_layers)                                                                    \
    {"dimensions", 1, LIGHTGCN_MAX_DIMENSIONS, gcn_dimensions, "length of a vector", NULL},                  \
        {"layers", 0, LIGHTGCN_MAX_LAYERS, layers, "hops over the graph; 0: BPR-MF by Adam", tune_layers},   \
        {"epochs",                                                                                           \
         1,                                                                                                  \
         1e5,                                                                                                \
         gcn_epochs,                                                                                         \
         "each as many triples as likes; default for 200 million triples, within 3 and 600",                 \
         "100,200,400,600,1000"},                                                                            \
        {"rate", 1e-6, 10, gcn_rate, "of Adam; default 1e-3, more where steps are few", "log 3e-4..5e-3"},   \
        {"l2", 0, 1e3, gcn_l2, "L2 regularisation of layer 0", "log 1e-6..1e-2"},                            \
    {                                                                                                        \
        "batch", 1, 1 << 24, gcn_batch, "triples a step; default for 100 steps an epoch, at least 2,048",    \
            NULL                                                                                             \
    }
static const struct trainer_setting gcn_settings[] = {GCN_SETTINGS(gcn_layers, "1,2,3,4")};
static const struct trainer_setting gcn_plus_settings[] = {
    GCN_SETTINGS(gcn_layers_plus, "1,2,3"),
    {"alpha", -1, 2, gcn_alpha, "power of the degree of who receives", "0.3..0.7"},
    {"beta", -1, 2, gcn_beta, "power of the degree of who gives", "-0.2..0.2"},
    {"gamma", 0, 1, gcn_gamma, "share of layer 0", "0..0.5"},
};

static const struct trainer_setting ease_settings[] = {
    {"lambda", 1e-3, 1e6, ease_default_lambda,
     "L2 regularisation; default 4 x users per item, within 100 and 500", "log 10..5000"},
};
static const struct trainer_setting ease_sparse_settings[] = {
    {"neighbours", 1, 1e4, sparse_neighbours, "items that each item is explained by", "50,100,200,400"},
    {"lambda", 1e-3, 1e6, ease_default_lambda, "L2 regularisation; default as ease's", "log 10..5000"},
};
static const struct trainer_setting slim_sparse_settings[] = {
    {"neighbours", 1, 1e4, sparse_neighbours, "items that each item is explained by at most",
     "50,100,200,400"},
    {"lambda1", 0, 1e6, slim_sparse_lambda1, "L1: more gives fewer links", "log 0.01..20"},
    {"lambda2", 1e-3, 1e6, ease_default_lambda, "L2; default as ease's lambda", "log 10..5000"},
};
static const struct trainer_setting knn_settings[] = {
    {"neighbours", 1, 1e5, knn_neighbours, "most similar items kept for each", "20,50,100,200,500,1000"},
    {"shrink", 0, 1e6, knn_shrink, "added to the denominator: distrust of few common users", "log 0.1..1000"},
    {"activity", 0, 2, knn_activity, "users with n likes weigh n^-activity; 0: all alike", "0..1.5"},
};
static const struct trainer_setting slim_settings[] = {
    {"lambda1", 0, 1e6, slim_lambda1, "L1: more gives fewer links", "log 0.01..20"},
    {"lambda2", 1e-3, 1e6, ease_default_lambda, "L2; default as ease's lambda", "log 10..5000"},
    {"rho", 0, 1e7, slim_rho, "penalty of the splitting: the speed, not the result; 0: from the data", NULL},
    {"alpha", 0, 1, slim_alpha, "lambda2 falls with share of users^alpha (RecBole: 0.5)", "0..1"},
    {"iterations", 1, 1e5, slim_iterations, "at most", NULL},
    {"tolerance", 0, 0.5, slim_tolerance, "a column that moves less is done; 0: all iterations", NULL},
};
static const struct trainer_setting ials_settings[] = {
    {"factors", 1, 256, vector_length, "length of a vector", "16,32,64,128,256"},
    {"iterations", 1, 1e4, ials_iterations, "each: all users, then all items", "8,16,32"},
    {"alpha0", 0, 1e3, ials_alpha0, "weight of what was not liked", "log 0.01..3"},
    {"lambda", 1e-9, 1e6, ials_default_lambda,
     "L2 regularisation; default from density and size, about the size of noise", "log 5e-4..0.3"},
    {"nu", 0, 1, ials_nu, "how it grows with what is known: 0 not, 1 in proportion", "0..1"},
    {"steps", 1, 256, ials_steps, "conjugate gradients a turn", NULL},
};
static const struct trainer_setting bpr_settings[] = {
    {"factors", 1, 256, vector_length, "length of a vector", "32,64,128"},
    {"epochs", 1, 1e5, bpr_default_epochs,
     "each as many triples as likes; default for 10^8 triples, within 10 and 100", "20,50,100,200"},
    {"rate", 1e-6, 1e3, bpr_rate, "step size, falls to a tenth", "log 0.005..0.3"},
    {"reg", 0, 1e3, bpr_reg, "L2 regularisation of each step", "log 1e-4..0.1"},
    {"candidates", 1, 1e3, bpr_candidates, "of that many drawn negatives the likeliest is used", "1,2,4"},
};

static const struct trainer_setting cdae_settings[] = {
    {"dimensions", 1, CDAE_MAX_DIMENSIONS, vector_length, "width of the hidden layer", "32,64,128,256"},
    {"epochs", 1, 1e5, cdae_default_epochs, "default for 1,500 steps, within 20 and 200", "20,50,100,200"},
    {"batch", 1, 1 << 20, cdae_default_batch,
     "people a step; default for 10 steps an epoch, within 50 and 500", "50,100,200,500"},
    {"rate", 1e-8, 10, cdae_rate, "of Adam", "log 3e-4..1e-2"},
    {"l2", 0, 1e6, cdae_l2, "times the lengths of the vectors of all items and of all people",
     "log 1e-3..100"},
    {"dropout", 0, 0.99, cdae_dropout, "share of a person's likes that the hidden layer does not see",
     "0.3,0.5,0.7"},
    {"relu", 0, 1, cdae_relu, "hidden layer: 1 max(0, x) as in RecBole, 0 logistic as in the paper", "0,1"},
};
static const struct trainer_setting vae_settings[] = {
    {"hidden", 1, RECVAE_MAX_HIDDEN, vae_hidden,
     "width of the encoder's five layers; default half the films, at most 200, from 200,000 likes on 600",
     "200,400,600"},
    {"latent", 1, RECVAE_MAX_LATENT, vae_latent, "length of what a person becomes", "50,100,200"},
    {"epochs", 1, 1e5, recvae_default_epochs,
     "default for 1,500 to 4,000 steps of the encoder, within 4 and 200", "20,40,60,100"},
    {"batch", 1, 1 << 20, recvae_default_batch,
     "people a step; default for 20 steps a pass, within 50 and 500", "50,100,200,500"},
    {"rate", 1e-8, 10, vae_rate, "of Adam", "log 1e-4..2e-3"},
    {"gamma", 0, 1e3, vae_gamma, "weight of the divergence, for each like", "log 5e-4..0.05"},
    {"dropout", 0, 0.99, vae_dropout, "share of a person's likes that the encoder does not see",
     "0.3,0.5,0.7"},
    {"noise", 0, 1e3, vae_noise, "drawn around the mean, in deviations: 1 in the paper, 0.01 in RecBole",
     "0.01,0.1,1"},
};

#define SETTINGS(s) s, sizeof(s) / sizeof *(s)

static const struct trainer rows[] = {
    {"ader", "ADMM-SLIM + EASE + RecVAE, joined by rank as the report did", NULL, 0, ensemble_train, false},
    {"ader-fitted", "the same, with weights fitted on people not trained on", NULL, 0, ensemble_train, false},
    {"admm-slim", "sparse item-item weights, none negative (Steck 2020)", SETTINGS(slim_settings),
     run_admm_slim, false},
    {"blend", "ader-fitted with LightGCN and, for films without ratings, BTS: what the site serves", NULL, 0,
     ensemble_train, false},
    {"bpr", "matrix factorisation by pairs (Rendle 2009)", SETTINGS(bpr_settings), run_bpr, false},
    {"cdae", "denoising autoencoder with a vector a person (Wu 2016)", SETTINGS(cdae_settings), run_cdae,
     true},
    {"ease", "item-item weights in closed form (Steck 2019)", SETTINGS(ease_settings), run_ease, false},
    {"ease-sparse", "EASE for large catalogs: each item from its nearest only",
     SETTINGS(ease_sparse_settings), run_ease_sparse, false},
    {"ials", "matrix factorisation by least squares (Hu 2008, Rendle 2022)", SETTINGS(ials_settings),
     run_ials, false},
    {"item-knn", "the most similar items by cosine, shrunk", SETTINGS(knn_settings), run_item_knn, false},
    {"lightgcn", "vectors propagated over the graph (He 2020)", SETTINGS(gcn_settings), run_lightgcn, true},
    {"lightgcn++", "the same, normed before each hop (Lee 2024)", SETTINGS(gcn_plus_settings), run_lightgcn,
     true},
    {"popularity", "the most liked for everyone: the baseline", NULL, 0, run_popularity, false},
    {"recvae", "variational autoencoder with a composite prior (Shenbin 2020)", SETTINGS(vae_settings),
     run_recvae, true},
    {"slim-sparse", "admm-slim for large catalogs: each item from its nearest only",
     SETTINGS(slim_sparse_settings), run_slim_sparse, false},
};

const struct trainer *trainer_rows(size_t *n)
{
    *n = sizeof rows / sizeof *rows;
    return rows;
}
