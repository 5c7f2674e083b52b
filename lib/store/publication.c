#include "store/publication.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "store/db_list.h"

static const struct db_sql INSERT = {
    "publication.insert",
    "INSERT INTO publication (decided_at, action, outcome, snapshot_id, was_live, decision, decided_by, "
    "held_hash, reason) VALUES (FROM_UNIXTIME(? / 1000), ?, ?, ?, ?, ?, ?, ?, ?)"};
static const struct db_sql INSERT_SCORE = {
    "publication.insert_score",
    "INSERT INTO publication_score (publication_id, people, n_people, live_ndcg, new_ndcg, difference, low, "
    "high) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};
static const struct db_sql INSERT_MODEL = {
    "publication.insert_model", "INSERT IGNORE INTO snapshot_model (snapshot_id, model_hash, kind, "
                                "dataset_hash, weight) VALUES (?, ?, ?, ?, ?)"};
static const struct db_sql MARK_RUNS = {
    "publication.mark_runs", "UPDATE training_run r JOIN snapshot_model m ON m.model_hash = r.model_hash "
                             "SET r.snapshot_id = m.snapshot_id WHERE m.snapshot_id = ?"};
static const struct db_sql LIVE = {
    "publication.live",
    "SELECT snapshot_id FROM publication WHERE outcome = 'live' ORDER BY publication_id DESC LIMIT 1"};
static const struct db_sql LIST = {
    "publication.list",
    "SELECT publication_id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', decided_at) DIV 1000, action, outcome, "
    "snapshot_id, was_live, decision, decided_by, held_hash, reason FROM publication "
    "ORDER BY publication_id DESC LIMIT ?"};
static const struct db_sql SCORES = {
    "publication.scores", "SELECT people, n_people, live_ndcg, new_ndcg, difference, low, high FROM "
                          "publication_score WHERE publication_id = ? ORDER BY people DESC LIMIT 3"};
static const struct db_sql ORIGINS = {
    "publication.origins", "SELECT m.kind, m.weight, m.model_hash, m.dataset_hash, COALESCE(r.run_id, 0), "
                           "CAST(COALESCE(UNIX_TIMESTAMP(r.ended_at), 0) AS SIGNED) FROM snapshot_model m "
                           "LEFT JOIN training_run r ON "
                           "r.model_hash = m.model_hash WHERE m.snapshot_id = ? ORDER BY m.weight IS NULL, "
                           "m.weight DESC, m.kind LIMIT 32"};

struct storing {
    const struct publication *p;
    const struct publication_model *models;
    size_t n;
};

static struct db_value text_or_null(const char *s)
{
    return s[0] != '\0' ? db_text(s) : db_null();
}

static enum err store_scores(struct db *db, const struct publication *p, int64_t id, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < p->n_scores; i++) {
        const struct publication_score *s = &p->scores[i];
        rc = db_exec(db, &INSERT_SCORE,
                     DB_BIND(db_int(id), db_text(s->people), db_int(s->n_people), db_real(s->live),
                             db_real(s->fresh), db_real(s->difference), db_real(s->low), db_real(s->high)),
                     why);
    }
    return rc;
}

static enum err store(struct db *db, void *arg, struct fail *why)
{
    const struct storing *s = arg;
    const struct publication *p = s->p;
    char reason[4 * PUBLICATION_REASON];
    snprintf(reason, sizeof reason, "%.*s", (int)utf8_cut(p->reason, strlen(p->reason), PUBLICATION_REASON),
             p->reason);
    enum err rc = db_exec(db, &INSERT,
                          DB_BIND(db_int(p->decided_ms), db_text(p->action), db_text(p->outcome),
                                  db_text(p->snapshot), text_or_null(p->was_live), text_or_null(p->decision),
                                  text_or_null(p->decided_by), text_or_null(p->held_hash), db_text(reason)),
                          why);
    if (rc == ERR_OK)
        rc = store_scores(db, p, db_insert_id(db), why);
    for (size_t i = 0; rc == ERR_OK && i < s->n; i++) {
        const struct publication_model *m = &s->models[i];
        rc = db_exec(db, &INSERT_MODEL,
                     DB_BIND(db_text(p->snapshot), db_text(m->model_hash), db_text(m->kind),
                             db_text(m->dataset_hash), isfinite(m->weight) ? db_real(m->weight) : db_null()),
                     why);
    }
    if (rc == ERR_OK && strcmp(p->outcome, "live") == 0)
        rc = db_exec(db, &MARK_RUNS, DB_BIND(db_text(p->snapshot)), why);
    return rc;
}

