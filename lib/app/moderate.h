/* What the owner looks at before a ban or before votes are taken away. */
#ifndef MVTI_APP_MODERATE_H
#define MVTI_APP_MODERATE_H

#include "store/moderation.h"

/* As moderation_votes. */
MUST_USE enum err moderate_votes(struct db *db, struct arena *a, struct moderation_votes *out,
                                 struct fail *why);
/* As moderation_person. */
MUST_USE enum err moderate_person(struct db *db, int64_t visitor_id, struct moderation_person *out,
                                  struct fail *why);

#endif
