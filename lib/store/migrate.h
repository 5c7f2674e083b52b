/* The schema's history: numbered files NNNN_name.sql, each run once, in order, and recorded with the checksum
 * of its content. A file that changed after it ran is refused by name. */
#ifndef MVTI_STORE_MIGRATE_H
#define MVTI_STORE_MIGRATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

enum migration_state {
    MIGRATION_PENDING,
    MIGRATION_APPLIED,
    MIGRATION_CHANGED, /* applied, but the file is not what ran */
    MIGRATION_GONE     /* applied, but there is no such file: the program is older than the database */
};

struct migration {
    int version;          /* 1…9999 */
    const char *name;     /* file name; in the arena */
    const char *checksum; /* BLAKE2b-256, hex, of the file (of the record, for GONE) */
    const char *text;     /* content; "" for GONE */
    size_t n;
    int since; /* its line "-- since: NNNN": programs that know no migration of that number must not meet it; 0 */
    enum migration_state state;
};

struct migration_list {
    struct migration *items; /* by version */
    size_t n;
};

/* Compares folder and database without changing either. A database that was never migrated has everything
 * pending. ERR_INVALID: a misnamed file or two of one number; ERR_NOT_FOUND: no such folder. */
MUST_USE enum err migrate_list(struct db *db, const char *folder, struct arena *a, struct migration_list *out,
                               struct fail *why);

/* Runs what is pending, oldest first. done (may be NULL) is told after each file. A lock row keeps two runs
 * apart: the second waits up to wait_seconds, then ERR_BUSY; a holder that died on this host is noticed, one
 * elsewhere has a lease of 10 minutes from its last statement.
 * ERR_CONFLICT: an applied file changed (the sentence names it; nothing was run). A failing statement is
 * reported as file:line; the files before it stay recorded. A run that was killed anywhere is gone on with by the
 * next one (store/migrate_step.h). */
MUST_USE enum err migrate_run(struct db *db, const char *folder, int wait_seconds, struct arena *a,
                              void (*done)(void *arg, const struct migration *m), void *arg,
                              struct fail *why);

#endif
