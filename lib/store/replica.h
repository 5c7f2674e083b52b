/* How far a replica (docs/cluster.md) is behind the database that it follows. */
#ifndef MVTI_STORE_REPLICA_H
#define MVTI_STORE_REPLICA_H

#include <stdbool.h>

#include "base/config.h"
#include "store/db.h"

/* Milliseconds for which a new mark is waited for. */
enum { REPLICA_WAIT_MS = 1000 };

struct replica_lag {
    bool running; /* its threads of replication are at work, and have their source */
    bool marked;  /* a mark has arrived at all, so that seconds are known */
    double
        seconds; /* since the newest mark was made that has arrived; at most REPLICA_WAIT_MS where it follows. The writer's clock alone counts */
};

/* Settings of the replica: those of `config` with replica_host for db_host, and without patience. */
struct config replica_config(const struct config *config);
/* Makes a mark on the writer, the one row of `heartbeat`, and looks on the replica which one is there. ERR_UNAVAILABLE, with `why`: one of
 * both does not answer. */
MUST_USE enum err replica_ask(struct db *writer, struct db *replica, struct replica_lag *out,
                              struct fail *why);

#endif
