/* The steps of publish/publisher.h in the database (store/publication.h). Nothing here fails a step: what
 * cannot be recorded is a remark. */
#ifndef MVTI_PUBLISH_PUBLISH_RECORD_H
#define MVTI_PUBLISH_PUBLISH_RECORD_H

#include "publish/published_models.h"
#include "publish/publisher.h"
#include "store/publication.h"

/* "mvti-ID.mvs" → "ID". */
void publish_record_id(const char *name, char id[PUBLICATION_ID]);
/* A step that happens now. */
void publish_record(const struct publisher *p, struct publication *step,
                    const struct publication_model *models, size_t n);
/* What publishing came to: the step, its scores, and the models of a snapshot that is live. */
void publish_record_made(const struct publisher *p, const char *was_live, const struct publisher_result *r,
                         const struct published_models *models);
/* If another snapshot is live than the last step said: a step "found". And a pinned one that is not live, because
 * a program was killed between the two, becomes so. */
void publish_record_found(const struct publisher *p, const struct snapshot_folder *f);

#endif
