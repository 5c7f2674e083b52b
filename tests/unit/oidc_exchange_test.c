/* What is asked of a provider, how often, and what each of its answers leads to: a provider of the test's
 * own, and a clock that the test sets. */
#include <stdlib.h>

#include "auth/jwt.h"
#include "auth/oidc.h"
#include "base/secret.h"
#include "fixture/peer.h"
#include "fixture/provider.h"
#include "fixture/signing.h"
#include "tests/check.h"

#define NONCE "the-nonce"
#define CLAIMS                                                                                               \
    "{\"iss\":\"%s\",\"aud\":\"me & you\",\"exp\":1000600,\"iat\":1000000,\"nonce\":\"" NONCE                \
    "\",\"sub\":\"person\","                                                                                 \
    "\"nickname\":\"Mina\"}"

enum { DISCOVERY, KEYS, TOKEN, PROFILE, PATHS };

static const char *const paths[PATHS] = {"GET /.well-known/openid-configuration ", "GET /keys ",
                                         "POST /token ", "GET /me "};
static struct {
    const char *status, *body; /* status NULL: 200 OK */
    size_t n;                  /* of the body; 0: all of it */
    int asked;
    char heard[8000]; /* the last request */
} at[PATHS];

static struct peer peer;
static char issuer[64], document[600], keys[2000], token_answer[3000];
static cjose_jwk_t *rsa, *ec, *stranger;
static struct provider_set set;
static struct oidc_client *client;
static struct oidc_identity who;
static struct fail why;
static double clock_now;

static void answer(int connection, const char *request)
{
    for (int i = 0; i < PATHS; i++)
        if (strncmp(request, paths[i], strlen(paths[i])) == 0) {
            at[i].asked++;
            snprintf(at[i].heard, sizeof at[i].heard, "%s", request);
            peer_send(connection, at[i].status != NULL ? at[i].status : "200 OK", at[i].body,
                      at[i].n > 0 ? at[i].n : strlen(at[i].body));
            return;
        }
    peer_send(connection, "404 Not Found", "{}", 2);
}

static void use_document(const char *methods)
{
    snprintf(document, sizeof document,
             "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/go\",\"token_endpoint\":\"%s/token\","
             "\"jwks_uri\":\"%s/keys\"%s}",
             issuer, issuer, issuer, issuer, methods);
}

static void publish(const char *first, const char *second)
{
    snprintf(keys, sizeof keys, "{\"keys\":[%s%s%s]}", first, second != NULL ? "," : "",
             second != NULL ? second : "");
}

static void sign_with(cjose_jwk_t *key, const char *alg, const char *kid)
{
    char claims[400];
    snprintf(claims, sizeof claims, CLAIMS, issuer);
    char *token = signing_token(key, alg, kid, NULL, claims, strlen(claims));
    snprintf(token_answer, sizeof token_answer, "{\"id_token\":\"%s\"}", token);
    free(token);
}

/* A client that has asked nothing yet, of a provider that answers as it should. */
static void fresh(const char *id)
{
    oidc_free(client);
    provider_only(&set, id, issuer, "me & you", "hush:hush");
    client = oidc_new(&set);
    memset(at, 0, sizeof at);
    at[DISCOVERY].body = document;
    at[KEYS].body = keys;
    at[TOKEN].body = token_answer;
    use_document(",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]");
    publish(signing_rsa_public, signing_ec_public);
    sign_with(rsa, "RS256", "r");
    clock_now = 1000;
}

static struct oidc_login login(void)
{
    return (struct oidc_login){.provider = &set.items[0],
                               .state = "s",
                               .nonce = NONCE,
                               .verifier = "the-verifier",
                               .redirect_uri = "https://site.example/back",
                               .now = clock_now,
                               .utc = 1000000};
}

static enum err start(struct buf *url)
{
    const struct oidc_login l = login();
    return oidc_start(client, &l, url, &why);
}

