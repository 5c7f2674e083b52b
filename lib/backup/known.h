/* Whom the database knew before a restore replaced it. They are kept in a file of the state folder until the restore has come to its end: one that is run again after an error finds only
 * those whom the first one brought back, and could forget nobody. */
#ifndef MVTI_BACKUP_KNOWN_H
#define MVTI_BACKUP_KNOWN_H

#include <stdbool.h>

#include "base/config.h"
#include "base/vec.h"
#include "store/db.h"

/* Everybody of the database: int64_t, in order. vec_free them. */
MUST_USE enum err known_now(struct db *db, struct vec *out, struct fail *why);
/* Those of the file, if there is one; else, if the database is `there`, everybody of it, who are written to the file. ERR_NOT_FOUND: neither is; ERR_CORRUPT: what is no number; ERR_IO:
 * no room, and nothing was changed then. */
MUST_USE enum err known_before(const struct config *config, struct db *db, bool there, struct vec *out,
                               struct fail *why);
/* The restore is over. */
void known_over(const struct config *config);

#endif
