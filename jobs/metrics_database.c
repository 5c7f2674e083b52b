#include <math.h>

#include "metrics/exposition.h"
#include "metrics_state.h"
#include "store/publication.h"
#include "store/replica.h"
#include "store/run_history.h"

/* What is asked, and where the answer goes. */
struct asking {
    struct db *db;
    struct arena *arena;
    struct buf *out;
    struct buf labels;
    struct fail why;
};

static void put_quality(struct asking *a, const char *model, const char *measure, double value)
{
    if (isnan(value)) /* not measured */
        return;
    buf_reset(&a->labels);
    exposition_label(&a->labels, "model", model);
    exposition_label(&a->labels, "measure", measure);
    exposition_line(a->out, "mvti_model_quality", buf_str(&a->labels), value);
}

static enum err put_model_quality(struct asking *a, const struct publication_origins *o)
{
    exposition_begin(a->out, "mvti_model_quality", "gauge",
                     "What the models of the live snapshot reached on held-out people, at 10.");
    for (size_t i = 0; i < o->n; i++) {
        struct run_summary run;
        if (o->items[i].run_id == 0)
            continue;
        enum err rc = run_history_one(a->db, o->items[i].run_id, a->arena, &run, &a->why);
        if (rc != ERR_OK)
            return rc;
        put_quality(a, o->items[i].model.kind, "ndcg", run.ndcg);
        put_quality(a, o->items[i].model.kind, "recall", run.recall);
        put_quality(a, o->items[i].model.kind, "hit", run.hit);
    }
    return ERR_OK;
}

static void put_model_times(struct asking *a, const struct publication_origins *o)
{
    static const char name[] = "mvti_model_trained_timestamp_seconds";
    exposition_begin(a->out, name, "gauge", "When the training of a model of the live snapshot ended.");
    for (size_t i = 0; i < o->n; i++) {
        if (o->items[i].trained == 0)
            continue;
        buf_reset(&a->labels);
        exposition_label(&a->labels, "model", o->items[i].model.kind);
        exposition_line(a->out, name, buf_str(&a->labels), (double)o->items[i].trained);
    }
}

static enum err put_models(struct asking *a)
{
    char live[PUBLICATION_ID];
    struct publication_origins o = {0};
    enum err rc = publication_live(a->db, live, &a->why);
    if (rc == ERR_OK)
        rc = publication_origins(a->db, live, a->arena, &o, &a->why);
    if (rc == ERR_OK)
        put_model_times(a, &o);
    return rc == ERR_OK ? put_model_quality(a, &o) : rc;
}

static void put_score(struct asking *a, const char *people, const char *snapshot, double value)
{
    buf_reset(&a->labels);
    exposition_label(&a->labels, "people", people);
    exposition_label(&a->labels, "snapshot", snapshot);
    exposition_line(a->out, "mvti_publication_ndcg", buf_str(&a->labels), value);
}

/* Of the last step of a night: what was found when the new snapshot was held to the live one. */
static enum err put_publication(struct asking *a)
{
    struct publication *p;
    size_t n;
    enum err rc = publication_list(a->db, a->arena, 1, &p, &n, &a->why);
    if (rc != ERR_OK || n == 0)
        return rc;
    exposition_begin(a->out, "mvti_publication_timestamp_seconds", "gauge",
                     "When a snapshot was published last, or refused, or went live otherwise, by outcome.");
    buf_reset(&a->labels);
    exposition_label(&a->labels, "action", p->action);
    exposition_label(&a->labels, "outcome", p->outcome);
    exposition_line(a->out, "mvti_publication_timestamp_seconds", buf_str(&a->labels),
                    1e-3 * (double)p->decided_ms);
    exposition_begin(a->out, "mvti_publication_ndcg", "gauge",
                     "NDCG at 10 of both snapshots that were compared then, on people held out of both.");
    for (size_t i = 0; i < p->n_scores; i++) {
        put_score(a, p->scores[i].people, "live", p->scores[i].live);
        put_score(a, p->scores[i].people, "new", p->scores[i].fresh);
    }
    return ERR_OK;
}

