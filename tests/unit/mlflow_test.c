/* tracking/mlflow: what a tracking server is told of a run, and what each of its answers leads to. The server is the
 * test's own, for answers that a real one, which tests/tracking asks, gives too seldom. */
#include <stdlib.h>

#include "fixture/peer.h"
#include "json/json.h"
#include "tests/check.h"
#include "tracking/mlflow_model.h"
#include "tracking/mlflow_run.h"

enum {
    FIND,
    MAKE,
    CREATE,
    LOG,
    INPUT,
    UPDATE,
    GET,
    FILE_OF,
    ALIAS,
    MODEL,
    SEARCH,
    VERSION,
    POINT,
    UNPOINT,
    TAG,
    CALLS
};

static const char *const calls[CALLS] = {
    "GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=my%20films ",
    "POST /api/2.0/mlflow/experiments/create ",
    "POST /api/2.0/mlflow/runs/create ",
    "POST /api/2.0/mlflow/runs/log-batch ",
    "POST /api/2.0/mlflow/runs/log-inputs ",
    "POST /api/2.0/mlflow/runs/update ",
    "GET /api/2.0/mlflow/runs/get?run_id=0a1b ",
    "PUT /api/2.0/mlflow-artifacts/artifacts/7/0a1b/artifacts/model/ease.mvm ",
    "GET /api/2.0/mlflow/registered-models/alias?name=mvti&alias=live ",
    "POST /api/2.0/mlflow/registered-models/create ",
    "GET /api/2.0/mlflow/model-versions/search?max_results=1&filter=run_id%3D%270a1b%27 ",
    "POST /api/2.0/mlflow/model-versions/create ",
    "POST /api/2.0/mlflow/registered-models/alias ",
    "DELETE /api/2.0/mlflow/registered-models/alias ",
    "POST /api/2.0/mlflow/runs/set-tag "};

#define FOUND "{\"experiment\":{\"experiment_id\":\"7\"}}"
#define MADE "{\"experiment_id\":\"8\"}"
#define NO_SUCH "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"No such\"}"
#define TAKEN "{\"error_code\":\"RESOURCE_ALREADY_EXISTS\",\"message\":\"Taken\"}"
#define KEPT "{\"run\":{\"info\":{\"artifact_uri\":\"mlflow-artifacts:/7/0a1b/artifacts\"}}}"
#define OTHER "{\"model_version\":{\"run_id\":\"ffff\",\"version\":\"2\"}}"
#define RUN_MADE "{\"run\":{\"info\":{\"run_id\":\"0a1b\"}}}"

static struct {
    const char *status, *body;   /* NULL: of a server that knows the experiment and takes everything */
    const char *status2, *body2; /* from the second time on, if not NULL */
    int asked;
    char heard[8000]; /* the last request's body */
    bool signed_;     /* its head says who asks */
} at[CALLS];
static int unknown;
static struct peer peer;

static void answer(int connection, const char *request)
{
    static const char *const well[CALLS] = {FOUND, MADE, RUN_MADE, "{}",
                                            "{}",  "{}", KEPT,     "{}",
                                            OTHER, "{}", "{}",     "{\"model_version\":{\"version\":\"3\"}}",
                                            "{}",  "{}", "{}"};
    for (int i = 0; i < CALLS; i++)
        if (strncmp(request, calls[i], strlen(calls[i])) == 0) {
            const char *body = strstr(request, "\r\n\r\n");
            bool again = at[i].asked++ > 0 && at[i].body2 != NULL;
            const char *status = again ? at[i].status2 : at[i].status,
                       *text = again ? at[i].body2 : at[i].body;
            at[i].signed_ = strstr(request, "Authorization: Basic bWU6aHVzaA==\r\n") != NULL;
            snprintf(at[i].heard, sizeof at[i].heard, "%s", body != NULL ? body + 4 : "");
            text = text != NULL ? text : well[i];
            peer_send(connection, status != NULL ? status : "200 OK", text, strlen(text));
            return;
        }
    unknown++;
    peer_send(connection, "404 Not Found", "{}", 2);
}

static char uri[64];

static enum err converse(struct mlflow *m, struct fail *why)
{
    static struct mlflow_server server;
    snprintf(uri, sizeof uri, "http://127.0.0.1:%d//", peer.port);
    server = (struct mlflow_server){.uri = uri, .timeout_ms = 20000};
    return mlflow_open(m, &server, why);
}

