#include "store/figures.h"

#include <stdio.h>
#include <string.h>

#include "store/db_list.h"

const char *const figure_names[FIGURES] = {"visitors", "new_visitors", "tests",  "likes",     "watch",
                                           "shares",   "impressions",  "clicks", "thumbs_up", "thumbs_down"};
const char *const figure_steps[FIGURE_STEPS] = {"landing",    "start", "question", "choose", "result",
                                                "impression", "click", "like",     "watch",  "share"};
const char *const figures_span_names[FIGURES_SPANS] = {"today", "same_day", "this_week", "same_days",
                                                       "last_week"};

#define DATE_OF(day) "COALESCE(DATE_FORMAT(" day ", '%Y-%m-%d'), '')"
#define AGO(days) "day - INTERVAL " days " DAY"
#define MONDAY "day - INTERVAL WEEKDAY(day) DAY"
static const struct db_sql CALENDAR = {
    "figures.calendar",
    "SELECT zone, CAST(COALESCE((SELECT UNIX_TIMESTAMP(created_at) FROM event WHERE event_id <= "
    "(SELECT event_id FROM rollup_state WHERE name = 'events') ORDER BY event_id DESC LIMIT 1), 0) AS "
    "SIGNED), " DATE_OF(AGO("34")) ", " DATE_OF("day") ", " DATE_OF(AGO("7")) ", " DATE_OF(
        MONDAY) ", " DATE_OF(MONDAY
                             " - INTERVAL 7 DAY") ", " DATE_OF(MONDAY
                                                               " - INTERVAL 1 DAY") " FROM (SELECT value AS "
                                                                                    "zone, COALESCE(CAST(? "
                                                                                    "AS DATE), "
                                                                                    "DATE(CONVERT_TZ(UTC_"
                                                                                    "TIMESTAMP(), '+00:00', "
                                                                                    "value))) AS day "
                                                                                    "FROM site_setting WHERE "
                                                                                    "name = 'time_zone') d"};

#define LOCAL_DAY(table) "DATE(CONVERT_TZ(" table ".created_at, '+00:00', z.value))"
#define WITHIN(table)                                                                                        \
    table ".created_at >= CONVERT_TZ(CAST(? AS DATETIME), z.value, '+00:00') AND " table                     \
          ".created_at < CONVERT_TZ(CAST(? AS DATETIME) + INTERVAL 1 DAY, z.value, '+00:00')"
#define ZONE " JOIN site_setting z ON z.name = 'time_zone' "
#define OF(kind) ", IF(kind = '" kind "', n, 0)"
static const struct db_sql DAYS = {
    "figures.days",
    "WITH RECURSIVE calendar AS (SELECT CAST(? AS DATE) AS day UNION ALL SELECT day + INTERVAL 1 DAY FROM "
    "calendar WHERE day < ?) "
    "SELECT DATE_FORMAT(day, '%Y-%m-%d'), CAST(SUM(a) AS SIGNED), CAST(SUM(b) AS SIGNED), CAST(SUM(c) AS "
    "SIGNED), "
    "CAST(SUM(d) AS SIGNED), CAST(SUM(e) AS SIGNED), CAST(SUM(f) AS SIGNED), CAST(SUM(g) AS SIGNED), "
    "CAST(SUM(h) AS SIGNED), CAST(SUM(i) AS SIGNED), CAST(SUM(j) AS SIGNED) FROM ("
    "SELECT day, 0 AS a, 0 AS b, 0 AS c, 0 AS d, 0 AS e, 0 AS f, 0 AS g, 0 AS h, 0 AS i, 0 AS j FROM "
    "calendar "
    "UNION ALL SELECT day, COUNT(*), 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM visitor_day WHERE day BETWEEN ? AND ? "
    "GROUP BY day "
    "UNION ALL SELECT day, 0, visitors, 0, 0, 0, 0, 0, 0, 0, 0 FROM day_total WHERE day BETWEEN ? AND ? "
    "UNION ALL SELECT day, 0, 0, 0" OF("like") OF("watch") OF("share") OF("impression")
        OF("click") ", 0, 0 FROM event_day WHERE day BETWEEN ? AND ? "
                    "UNION ALL SELECT " LOCAL_DAY(
                        "v") ", 0, COUNT(*), 0, 0, 0, 0, 0, 0, 0, 0 FROM visitor v" ZONE
                             "WHERE " WITHIN(
                                 "v") " GROUP BY 1 "
                                      "UNION ALL SELECT " LOCAL_DAY(
                                          "t") ", 0, 0, COUNT(*), 0, 0, 0, 0, 0, SUM(t.feedback = 'up'), "
                                               "SUM(t.feedback = 'down') FROM test t" ZONE "WHERE " WITHIN(
                                                   "t") " GROUP BY 1"
                                                        ") counted GROUP BY day ORDER BY day LIMIT 400"};
static const struct db_sql PEOPLE = {
    "figures.people", "SELECT COUNT(DISTINCT visitor_id) FROM visitor_day WHERE day BETWEEN ? AND ?"};

