/* Asking providers and a tracking server while memory runs out: ERR_NOMEM, nothing lost, and the next time works. The
 * other end is the test's own; its thread asks for no memory. */
#include <stdlib.h>

#include "auth/oidc.h"
#include "base/secret.h"
#include "fixture/peer.h"
#include "fixture/provider.h"
#include "fixture/signing.h"
#include "fixture/torture.h"
#include "tests/check.h"
#include "tracking/mlflow_run.h"

static struct peer peer;
static char issuer[64], document[600], keys[2000], token_answer[3000];
static struct provider_set set;

#define MLFLOW " /api/2.0/mlflow/"

static void answer(int connection, const char *request)
{
    static const struct {
        const char *line, *status, *body;
    } rows[] = {
        {"GET /.well-known/openid-configuration ", "200 OK", document},
        {"GET /keys ", "200 OK", keys},
        {"POST /token ", "200 OK", token_answer},
        {"GET /me ", "200 OK",
         "{\"resultcode\":\"00\",\"response\":{\"id\":\"person\",\"nickname\":\"Mina\"}}"},
        {"GET" MLFLOW "experiments/get-by-name?experiment_name=films ", "200 OK",
         "{\"experiment\":{\"experiment_id\":\"7\"}}"},
        {"GET" MLFLOW, "404 Not Found", "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}"},
        {"POST" MLFLOW "experiments/create ", "200 OK", "{\"experiment_id\":\"8\"}"},
        {"POST" MLFLOW "runs/create ", "200 OK", "{\"run\":{\"info\":{\"run_id\":\"0a1b\"}}}"},
        {"POST" MLFLOW, "200 OK", "{}"},
    };
    size_t i = 0;
    while (strncmp(request, rows[i].line, strlen(rows[i].line)) != 0)
        i++;
    peer_send(connection, rows[i].status, rows[i].body, strlen(rows[i].body));
}

static void use(const char *id)
{
    provider_only(&set, id, issuer, "me", "hush");
}

/* From the start at the provider's page to who came back. */
static enum err sign_in(void *arg, struct torture_result *out, struct fail *why)
{
    struct oidc_client *client = oidc_new(&set);
    struct oidc_identity who = {0};
    struct buf url = {0};
    (void)arg;
    if (client == NULL)
        return ERR_NOMEM;
    const struct oidc_login login = {.provider = &set.items[0],
                                     .state = "the-state",
                                     .nonce = "the-nonce",
                                     .verifier = "the-verifier",
                                     .redirect_uri = "https://site.example/back",
                                     .now = 1000,
                                     .utc = 1000000};
    enum err rc = oidc_start(client, &login, &url, why);
    if (rc == ERR_OK)
        rc = oidc_finish(client, &login, "the-code", &who, why);
    torture_says(out, url.data, url.len);
    torture_says(out, who.subject, strlen(who.subject));
    torture_says(out, who.name, strlen(who.name));
    buf_free(&url);
    oidc_free(client);
    return rc;
}

static void with_a_token_that_is_signed(void)
{
    use("dev");
    CHECK(torture("oidc", sign_in, NULL));
}

static void with_a_profile_that_is_asked_for(void)
{
    strcpy(token_answer, "{\"access_token\":\"abc\"}");
    use("naver");
    CHECK(torture("oauth2", sign_in, NULL));
}

/* ---- runs ---- */

static enum err send_run(void *arg, struct torture_result *out, struct fail *why)
{
    static const struct training_run_value values[] = {{RUN_PARAM, "lambda", NULL, 400},
                                                       {RUN_METRIC, "ndcg.10", NULL, 0.25}};
    const struct training_run run = {
        .id = 7, .command = "train", .model = "ease", .values = values, .n_values = 2};
    const struct mlflow_server server = {.uri = issuer, .timeout_ms = 20000};
    struct mlflow_place place = {0};
    struct mlflow m;
    (void)out;
    enum err rc = mlflow_open(&m, &server, why);
    if (rc == ERR_OK)
        rc = mlflow_run_send(&m, &(struct mlflow_news){arg, &run, "", 0}, &place, why);
    mlflow_close(&m);
    return rc;
}

static void runs_are_sent(void)
{
    CHECK(torture("mlflow", send_run, "films"));
    CHECK(torture("mlflow, a new experiment", send_run, "another"));
}

int main(void)
{
    cjose_jwk_t *rsa = signing_rsa_key();
    char claims[400];
    if (secret_init() != ERR_OK || rsa == NULL)
        return 1;
    peer_open(&peer, answer);
    snprintf(issuer, sizeof issuer, "http://127.0.0.1:%d", peer.port);
    snprintf(document, sizeof document,
             "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/go\",\"token_endpoint\":\"%s/"
             "token\",\"jwks_uri\":\"%s/keys\"}",
             issuer, issuer, issuer, issuer);
    snprintf(keys, sizeof keys, "{\"keys\":[%s]}", signing_rsa_public);
    snprintf(claims, sizeof claims,
             "{\"iss\":\"%s\",\"aud\":\"me\",\"exp\":1000600,\"iat\":1000000,\"nonce\":\"the-nonce\",\"sub\":"
             "\"person\","
             "\"nickname\":\"Mina\"}",
             issuer);
    char *token = signing_token(rsa, "RS256", "r", NULL, claims, strlen(claims));
    snprintf(token_answer, sizeof token_answer, "{\"id_token\":\"%s\"}", token);
    free(token);
    RUN(with_a_token_that_is_signed);
    RUN(with_a_profile_that_is_asked_for);
    RUN(runs_are_sent);
    cjose_jwk_release(rsa);
    peer_close(&peer);
    return check_done();
}