enum err publication_store(struct db *db, const struct publication *p, const struct publication_model *models,
                           size_t n, struct fail *why)
{
    struct storing s = {.p = p, .models = models, .n = n};
    return db_transaction(db, store, &s, why);
}

enum err publication_live(struct db *db, char snapshot[PUBLICATION_ID], struct fail *why)
{
    struct db_rows rows;
    snapshot[0] = '\0';
    enum err rc = db_first(db, &LIVE, DB_NOTHING, &rows, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    snprintf(snapshot, PUBLICATION_ID, "%s", db_get_text(&rows, 0));
    return db_end(&rows, why);
}

static enum err read_step(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct publication *p = item;
    struct {
        char *to;
        size_t size;
    } texts[] = {{p->action, sizeof p->action},      {p->outcome, sizeof p->outcome},
                 {p->snapshot, sizeof p->snapshot},  {p->was_live, sizeof p->was_live},
                 {p->decision, sizeof p->decision},  {p->decided_by, sizeof p->decided_by},
                 {p->held_hash, sizeof p->held_hash}};
    p->id = db_get_int(rows, 0);
    p->decided_ms = db_get_int(rows, 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        snprintf(texts[i].to, texts[i].size, "%s", db_get_text(rows, 2 + (unsigned)i));
    p->reason = arena_strdup(a, db_get_text(rows, 9));
    return db_list_stored(p->reason != NULL, why);
}

static enum err read_scores(struct db *db, struct publication *p, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &SCORES, DB_BIND(db_int(p->id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (p->n_scores < PUBLICATION_SCORES && db_next(&rows)) {
        struct publication_score *s = &p->scores[p->n_scores++];
        snprintf(s->people, sizeof s->people, "%s", db_get_text(&rows, 0));
        s->n_people = db_get_int(&rows, 1);
        s->live = db_get_real(&rows, 2);
        s->fresh = db_get_real(&rows, 3);
        s->difference = db_get_real(&rows, 4);
        s->low = db_get_real(&rows, 5);
        s->high = db_get_real(&rows, 6);
    }
    return db_end(&rows, why);
}

enum err publication_list(struct db *db, struct arena *a, size_t most, struct publication **out, size_t *n,
                          struct fail *why)
{
    const struct db_list list = {.sql = &LIST,
                                 .params = DB_BIND(db_int((int64_t)most)),
                                 .most = most,
                                 .item = sizeof **out,
                                 .read = read_step};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    *out = found.at;
    *n = found.n;
    for (size_t i = 0; rc == ERR_OK && i < *n; i++)
        rc = read_scores(db, &(*out)[i], why);
    return rc;
}

static enum err read_origin(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a, (void)why;
    struct publication_origin *o = item;
    struct publication_model *m = &o->model;
    snprintf(m->kind, sizeof m->kind, "%s", db_get_text(rows, 0));
    m->weight = db_is_null(rows, 1) ? NAN : db_get_real(rows, 1);
    snprintf(m->model_hash, sizeof m->model_hash, "%s", db_get_text(rows, 2));
    snprintf(m->dataset_hash, sizeof m->dataset_hash, "%s", db_get_text(rows, 3));
    o->run_id = db_get_int(rows, 4);
    o->trained = db_get_int(rows, 5);
    return ERR_OK;
}

enum err publication_origins(struct db *db, const char *snapshot, struct arena *a,
                             struct publication_origins *out, struct fail *why)
{
    const struct db_list list = {.sql = &ORIGINS,
                                 .params = DB_BIND(db_text(snapshot)),
                                 .most = 32,
                                 .item = sizeof *out->items,
                                 .read = read_origin};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}
