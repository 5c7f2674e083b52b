/* A dataset with the films that the content model tells of as well: nobody likes those yet, and models that read
 * texts score them like all others. */
#ifndef MVTI_TRAIN_TOLD_FILMS_H
#define MVTI_TRAIN_TOLD_FILMS_H

#include "base/err.h"
#include "data/dataset.h"
#include "train/ensemble_file.h"

struct told_films {
    /* The likes over the films of both; its other members are those of the dataset that it came from, which must
     * outlive it. */
    struct dataset dataset;
    struct ensemble_content content; /* of these films */
    int32_t *ids;                    /* [films] ascending */
    struct csr x;                    /* owned; dataset.x is a view of it */
};

/* With bts.mvm beside `path`. ERR_NOT_FOUND: there is none, nothing to free; as ensemble_content_open. */
MUST_USE enum err told_films_open(struct told_films *out, const char *path, const struct dataset *d,
                                  struct fail *why);
/* Safe on a zeroed struct. */
void told_films_close(struct told_films *t);

#endif
