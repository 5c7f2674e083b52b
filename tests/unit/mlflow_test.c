/* tracking/mlflow: what a tracking server is told of a run, and what each of its answers leads to. The server is the
 * test's own, for answers that a real one, which tests/tracking asks, gives too seldom. */
#include <stdlib.h>

#include "fixture/peer.h"
#include "json/json.h"
#include "tests/check.h"
#include "tracking/mlflow.h"

enum { FIND, MAKE, CREATE, LOG, UPDATE, CALLS };

static const char *const calls[CALLS] = {
    "GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=my%20films ",
    "POST /api/2.0/mlflow/experiments/create ", "POST /api/2.0/mlflow/runs/create ",
    "POST /api/2.0/mlflow/runs/log-batch ", "POST /api/2.0/mlflow/runs/update "};

#define FOUND "{\"experiment\":{\"experiment_id\":\"7\"}}"
#define MADE "{\"experiment_id\":\"8\"}"
#define NO_SUCH "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"No such\"}"
#define TAKEN "{\"error_code\":\"RESOURCE_ALREADY_EXISTS\",\"message\":\"Taken\"}"
#define RUN_MADE "{\"run\":{\"info\":{\"run_id\":\"0a1b\"}}}"

static struct {
    const char *status, *body;   /* NULL: of a server that knows the experiment and takes everything */
    const char *status2, *body2; /* from the second time on, if not NULL */
    int asked;
    char heard[8000]; /* the last body */
} at[CALLS];
static int unknown;
static struct peer peer;

static void answer(int connection, const char *request)
{
    static const char *const well[CALLS] = {FOUND, MADE, RUN_MADE, "{}", "{}"};
    for (int i = 0; i < CALLS; i++)
        if (strncmp(request, calls[i], strlen(calls[i])) == 0) {
            const char *body = strstr(request, "\r\n\r\n");
            bool again = at[i].asked++ > 0 && at[i].body2 != NULL;
            const char *status = again ? at[i].status2 : at[i].status,
                       *text = again ? at[i].body2 : at[i].body;
            snprintf(at[i].heard, sizeof at[i].heard, "%s", body != NULL ? body + 4 : "");
            text = text != NULL ? text : well[i];
            peer_send(connection, status != NULL ? status : "200 OK", text, strlen(text));
            return;
        }
    unknown++;
    peer_send(connection, "404 Not Found", "{}", 2);
}

static enum err send_run(size_t n_params, struct fail *why)
{
    static struct training_run_value values[300];
    char uri[64];
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
    snprintf(uri, sizeof uri, "http://127.0.0.1:%d//", peer.port);
    const struct mlflow_server server = {.uri = uri, .experiment = "my films", .timeout_ms = 20000};
    unknown = 0;
    return mlflow_log(&server, &run, why);
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
                                "train\"},{\"key\":\"mvti.run\",\"value\":\"42\"}]}");
    CHECK_STR(at[LOG].heard, "{\"run_id\":\"0a1b\",\"params\":[{\"key\":\"file\",\"value\":\"영화.csv\"}],"
                             "\"metrics\":[{\"key\":\"ndcg.10\","
                             "\"value\":0.25,\"timestamp\":2000,\"step\":0}]}"); /* NaN is no JSON */
    CHECK_STR(at[UPDATE].heard, "{\"run_id\":\"0a1b\",\"status\":\"FINISHED\",\"end_time\":2000}");
    fresh();
    CHECK_MSG(send_run(250, &why) == ERR_OK, "%s", why.text); /* and the file: 251 parameters, 100 a call */
    CHECK_INT(at[LOG].asked, 3);
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
        {FIND, NULL, "{}", ERR_CORRUPT, "not an MLflow server"},
        {FIND, NULL, "hello", ERR_CORRUPT, "not an MLflow server"},
        {FIND, NULL, "{\"experiment\":{\"experiment_id\":7}}", ERR_CORRUPT, "not an MLflow server"},
        {FIND, NULL, "{\"experiment\":{\"experiment_id\":\"../7\"}}", ERR_CORRUPT, "not an MLflow server"},
        {FIND, NULL, "{\"experiment\":{\"experiment_id\":\"\"}}", ERR_CORRUPT, "not an MLflow server"},
        {CREATE, "400 Bad Request", "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"line\\none\"}",
         ERR_INVALID, "runs/create was answered with status 400: INVALID_PARAMETER_VALUE: line one"},
        {CREATE, NULL, "{\"run\":{}}", ERR_CORRUPT, "not an MLflow server"},
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
    const struct training_run run = {.command = "train", .model = "ease"};
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        const struct mlflow_server server = {.uri = uris[i], .experiment = "x", .timeout_ms = 5000};
        struct fail why = {0};
        enum err rc = mlflow_log(&server, &run, &why);
        CHECK_MSG(rc == codes[i] && why.text[0] != '\0', "%s: %s: %s", uris[i], err_name(rc), why.text);
    }
}

int main(void)
{
    peer_open(&peer, answer);
    RUN(a_run_is_sent_whole);
    RUN(an_experiment_is_made_once);
    RUN(each_refusal_has_a_code);
    RUN(servers_that_are_none);
    peer_close(&peer);
    return check_done();
}
