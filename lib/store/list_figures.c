#include "store/list_figures.h"

#include <stdio.h>

#include "store/db_list.h"

#define SUM_OF(column) ", CAST(SUM(l." column ") AS SIGNED)"
#define SHOWN SUM_OF("impressions") SUM_OF("clicks") SUM_OF("likes")
#define DAYS                                                                                                 \
    "JOIN site_setting z ON z.name = 'time_zone' WHERE l.list NOT IN ('survey', 'enneagram') AND "           \
    "l.day > DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', z.value)) - INTERVAL ? DAY "
#define OF_LISTS SHOWN SUM_OF("chosen") " FROM list_day l " DAYS
static const struct db_sql READ[LIST_FIGURES_KINDS] = {
    {"list_figures.list", "SELECT l.list, -1, '', '', 0" OF_LISTS
                          "GROUP BY l.list ORDER BY SUM(l.impressions) DESC, l.list LIMIT 400"},
    {"list_figures.position",
     "SELECT l.list, l.position, '', '', 0" OF_LISTS
     "AND l.position BETWEEN 0 AND 19 GROUP BY l.list, l.position ORDER BY l.list, l.position LIMIT 400"},
    {"list_figures.snapshot", "SELECT l.list, -1, l.snapshot_id, '', 0" OF_LISTS
                              "AND l.snapshot_id <> '' GROUP BY l.list, l.snapshot_id ORDER "
                              "BY l.list, MAX(l.day) DESC, l.snapshot_id LIMIT 400"},
    {"list_figures.ranker", "SELECT l.list, -1, l.ranker, '', 0" SHOWN ", 0 FROM ranker_day l " DAYS
                            "GROUP BY l.list, l.ranker ORDER BY l.list, SUM(l.impressions) DESC, l.ranker "
                            "LIMIT 400"},
    {"list_figures.variant",
     "SELECT l.list, -1, v.name, x.name, x.experiment_id" SHOWN ", 0 FROM variant_day l JOIN experiment x ON "
     "x.experiment_id = l.experiment_id JOIN experiment_variant v ON v.experiment_id = l.experiment_id AND "
     "v.position = l.position " DAYS "GROUP BY x.experiment_id, l.position, l.list, x.name, v.name ORDER BY "
     "x.experiment_id DESC, l.list, l.position LIMIT 400"},
};

static enum err read_row(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a, (void)why;
    struct list_figure *f = item;
    snprintf(f->list, sizeof f->list, "%s", db_get_text(rows, 0));
    f->position = db_get_int(rows, 1);
    snprintf(f->by, sizeof f->by, "%s", db_get_text(rows, 2));
    snprintf(f->experiment, sizeof f->experiment, "%s", db_get_text(rows, 3));
    f->experiment_id = db_get_int(rows, 4);
    f->impressions = db_get_int(rows, 5);
    f->clicks = db_get_int(rows, 6);
    f->likes = db_get_int(rows, 7);
    f->chosen = db_get_int(rows, 8);
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