static enum err finish(void)
{
    const struct oidc_login l = login();
    why.text[0] = '\0';
    enum err rc = oidc_finish(client, &l, "the-code", &who, &why);
    static const char *const secrets[] = {"the-code", NONCE, "hush", "the-verifier", "eyJ"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        CHECK_MSG((rc == ERR_OK || why.text[0] != '\0') && strstr(why.text, secrets[i]) == NULL, "%s",
                  why.text);
    return rc;
}

static void a_person_is_who_the_token_names(void)
{
    fresh("dev");
    CHECK_MSG(finish() == ERR_OK, "%s", why.text);
    CHECK_STR(who.issuer, issuer);
    CHECK_STR(who.subject, "person");
    CHECK_STR(who.name, "Mina");
    const char *body = strstr(at[TOKEN].heard, "\r\n\r\n");
    CHECK_STR(body != NULL ? body + 4 : "",
              "grant_type=authorization_code&code=the-code&redirect_uri=https%3A%2F%2Fsite.example%2Fback&"
              "code_verifier=the-verifier&client_id=me%20%26%20you&client_secret=hush%3Ahush");
    CHECK(strstr(at[TOKEN].heard, "Authorization:") == NULL);
    CHECK(strstr(at[TOKEN].heard, "Content-Type: application/x-www-form-urlencoded\r\n") != NULL);
    sign_with(ec, "ES256", "e");
    CHECK_INT(finish(), ERR_OK);
}

/* RFC 6749, section 2.3.1: both are escaped before they are joined, so a colon in the secret stays one. */
static void a_secret_goes_into_a_header_where_the_provider_wants_it(void)
{
    static const char pair[] = "me%20%26%20you:hush%3Ahush";
    char wanted[200] = "Authorization: Basic ";
    secret_base64(wanted + strlen(wanted), pair, strlen(pair));
    strcat(wanted, "\r\n");
    fresh("dev");
    use_document("");
    CHECK_MSG(finish() == ERR_OK, "%s", why.text);
    CHECK_MSG(strstr(at[TOKEN].heard, wanted) != NULL, "%s", at[TOKEN].heard);
    CHECK(strstr(at[TOKEN].heard, "client_secret") == NULL && strstr(at[TOKEN].heard, "client_id") == NULL);
}

static void addresses_are_asked_for_once_a_day(void)
{
    struct buf url = {0};
    fresh("dev");
    for (int i = 0; i < 3; i++) {
        clock_now = 1000 + i * 43199;
        CHECK_INT(finish(), ERR_OK);
    }
    CHECK_INT(at[DISCOVERY].asked, 1);
    clock_now = 1000 + 86400;
    CHECK_INT(start(&url), ERR_OK);
    CHECK_INT(at[DISCOVERY].asked, 2);
    char front[100];
    snprintf(front, sizeof front, "%s/go?client_id=", issuer);
    CHECK(strncmp(buf_str(&url), front, strlen(front)) == 0);
    CHECK_MSG(strstr(buf_str(&url), "&scope=openid%20profile&state=s&nonce=" NONCE "&code_challenge=") !=
                  NULL,
              "%s", buf_str(&url));
    buf_free(&url);
}

/* What was wrong once is asked for again; nothing of it is kept. */
static void a_wrong_document_is_not_kept(void)
{
    static const char *const wrong[] = {"", "{}", "[]", "{\"issuer\":\"http://127.0.0.1:1\"}"};
    struct buf url = {0};
    fresh("dev");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        at[DISCOVERY].body = wrong[i];
        CHECK_INT(start(&url), ERR_DENIED);
        CHECK_INT(finish(), ERR_DENIED);
        CHECK(url.len == 0 && at[DISCOVERY].asked == 2 * (int)i + 2);
    }
    CHECK(at[TOKEN].asked == 0 && at[KEYS].asked == 0);
    at[DISCOVERY].body = document;
    CHECK_INT(finish(), ERR_OK);
}

static void keys_are_kept_for_an_hour(void)
{
    fresh("dev");
    for (int i = 0; i < 3; i++) {
        clock_now = 1000 + i * 1799;
        CHECK_INT(finish(), ERR_OK);
    }
    CHECK_INT(at[KEYS].asked, 1);
    clock_now = 4600;
    CHECK_INT(finish(), ERR_OK);
    CHECK_INT(at[KEYS].asked, 2);
}

