/* A back-up of an installation (decision 78): a folder DIR/mvti-TIME with
 *
 *   MANIFEST          backup/contents.h
 *   database.sql.gz   all tables and views, as they were at one moment
 *   accounts          who may do what in the database, if the account may see it: CREATE USER and GRANT, a line each
 *   state/            of state_dir: the live and the pinned snapshot, models, ratings, datasets, panel.key, tuned settings
 *
 * and, apart from it, KEYS/mvti-TIME with the folder of the configuration: settings, session key, secrets of providers.
 * Both appear whole under their names or not at all. */
#ifndef MVTI_BACKUP_BACKUP_H
#define MVTI_BACKUP_BACKUP_H

#include "backup/contents.h"
#include "base/config.h"
#include "base/progress.h"
#include "store/db.h"

#define BACKUP_DUMP "database.sql.gz"
#define BACKUP_ACCOUNTS "accounts"
#define BACKUP_STATE "state"
#define BACKUP_KEYS "keys"

enum { BACKUP_PATH = 1024 };

struct backup {
    /* the caller's */
    const struct config *config;
    struct db *db;
    const struct progress *progress;
    const char *dir;     /* made if it is missing */
    const char *keys;    /* NULL: none are copied */
    const char *secrets; /* the folder that is copied there */
    long keep;           /* of those in dir and keys, this one included; 0: all */

    /* what came of it */
    char folder[BACKUP_PATH];      /* dir/mvti-TIME */
    char keys_folder[BACKUP_PATH]; /* "" without keys */
    uint64_t files, bytes;
    bool accounts; /* the database let us see them */
};

/* Makes one. Others may write meanwhile. ERR_BUSY: another one is being made there; ERR_IO (a full disk, by the file's name), ERR_UNAVAILABLE: a
 * program of the database is missing or refused. After an error nothing of it is left. */
MUST_USE enum err backup_make(struct backup *b, struct fail *why);

#endif
