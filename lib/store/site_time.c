#include "store/site_time.h"

#include "store/change.h"

static const struct db_sql KNOWN = {"site_time.known",
                                    "SELECT CONVERT_TZ('2026-01-01', '+00:00', ?) IS NOT NULL"};
static const struct db_sql PUT = {"site_time.put",
                                  "INSERT INTO site_setting (name, value) VALUES ('time_zone', ?) "
                                  "ON DUPLICATE KEY UPDATE value = VALUES(value)"};

/* Another zone changes the days of all rows. */
static enum err set_work(struct db *db, void *arg, struct fail *why)
{
    enum err rc = db_exec(db, &PUT, DB_BIND(db_text(arg)), why);
    return rc == ERR_OK && db_affected(db) > 0 ? change_put(db, CHANGE_ZONE, 0, 0, why) : rc;
}

enum err site_time_set(struct db *db, const char *zone, struct fail *why)
{
    int64_t known;
    enum err rc = db_number(db, &KNOWN, DB_BIND(db_text(zone)), &known, why);
    if (rc == ERR_OK && known == 0)
        return fail_set(
            why, ERR_INVALID,
            "time_zone: the database server does not know \"%s\"; give the offset (+09:00), or load "
            "its names: mariadb-tzinfo-to-sql /usr/share/zoneinfo | mariadb mysql",
            zone);
    return rc == ERR_OK ? db_transaction(db, set_work, (void *)zone, why) : rc;
}
