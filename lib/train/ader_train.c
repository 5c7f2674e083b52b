/* The ensembles: ADER (ADMM-SLIM + EASE + RecVAE) as the report joined it and with fitted weights, and the blend that the site serves, whose
 * members are all sums over the chosen films: EASE by length of history, ADMM-SLIM, LEA (LightGCN++) and, for films that nobody has rated, BTS. */
#include "train/ensemble.h"
#include "train/trainers.h"

/* What the cuts cost is in docs/measurements.md, "What large catalogs cost". Four matrices of 10,000 films are as large as one of 20,000. */
static const struct trainer_member of_ader[] = {
    {&ease_trainer, 1.0f, 20000, &ease_sparse_trainer},
    {&admm_slim_trainer, 0.7f, 4000, &ease_sparse_trainer_slim},
    {&recvae_trainer, 0.5f, 20000, NULL},
};
static const struct trainer_member of_blend[] = {
    {&by_length_trainer, 1.0f, 10000, &ease_sparse_trainer},
    {&admm_slim_trainer, 0.7f, 4000, &ease_sparse_trainer_slim},
    {&lightgcn_trainer_plus, 0, SIZE_MAX, NULL},
};
enum { ADER = sizeof of_ader / sizeof *of_ader, BLEND = sizeof of_blend / sizeof *of_blend };

const struct trainer ader_trainer = {.name = "ader",
                                     .help = "ADMM-SLIM + EASE + RecVAE, fused by rank as in the report",
                                     .train = ensemble_train,
                                     .members = of_ader,
                                     .n_members = ADER};
const struct trainer ader_trainer_fitted = {.name = "ader-fitted",
                                            .help = "the same, with weights fitted on held-out users",
                                            .train = ensemble_train,
                                            .members = of_ader,
                                            .n_members = ADER,
                                            .fitted = true,
                                            .silent = 1};

static const double A_HUNDREDTH = 0.01;
TRAINER_FIXED(default_variety, A_HUNDREDTH)
static const struct trainer_setting blend_settings[] = {
    {"variety", 0, 0.5, default_variety,
     "share of held-out NDCG@10 that may be traded for lists that cover more films", NULL}};

const struct trainer ader_trainer_blend = {
    .name = "blend",
    .help = "EASE by length, ADMM-SLIM, LightGCN and, for films without ratings, BTS; what the site serves",
    .settings = blend_settings,
    .n_settings = 1,
    .train = ensemble_train,
    .members = of_blend,
    .n_members = BLEND,
    .fitted = true,
    .standard = true, /* which rule looks best turns on a few people more than it is worth: decision 88 */
    .content = true};
