/* Writes a trained model and its metrics as a model file (model/model_file.h). */
#ifndef MVTI_TRAIN_MODEL_SAVE_H
#define MVTI_TRAIN_MODEL_SAVE_H

#include "data/dataset.h"
#include "model/model_file.h"
#include "num/metric.h"
#include "train/trainer.h"

struct model_save {
    const struct dataset *dataset;
    uint64_t seed;
    const struct model_value *metrics; /* [n_metrics] */
    size_t n_metrics;
    const struct model_part *parts; /* [n_parts] of an ensemble, else NULL */
    size_t n_parts;
};

/* Writes atomically; content (NULL allowed) receives the file's content hash. ERR_IO, ERR_NOMEM. */
MUST_USE enum err model_save(const struct model_save *s, const struct trained *t, const char *path,
                             uint8_t content[SECTION_HASH], struct fail *why);

/* The metrics of an evaluation as values named "ndcg@10" and so on; returns how many. */
enum { MODEL_SAVE_CUTS = 2, MODEL_SAVE_METRICS = MODEL_SAVE_CUTS * METRIC_KINDS + 2 };
size_t model_save_metrics(const struct metric_sum *sum, const int cuts[MODEL_SAVE_CUTS],
                          struct model_value out[MODEL_SAVE_METRICS]);

#endif
