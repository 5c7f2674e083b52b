#include <string.h>

#include "model/by_length.h"
#include "train/dlae_train.h"
#include "train/ease_train.h"
#include "train/trainers.h"

/* The best λ of EASE, by validation on other people, was 6,400, 2,400 and 800 for three, five and ten films given on
 * ml-latest-small's catalog films, where ease's own default is 100; on the simulated audience 64 and 4 times its
 * default for three and ten. From twenty on 200 is best there, or as good as 100. */
TRAINER_FIXED(default_dropout, 0)
TRAINER_FIXED(default_xi, 0)
TRAINER_FIXED(default_alpha, 0)
TRAINER_FIXED(default_beta, 0)
static double default_lambda20(const struct csr *x)
{
    return 2 * ease_train_default_lambda(x);
}
static double default_lambda10(const struct csr *x)
{
    return 8 * ease_train_default_lambda(x);
}
static double default_lambda5(const struct csr *x)
{
    return 24 * ease_train_default_lambda(x);
}
static double default_lambda3(const struct csr *x)
{
    return 64 * ease_train_default_lambda(x);
}

enum {
    LAMBDA3,
    LAMBDA5,
    LAMBDA10,
    LAMBDA20,
    DROPOUT3,
    DROPOUT5,
    DROPOUT10,
    DROPOUT20,
    XI,
    ALPHA,
    BETA,
    SETTINGS
};
#define LAMBDA_HELP(items, times)                                                                            \
    "L2 regularisation for histories of about " items " items; default " times " times ease's"
#define DROPOUT_HELP(films) "dropout, as of edlae, for histories of about " films " items"
static const struct trainer_setting settings[SETTINGS] = {
    [LAMBDA3] = {"lambda3", 1e-3, 1e6, default_lambda3, LAMBDA_HELP("3", "64"), "log 300..100000"},
    [LAMBDA5] = {"lambda5", 1e-3, 1e6, default_lambda5, LAMBDA_HELP("5", "24"), "log 100..30000"},
    [LAMBDA10] = {"lambda10", 1e-3, 1e6, default_lambda10, LAMBDA_HELP("10", "8"), "log 30..10000"},
    [LAMBDA20] = {"lambda20", 1e-3, 1e6, default_lambda20, LAMBDA_HELP("20 and more", "2"), "log 10..3000"},
    [DROPOUT3] = {"dropout3", 0, 0.99, default_dropout, DROPOUT_HELP("3"), "0..0.97"},
    [DROPOUT5] = {"dropout5", 0, 0.99, default_dropout, DROPOUT_HELP("5"), "0..0.97"},
    [DROPOUT10] = {"dropout10", 0, 0.99, default_dropout, DROPOUT_HELP("10"), "0..0.97"},
    [DROPOUT20] = {"dropout20", 0, 0.99, default_dropout, DROPOUT_HELP("20 and more"), "0..0.97"},
    [XI] = {"xi", 0, 1, default_xi, "as of rdlae", NULL},
    [ALPHA] = {"alpha", 0, 1, default_alpha, "as of dan", "0..0.4"},
    [BETA] = {"beta", 0, 1, default_beta, "as of dan", "0..0.6"},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    const double *v = out->value;
    size_t n = task->x->n_cols;
    enum err rc = trained_alloc(out, 0, why);
    for (size_t m = 0; rc == ERR_OK && m < BY_LENGTH; m++) {
        const struct dlae_options o = {.lambda = v[LAMBDA3 + m],
                                       .dropout = v[DROPOUT3 + m],
                                       .xi = v[XI],
                                       .alpha = v[ALPHA],
                                       .beta = v[BETA]};
        float *b = out->weights + m * n * n;
        memset(b, 0, n * n * sizeof *b);
        rc = dlae_train(task->x, &o, b, task->progress, why);
    }
    return rc;
}

const struct trainer by_length_trainer = {.name = "ease-by-length",
                                          .help = "ease for histories of four lengths, one matrix each",
                                          .settings = settings,
                                          .n_settings = SETTINGS,
                                          .train = train};
