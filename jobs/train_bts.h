/* mvti train bts: the content model, from the texts of the catalog instead of from what people like. */
#ifndef MVTI_JOBS_TRAIN_BTS_H
#define MVTI_JOBS_TRAIN_BTS_H

#include "bts/bts_maker.h"
#include "job.h"

/* Writes q->out and says how good it is. Of q, encoders and the source's database come from the job. */
MUST_USE enum err train_bts(struct job *job, struct bts_maker *q, struct fail *why);

#endif