static void an_unknown_key_is_looked_for_once_a_minute(void)
{
    fresh("dev");
    CHECK_INT(finish(), ERR_OK);
    clock_now = 1100;
    sign_with(stranger, "RS256", "new");
    CHECK_INT(finish(), ERR_DENIED);
    CHECK_INT(at[KEYS].asked, 2);
    for (clock_now = 1101; clock_now < 1160; clock_now += 2)
        CHECK_INT(finish(), ERR_DENIED);
    CHECK_INT(at[KEYS].asked, 2);
    /* Meanwhile the keys that are known go on. */
    sign_with(rsa, "RS256", "r");
    CHECK_INT(finish(), ERR_OK);
    clock_now = 1160;
    sign_with(rsa, "RS256", "other");
    CHECK_INT(finish(), ERR_DENIED);
    CHECK_INT(at[KEYS].asked, 3);
    CHECK(strstr(why.text, "does not publish") != NULL);
}

static void keys_that_were_asked_for_just_now_are_not_asked_for_again(void)
{
    fresh("dev");
    sign_with(stranger, "RS256", "new");
    for (clock_now = 1000; clock_now < 1060; clock_now += 6)
        CHECK_INT(finish(), ERR_DENIED);
    CHECK_INT(at[KEYS].asked, 1);
}

static void a_change_of_keys_is_followed(void)
{
    fresh("dev");
    publish(signing_ec_public, NULL);
    sign_with(ec, "ES256", "e");
    CHECK_INT(finish(), ERR_OK);
    publish(signing_rsa_public, NULL);
    sign_with(rsa, "RS256", "r");
    clock_now = 1001;
    CHECK_MSG(finish() == ERR_OK, "%s", why.text);
    CHECK_INT(at[KEYS].asked, 2);
    sign_with(ec, "ES256", "e"); /* which it no longer publishes */
    CHECK_INT(finish(), ERR_DENIED);
    CHECK_INT(at[KEYS].asked, 2);
}

static void keys_that_cannot_be_had_leave_the_old_ones(void)
{
    fresh("dev");
    CHECK_INT(finish(), ERR_OK);
    sign_with(stranger, "RS256", "new");
    clock_now = 1100;
    at[KEYS].status = "503 Away";
    CHECK_INT(finish(), ERR_UNAVAILABLE);
    clock_now = 1200;
    at[KEYS].status = NULL;
    at[KEYS].body = "{\"keys\":[]}";
    CHECK_INT(finish(), ERR_DENIED);
    sign_with(rsa, "RS256", "r");
    CHECK_INT(finish(), ERR_OK);
    clock_now = 4700; /* an hour later they count no more */
    CHECK_INT(finish(), ERR_DENIED);
    at[KEYS].status = "404 Not Found";
    CHECK_INT(finish(), ERR_DENIED);
    at[KEYS].status = "500 Ill";
    CHECK_INT(finish(), ERR_UNAVAILABLE);
}

static void a_refusal_and_an_illness_are_told_apart(void)
{
    static const struct {
        const char *status;
        enum err rc;
    } cases[] = {{"400 Bad", ERR_DENIED},      {"401 No", ERR_DENIED},        {"404 None", ERR_DENIED},
                 {"302 Found", ERR_DENIED},    {"429 Many", ERR_UNAVAILABLE}, {"500 Ill", ERR_UNAVAILABLE},
                 {"503 Away", ERR_UNAVAILABLE}};
    static const char *const bodies[] = {"",
                                         "{",
                                         "[]",
                                         "{}",
                                         "{\"id_token\":7}",
                                         "{\"id_token\":\"x\"}",
                                         "{\"id_token\":\"x\",\"access_token\":\"a b\"}"};
    fresh("dev");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        at[TOKEN].status = cases[i].status;
        CHECK_MSG(finish() == cases[i].rc, "%s: %s", cases[i].status, why.text);
    }
    at[TOKEN].status = NULL;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        at[TOKEN].body = bodies[i];
        CHECK_MSG(finish() == ERR_DENIED, "%s: %s", bodies[i], why.text);
    }
    at[TOKEN].body = token_answer;
    at[TOKEN].status = "200 OK\r\nTransfer-Encoding: chunked"; /* and then it is not: no whole answer */
    CHECK_MSG(finish() == ERR_UNAVAILABLE, "%s", why.text);
    at[TOKEN].status = NULL;
    sign_with(stranger, "RS256", "r");
    CHECK_INT(finish(), ERR_DENIED);
    sign_with(rsa, "RS256", "r");
    CHECK_INT(finish(), ERR_OK);
}

