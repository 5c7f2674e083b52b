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

void storage_close(struct db *db)
{
    db_free(db);
}
