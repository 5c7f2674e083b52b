/* What analysts see, for a copy elsewhere (`mvti export`): a folder an export, named by its watermarks,
 *
 *   DIR/0000000017-0000000042-all-parquet/manifest.json
 *                                        /event/rows/day=2026-05-01/0001.parquet   rows that are new or have changed
 *                                        /event/gone/0001.parquet                  keys of which there are no rows any more
 *
 * which holds what changed in the batches 18 … 42 (store/change.h) as it was at one moment behind them. A copy that deletes the keys of
 * gone/ and of rows/ and then inserts rows/ is equal to the views again; where the manifest says "whole", everything is deleted first.
 * docs/export.md has the statements.
 *
 * A reader never sees half of one: files are renamed into place in a folder that begins with a dot, and that is renamed when the
 * manifest lies in it. An export that was cut off goes on with the table it was at; its tables are then of different moments, and the
 * next export brings what happened in between. */
#ifndef MVTI_EXPORT_EXPORT_H
#define MVTI_EXPORT_EXPORT_H

#include "base/arena.h"
#include "base/progress.h"
#include "export/parts.h"
#include "store/export_table.h"

enum { EXPORT_LAST = -1 };

struct export_order {
    const char *dir;                  /* is made if it is not there */
    const struct export_table *table; /* NULL: all */
    enum parts_format format;
    int64_t
        since; /* watermark; 0: everything; EXPORT_LAST: where the last one of these in dir ended, else 0 */
    const struct progress *progress; /* may be NULL */
};

struct export_done {
    int64_t since, until; /* until is the next watermark */
    int64_t rows, gone;
    int tables, kept; /* written now; written before by an export that was cut off */
    char path[PARTS_PATH];
};

/* ERR_BUSY: another one writes to dir; ERR_INVALID: a watermark that this database has not given; ERR_STOPPED, ERR_IO, ERR_UNAVAILABLE:
 * the same order goes on another time. */
MUST_USE enum err export_run(struct db *db, const struct export_order *order, struct arena *a,
                             struct export_done *out, struct fail *why);

#endif
