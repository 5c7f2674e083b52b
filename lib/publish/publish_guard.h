/* Whether a new snapshot may take the place of the published one, by what was measured of both. */
#ifndef MVTI_PUBLISH_PUBLISH_GUARD_H
#define MVTI_PUBLISH_PUBLISH_GUARD_H

#include <stddef.h>

#include "base/err.h"

/* Compares ndcg@10, recall@10 and hit@10 of two descriptions (SNAP_META, n bytes each; old NULL: nothing is
 * published), as far as both have them and were measured in
 * one way (the metric "given"), whatever the kinds of the models: a worse kind is worse too. A metric
 * more than margin (absolute, so 0.02 is two points) below the published one is ERR_CONFLICT with a sentence
 * that names it, both values, and the way around. ERR_OK otherwise; *compared is the number of metrics that
 * could be compared, 0 for a first snapshot or one that was not measured. ERR_CORRUPT: no JSON map. */
MUST_USE enum err publish_guard(const char *old, size_t n_old, const char *now, size_t n_now, double margin,
                                int *compared, struct fail *why);

#endif
