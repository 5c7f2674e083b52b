/* mvti train ader|ader-fitted|blend (train/ensemble_make.h), and what is said of it. */
#ifndef MVTI_JOBS_TRAIN_ENSEMBLE_H
#define MVTI_JOBS_TRAIN_ENSEMBLE_H

#include "job.h"
#include "train/ensemble_make.h"

/* Makes it and says what was found, after an error in writing too. */
MUST_USE enum err train_ensemble(struct job *job, const struct ensemble_make *q, struct fail *why);

#endif
