/* An installation from a back-up (backup/backup.h). */
#ifndef MVTI_BACKUP_RESTORE_H
#define MVTI_BACKUP_RESTORE_H

#include "backup/contents.h"
#include "base/config.h"
#include "base/progress.h"
#include "store/db.h"

struct restore {
    /* the caller's */
    const struct config *config;
    struct db *db; /* of an account that may make others, if the back-up has accounts */
    const struct progress *progress;
    const char *folder;
    const char *keys;    /* a folder of keys; NULL: none are put back */
    const char *secrets; /* where they go */
    bool replace;        /* a database that has tables is emptied first */
    bool in_use;         /* also while others are connected to it */
    bool forget;         /* whom the replaced database does not know any more is deleted again */

    /* what came of it */
    struct contents contents;
    int64_t forgotten;
};

/* Whether both folders are whole, and of no newer MVTI than this one. ERR_CORRUPT, ERR_NOT_FOUND: the sentence names the file; ERR_CONFLICT:
 * newer. Nothing is changed. restore_free it, also after an error. */
MUST_USE enum err restore_check(struct restore *r, struct fail *why);
/* Puts it back, after restore_check: accounts, database (made if it is not there), rights, files of state_dir, keys; then it deletes again. ERR_CONFLICT: the database
 * has tables, and replace is false; ERR_BUSY: it has, and others use it; nothing was changed then. After another error: run it again with replace. */
MUST_USE enum err restore_run(struct restore *r, struct fail *why);
void restore_free(struct restore *r);

#endif
