/* A dataset extended by the films that only the content model knows: nobody likes those yet, and models that read
 * texts score them like all others. */
#ifndef MVTI_TRAIN_TOLD_FILMS_H
#define MVTI_TRAIN_TOLD_FILMS_H

#include "base/err.h"
#include "data/dataset.h"
#include "train/ensemble_file.h"

struct told_films {
    /* The likes over the union of the films; the other members are those of the original dataset, which must
     * outlive it. */
    struct dataset dataset;
    struct ensemble_content content; /* over these films */
    int32_t *ids;                    /* [films] ascending */
    struct csr x;                    /* owned; dataset.x is a view of it */
};

/* Reads bts.mvm beside `path`. ERR_NOT_FOUND: there is none, and nothing to free; other errors as
 * ensemble_content_open. told_films_close it. */
MUST_USE enum err told_films_open(struct told_films *out, const char *path, const struct dataset *d,
                                  struct fail *why);
/* Safe on a zeroed struct. */
void told_films_close(struct told_films *t);

#endif
