/* Runs in a real database: stored whole or not at all, read back as they were. */
#include "tests/check.h"

#include "fixture/tables.h"
#include "store/publication.h"
#include "store/training_life.h"
#include "store/training_run.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;

static const struct training_run_value values[] = {{RUN_METRIC, "ndcg.10", NULL, 0.1 + 0.2},
                                                   {RUN_PARAM, "lambda", NULL, 1e-7},
                                                   {RUN_METRIC, "hit.10", NULL, NAN},
                                                   {RUN_PARAM, "file", "영화.csv", 0}};

static struct training_run a_run(const char *model)
{
    struct training_run r = {.started_ms = 1790000000123,
                             .ended_ms = 1790000002456,
                             .seconds = 2.333,
                             .command = "train",
                             .seed = 1000000000000000,
                             .status = RUN_FINISHED,
                             .values = values,
                             .n_values = sizeof values / sizeof *values};
    snprintf(r.model, sizeof r.model, "%s", model);
    memset(r.dataset_hash, 'd', 64);
    memset(r.model_hash, model[0], 64);
    return r;
}

static int64_t keep(const struct training_run *r)
{
    struct fail why = {0};
    int64_t id = 0;
    CHECK_MSG(training_run_store(db, r, &id, &why) == ERR_OK, "%s", why.text);
    return id;
}

static void a_run_is_read_as_it_was_stored(void)
{
    struct training_run out, in = a_run("ease");
    int64_t id = keep(&in);
    CHECK_INT(training_run_read(db, &arena, id, &out, NULL), ERR_OK);
    CHECK_INT(out.id, id);
    CHECK_INT(out.started_ms, in.started_ms);
    CHECK_INT(out.ended_ms, in.ended_ms);
    CHECK(out.seconds == in.seconds && out.seed == in.seed && out.status == RUN_FINISHED);
    CHECK_STR(out.command, "train");
    CHECK_STR(out.model, "ease");
    CHECK_STR(out.dataset_hash, in.dataset_hash);
    CHECK_STR(out.model_hash, in.model_hash);
    CHECK_STR(out.snapshot, "");
    CHECK_INT(out.n_values, 4);
    CHECK_STR(out.values[0].name, "file"); /* parameters first, each kind by name */
    CHECK_STR(out.values[0].word, "영화.csv");
    CHECK(training_run_find(&out, RUN_METRIC, "ndcg.10")->value == 0.1 + 0.2);
    CHECK(training_run_find(&out, RUN_PARAM, "lambda")->value == 1e-7);
    CHECK(isnan(training_run_find(&out, RUN_METRIC, "hit.10")->value));
    CHECK(training_run_find(&out, RUN_PARAM, "ndcg.10") == NULL);
}

static void lists_are_newest_first(void)
{
    struct training_run bare = a_run("bpr");
    struct training_runs two = {.most = 2}, ease = {.model = "ease", .most = 10},
                         none = {.model = "nothing", .most = 10};
    bare.dataset_hash[0] = bare.model_hash[0] = '\0';
    bare.status = RUN_STOPPED;
    bare.n_values = 0;
    int64_t first = keep(&bare), second = keep(&bare);
    CHECK_INT(training_run_list(db, &arena, &two, NULL), ERR_OK);
    CHECK(two.n == 2 && two.items[0].id == second && two.items[1].id == first);
    CHECK(two.items[0].status == RUN_STOPPED && two.items[0].model_hash[0] == '\0' &&
          two.items[0].n_values == 0);
    CHECK_INT(training_run_list(db, &arena, &ease, NULL), ERR_OK);
    CHECK(ease.n == 1 && ease.items[0].n_values == 4);
    CHECK_INT(training_run_list(db, &arena, &none, NULL), ERR_OK);
    CHECK_INT(none.n, 0);
}

