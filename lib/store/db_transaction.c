#include "store/db.h"

#include <time.h>

#include "base/clock.h"

enum { ATTEMPTS = 5 };
/* Seconds. A deadlock is over in milliseconds; who has waited longer than this for a lock has had their turn,
 * because others wait for this process. */
static const double RETRY_WITHIN = 0.5;

/* 2, 4, 8, 16 ms: others finish meanwhile. */
static void pause_before(int attempt)
{
    struct timespec t = {.tv_nsec = (1L << attempt) * 1000000L};
    nanosleep(&t, NULL);
}

static enum err attempt_once(struct db *db, db_work_fn *work, void *arg, struct fail *why)
{
    enum err rc = db_begin(db, why);
    if (rc == ERR_OK)
        rc = work(db, arg, why);
    if (rc == ERR_OK)
        rc = db_commit(db, why);
    if (rc != ERR_OK)
        db_rollback(db);
    return rc;
}

enum err db_transaction(struct db *db, db_work_fn *work, void *arg, struct fail *why)
{
    double started = clock_monotonic();
    enum err rc = attempt_once(db, work, arg, why);
    for (int attempt = 1; attempt < ATTEMPTS && (rc == ERR_BUSY || rc == ERR_UNAVAILABLE); attempt++) {
        if (!db_may_retry(db) || (rc == ERR_BUSY && clock_monotonic() - started > RETRY_WITHIN))
            return rc;
        pause_before(attempt);
        rc = attempt_once(db, work, arg, why);
    }
    return rc;
}
