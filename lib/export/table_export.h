/* One table into its folder: rows/ and gone/, and what is told of them. */
#ifndef MVTI_EXPORT_TABLE_EXPORT_H
#define MVTI_EXPORT_TABLE_EXPORT_H

#include "base/progress.h"
#include "export/parts.h"
#include "store/export_rows.h"

struct table_export {
    const struct export_table *table;
    struct export_range range;
    enum parts_format format;
    const struct progress *progress; /* may be NULL; asked whether to stop */
    struct arena *arena;             /* for statements, which the connection knows as long as it lives */
    int64_t rows, gone;              /* answers */
};

/* Writes rows/ and gone/ below `folder`, which exists and is empty, and appends one JSON object to `told`: table, key, columns, whole, rows,
 * gone, files. ERR_STOPPED: a person wanted that. */
MUST_USE enum err table_export(struct db *db, struct table_export *e, const char *folder, struct buf *told,
                               struct fail *why);

#endif
