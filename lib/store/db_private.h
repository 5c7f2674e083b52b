/* What db.c shares with the parts of it that need no client library. Nobody else includes this. */
#ifndef MVTI_STORE_DB_PRIVATE_H
#define MVTI_STORE_DB_PRIVATE_H

#include <stdbool.h>

#include "store/db.h"

struct db_column {
    enum db_kind kind; /* DB_INT, DB_REAL or DB_TEXT (bytes too) */
    bool is_unsigned;
    long long integer;
    double real;
    char *text;           /* [capacity + 1], owned */
    unsigned long length; /* of the current value, may exceed what was fetched */
    char null;            /* the client library's my_bool */
};

/* Keeps the first error of a result. */
void db_rows_fail(struct db_rows *rows, enum err rc, const char *text);
/* What an error number of server or client means; *retry: the transaction may be run again. */
enum err db_meaning(unsigned code, bool *retry);
/* The connection is of no further use. */
bool db_connection_lost(unsigned code);

#endif
