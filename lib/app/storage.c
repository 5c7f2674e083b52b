#include "app/storage.h"

#include "store/db.h"

struct db *storage_open(const struct config *config)
{
    return db_new(config, 0);
}

bool storage_answers(struct db *db)
{
    return db != NULL && db_ping(db, NULL) == ERR_OK;
}

struct storage_work storage_work(const struct db *db)
{
    struct storage_work w = {0};
    if (db != NULL) {
        const struct db_work *d = db_work(db);
        w = (struct storage_work){d->statements, d->failures, d->seconds, d->away_until};
    }
    return w;
}

void storage_close(struct db *db)
{
    db_free(db);
}
