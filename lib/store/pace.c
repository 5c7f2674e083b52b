#include "store/pace.h"

/* When the one that stands in the way leaves the window: of the newest, the one after most − more others. The index is named because
 * MariaDB takes a visitor to have as many rows as most have: of one who has more it then reads all, and not those of the window. */
#define LEAVES(table, kinds)                                                                                 \
    "SELECT CAST(? - TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP(3)) AS SIGNED) FROM " table             \
    " FORCE INDEX (by_visitor_time) WHERE visitor_id = ? AND created_at > UTC_TIMESTAMP(3) - INTERVAL ? "    \
    "SECOND" kinds " ORDER BY created_at DESC LIMIT 1 OFFSET ?"

static const struct db_sql leaves[] = {
    [PACE_TESTS] = {"pace.tests", LEAVES("test", "")},
    [PACE_REACTIONS] = {"pace.reactions",
                        LEAVES(
                            "event",
                            " AND kind IN ('like', 'unlike', 'feedback', 'vote', 'unvote', 'mark', 'unmark', "
                            "'circle_begin', 'circle_join', 'circle_leave')")},
    [PACE_EVENTS] = {"pace.events", LEAVES("event", "")},
};

enum err pace_left(struct db *db, const struct db_sql *sql, const struct db_params *params, int64_t *wait,
                   struct fail *why)
{
    *wait = 0;
    enum err rc = db_number(db, sql, params, wait, why);
    if (rc == ERR_OK && *wait < 1)
        *wait = 1; /* it is still in the window */
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

enum err pace_wait(struct db *db, int64_t visitor_id, const struct pace *p, int64_t *wait, struct fail *why)
{
    return pace_left(
        db, &leaves[p->kind],
        DB_BIND(db_int(p->window), db_int(visitor_id), db_int(p->window), db_int(p->most - p->more)), wait,
        why);
}
