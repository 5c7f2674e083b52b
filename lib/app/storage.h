/* The database as a worker holds it: opened once, asked by the use cases, closed at the end. */
#ifndef MVTI_APP_STORAGE_H
#define MVTI_APP_STORAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"

struct db;

/* Connects when it is first used, and again when it has to. The config must outlive it. NULL without memory.
 */
struct db *storage_open(const struct config *config);
/* Does it answer now? false for NULL. */
bool storage_answers(struct db *db);
/* What was asked of it, since it was opened. */
struct storage_work {
    uint64_t statements;
    uint64_t failures; /* those for which it was not there */
    double seconds;    /* that was waited for it */
    double away_until; /* monotonic; until then it is left alone, because it did not answer; 0: it is not */
};
/* All 0 for NULL. */
struct storage_work storage_work(const struct db *db);
/* Safe on NULL. */
void storage_close(struct db *db);

#endif
