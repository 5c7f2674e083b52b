/* The ensembles: ADER (ADMM-SLIM + EASE + RecVAE) as the report joined it and with fitted weights, and the
 * online blend, which adds LEA (LightGCN++) and, for films that nobody has rated, BTS. */
#ifndef MVTI_TRAIN_ADER_TRAIN_H
#define MVTI_TRAIN_ADER_TRAIN_H

#include "train/trainer.h"

/* "ader", "ader-fitted", "blend" */
extern const struct trainer ader_trainer, ader_trainer_fitted, ader_trainer_blend;

#endif
