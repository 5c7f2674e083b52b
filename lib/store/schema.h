/* Which programs may work with which schema (decision 77).
 *
 * A schema has two numbers: its own, which is that of its newest migration, and the one *since* which programs can
 * work with it, of their newest migration. The second stays behind the first, so that the release before serves on while
 * a new one migrates, and may be come back to. A connection asks for it when it begins. */
#ifndef MVTI_STORE_SCHEMA_H
#define MVTI_STORE_SCHEMA_H

#include "base/err.h"

/* The number of the newest migration that this program knows. */
int schema_known(void);
/* SELECT of the number since which programs can work with the connection's schema; no row or no such table: all can. */
const char *schema_since_query(void);
/* Whether this program can: ERR_UNAVAILABLE and a sentence that says what to do if not. */
MUST_USE enum err schema_allows(int since, struct fail *why);

#endif
