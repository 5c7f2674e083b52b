#include "store/today.h"

#define MIDNIGHT                                                                                             \
    "(SELECT CONVERT_TZ(DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', z.value)), z.value, '+00:00') "           \
    "FROM site_setting z WHERE z.name = 'time_zone')"

static const struct db_sql TESTS = {"today.tests",
                                    "SELECT COUNT(*) FROM (SELECT 1 FROM test WHERE created_at >= " MIDNIGHT
                                    " LIMIT ?) newest"};
static const struct db_sql MET = {
    "today.met", "SELECT r.character_id, COUNT(DISTINCT t.visitor_id) AS people FROM (SELECT test_id, "
                 "visitor_id FROM test WHERE "
                 "created_at >= " MIDNIGHT
                 " ORDER BY created_at DESC LIMIT 1000) t JOIN visitor v ON v.visitor_id = t.visitor_id "
                 "AND (v.counted = 1 OR EXISTS (SELECT 1 FROM account a WHERE a.visitor_id = v.visitor_id)) "
                 "JOIN test_result r ON r.test_id = t.test_id AND r.list = 'same' AND r.position = 0 "
                 "GROUP BY r.character_id HAVING people > 1 ORDER BY people DESC, r.character_id LIMIT ?"};

enum err today_read(struct db *db, struct today *out, struct fail *why)
{
    struct db_rows rows;
    *out = (struct today){0};
    enum err rc = db_number(db, &TESTS, DB_BIND(db_int(TODAY_TESTS + 1)), &out->tests, why);
    out->more = out->tests > TODAY_TESTS;
    if (out->more)
        out->tests = TODAY_TESTS;
    if (rc == ERR_OK)
        rc = db_query(db, &MET, DB_BIND(db_int(TODAY_MET)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (out->n_met < TODAY_MET && db_next(&rows))
        out->met[out->n_met++] = (int32_t)db_get_int(&rows, 0);
    return db_end(&rows, why);
}
