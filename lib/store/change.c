#include "store/change.h"

#include "base/vec.h"

/* Changes a round trip moves, and a piece reads. */
enum { BLOCK = 20, COLUMNS = 4, PIECE = 1000 };

static const char *const names[] = {
    [CHANGE_EVENT] = "event", [CHANGE_VIEW] = "view",         [CHANGE_TEST] = "test",
    [CHANGE_LIKE] = "like",   [CHANGE_VOTE] = "vote",         [CHANGE_VISITOR] = "visitor",
    [CHANGE_DAY] = "day",     [CHANGE_CATALOG] = "catalog",   [CHANGE_VISITOR_DAY] = "visitor_day",
    [CHANGE_MARK] = "mark",   [CHANGE_EXPOSURE] = "exposure", [CHANGE_ROLLUP] = "rollup",
    [CHANGE_ZONE] = "zone",
};

#define INTO "INSERT IGNORE INTO change_log (what, a, b, batch) VALUES "
#define ROW "(?,?,?,?)"
#define FIVE ROW "," ROW "," ROW "," ROW "," ROW

static const struct db_sql PUT = {"change.put", "INSERT INTO change_new (what, a, b) VALUES (?, ?, ?)"};
/* Who seals holds the newest batch: of two at once one waits. */
static const struct db_sql NEWEST = {"change.newest",
                                     "SELECT batch FROM change_batch ORDER BY batch DESC LIMIT 1 FOR UPDATE"};
static const struct db_sql BEGIN = {
    "change.begin", "INSERT INTO change_batch (batch, sealed_at) VALUES (?, UTC_TIMESTAMP(3))"};
/* Reads without locks what is committed, and so waits for nobody. */
static const struct db_sql WAITING = {
    "change.waiting",
    "SELECT change_id, what, a, b FROM change_new WHERE change_id > ? ORDER BY change_id LIMIT ?"};
static const struct db_sql ONE = {"change.log", INTO ROW};
static const struct db_sql MANY = {"change.log_block", INTO FIVE "," FIVE "," FIVE "," FIVE};
/* One by one: a statement about several may look at, and so wait for, what somebody is still writing between them. */
static const struct db_sql TAKEN = {"change.taken", "DELETE FROM change_new WHERE change_id = ?"};
static const struct db_sql OLD = {
    "change.old", "SELECT COALESCE(MAX(batch), 0) FROM change_batch WHERE sealed_at < UTC_TIMESTAMP(3) - "
                  "INTERVAL ? DAY"};
static const struct db_sql FORGET = {"change.forget",
                                     "DELETE FROM change_log WHERE batch <= ? ORDER BY batch LIMIT ?"};
static const struct db_sql FORGET_BATCHES = {"change.forget_batches",
                                             "DELETE FROM change_batch WHERE batch < ?"};
static const struct db_sql SPAN = {
    "change.span", "SELECT COALESCE(MIN(batch), 0), COALESCE(MAX(batch), 0) FROM change_batch"};
static const struct db_sql ANY = {
    "change.any", "SELECT EXISTS (SELECT 1 FROM change_log WHERE what = ? AND batch > ? AND batch <= ?)"};

struct moved {
    int64_t id, a, b;
    char what[13];
};

const char *change_name(enum change_what what)
{
    return names[what];
}

enum err change_put(struct db *db, enum change_what what, int64_t a, int64_t b, struct fail *why)
{
    return db_exec(db, &PUT, DB_BIND(db_text(names[what]), db_int(a), db_int(b)), why);
}

enum err change_one(struct db *db, enum change_what what, int64_t id, struct fail *why)
{
    return change_put(db, what, id, id, why);
}

/* ---- sealing ---- */

static enum err read_piece(struct db *db, int64_t after, struct vec *out, struct fail *why)
{
    struct db_rows rows;
    out->len = 0;
    enum err rc = db_query(db, &WAITING, DB_BIND(db_int(after), db_int(PIECE)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows)) {
        struct moved m = {db_get_int(&rows, 0), db_get_int(&rows, 2), db_get_int(&rows, 3), ""};
        const char *what = db_get_text(&rows, 1);
        for (size_t i = 0; i + 1 < sizeof m.what && what[i] != '\0'; i++)
            m.what[i] = what[i];
        rc = vec_push(out, &m) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
    }
    return db_end_with(&rows, rc, why);
}

static enum err log_piece(struct db *db, const struct moved *m, size_t n, int64_t batch, struct fail *why)
{
    struct db_value values[BLOCK * COLUMNS];
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < n;) {
        size_t rows = n - i >= BLOCK ? BLOCK : 1;
        for (size_t r = 0; r < rows; r++) {
            struct db_value *v = values + r * COLUMNS;
            v[0] = db_text(m[i + r].what);
            v[1] = db_int(m[i + r].a);
            v[2] = db_int(m[i + r].b);
            v[3] = db_int(batch);
        }
        rc = db_exec(db, rows == BLOCK ? &MANY : &ONE, DB_VALUES(values, rows * COLUMNS), why);
        i += rows;
    }
    for (size_t i = 0; rc == ERR_OK && i < n; i++)
        rc = db_exec(db, &TAKEN, DB_BIND(db_int(m[i].id)), why);
    return rc;
}

/* One transaction, so that a batch is whole when anybody can see it. */
static enum err seal_work(struct db *db, void *arg, struct fail *why)
{
    int64_t *batch = arg, last = 0;
    struct vec piece = VEC_OF(struct moved);
    enum err rc = db_number(db, &NEWEST, DB_NOTHING, batch, why);
    ++*batch;
    if (rc == ERR_OK)
        rc = db_exec(db, &BEGIN, DB_BIND(db_int(*batch)), why);
    do {
        if (rc == ERR_OK)
            rc = read_piece(db, last, &piece, why);
        if (rc == ERR_OK && piece.len > 0) {
            last = ((struct moved *)piece.data)[piece.len - 1].id;
            rc = log_piece(db, piece.data, piece.len, *batch, why);
        }
    } while (rc == ERR_OK && piece.len == PIECE);
    vec_free(&piece);
    return rc;
}

enum err change_seal(struct db *db, int64_t *batch, struct fail *why)
{
    return db_transaction(db, seal_work, batch, why);
}

/* ---- forgetting ---- */

enum err change_expire(struct db *db, long days, long most, int64_t *n, struct fail *why)
{
    int64_t batch, old = 0;
    *n = 0;
    enum err rc = change_seal(db, &batch, why);
    if (rc == ERR_OK)
        rc = db_number(db, &OLD, DB_BIND(db_int(days)), &old, why);
    /* The batch goes first: what is kept since is told by the oldest there is, and its own changes are of no use. */
    if (rc == ERR_OK)
        rc = db_exec(db, &FORGET_BATCHES, DB_BIND(db_int(old)), why);
    return rc == ERR_OK ? db_exec_count(db, &FORGET, DB_BIND(db_int(old), db_int(most)), n, why) : rc;
}

/* ---- asking ---- */

enum err change_span(struct db *db, struct change_span *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &SPAN, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct change_span){db_get_int(&rows, 0), db_get_int(&rows, 1)};
    return db_end(&rows, why);
}

enum err change_any(struct db *db, enum change_what what, int64_t after, int64_t until, bool *any,
                    struct fail *why)
{
    int64_t found = 0;
    enum err rc =
        db_number(db, &ANY, DB_BIND(db_text(names[what]), db_int(after), db_int(until)), &found, why);
    *any = found != 0;
    return rc;
}
