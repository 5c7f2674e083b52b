/* The ensembles: ADER (ADMM-SLIM + EASE + RecVAE) as the report joined it and with fitted weights, and the
 * online blend, which adds LEA (LightGCN++) and, for films that nobody has rated, BTS. */
#include "train/ensemble.h"
#include "train/trainers.h"

/* What the cuts cost is in docs/measurements.md, "What large catalogs cost". */
static const struct trainer_member members[] = {
    {&ease_trainer, 1.0f, 20000, &ease_sparse_trainer},
    {&admm_slim_trainer, 0.7f, 4000, &ease_sparse_trainer_slim},
    {&recvae_trainer, 0.5f, 20000, NULL},
    {&lightgcn_trainer_plus, 0, SIZE_MAX, NULL},
};
enum { ADER = 3, BLEND = 4 };

const struct trainer ader_trainer = {.name = "ader",
                                     .help = "ADMM-SLIM + EASE + RecVAE, fused by rank as in the report",
                                     .train = ensemble_train,
                                     .members = members,
                                     .n_members = ADER};
const struct trainer ader_trainer_fitted = {.name = "ader-fitted",
                                            .help = "the same, with weights fitted on held-out users",
                                            .train = ensemble_train,
                                            .members = members,
                                            .n_members = ADER,
                                            .fitted = true,
                                            .silent = 1};
const struct trainer ader_trainer_blend = {
    .name = "blend",
    .help = "ader-fitted plus LightGCN and, for films without ratings, BTS; what the site serves",
    .train = ensemble_train,
    .members = members,
    .n_members = BLEND,
    .fitted = true,
    .content = true,
    .silent = FUSION_FIT_SILENT};