static enum err send(const struct training_run *run, const char *parent, struct mlflow_place *place,
                     struct fail *why)
{
    struct mlflow m;
    unknown = 0;
    enum err rc = converse(&m, why);
    if (rc == ERR_OK)
        rc = mlflow_run_send(&m, &(struct mlflow_news){"my films", run, parent, 1500}, place, why);
    mlflow_close(&m);
    return rc;
}

static enum err send_run(size_t n_params, struct fail *why)
{
    static struct training_run_value values[300];
    struct mlflow_place place = {0};
    size_t n = 0;
    for (; n < n_params; n++) {
        values[n] = (struct training_run_value){.kind = RUN_PARAM, .value = (double)n};
        snprintf(values[n].name, sizeof values[n].name, "p%zu", n);
    }
    values[n++] = (struct training_run_value){RUN_PARAM, "file", "영화.csv", 0};
    values[n++] = (struct training_run_value){RUN_METRIC, "ndcg.10", NULL, 0.25};
    values[n++] = (struct training_run_value){RUN_METRIC, "hit.10", NULL, NAN};
    const struct training_run run = {.id = 42,
                                     .started_ms = 1000,
                                     .ended_ms = 2000,
                                     .command = "train",
                                     .model = "ease",
                                     .status = RUN_FINISHED,
                                     .values = values,
                                     .n_values = n};
    return send(&run, "", &place, why);
}

static void fresh(void)
{
    memset(at, 0, sizeof at);
}

static void a_run_is_sent_whole(void)
{
    struct fail why = {0};
    fresh();
    CHECK_MSG(send_run(0, &why) == ERR_OK, "%s", why.text);
    CHECK(unknown == 0 && at[FIND].asked == 1 && at[MAKE].asked == 0 && at[CREATE].asked == 1 &&
          at[LOG].asked == 1 && at[UPDATE].asked == 1);
    CHECK_STR(at[CREATE].heard, "{\"experiment_id\":\"7\",\"start_time\":1000,\"tags\":[{\"key\":\"mlflow."
                                "runName\",\"value\":\"train "
                                "ease\"},{\"key\":\"mlflow.source.name\",\"value\":\"mvti "
                                "train\"},{\"key\":\"mlflow.source.type\",\"value\":\"JOB\"},{\"key\":\"mvti."
                                "run\",\"value\":\"42\"}]}");
    CHECK_STR(at[LOG].heard, "{\"run_id\":\"0a1b\",\"params\":[{\"key\":\"file\",\"value\":\"영화.csv\"}],"
                             "\"metrics\":[{\"key\":\"ndcg.10\","
                             "\"value\":0.25,\"timestamp\":2000,\"step\":0}]}"); /* NaN is no JSON */
    CHECK_STR(at[UPDATE].heard, "{\"run_id\":\"0a1b\",\"status\":\"FINISHED\",\"end_time\":2000}");
    fresh();
    CHECK_MSG(send_run(250, &why) == ERR_OK, "%s", why.text); /* and the file: 251 parameters, 100 a call */
    CHECK_INT(at[LOG].asked, 3);
}

/* Told from its start, then its points as they come, then its end; each only once. */
static void a_run_is_told_while_it_goes_on(void)
{
    static const struct training_run_point points[] = {
        {"loss", 1, 1100, 0.5}, {"loss", 2, 1200, NAN}, {"ndcg.10", 2, 1200, 0.25}};
    struct training_run run = {.id = 3,
                               .started_ms = 1000,
                               .command = "train",
                               .model = "recvae",
                               .made_by = "mvti_jobs",
                               .status = RUN_RUNNING};
    struct mlflow_place place = {0};
    struct fail why = {0};
    fresh();
    CHECK_MSG(send(&run, "9f", &place, &why) == ERR_OK, "%s", why.text);
    CHECK(strstr(at[CREATE].heard, "{\"key\":\"mlflow.user\",\"value\":\"mvti_jobs\"},{\"key\":\"mlflow."
                                   "parentRunId\",\"value\":\"9f\"}") != NULL);
    CHECK(at[LOG].asked == 0 && at[UPDATE].asked == 0);
    CHECK_STR(place.id, "0a1b");
    run.points = points;
    run.n_points = 1;
    CHECK(send(&run, "", &place, &why) == ERR_OK);
    run.n_points = 3;
    CHECK(send(&run, "", &place, &why) == ERR_OK);
    CHECK(at[FIND].asked == 1 && at[CREATE].asked == 1 && at[LOG].asked == 2 && at[UPDATE].asked == 0);
    CHECK_STR(at[LOG].heard,
              "{\"run_id\":\"0a1b\",\"params\":[],\"metrics\":[{\"key\":\"ndcg.10\",\"value\":0.25,"
              "\"timestamp\":1200,\"step\":2}]}");
    run.status = RUN_KILLED;
    run.ended_ms = 1200;
    memset(run.dataset_hash, 'd', 64);
    CHECK(send(&run, "", &place, &why) == ERR_OK);
    CHECK(at[LOG].asked == 2 && at[INPUT].asked == 1 && at[UPDATE].asked == 1);
    CHECK_STR(at[INPUT].heard,
              "{\"run_id\":\"0a1b\",\"datasets\":[{\"tags\":[{\"key\":\"mlflow.data.context\",\"value\":"
              "\"training\"}],"
              "\"dataset\":{\"name\":\"mvti "
              "dataset\",\"digest\":\"dddddddddddddddddddddddddddddddd\",\"source_type\":"
              "\"mvti\",\"source\":\"{\\\"hash\\\":"
              "\\\"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\\\"}\"}}]}");
    CHECK_STR(at[UPDATE].heard, "{\"run_id\":\"0a1b\",\"status\":\"KILLED\",\"end_time\":1200}");
}

