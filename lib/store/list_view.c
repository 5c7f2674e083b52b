#include "store/list_view.h"

#include "store/change.h"

static const struct db_sql PUT = {
    "list_view.put", "INSERT INTO list_view (view_id, list, snapshot_id, ranker, created_at) "
                     "VALUES (?,?,?,?,UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE view_id = view_id"};

enum err list_view_store(struct db *db, const struct list_view *views, size_t n, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        rc = db_exec(db, &PUT,
                     DB_BIND(db_int(views[i].view_id), db_text(views[i].list), db_text(views[i].snapshot_id),
                             db_text(views[i].ranker)),
                     why);
        if (rc == ERR_OK && db_affected(db) > 0)
            rc = change_one(db, CHANGE_VIEW, views[i].view_id, why);
    }
    return rc;
}