/* What visitors did with the results that variants made, of experiments that run; `mvti rollup` counts it by the hour. */
static enum err put_variants(struct asking *a)
{
    static const struct db_sql sql = {
        "metrics.variants",
        "SELECT e.name, v.name, d.list, CAST(SUM(d.impressions) AS SIGNED), CAST(SUM(d.clicks) AS SIGNED), "
        "CAST(SUM(d.likes) AS SIGNED) FROM experiment e JOIN experiment_variant v ON v.experiment_id = "
        "e.experiment_id "
        "JOIN variant_day d ON d.experiment_id = v.experiment_id AND d.position = v.position "
        "WHERE e.state = 'running' GROUP BY e.name, v.name, d.list ORDER BY e.name, v.name, d.list LIMIT "
        "400"};
    static const char *const events[] = {"impression", "click", "like"};
    struct db_rows rows;
    enum err rc = db_query(a->db, &sql, DB_NOTHING, &rows, &a->why);
    if (rc != ERR_OK)
        return rc;
    exposition_begin(a->out, "mvti_experiment_events_total", "counter",
                     "What visitors were shown, opened and liked in results, by the variant that made them.");
    while (db_next(&rows))
        for (unsigned i = 0; i < 3; i++) {
            buf_reset(&a->labels);
            exposition_label(&a->labels, "experiment", db_get_text(&rows, 0));
            exposition_label(&a->labels, "variant", db_get_text(&rows, 1));
            exposition_label(&a->labels, "list", db_get_text(&rows, 2));
            exposition_label(&a->labels, "event", events[i]);
            exposition_line(a->out, "mvti_experiment_events_total", buf_str(&a->labels),
                            (double)db_get_int(&rows, 3 + i));
        }
    return db_end(&rows, &a->why);
}

/* Of the replica, if there is one. */
static void put_replica(struct job *job, struct buf *out)
{
    struct config there = replica_config(&job->config);
    struct db *writer = db_new(&job->config, 0), *replica = db_new(&there, 0);
    struct replica_lag lag = {0};
    struct fail why = {0};
    enum err rc = writer == NULL || replica == NULL ? ERR_NOMEM : replica_ask(writer, replica, &lag, &why);
    exposition_begin(out, "mvti_replica_up", "gauge",
                     "Whether the replica answers and follows the database.");
    exposition_line(out, "mvti_replica_up", "", rc == ERR_OK && lag.running);
    if (rc == ERR_OK && lag.marked) {
        exposition_begin(out, "mvti_replica_lag_seconds", "gauge",
                         "How far the replica is behind, by a mark that was made on the database.");
        exposition_line(out, "mvti_replica_lag_seconds", "", lag.seconds);
    }
    if (rc != ERR_OK)
        job_note(job, "mvti: replica: %s", why.text);
    db_free(writer);
    db_free(replica);
}

void metrics_state_database(struct job *job, struct buf *out)
{
    static const char read_only[] = "SET SESSION TRANSACTION READ ONLY";
    struct asking a = {.db = db_new(&job->config, 0), .arena = &job->arena, .out = out};
    enum err rc = a.db == NULL ? ERR_NOMEM : db_exec_text(a.db, read_only, sizeof read_only - 1, &a.why);
    if (rc == ERR_OK)
        rc = put_models(&a);
    if (rc == ERR_OK)
        rc = put_publication(&a);
    if (rc == ERR_OK)
        rc = put_variants(&a);
    exposition_begin(out, "mvti_database_up", "gauge",
                     "Whether the database answered everything that this page asked it.");
    exposition_line(out, "mvti_database_up", "", rc == ERR_OK);
    if (rc != ERR_OK)
        job_note(job, "mvti: %s", a.why.text);
    if (job->config.replica_host[0] != '\0')
        put_replica(job, out);
    out->failed |= a.labels.failed;
    buf_free(&a.labels);
    db_free(a.db);
}
