/* The database as a file and back, by the programs that come with the server: mariadb-dump and mariadb (or mysqldump and mysql), and gzip. */
#ifndef MVTI_BACKUP_DUMP_H
#define MVTI_BACKUP_DUMP_H

#include "base/config.h"
#include "base/err.h"

/* Tables, views and rows as they were at one moment, while others write, into `path`. ERR_UNAVAILABLE: a program is missing, or says no;
 * what it said is the sentence. ERR_IO: the file cannot be written. */
MUST_USE enum err dump_write(const struct config *c, const char *path, struct fail *why);
/* Runs the statements of such a file in the database of c. */
MUST_USE enum err dump_read(const struct config *c, const char *path, struct fail *why);

/* Adds CREATE USER and the GRANTs of an account ('name'@'host', quoted) to the file `path`, a line each. */
MUST_USE enum err dump_rights(const struct config *c, const char *account, const char *path,
                              struct fail *why);

#endif
