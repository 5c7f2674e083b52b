/* The model files that a snapshot is made of: one model, or an ensemble with its parts. */
#ifndef MVTI_PUBLISH_PUBLISHED_MODELS_H
#define MVTI_PUBLISH_PUBLISHED_MODELS_H

#include <stdbool.h>

#include "base/config.h"
#include "base/err.h"
#include "model/model_file.h"
#include "model/snapshot_writer.h"

enum { PUBLISHED_MODELS = FUSION_PARTS + 1 };

struct published_models {
    struct model head;                /* the file that was named */
    struct model parts[FUSION_PARTS]; /* [head.n_parts]; of a single model none: it is the only part itself */
    struct model counts;              /* the popularity model, for rankings */
    bool has_counts;
    struct forest forest; /* of LightGCN's vectors where a catalog is worth one */
    uint32_t searched;    /* 1 + its part, 0: none */
};

/* `file`, or if NULL models/blend.mvm of the state folder, or if there is none models/ease.mvm. The parts of
 * an ensemble lie beside it as KIND.mvm and must be those that it was made with, but for the content model,
 * which may have been made anew for new films. ERR_NOT_FOUND, ERR_CONFLICT (another part than the
 * ensemble's), ERR_INVALID (a model that cannot be served), and what model_open gives. published_models_close
 * it, also after an error. */
MUST_USE enum err published_models_open(struct published_models *m, const struct config *config,
                                        const char *file, struct fail *why);
void published_models_close(struct published_models *m);
/* Builds the forest of a LightGCN part of at least `worth` items (FOREST_WORTH) into models/KIND.mvf of the
 * state folder. Nothing to do for smaller ones. ERR_NOMEM, ERR_IO. */
MUST_USE enum err published_models_index(struct published_models *m, const struct config *config,
                                         size_t worth, struct fail *why);
/* Hands them to a builder, which borrows them. */
void published_models_place(const struct published_models *m, struct snapshot_builder *b);

#endif
