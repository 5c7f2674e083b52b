#include "store/view_opens.h"

static const struct db_sql OPENS = {
    "view_opens.read",
    "SELECT CAST(own AS SIGNED), COUNT(*), CAST(SUM(opened) AS SIGNED) FROM (SELECT v.snapshot_id = ? AS "
    "own, e.visitor_id, "
    "MAX(e.kind = 'click') AS opened FROM event e FORCE INDEX (by_time) JOIN list_view v ON v.view_id = "
    "e.view_id WHERE e.created_at >= UTC_TIMESTAMP(3) - INTERVAL ? SECOND AND e.kind IN ('impression', "
    "'click') AND e.visitor_id "
    "IS NOT NULL AND v.snapshot_id IS NOT NULL AND v.created_at >= UTC_TIMESTAMP(3) - INTERVAL ? SECOND "
    "GROUP BY own, "
    "e.visitor_id) each_visitor GROUP BY own"};

enum err view_opens_read(struct db *db, const char *snapshot, int64_t seconds, struct view_opens *out,
                         struct fail *why)
{
    struct db_rows rows;
    *out = (struct view_opens){0};
    enum err rc =
        db_query(db, &OPENS, DB_BIND(db_text(snapshot), db_int(seconds), db_int(seconds)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows))
        *(db_get_int(&rows, 0) != 0 ? &out->own : &out->others) =
            (struct view_opens_side){db_get_int(&rows, 1), db_get_int(&rows, 2)};
    return db_end(&rows, why);
}
