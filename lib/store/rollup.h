/* Counts of events by the day and by the hour (sql/migrations/0035, 0086), kept incrementally: each event is added once, in the transaction that says how far the
 * counting has come, so that a run that was cut off leaves nothing counted twice or left out. */
#ifndef MVTI_STORE_ROLLUP_H
#define MVTI_STORE_ROLLUP_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* Numbers are given before the commit, so a younger event may still be missing among older numbers. */
enum { ROLLUP_SETTLED = 60 /* seconds */, ROLLUP_LEAST = 2000, ROLLUP_MOST = 64000 };

/* One piece: counts at most `most` events that are older than ROLLUP_SETTLED. *n: how many; 0: there are
 * none. Events, tests and renderings of lists are read without locks, so whoever writes them does not wait;
 * whoever calls what stands below waits for the end of the piece. */
MUST_USE enum err rollup_some(struct db *db, int64_t most, int64_t *n, struct fail *why);
/* How many events the next piece should have, after one of `most` took `seconds`: as many as take about half a second, because whoever deletes
 * themselves waits for its end, and gives up after db_timeout_ms; and each piece has the cost of its statements. From ROLLUP_LEAST, which is the
 * first, to ROLLUP_MOST. */
int64_t rollup_pace(int64_t most, double seconds);
/* Whether events of before `hours` ago are still not counted: the hourly run does not come. */
MUST_USE enum err rollup_late(struct db *db, long hours, bool *late, struct fail *why);
/* Forgets what was counted since the day of the oldest event there is, with which the next pieces begin: for another time zone. Older days keep
 * the counts of the old one, and that day loses what was deleted of it. */
MUST_USE enum err rollup_forget(struct db *db, struct fail *why);

/* Inside a transaction: the days of a visitor become those of another one, or nobody's. */
MUST_USE enum err rollup_move(struct db *db, int64_t from, int64_t to, struct fail *why);
MUST_USE enum err rollup_drop(struct db *db, int64_t visitor_id, struct fail *why);
/* Inside a transaction: nobody knows any more which result it was that was shared. */
MUST_USE enum err rollup_drop_test(struct db *db, int64_t test_id, struct fail *why);

#endif
