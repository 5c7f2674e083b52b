/* The site's time zone: what a day is in the views and the daily totals (sql/migrations/0030). Moments are UTC. */
#ifndef MVTI_STORE_SITE_TIME_H
#define MVTI_STORE_SITE_TIME_H

#include "store/db.h"

/* The day of created_at, in a statement that joins site_setting z ON z.name = 'time_zone'. */
#define SITE_TIME_DAY "DATE(CONVERT_TZ(created_at, '+00:00', z.value))"

/* Keeps the zone: an offset such as +09:00, or a name that the database server knows. ERR_INVALID: it does not. */
MUST_USE enum err site_time_set(struct db *db, const char *zone, struct fail *why);

#endif
