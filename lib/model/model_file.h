/* A trained model on disk (*.mvm, container of base/section_file.h): its training data, settings, metrics
 * and weights. Publishing copies the file into a snapshot; scoring reads the weights from the map. */
#ifndef MVTI_MODEL_MODEL_FILE_H
#define MVTI_MODEL_MODEL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "base/section_file.h"
#include "model/fusion.h"
#include "model/scorer.h"

enum { MODEL_VERSION = 3, MODEL_NAME = 24 };
#define MODEL_LARGEST 1e9f /* largest magnitude of a weight, so that sums of products stay finite */

enum model_tag {
    MODEL_INFO = 1, /* struct model_info[1] */
    MODEL_ITEMS,    /* int32[n_items]: movie ids, ascending; the order of every item index */
    MODEL_SETTINGS, /* struct model_value[]: hyperparameters, such as lambda */
    MODEL_METRICS,  /* struct model_value[]: such as "recall@20", from a held-out part; empty if not measured
                     */
    MODEL_WEIGHTS, /* float[]: n_items × n_items for ease and related kinds (B, row = history item, diagonal 0); n_items
                     * for popularity (users of each item); n_items × n_factors for bpr, lightgcn and factors; for ials see model/ials.h,
                     * for cdae and recvae model/cdae.h and model/recvae.h;
                     * none for sparse kinds */
    /* Sparse kinds (item-knn, admm-slim, bts): W in compressed sparse rows, row = history item; empty for all
       others. */
    MODEL_START,    /* uint64[n_items + 1] */
    MODEL_COLUMNS,  /* int32[]: items, ascending in each row */
    MODEL_STRENGTH, /* float[]: the weight of each */
    MODEL_PARTS,    /* struct model_part[]: ensembles only, which have no weights of their own */
    MODEL_TAG_END
};

struct model_info {
    char kind[16]; /* a trainer's name, such as "ease"; NUL-padded */
    uint8_t dataset_hash
        [32];      /* content hash of the *.mvd it was trained on; of imported factors, of their file */
    uint64_t seed; /* of the split that the metrics come from, and of training */
    uint64_t n_users, n_interactions;
    int64_t created;    /* seconds since 1970 UTC */
    double seconds;     /* of training */
    float threshold;    /* the dataset's: the lowest rating that is a like */
    uint32_t simulated; /* 1: some of the data came from the simulated audience */
    uint32_t n_factors; /* factor models: length of a vector, else 0 */
    uint32_t rule;      /* ensembles: enum fusion_rule, else 0 */
    float cold;         /* ensembles: see model/fusion.h, else 0 */
    uint8_t panel[16];  /* struct panel_rule (data/panel.h): whom it was not trained on; zero: unknown */
    uint8_t zero[4];
};
_Static_assert(sizeof(struct model_info) == 128, "model info layout");

/* One part of an ensemble, which has a model file of its own, KIND.mvm in the same folder. */
struct model_part {
    char kind[16];
    uint8_t content[SECTION_HASH]; /* hash of the file that the ensemble was made with */
    float weight;                  /* ≥ 0 */
    uint32_t is_content;           /* 1: learnt from texts; its file may be replaced without the others */
    float weight_long;             /* ≥ 0 (model/fusion.h) */
    uint8_t zero[4];
};
_Static_assert(sizeof(struct model_part) == 64, "model part layout");

struct model_value {
    char name[MODEL_NAME]; /* NUL-padded, printable ASCII without quotes or backslashes */
    double value;          /* finite */
};
_Static_assert(sizeof(struct model_value) == 32, "model value layout");

/* An open model: pointers into the map until model_close. In model_write: what to write. */
struct model {
    struct section_file file;
    const struct model_info *info;
    const int32_t *item_ids; /* [n_items] */
    size_t n_items;
    const struct model_value *settings, *metrics;
    size_t n_settings, n_metrics;
    const float *weights;
    size_t n_weights;
    struct csr links;      /* sparse kinds: [n_items × n_items], a view; no rows for all others */
    const float *strength; /* [csr_count(links)] */
    const struct model_part *parts;
    size_t n_parts;
};

/* Maps and checks path: container, kind, shapes, that ids ascend and no weight exceeds MODEL_LARGEST.
 * ERR_NOT_FOUND, ERR_IO, ERR_CORRUPT. model_close it. */
MUST_USE enum err model_open(struct model *m, const char *path, struct fail *why);
/* The same for a content model (mvti train bts). ERR_INVALID: a model of another kind. */
MUST_USE enum err model_open_content(struct model *m, const char *path, struct fail *why);
/* model_open on bytes in memory (64-byte aligned, outliving m). */
MUST_USE enum err model_parse(struct model *m, const struct named_bytes *from, struct fail *why);
void model_close(struct model *m);
/* Writes atomically; m->file is ignored. content (NULL allowed) receives the file's content hash.
 * ERR_INVALID: the result could not be opened again; ERR_IO. */
MUST_USE enum err model_write(const struct model *m, const char *path, uint8_t content[SECTION_HASH],
                              struct fail *why);

/* A view of an open model, not an ensemble, that scores items. */
struct scorer model_scorer(const struct model *m);
/* The item of a movie id, −1 if the model does not know it. O(log n_items). */
int32_t model_item(const struct model *m, int32_t movie_id);
/* The number of dense weights of a kind for n_items. False if the kind is unknown, n_factors is invalid for
 * it, n_items is too large, or the kind is a network, whose weights have a header with their number. */
bool model_weight_count(const char *kind, size_t n_items, size_t n_factors, size_t *count);
/* Sets score and link of s to the functions of a kind; false if the kind is unknown. */
bool model_scorer_of(const char *kind, struct scorer *s);
/* Sets name and value; the name is truncated to fit. */
void model_value_set(struct model_value *v, const char *name, double value);

#endif
