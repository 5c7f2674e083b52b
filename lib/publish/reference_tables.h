/* The two personality tables: mbti_compatibility.csv and enneagram_similarity.csv of sql/reference. */
#ifndef MVTI_PUBLISH_REFERENCE_TABLES_H
#define MVTI_PUBLISH_REFERENCE_TABLES_H

#include "base/err.h"
#include "model/snapshot_writer.h"

/* Fills grades, partners and similarity. ERR_INVALID with file:line: a cell that is missing, twice or outside
 * its range, a table that is not symmetric, partners that are not pairs. */
MUST_USE enum err reference_tables_load(struct snapshot_builder *b, const char *folder, struct fail *why);

#endif