static void publishing_marks_the_runs_of_the_models(void)
{
    struct training_run out, other = a_run("other");
    struct training_runs ease = {.model = "ease", .most = 10};
    struct publication step = {.decided_ms = 1790000003000,
                               .action = "publish",
                               .outcome = "refused",
                               .snapshot = "0123456789abcdef",
                               .reason = "worse"};
    struct publication_model made = {.kind = "other", .weight = NAN};
    int64_t id = keep(&other);
    snprintf(made.model_hash, sizeof made.model_hash, "%s", other.model_hash);
    memset(made.dataset_hash, 'd', 64);
    CHECK_INT(publication_store(db, &step, &made, 1, NULL), ERR_OK);
    CHECK_INT(training_run_read(db, &arena, id, &out, NULL), ERR_OK);
    CHECK_STR(out.snapshot, ""); /* it never went live */
    snprintf(step.outcome, sizeof step.outcome, "live");
    CHECK_INT(publication_store(db, &step, NULL, 0, NULL), ERR_OK);
    CHECK_INT(training_run_read(db, &arena, id, &out, NULL), ERR_OK);
    CHECK_STR(out.snapshot, "0123456789abcdef");
    CHECK_INT(training_run_list(db, &arena, &ease, NULL), ERR_OK);
    CHECK_STR(ease.items[0].snapshot, "");
}

static void steps_are_read_as_they_were_stored(void)
{
    struct publication *all, step = {.decided_ms = 1790000004567,
                                     .action = "rollback",
                                     .outcome = "live",
                                     .snapshot = "fedcba9876543210",
                                     .was_live = "0123456789abcdef",
                                     .decision = "better",
                                     .decided_by = "visitors",
                                     .reason = "영화",
                                     .scores = {{"visitors", 300, 0.25, 0.5, 0.25, -0.125, 0.375}},
                                     .n_scores = 1};
    char live[PUBLICATION_ID];
    size_t n;
    CHECK_INT(publication_live(db, live, NULL), ERR_OK);
    CHECK_STR(live, "0123456789abcdef");
    CHECK_INT(publication_store(db, &step, NULL, 0, NULL), ERR_OK);
    CHECK_INT(publication_live(db, live, NULL), ERR_OK);
    CHECK_STR(live, "fedcba9876543210");
    CHECK_INT(publication_list(db, &arena, 2, &all, &n, NULL), ERR_OK);
    CHECK_INT(n, 2);
    CHECK_INT(all[0].decided_ms, step.decided_ms);
    CHECK_STR(all[0].action, "rollback");
    CHECK_STR(all[0].was_live, "0123456789abcdef");
    CHECK_STR(all[0].held_hash, "");
    CHECK_STR(all[0].reason, "영화");
    CHECK(all[0].n_scores == 1 && memcmp(&all[0].scores[0], &step.scores[0], sizeof step.scores[0]) == 0);
    CHECK(all[1].n_scores == 0 && all[1].decision[0] == '\0');
}

static void a_run_is_there_from_its_start(void)
{
    static const struct training_run_point points[] = {{"loss", 1, 1790000001000, 0.5},
                                                       {"loss", 2, 1790000002000, NAN}};
    struct training_run out, r = a_run("recvae");
    struct training_alive *alive;
    size_t n;
    r.status = RUN_RUNNING;
    r.parent_id = 12;
    snprintf(r.lock, sizeof r.lock, "abc");
    snprintf(r.made_by, sizeof r.made_by, "mvti_jobs");
    r.n_values = 1;
    r.id = keep(&r);
    CHECK_INT(training_run_read(db, &arena, r.id, &out, NULL), ERR_OK);
    CHECK(out.status == RUN_RUNNING && out.ended_ms == 0 && out.parent_id == 12 && out.n_points == 0);
    CHECK_STR(out.lock, "abc");
    CHECK_STR(out.made_by, "mvti_jobs");
    CHECK_INT(training_alive_list(db, &arena, 10, &alive, &n, NULL), ERR_OK);
    CHECK(n == 1 && alive[0].id == r.id && alive[0].started_ms == r.started_ms);
    CHECK_STR(alive[0].lock, "abc");
    r.points = points;
    r.n_points = 2;
    r.n_values = 2;
    snprintf(r.remote, sizeof r.remote, "0a1b");
    CHECK_INT(training_run_update(db, &r, NULL), ERR_OK);
    CHECK_INT(training_run_update(db, &r, NULL), ERR_OK); /* the same once more */
    CHECK_INT(training_run_read(db, &arena, r.id, &out, NULL), ERR_OK);
    CHECK(out.n_values == 2 && out.n_points == 2 && out.points[0].value == 0.5 && isnan(out.points[1].value));
    CHECK(out.points[1].step == 2 && out.points[1].at_ms == 1790000002000);
    CHECK_STR(out.remote, "0a1b");
    CHECK_INT(training_alive_killed(db, r.id, NULL), ERR_OK);
    CHECK_INT(training_run_read(db, &arena, r.id, &out, NULL), ERR_OK);
    CHECK(out.status == RUN_KILLED && out.ended_ms == 1790000002000 && out.lock[0] == '\0' && out.due);
    CHECK_INT(training_alive_list(db, &arena, 10, &alive, &n, NULL), ERR_OK);
    CHECK_INT(n, 0);
    r.status = RUN_FINISHED;
    CHECK_INT(training_run_update(db, &r, NULL), ERR_OK);
    CHECK_INT(training_alive_killed(db, r.id, NULL), ERR_OK); /* too late: it has ended */
    CHECK_INT(training_run_read(db, &arena, r.id, &out, NULL), ERR_OK);
    CHECK(out.status == RUN_FINISHED && !out.due);
}

