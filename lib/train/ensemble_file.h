/* An ensemble on disk, all in one folder: a model file (model/model_file.h) for each member, and one that names them by
 * their hashes. The content model (BTS) is read from the same folder. */
#ifndef MVTI_TRAIN_ENSEMBLE_FILE_H
#define MVTI_TRAIN_ENSEMBLE_FILE_H

#include "base/err.h"
#include "data/dataset.h"
#include "model/fusion.h"
#include "model/model_file.h"
#include "train/ensemble.h"

struct ensemble_content {
    struct model model;
    int32_t *item_of; /* [items of the dataset] index of the content model's item, or −1 */
    struct fusion_part part;
};

/* Opens bts.mvm beside `path`. ERR_NOT_FOUND: there is none, and out is zeroed; as model_open; ERR_INVALID: a
 * model of another kind; ERR_NOMEM. ensemble_content_close it. */
MUST_USE enum err ensemble_content_open(struct ensemble_content *out, const char *path,
                                        const struct dataset *d, struct fail *why);
/* The same from a file, for n items of these ids. */
MUST_USE enum err ensemble_content_read(struct ensemble_content *out, const char *file, const int32_t *ids,
                                        size_t n, struct fail *why);
/* The same of a model that is no ensemble and learnt from likes, to be scored as the site does. ERR_INVALID also: an ensemble. */
MUST_USE enum err ensemble_content_any(struct ensemble_content *out, const char *file, const int32_t *ids,
                                       size_t n, struct fail *why);
/* Safe on a zeroed struct. */
void ensemble_content_close(struct ensemble_content *c);

struct ensemble_file {
    const char *path; /* the ensemble's file; those of the members are written beside it */
    const struct dataset *dataset;
    uint64_t seed;
    const struct ensemble_found *found;     /* source of the metrics that the files contain */
    const struct ensemble_content *content; /* NULL or zeroed: none takes part */
};

/* Writes the members' files and the ensemble's file last: after an error the old ensemble is still in place. ERR_IO,
 * ERR_NOMEM. */
MUST_USE enum err ensemble_file_write(const struct ensemble_file *f, const struct trained *t,
                                      struct fail *why);

#endif
