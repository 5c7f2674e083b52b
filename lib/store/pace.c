#include "store/pace.h"

/* When the one that stands in the way leaves the window: of the newest, the one after most − more others. */
#define LEAVES(table, kinds)                                                                                 \
    "SELECT CAST(? - TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP()) AS SIGNED) FROM " table              \
    " WHERE visitor_id = ? AND created_at > UTC_TIMESTAMP() - INTERVAL ? SECOND" kinds                       \
    " ORDER BY created_at DESC LIMIT 1 OFFSET ?"

static const struct db_sql leaves[] = {
    [PACE_TESTS] = {"pace.tests", LEAVES("test", "")},
    [PACE_REACTIONS] = {"pace.reactions",
                        LEAVES("event", " AND kind IN ('like', 'unlike', 'feedback', 'vote', 'unvote')")},
    [PACE_EVENTS] = {"pace.events", LEAVES("event", "")},
};

enum err pace_wait(struct db *db, enum pace_kind kind, int64_t visitor_id, int64_t more, int64_t most,
                   long window, int64_t *wait, struct fail *why)
{
    struct db_rows rows;
    *wait = 0;
    enum err rc = db_first(db, &leaves[kind],
                           DB_BIND(db_int(window), db_int(visitor_id), db_int(window), db_int(most - more)),
                           &rows, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    *wait = db_get_int(&rows, 0);
    if (*wait < 1)
        *wait = 1; /* it is still in the window */
    return db_end(&rows, why);
}
