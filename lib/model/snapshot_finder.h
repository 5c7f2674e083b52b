/* What search passes over: films, characters and kinds of people with the readings of their names (text/search_key.h). */
#ifndef MVTI_MODEL_SNAPSHOT_FINDER_H
#define MVTI_MODEL_SNAPSHOT_FINDER_H

#include "model/snapshot_writer.h"

/* Fills finder[movies + characters + SNAPSHOT_KINDS] as SNAP_FINDER says and appends their readings to keys, which is SNAP_KEYS. wall:
 * the films in the order of popularity. ERR_NOMEM. */
MUST_USE enum err snapshot_finder_fill(const struct snapshot_builder *b, const uint32_t *wall,
                                       struct buf *keys, struct snapshot_finder *finder);

#endif
