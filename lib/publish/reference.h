/* The personality reference (sql/reference) read into a snapshot builder: texts of the 16 types, 18 wings and
 * 36 bridges, the compatibility and similarity tables, the survey as it is served and as it is scored. */
#ifndef MVTI_PUBLISH_REFERENCE_H
#define MVTI_PUBLISH_REFERENCE_H

#include "base/err.h"
#include "model/snapshot_writer.h"

/* Everything must be complete in both languages and consistent (symmetric tables, partners in pairs, items on
 * four axes): ERR_INVALID names the file and the place. */
MUST_USE enum err reference_load(struct snapshot_builder *b, const char *folder, struct fail *why);

#endif