static void what_a_server_does_not_know_waits(void)
{
    struct training_run first = a_run("ials"), second = a_run("ials");
    int64_t *ids, count;
    size_t n;
    first.due = second.due = true;
    first.id = keep(&first);
    second.id = keep(&second);
    CHECK_INT(training_life_due_count(db, &count, NULL), ERR_OK);
    CHECK_INT(count, 2);
    CHECK_INT(training_life_due(db, &arena, 10, &ids, &n, NULL), ERR_OK);
    CHECK(n == 2 && ids[0] == first.id && ids[1] == second.id);
    CHECK_INT(training_life_sent(db, first.id, "77", false, NULL), ERR_OK);
    CHECK_INT(training_life_due(db, &arena, 10, &ids, &n, NULL), ERR_OK);
    CHECK(n == 1 && ids[0] == second.id);
    struct publication step = {.decided_ms = 1790000003000,
                               .action = "publish",
                               .outcome = "live",
                               .snapshot = "aaaa",
                               .reason = "new"};
    struct publication_model made = {.kind = "ials", .weight = NAN};
    char remote[RUN_REMOTE];
    snprintf(made.model_hash, sizeof made.model_hash, "%s", first.model_hash);
    memset(made.dataset_hash, 'd', 64);
    CHECK_INT(publication_store(db, &step, &made, 1, NULL), ERR_OK);
    CHECK_INT(training_life_remote(db, "aaaa", remote, NULL), ERR_OK);
    CHECK_STR(remote, "77");
    CHECK_INT(training_life_remote(db, "bbbb", remote, NULL), ERR_OK);
    CHECK_STR(remote, "");
}

static void a_run_that_is_refused_leaves_nothing(void)
{
    static const struct training_run_value twice[] = {{RUN_PARAM, "a", NULL, 1}, {RUN_PARAM, "a", NULL, 2}};
    struct training_run r = a_run("twice");
    struct training_runs found = {.model = "twice", .most = 10};
    struct fail why = {0};
    int64_t id;
    r.values = twice;
    r.n_values = 2;
    CHECK_INT(training_run_store(db, &r, &id, &why), ERR_CONFLICT);
    CHECK_INT(training_run_list(db, &arena, &found, NULL), ERR_OK);
    CHECK_INT(found.n, 0);
    CHECK_INT(training_run_read(db, &arena, 987654, &r, &why), ERR_NOT_FOUND);
    CHECK(strstr(why.text, "there is no run 987654") != NULL);
}

static void analysts_see_metrics_as_columns(void)
{
    static const struct db_sql view = {
        "test.view", "SELECT ndcg_10, hit_10, map_10 FROM v_training_run WHERE model = 'ease'"};
    struct db_rows rows;
    CHECK_INT(db_first(db, &view, DB_NOTHING, &rows, NULL), ERR_OK);
    CHECK(db_get_real(&rows, 0) == 0.1 + 0.2 && db_is_null(&rows, 1) && db_is_null(&rows, 2));
    CHECK_INT(db_end(&rows, NULL), ERR_OK);
}

int main(void)
{
    db = tables_start(&server, "mvti_training_run_test");
    RUN(a_run_is_read_as_it_was_stored);
    RUN(lists_are_newest_first);
    RUN(publishing_marks_the_runs_of_the_models);
    RUN(steps_are_read_as_they_were_stored);
    RUN(a_run_is_there_from_its_start);
    RUN(what_a_server_does_not_know_waits);
    RUN(a_run_that_is_refused_leaves_nothing);
    RUN(analysts_see_metrics_as_columns);
    db_free(db);
    arena_free(&arena);
    mariadb_stop(&server);
    return check_done();
}
