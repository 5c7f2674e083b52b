/* How the server is reached, for db_connection.c alone: by a Unix socket of this machine, or over TCP. What crosses a
 * network is TLS 1.2 or later, and the server's certificate must name it; nothing is sent before that is so,
 * unless the setting db_tls says "off". */
#ifndef MVTI_STORE_DB_TRANSPORT_H
#define MVTI_STORE_DB_TRANSPORT_H

#include <mysql.h>

#include "base/config.h"
#include "base/err.h"

/* conn: initialised, with its timeouts. ERR_UNAVAILABLE with a sentence: settings that contradict each other, a file that
 * cannot be read, a server that is away, speaks no TLS or is not who it should be. */
MUST_USE enum err db_transport_connect(MYSQL *conn, const struct config *c, struct fail *why);

#endif