static void files_go_where_the_server_takes_them(void)
{
    struct mlflow m;
    struct mlflow_place place = {.id = "0a1b"};
    struct fail why = {0};
    bool taken;
    fresh();
    CHECK(converse(&m, &why) == ERR_OK);
    CHECK_MSG(mlflow_run_file(&m, &place, &(struct mlflow_file){"model/ease.mvm", "bytes", 5}, &taken,
                              &why) == ERR_OK &&
                  taken,
              "%s", why.text);
    CHECK_STR(at[FILE_OF].heard, "bytes");
    CHECK(mlflow_run_file(&m, &place, &(struct mlflow_file){"model/ease.mvm", "more", 4}, &taken, &why) ==
          ERR_OK);
    CHECK(at[GET].asked == 1 && at[FILE_OF].asked == 2);
    CHECK(mlflow_run_tag(&m, &place, (struct mlflow_tag){"mvti.model_file", "한 \"줄\""}, &why) == ERR_OK);
    CHECK_STR(at[TAG].heard, "{\"run_id\":\"0a1b\",\"key\":\"mvti.model_file\",\"value\":\"한 \\\"줄\\\"\"}");
    at[TAG].status = "400 Bad";
    CHECK(mlflow_run_tag(&m, &place, (struct mlflow_tag){"", ""}, &why) == ERR_INVALID);
    at[FILE_OF].status = "503 Full";
    CHECK(mlflow_run_file(&m, &place, &(struct mlflow_file){"model/ease.mvm", "more", 4}, &taken, &why) ==
          ERR_UNAVAILABLE);
    static const char *const elsewhere[] = {
        "s3://bucket/1",           "file:///srv/1",           "mlflow-artifacts:/7/../1",
        "mlflow-artifacts:/7/a b", "mlflow-artifacts://host", "mlflow-artifacts:7"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        char body[200], path[MLFLOW_URI];
        snprintf(body, sizeof body, "{\"run\":{\"info\":{\"artifact_uri\":\"%s\"}}}", elsewhere[i]);
        CHECK(mlflow_read_artifacts(body, strlen(body), path, &why) == ERR_OK && path[0] == '\0');
    }
    char path[MLFLOW_URI];
    static const char host[] =
        "{\"run\":{\"info\":{\"artifact_uri\":\"mlflow-artifacts://host:5/7/a/artifacts\"}}}";
    CHECK(mlflow_read_artifacts(host, strlen(host), path, &why) == ERR_OK);
    CHECK_STR(path, "api/2.0/mlflow-artifacts/artifacts/7/a/artifacts");
    mlflow_close(&m);
}

