#include "store/db.h"

#include <time.h>

#include "base/clock.h"
#include "store/db_connection.h"

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

/* What is to be done, and how. */
struct task {
    db_work_fn *work;
    void *arg;
    bool unlocked, once;
};

static enum err attempt_once(struct db *db, const struct task *t, struct fail *why)
{
    static const char unlocked[] = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";
    enum err rc = t->unlocked ? db_exec_text(db, unlocked, sizeof unlocked - 1, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = db_begin(db, why);
    if (rc == ERR_OK)
        rc = t->work(db, t->arg, why);
    if (rc == ERR_OK)
        rc = db_commit(db, why);
    if (rc != ERR_OK)
        db_rollback(db);
    return rc;
}

/* Whether to run it again, after a pause. A database that has gone is waited for as long as is set, beyond the few attempts. */
static bool again(struct db *db, const struct task *t, enum err rc, int attempt, double started)
{
    bool unknown = t->once && db->unknown;
    if ((rc != ERR_BUSY && rc != ERR_UNAVAILABLE) || !(db_may_retry(db) || unknown))
        return false;
    if (rc == ERR_BUSY && clock_monotonic() - started > RETRY_WITHIN)
        return false;
    if (attempt >= ATTEMPTS || unknown)
        return rc == ERR_UNAVAILABLE && db_waits(db, started);
    pause_before(attempt);
    return true;
}

static enum err run(struct db *db, const struct task *t, struct fail *why)
{
    double started = clock_monotonic();
    enum err rc;
    int attempt = 0;
    do
        rc = attempt_once(db, t, why);
    while (again(db, t, rc, ++attempt, started));
    return rc;
}

enum err db_transaction(struct db *db, db_work_fn *work, void *arg, struct fail *why)
{
    return run(db, &(struct task){.work = work, .arg = arg}, why);
}

enum err db_transaction_unlocked(struct db *db, db_work_fn *work, void *arg, struct fail *why)
{
    return run(db, &(struct task){.work = work, .arg = arg, .unlocked = true}, why);
}

enum err db_transaction_once(struct db *db, db_work_fn *work, void *arg, struct fail *why)
{
    return run(db, &(struct task){.work = work, .arg = arg, .once = true}, why);
}
