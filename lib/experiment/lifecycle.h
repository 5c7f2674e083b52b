/* What may happen to an experiment, and when: draft → running → stopped, never back.
 *
 * While it runs, its shares, goal, end and guard-rail may change, and what a bandit starts from; the rest would make two experiments of one. Those
 * that run at once in different layers touch different settings (variant_part), because their effects are told from each other by chance alone.
 * Whoever calls this writes the workers' file afterwards (experiment/refresh.h). */
#ifndef MVTI_EXPERIMENT_LIFECYCLE_H
#define MVTI_EXPERIMENT_LIFECYCLE_H

#include "experiment/definition.h"
#include "store/experiment.h"

/* Stores a definition: a new draft, or changes of a draft or of a running one. *state: "draft" or "running". ERR_CONFLICT: the sentence
 * says what may not change any more. */
MUST_USE enum err lifecycle_apply(struct db *db, const struct definition *d, struct arena *a,
                                  const char **state, struct fail *why);
/* Lets a draft run; now: seconds since 1970 UTC. ERR_NOT_FOUND; ERR_CONFLICT: it is running or stopped, the layer has no room, or another
 * layer's experiment sets the same. */
MUST_USE enum err lifecycle_start(struct db *db, const char *name, int64_t now, struct arena *a,
                                  struct fail *why);
/* Ends it, or its draft, for good. reason NULL: "stopped by hand". ERR_NOT_FOUND, ERR_CONFLICT: it is stopped. */
MUST_USE enum err lifecycle_stop(struct db *db, const char *name, const char *reason, struct arena *a,
                                 struct fail *why);

/* The settings of a variant as stored. Texts are in the arena. ERR_CORRUPT. */
MUST_USE enum err lifecycle_settings(const struct experiment *e, size_t variant, struct arena *a,
                                     struct variant_settings *out, struct variant_words *words,
                                     struct fail *why);

#endif
