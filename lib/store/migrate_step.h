/* How far a migration has come, statement by statement, so that one that was cut off goes on where it stopped.
 *
 * Each statement of MySQL that changes a schema commits by itself: it cannot be undone, and cannot stand in one
 * transaction with a record of it. So (decision 76)
 *   rows (INSERT, UPDATE, DELETE, …)   run in one transaction with the record that they ran;
 *   ALTER, DROP, RENAME, CREATE TABLE  before it, what its table is like is recorded; a table that has changed since
 *                                      says that it ran. A server runs such a statement wholly or not at all
 *                                      (MariaDB from 10.6, MySQL from 8);
 *   CREATE TABLE IF NOT EXISTS, CREATE OR REPLACE VIEW, SELECT   do the same when they run again;
 *   SET                                is the connection's, so each run says it anew. */
#ifndef MVTI_STORE_MIGRATE_STEP_H
#define MVTI_STORE_MIGRATE_STEP_H

#include "store/migrate.h"
#include "store/sql_split.h"

enum { MIGRATE_STEP_HASH = 65 };

struct migrate_step {
    int version;
    int done;                     /* statements of its file that have run */
    char text[MIGRATE_STEP_HASH]; /* hash of the file up to the end of statement `done`; "" for 0 */
    char before
        [MIGRATE_STEP_HASH]; /* what the table of the next one was like when that began; "": it has not */
    int number;              /* the statement that is looked at, from 1 */
    char here[MIGRATE_STEP_HASH]; /* hash of the file up to its end */
};

/* The table of these records, if it is missing. */
MUST_USE enum err migrate_step_table(struct db *db, struct fail *why);
/* How far the migration `version` has come; 0 done if it was never begun. */
MUST_USE enum err migrate_step_read(struct db *db, int version, struct migrate_step *out, struct fail *why);
/* The next statement of m, at s: runs it unless it has run, and records that. ERR_CONFLICT: what has run stood
 * otherwise in the file. An error of the statement itself as it is, without the file's name. */
MUST_USE enum err migrate_step_run(struct db *db, const struct migration *m, const struct sql_statement *s,
                                   struct migrate_step *step, struct fail *why);
/* The migration has run whole. */
MUST_USE enum err migrate_step_forget(struct db *db, int version, struct fail *why);

#endif