static void the_alias_follows_what_is_live(void)
{
    struct mlflow m;
    struct fail why = {0};
    bool moved;
    fresh();
    CHECK(converse(&m, &why) == ERR_OK);
    CHECK_MSG(mlflow_model_point(&m, &(struct mlflow_alias){"mvti", "live", "0a1b", "snap"}, &moved, &why) ==
                      ERR_OK &&
                  moved,
              "%s", why.text);
    CHECK(at[MODEL].asked == 1 && at[SEARCH].asked == 1 && at[VERSION].asked == 1 && at[POINT].asked == 1);
    CHECK_STR(
        at[VERSION].heard,
        "{\"name\":\"mvti\",\"source\":\"runs:/0a1b/model\",\"run_id\":\"0a1b\",\"description\":\"snap\"}");
    CHECK_STR(at[POINT].heard, "{\"name\":\"mvti\",\"alias\":\"live\",\"version\":\"3\"}");
    at[SEARCH].body = "{\"model_versions\":[{\"version\":\"12\"},{\"version\":\"1\"}]}";
    at[MODEL].status = "400 Bad Request";
    at[MODEL].body = TAKEN;
    CHECK(mlflow_model_point(&m, &(struct mlflow_alias){"mvti", "live", "0a1b", "snap"}, &moved, &why) ==
          ERR_OK);
    CHECK_INT(at[VERSION].asked, 1); /* it has one already */
    CHECK_STR(at[POINT].heard, "{\"name\":\"mvti\",\"alias\":\"live\",\"version\":\"12\"}");
    CHECK(mlflow_model_point(&m, &(struct mlflow_alias){"mvti", "live", "ffff", "snap"}, &moved, &why) ==
              ERR_OK &&
          !moved);
    CHECK_INT(at[POINT].asked, 2);
    CHECK(mlflow_model_point(&m, &(struct mlflow_alias){"mvti", "live", "", "snap"}, &moved, &why) ==
              ERR_OK &&
          moved);
    CHECK_STR(at[UNPOINT].heard, "{\"name\":\"mvti\",\"alias\":\"live\"}");
    at[ALIAS].status = "404 Not Found";
    at[ALIAS].body = NO_SUCH;
    CHECK(mlflow_model_point(&m, &(struct mlflow_alias){"mvti", "live", "", "snap"}, &moved, &why) ==
              ERR_OK &&
          !moved);
    CHECK_INT(at[UNPOINT].asked, 1);
    at[SEARCH].body = "{\"model_versions\":[{\"version\":\"1; DROP\"}]}";
    CHECK(mlflow_model_point(&m, &(struct mlflow_alias){"mvti", "live", "0a1b", "snap"}, &moved, &why) ==
          ERR_CORRUPT);
    mlflow_close(&m);
}

static void who_asks_is_said_as_mlflow_s_own_client_does(void)
{
    struct mlflow m;
    struct fail why = {0};
    struct http_answer a;
    struct mlflow_server server = {
        .uri = uri, .timeout_ms = 20000, .username = "me", .password = "hush", .token = "t"};
    fresh();
    CHECK(mlflow_open(&m, &server, &why) == ERR_OK);
    CHECK(mlflow_call(&m, &(struct mlflow_request){"GET", "runs/get?run_id=0a1b", NULL, NULL}, &a, &why) ==
              ERR_OK &&
          at[GET].signed_);
    buf_free(&a.body);
    mlflow_close(&m);
    server.password = "";
    CHECK(mlflow_open(&m, &server, &why) == ERR_OK);
    CHECK_STR(m.authorization, "Authorization: Bearer t");
    mlflow_close(&m);
    server.username = server.token = NULL;
    CHECK(mlflow_open(&m, &server, &why) == ERR_OK);
    CHECK_STR(m.authorization, "");
    mlflow_close(&m);
    static char longest[1400];
    memset(longest, 'x', sizeof longest - 1);
    server.token = longest;
    CHECK(mlflow_open(&m, &server, &why) == ERR_TOO_LARGE);
    mlflow_close(&m);
}

static void each_model_has_an_experiment(void)
{
    CHECK_STR(mlflow_run_experiment("ease"), "EASE");
    CHECK_STR(mlflow_run_experiment("admm-slim"), "ADMMSLIM");
    CHECK_STR(mlflow_run_experiment("recvae"), "RecVAE");
    CHECK_STR(mlflow_run_experiment("cdae"), "CDAE");
    CHECK_STR(mlflow_run_experiment("lightgcn"), "LightGCN");
    CHECK_STR(mlflow_run_experiment("blend"), "blend");
}

static void an_experiment_is_made_once(void)
{
    struct fail why = {0};
    fresh();
    at[FIND].status = "404 Not Found";
    at[FIND].body = NO_SUCH;
    CHECK_MSG(send_run(0, &why) == ERR_OK, "%s", why.text);
    CHECK_STR(at[MAKE].heard, "{\"name\":\"my films\"}");
    CHECK(strstr(at[CREATE].heard, "\"experiment_id\":\"8\"") != NULL);
    at[MAKE].status = "400 Bad Request"; /* somebody else was faster */
    at[MAKE].body = TAKEN;
    at[FIND].asked = 0;
    at[FIND].status2 = "200 OK";
    at[FIND].body2 = FOUND;
    CHECK_MSG(send_run(0, &why) == ERR_OK, "%s", why.text);
    CHECK(strstr(at[CREATE].heard, "\"experiment_id\":\"7\"") != NULL);
    at[FIND].asked = 0;
    at[FIND].status2 = "404 Not Found"; /* deleted, but not gone */
    at[FIND].body2 = NO_SUCH;
    CHECK(send_run(0, &why) == ERR_CORRUPT);
    CHECK_STR(why.text, "the experiment 'my films' does not exist and cannot be created");
}

