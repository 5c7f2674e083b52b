#include "store/db_private.h"

enum { CLIENT_FIRST = 2000, CLIENT_LAST = 2999, SERVER_GONE = 2006, SERVER_LOST = 2013, OUT_OF_SYNC = 2014 };
enum { SERVER_SHUTDOWN = 1053, CONNECTION_KILLED = 1927, NODE_NOT_READY = 1047 };

/* Numbers of MySQL, MariaDB and their relatives. They are written out because no one header has them all. */
static const struct {
    unsigned code;
    enum err err;
    bool retry;
} meanings[] = {
    {1213, ERR_BUSY, true}, /* deadlock; Galera: certification failure */
    {1205, ERR_BUSY, true}, /* lock wait timeout */
    {1467, ERR_BUSY,
     true}, /* no AUTO_INCREMENT value: how InnoDB calls a deadlock over that lock (MDEV-33593) */
    {1969, ERR_BUSY, false}, /* MariaDB: max_statement_time exceeded */
    {3024, ERR_BUSY, false}, /* MySQL: max_execution_time exceeded */
    {1317, ERR_BUSY, false}, /* interrupted: an administrator's KILL QUERY */
    {1020, ERR_BUSY, true},  /* row changed since it was read (MariaDB snapshot isolation) */
    {3101, ERR_BUSY, true},  /* MySQL group replication: rolled back during commit */
    {9007, ERR_BUSY, true},  /* TiDB: write conflict */

    {1062, ERR_CONFLICT, false}, /* duplicate key */
    {1406, ERR_INVALID, false},  /* data too long */
    {1264, ERR_INVALID, false},  /* out of range */
    {1366, ERR_INVALID, false},  /* wrong value, such as bad UTF-8 */
    {1048, ERR_INVALID, false},  /* NULL in NOT NULL */
    {4025, ERR_INVALID, false},  /* CHECK constraint, MariaDB */
    {3819, ERR_INVALID, false},  /* CHECK constraint, MySQL */

    {1044, ERR_DENIED, false}, /* database */
    {1045, ERR_DENIED, false}, /* account */
    {1142, ERR_DENIED, false}, /* table */
    {1143, ERR_DENIED, false}, /* column */
    {1227, ERR_DENIED, false}, /* special privilege */

    {1049, ERR_UNAVAILABLE, false}, /* no such database */
    {1146, ERR_UNAVAILABLE, false}, /* no such table: migrations pending */
    {1054, ERR_UNAVAILABLE, false}, /* no such column: migrations pending */
    {1040, ERR_UNAVAILABLE, false}, /* too many connections */
    {1180, ERR_UNAVAILABLE,
     false}, /* error during COMMIT; Galera: cut off while the others may have it already */
    {1290, ERR_UNAVAILABLE, false}, /* read-only server */
    {1021, ERR_UNAVAILABLE, false}, /* disk full */
    {1114, ERR_UNAVAILABLE, false}, /* table full */
};

/* Galera's node that is outside the cluster refuses everything: whoever is asked for another connection may give one to another node. */
bool db_connection_lost(unsigned code)
{
    return code == NODE_NOT_READY || code == SERVER_GONE || code == SERVER_LOST || code == OUT_OF_SYNC ||
           code == SERVER_SHUTDOWN || code == CONNECTION_KILLED;
}

enum err db_meaning(unsigned code, bool *retry)
{
    *retry = db_connection_lost(code);
    if (*retry || (code >= CLIENT_FIRST && code <= CLIENT_LAST))
        return ERR_UNAVAILABLE;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].code == code) {
            *retry = meanings[i].retry;
            return meanings[i].err;
        }
    return ERR_FAULT;
}