#define REACHED(column) "CAST(COALESCE(SUM(" column " > 0), 0) AS SIGNED)"
#define SUMS(column) "SUM(" column ") AS " column
static const struct db_sql REACH = {"figures.reach", "SELECT " REACHED(
                                                         "landing") ", " REACHED("start") ", " REACHED("quest"
                                                                                                       "ion") ", " REACHED("choose") ", " REACHED("result") ", " REACHED("impression") ", " REACHED("click") ", " REACHED("liked") ", " REACHED("watch") ", " REACHED("share") " FROM (SELECT " SUMS("landing") ", " SUMS("start") ", " SUMS("question") ", " SUMS("choose") ", " SUMS("result") ", " SUMS("impression") ", " SUMS("click") ", " SUMS("liked") ", " SUMS("watch") ", " SUMS("share") " FROM visitor_day WHERE day BETWEEN ? AND ? GROUP BY visitor_id) reached"};
static const struct db_sql EVENTS = {
    "figures.events",
    "SELECT kind, CAST(SUM(n) AS SIGNED) FROM event_day WHERE day BETWEEN ? AND ? GROUP BY kind"};

static void set_span(struct figures_calendar *c, enum figures_span span, const char *from, const char *to)
{
    snprintf(c->spans[span].from, FIGURES_DATE, "%s", from);
    snprintf(c->spans[span].to, FIGURES_DATE, "%s", to);
}

static void set_spans(struct figures_calendar *c, struct db_rows *rows)
{
    char day[5][FIGURES_DATE]; /* today, a week ago, Monday, Monday a week ago, Sunday before Monday */
    for (unsigned i = 0; i < 5; i++)
        snprintf(day[i], sizeof day[i], "%s", db_get_text(rows, 3 + i));
    set_span(c, FIGURES_TODAY, day[0], day[0]);
    set_span(c, FIGURES_SAME_DAY, day[1], day[1]);
    set_span(c, FIGURES_WEEK, day[2], day[0]);
    set_span(c, FIGURES_SAME_DAYS, day[3], day[1]);
    set_span(c, FIGURES_LAST_WEEK, day[3], day[4]);
}

/* MariaDB reads many things as a date; we do not. */
static bool is_date(const char *s)
{
    static const char form[] = "0000-00-00";
    size_t i = 0;
    for (; form[i] != '\0' && s[i] != '\0'; i++)
        if (form[i] == '-' ? s[i] != '-' : s[i] < '0' || s[i] > '9')
            return false;
    return form[i] == '\0' && s[i] == '\0';
}

enum err figures_calendar(struct db *db, const char *day, struct figures_calendar *out, struct fail *why)
{
    struct db_rows rows;
    *out = (struct figures_calendar){0};
    if (day != NULL && !is_date(day))
        return fail_set(why, ERR_INVALID, "'%.20s' is not a date such as 2026-11-30", day);
    enum err rc = db_first(db, &CALENDAR, DB_BIND(db_text(day)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    snprintf(out->zone, sizeof out->zone, "%s", db_get_text(&rows, 0));
    out->counted = db_get_int(&rows, 1);
    snprintf(out->first, sizeof out->first, "%s", db_get_text(&rows, 2));
    set_spans(out, &rows);
    rc = db_end(&rows, why);
    if (rc == ERR_OK && day != NULL && strcmp(out->spans[FIGURES_TODAY].to, day) != 0)
        return fail_set(why, ERR_INVALID, "there is no day %s", day);
    return rc;
}

static enum err read_day(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a, (void)why;
    struct figures_day *d = item;
    snprintf(d->day, sizeof d->day, "%s", db_get_text(rows, 0));
    for (unsigned i = 0; i < FIGURES; i++)
        d->n[i] = db_get_int(rows, 1 + i);
    return ERR_OK;
}

enum err figures_days(struct db *db, const char *first, const char *last, struct arena *a,
                      struct figures_days *out, struct fail *why)
{
    struct db_value f = db_text(first), l = db_text(last);
    const struct db_list list = {.sql = &DAYS,
                                 .params = DB_BIND(f, l, f, l, f, l, f, l, f, l, f, l),
                                 .most = 400,
                                 .item = sizeof *out->items,
                                 .read = read_day};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}

enum err figures_fill(struct db *db, const struct figures_days *days, struct figures_period *p,
                      struct fail *why)
{
    memset(p->n, 0, sizeof p->n);
    for (size_t d = 0; d < days->n; d++)
        if (strcmp(days->items[d].day, p->from) >= 0 && strcmp(days->items[d].day, p->to) <= 0)
            for (size_t i = 0; i < FIGURES; i++)
                p->n[i] += days->items[d].n[i];
    return db_number(db, &PEOPLE, DB_BIND(db_text(p->from), db_text(p->to)), &p->n[FIGURE_VISITORS], why);
}

enum err figures_funnel(struct db *db, const char *from, const char *to,
                        struct figures_step out[FIGURE_STEPS], struct fail *why)
{
    struct db_rows rows;
    memset(out, 0, FIGURE_STEPS * sizeof *out);
    enum err rc = db_first(db, &REACH, DB_BIND(db_text(from), db_text(to)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    for (unsigned i = 0; i < FIGURE_STEPS; i++)
        out[i].people = db_get_int(&rows, i);
    rc = db_end(&rows, why);
    if (rc == ERR_OK)
        rc = db_query(db, &EVENTS, DB_BIND(db_text(from), db_text(to)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows))
        for (size_t i = 0; i < FIGURE_STEPS; i++)
            if (strcmp(figure_steps[i], db_get_text(&rows, 0)) == 0)
                out[i].events = db_get_int(&rows, 1);
    return db_end(&rows, why);
}
