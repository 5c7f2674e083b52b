#include "store/list_figures.h"

#include <stdio.h>

#include "store/db_list.h"

#define SUMS                                                                                                 \
    ", CAST(SUM(l.impressions) AS SIGNED), CAST(SUM(l.clicks) AS SIGNED), CAST(SUM(l.likes) AS SIGNED), "    \
    "CAST(SUM(l.chosen) AS SIGNED) FROM list_day l JOIN site_setting z ON z.name = 'time_zone' "             \
    "WHERE l.list NOT IN ('survey', 'enneagram') AND "                                                       \
    "l.day > DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', z.value)) - INTERVAL ? DAY "
static const struct db_sql READ[LIST_FIGURES_KINDS] = {
    {"list_figures.list",
     "SELECT l.list, -1, ''" SUMS "GROUP BY l.list ORDER BY SUM(l.impressions) DESC, l.list LIMIT 400"},
    {"list_figures.position",
     "SELECT l.list, l.position, ''" SUMS
     "AND l.position BETWEEN 0 AND 19 GROUP BY l.list, l.position ORDER BY l.list, l.position LIMIT 400"},
    {"list_figures.snapshot",
     "SELECT l.list, -1, l.snapshot_id" SUMS "AND l.snapshot_id <> '' GROUP BY l.list, l.snapshot_id ORDER "
     "BY l.list, MAX(l.day) DESC, l.snapshot_id LIMIT 400"},
};

static enum err read_row(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a, (void)why;
    struct list_figure *f = item;
    snprintf(f->list, sizeof f->list, "%s", db_get_text(rows, 0));
    f->position = db_get_int(rows, 1);
    snprintf(f->snapshot, sizeof f->snapshot, "%s", db_get_text(rows, 2));
    f->impressions = db_get_int(rows, 3);
    f->clicks = db_get_int(rows, 4);
    f->likes = db_get_int(rows, 5);
    f->chosen = db_get_int(rows, 6);
    return ERR_OK;
}

enum err list_figures_read(struct db *db, int64_t days, enum list_figures_by by, struct arena *a,
                           struct list_figures *out, struct fail *why)
{
    const struct db_list list = {.sql = &READ[by],
                                 .params = DB_BIND(db_int(days)),
                                 .most = LIST_FIGURES_MOST,
                                 .item = sizeof *out->items,
                                 .read = read_row};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}
