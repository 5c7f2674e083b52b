#include "store/replica.h"

#include <string.h>

#include "base/clock.h"

#define MICROSECONDS(of) "CAST(TIMESTAMPDIFF(MICROSECOND, '2020-01-01', " of ") AS SIGNED)"
static const struct db_sql BEAT = {
    "replica.beat", "INSERT INTO heartbeat (heartbeat_id, beat_at) VALUES (1, UTC_TIMESTAMP(6)) "
                    "ON DUPLICATE KEY UPDATE beat_at = UTC_TIMESTAMP(6)"};
static const struct db_sql LAST = {
    "replica.last",
    "SELECT COALESCE(MAX(" MICROSECONDS("beat_at") "), 0) FROM heartbeat WHERE heartbeat_id = 1"};
static const struct db_sql NOW = {"replica.now", "SELECT " MICROSECONDS("UTC_TIMESTAMP(6)")};
/* ON while both threads work and the source answers; every account may read it. */
static const struct db_sql RUNNING = {
    "replica.running", "SELECT COALESCE(MAX(VARIABLE_VALUE = 'ON'), 0) FROM "
                       "information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'SLAVE_RUNNING'"};

struct config replica_config(const struct config *config)
{
    struct config c = *config;
    memcpy(c.db_host, config->replica_host, sizeof c.db_host);
    c.db_patience_ms = 0;
    return c;
}

static enum err number(struct db *db, const struct db_sql *sql, int64_t *out, struct fail *why)
{
    return db_number(db, sql, DB_NOTHING, out, why);
}

/* The newest mark that has arrived, when it is `made` or the wait is over. */
static enum err wait_for(struct db *replica, int64_t made, int64_t *there, struct fail *why)
{
    double until = clock_monotonic() + 1e-3 * REPLICA_WAIT_MS;
    enum err rc;
    while ((rc = number(replica, &LAST, there, why)) == ERR_OK && *there < made && clock_monotonic() < until)
        clock_pause(0.02);
    return rc;
}

enum err replica_ask(struct db *writer, struct db *replica, struct replica_lag *out, struct fail *why)
{
    int64_t made = 0, there = 0, now = 0, running = 0;
    enum err rc = number(replica, &RUNNING, &running, why);
    if (rc == ERR_OK)
        rc = db_exec(writer, &BEAT, DB_NOTHING, why);
    if (rc == ERR_OK)
        rc = number(writer, &LAST, &made, why);
    if (rc == ERR_OK)
        rc = wait_for(replica, made, &there, why);
    if (rc == ERR_OK)
        rc = number(writer, &NOW, &now, why);
    *out = (struct replica_lag){
        .running = running != 0, .marked = there != 0, .seconds = 1e-6 * (double)(now - there)};
    return rc;
}