static void an_answer_without_end_is_refused(void)
{
    enum { LARGE = 2 * 1024 * 1024 };
    char *large = malloc(LARGE);
    for (int i = 0; i < 3; i++) {
        fresh("dev");
        memset(large, ' ', LARGE); /* what comes first would do */
        memcpy(large, at[i].body, strlen(at[i].body));
        at[i].body = large;
        at[i].n = LARGE;
        CHECK_MSG(finish() == ERR_DENIED, "%s: %s", paths[i], why.text);
    }
    free(large);
}

static void a_profile_says_who_it_is_where_no_token_does(void)
{
    fresh("naver");
    strcpy(token_answer, "{\"access_token\":\"abc.def\"}");
    at[PROFILE].body = "{\"resultcode\":\"00\",\"response\":{\"id\":\"person\",\"nickname\":\"Mina\"}}";
    CHECK_MSG(finish() == ERR_OK, "%s", why.text);
    CHECK_STR(who.subject, "person");
    CHECK(strstr(at[PROFILE].heard, "Authorization: Bearer abc.def\r\n") != NULL);
    CHECK(at[DISCOVERY].asked == 0 && at[KEYS].asked == 0 && at[PROFILE].asked == 1);
    at[PROFILE].body = "{\"resultcode\":\"024\",\"message\":\"no\"}";
    CHECK_INT(finish(), ERR_DENIED);
    at[PROFILE].status = "401 No";
    CHECK_INT(finish(), ERR_DENIED);
    at[PROFILE].status = "503 Away";
    CHECK_INT(finish(), ERR_UNAVAILABLE);
    int asked = at[PROFILE].asked;
    strcpy(token_answer, "{\"access_token\":\"abc def\"}");
    CHECK_INT(finish(), ERR_DENIED);
    strcpy(token_answer, "{\"error\":\"invalid_grant\"}");
    CHECK_INT(finish(), ERR_DENIED);
    CHECK_INT(at[PROFILE].asked, asked);
}

/* An operator may say that another provider speaks OAuth 2.0 alone; its profile is then read as Naver's is. */
static void any_provider_may_have_a_profile(void)
{
    fresh("dev");
    struct provider *p = &set.items[0];
    p->protocol = PROVIDER_OAUTH2;
    snprintf(p->token, sizeof p->token, "%s/token", issuer);
    snprintf(p->profile, sizeof p->profile, "%s/me", issuer);
    strcpy(token_answer, "{\"access_token\":\"abc.def\"}");
    at[PROFILE].body = "{\"resultcode\":\"00\",\"response\":{\"id\":\"person\",\"nickname\":\"Mina\"}}";
    CHECK_MSG(finish() == ERR_OK, "%s", why.text);
    CHECK_STR(who.subject, "person");
    CHECK_STR(who.issuer, issuer);
}

int main(void)
{
    cjose_err err;
    const uint8_t three[] = {1, 0, 1};
    rsa = signing_rsa_key();
    ec = signing_ec_key();
    stranger = cjose_jwk_create_RSA_random(2048, three, sizeof three, &err);
    CHECK(secret_init() == ERR_OK && rsa != NULL && ec != NULL && stranger != NULL);
    peer_open(&peer, answer);
    snprintf(issuer, sizeof issuer, "http://127.0.0.1:%d", peer.port);
    RUN(a_person_is_who_the_token_names);
    RUN(a_secret_goes_into_a_header_where_the_provider_wants_it);
    RUN(addresses_are_asked_for_once_a_day);
    RUN(a_wrong_document_is_not_kept);
    RUN(keys_are_kept_for_an_hour);
    RUN(an_unknown_key_is_looked_for_once_a_minute);
    RUN(keys_that_were_asked_for_just_now_are_not_asked_for_again);
    RUN(a_change_of_keys_is_followed);
    RUN(keys_that_cannot_be_had_leave_the_old_ones);
    RUN(a_refusal_and_an_illness_are_told_apart);
    RUN(an_answer_without_end_is_refused);
    RUN(a_profile_says_who_it_is_where_no_token_does);
    RUN(any_provider_may_have_a_profile);
    peer_close(&peer);
    oidc_free(client);
    oidc_free(NULL);
    cjose_jwk_release(rsa);
    cjose_jwk_release(ec);
    cjose_jwk_release(stranger);
    return check_done();
}
