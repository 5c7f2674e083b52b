/* The index that search scans: films, characters and kinds of people with the readings of their names
 * (text/search_key.h). */
#ifndef MVTI_MODEL_SNAPSHOT_FINDER_H
#define MVTI_MODEL_SNAPSHOT_FINDER_H

#include "model/snapshot_writer.h"

/* Fills finder[movies + characters + SNAPSHOT_KINDS], the section SNAP_FINDER, and appends the readings to keys, the
 * section SNAP_KEYS. wall: the films, most popular first. ERR_NOMEM. */
MUST_USE enum err snapshot_finder_fill(const struct snapshot_builder *b, const uint32_t *wall,
                                       struct buf *keys, struct snapshot_finder *finder);

#endif