static void each_refusal_has_a_code(void)
{
    static const struct {
        int call;
        const char *status, *body;
        enum err rc;
        const char *says;
    } rows[] = {
        {FIND, "500 Ill", "{}", ERR_UNAVAILABLE, "experiments/get-by-name was answered with status 500"},
        {FIND, "401 No", "", ERR_DENIED, "status 401"},
        {FIND, "403 No", "nonsense", ERR_DENIED, "status 403"},
        {FIND, "302 Found", "", ERR_CORRUPT, "status 302"},
        {FIND, "404 Not Found", "{}", ERR_INVALID, "status 404"},
        {FIND, "404 Not Found", "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST_HERE\"}", ERR_INVALID,
         "RESOURCE_DOES_NOT_EXIST_HERE: "},
        {FIND, NULL, "{}", ERR_CORRUPT, "the server there is not MLflow"},
        {FIND, NULL, "hello", ERR_CORRUPT, "the server there is not MLflow"},
        {FIND, NULL, "{\"experiment\":{\"experiment_id\":7}}", ERR_CORRUPT, "the server there is not MLflow"},
        {FIND, NULL, "{\"experiment\":{\"experiment_id\":\"../7\"}}", ERR_CORRUPT,
         "the server there is not MLflow"},
        {FIND, NULL, "{\"experiment\":{\"experiment_id\":\"\"}}", ERR_CORRUPT,
         "the server there is not MLflow"},
        {CREATE, "400 Bad Request", "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"line\\none\"}",
         ERR_INVALID, "runs/create was answered with status 400: INVALID_PARAMETER_VALUE: line one"},
        {CREATE, NULL, "{\"run\":{}}", ERR_CORRUPT, "the server there is not MLflow"},
        {LOG, "413 Too Large", "{}", ERR_INVALID, "runs/log-batch was answered with status 413"},
        {UPDATE, "503 Later", "{}", ERR_UNAVAILABLE, "runs/update was answered with status 503"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fail why = {0};
        fresh();
        at[rows[i].call].status = rows[i].status;
        at[rows[i].call].body = rows[i].body;
        enum err rc = send_run(0, &why);
        CHECK_MSG(rc == rows[i].rc && strstr(why.text, rows[i].says) != NULL, "row %zu: %s: %s", i,
                  err_name(rc), why.text);
        CHECK_INT(at[UPDATE].asked, rows[i].call > CREATE); /* a run that was made is ended */
    }
    struct fail why = {0};
    fresh();
    at[FIND].status = "404 Not Found";
    at[FIND].body = NO_SUCH;
    at[MAKE].status = "403 No";
    CHECK(send_run(0, &why) == ERR_DENIED && strstr(why.text, "experiments/create") != NULL);
}

static void servers_that_are_none(void)
{
    static const char *const uris[] = {"http://127.0.0.1:1", "ftp://127.0.0.1", "nonsense", ""};
    static const enum err codes[] = {ERR_UNAVAILABLE, ERR_INVALID, ERR_INVALID, ERR_INVALID};
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        const struct mlflow_server server = {.uri = uris[i], .timeout_ms = 5000};
        struct fail why = {0};
        struct mlflow m;
        struct http_answer a = {0};
        enum err rc = mlflow_open(&m, &server, &why);
        if (rc == ERR_OK)
            rc = mlflow_call(&m, &(struct mlflow_request){"GET", "runs/get", NULL, NULL}, &a, &why);
        buf_free(&a.body);
        mlflow_close(&m);
        CHECK_MSG(rc == codes[i] && why.text[0] != '\0', "%s: %s: %s", uris[i], err_name(rc), why.text);
    }
}

int main(void)
{
    peer_open(&peer, answer);
    RUN(a_run_is_sent_whole);
    RUN(a_run_is_told_while_it_goes_on);
    RUN(files_go_where_the_server_takes_them);
    RUN(the_alias_follows_what_is_live);
    RUN(who_asks_is_said_as_mlflow_s_own_client_does);
    RUN(each_model_has_an_experiment);
    RUN(an_experiment_is_made_once);
    RUN(each_refusal_has_a_code);
    RUN(servers_that_are_none);
    peer_close(&peer);
    return check_done();
}
