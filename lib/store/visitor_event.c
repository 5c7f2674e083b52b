#include "store/db_list.h"
#include "store/outbox.h"
#include "store/visitor_event.h"

enum { BLOCK = 10, COLUMNS = 11, MICROSECONDS = 1000 };

#define INTO                                                                                                 \
    "INSERT INTO event (visitor_id, test_id, kind, character_id, movie_id, list, position, view_id, value, " \
    "took_ms, browser_at, created_at) VALUES "
/* Not FROM_UNIXTIME, which ends in 2038: a browser's clock may say anything. */
#define ROW                                                                                                  \
    "(?,?,?,?,?,?,?,?,?,?,CAST('1970-01-01' AS DATETIME(3)) + INTERVAL ? MICROSECOND,UTC_TIMESTAMP(3))"

static const struct db_sql ONE = {"event.insert", INTO ROW};
static const struct db_sql MANY = {"event.insert_block", INTO ROW "," ROW "," ROW "," ROW "," ROW "," ROW
                                                                  "," ROW "," ROW "," ROW "," ROW};
/* The server says the first number of a statement; the others follow in steps of more than one where several servers write. */
static const struct db_sql LOG = {"event.log",
                                  "INSERT INTO change_new (what, a, b) VALUES ('event', ?, ? + ? * "
                                  "@@SESSION.auto_increment_increment)"};
#define LIST_COLUMNS                                                                                         \
    "SELECT kind, COALESCE(test_id, 0), COALESCE(character_id, -1), COALESCE(movie_id, -1), list, "          \
    "COALESCE(position, -1), value, CAST(UNIX_TIMESTAMP(created_at) * 1000 AS SIGNED), event_id FROM event "
/* The bounds of the visitor are equal, and said like this: with "=" the optimizer may read from the newest
 * row on to the page that was asked for. */
static const struct db_sql LIST = {"event.list", LIST_COLUMNS
                                   "WHERE visitor_id = ? ORDER BY created_at DESC, event_id DESC LIMIT ?"};
static const struct db_sql LIST_AFTER = {
    "event.list_after",
    LIST_COLUMNS "FORCE INDEX (by_visitor_time) WHERE visitor_id >= ? AND visitor_id <= ? AND created_at <= "
                 "FROM_UNIXTIME(? / 1000) AND "
                 "(created_at < FROM_UNIXTIME(? / 1000) OR event_id < ?) ORDER BY visitor_id DESC, "
                 "created_at DESC, event_id "
                 "DESC LIMIT ?"};

struct visitor_event visitor_event_of(const char *kind)
{
    return (struct visitor_event){.kind = kind,
                                  .character_id = VISITOR_EVENT_NONE,
                                  .movie_id = VISITOR_EVENT_NONE,
                                  .position = VISITOR_EVENT_NONE,
                                  .took_ms = VISITOR_EVENT_NONE};
}

static struct db_value or_null(int32_t value)
{
    return value >= 0 ? db_int(value) : db_null();
}

static void put(int64_t visitor_id, const struct visitor_event *e, struct db_value *v)
{
    v[0] = db_int(visitor_id);
    v[1] = e->test_id > 0 ? db_int(e->test_id) : db_null();
    v[2] = db_text(e->kind);
    v[3] = or_null(e->character_id);
    v[4] = or_null(e->movie_id);
    v[5] = db_text(e->list);
    v[6] = or_null(e->position);
    v[7] = e->view_id > 0 ? db_int(e->view_id) : db_null();
    v[8] = db_text(e->value);
    v[9] = or_null(e->took_ms);
    v[10] = e->browser_ms > 0 ? db_int(e->browser_ms * MICROSECONDS) : db_null();
}

/* One change for all of them (store/change.h). What others wrote in between is looked at as well, which costs little and does no harm. */
static enum err log_stored(struct db *db, int64_t first, int64_t last, size_t rows, struct fail *why)
{
    return db_exec(db, &LOG, DB_BIND(db_int(first), db_int(last), db_int((int64_t)rows - 1)), why);
}

/* Those of one statement, of which the first has the number `first`. */
static enum err share(struct db *db, const struct visitor_event *events, int64_t first, size_t n,
                      struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < n; i++)
        if (events[i].shared)
            rc = outbox_put(db, first, (int64_t)i, why);
    return rc;
}

enum err visitor_event_store(struct db *db, int64_t visitor_id, const struct visitor_event *events, size_t n,
                             struct fail *why)
{
    struct db_value values[BLOCK * COLUMNS];
    int64_t first = 0, last = 0;
    size_t last_rows = 0;
    for (size_t i = 0; i < n;) {
        size_t rows = n - i >= BLOCK ? BLOCK : 1;
        for (size_t r = 0; r < rows; r++)
            put(visitor_id, &events[i + r], values + r * COLUMNS);
        enum err rc = db_exec(db, rows == BLOCK ? &MANY : &ONE, DB_VALUES(values, rows * COLUMNS), why);
        if (rc != ERR_OK)
            return rc;
        last = db_insert_id(db);
        first = i == 0 ? last : first;
        rc = share(db, events + i, last, rows, why);
        if (rc != ERR_OK)
            return rc;
        i += rows;
        last_rows = rows;
    }
    return n > 0 ? log_stored(db, first, last, last_rows, why) : ERR_OK;
}

static enum err read_event(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct visitor_event *e = item;
    bool listed = !db_is_null(rows, 4), valued = !db_is_null(rows, 6);
    *e = (struct visitor_event){
        .kind = arena_strdup(a, db_get_text(rows, 0)),
        .test_id = db_get_int(rows, 1),
        .character_id = (int32_t)db_get_int(rows, 2),
        .movie_id = (int32_t)db_get_int(rows, 3),
        .list = listed ? arena_strdup(a, db_get_text(rows, 4)) : NULL,
        .position = (int)db_get_int(rows, 5),
        .value = valued ? arena_strdup(a, db_get_text(rows, 6)) : NULL,
        .created_ms = db_get_int(rows, 7),
        .event_id = db_get_int(rows, 8),
    };
    return db_list_stored(e->kind != NULL && (e->list != NULL || !listed) && (e->value != NULL || !valued),
                          why);
}

enum err visitor_event_list(struct db *db, int64_t visitor_id, struct visitor_events *page, struct arena *a,
                            struct fail *why)
{
    const struct visitor_event *after = page->after;
    struct db_value id = db_int(visitor_id), limit = db_int((int64_t)page->most);
    const struct db_list list = {.sql = after == NULL ? &LIST : &LIST_AFTER,
                                 .params = after == NULL ? DB_BIND(id, limit)
                                                         : DB_BIND(id, id, db_int(after->created_ms),
                                                                   db_int(after->created_ms),
                                                                   db_int(after->event_id), limit),
                                 .most = page->most,
                                 .item = sizeof *after,
                                 .read = read_event};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    page->items = found.at;
    page->n = found.n;
    return rc;
}
