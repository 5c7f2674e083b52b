/* The two ends of a login as far as they need no provider: where the browser is sent, whose answer it is, and
 * a provider that is not there. tests/http asks a real one. */
#include "auth/oidc.h"
#include "tests/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static struct config config;
static struct provider_set set;
static struct oidc_client *client;
static struct fail why;

/* RFC 7636, appendix B. */
static const char VERIFIER[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
static const char CHALLENGE[] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

static void load(const char *id, const char *server)
{
    oidc_free(client);
    config_init(&config);
    config.n_providers = 1;
    struct config_provider *s = &config.providers[0];
    strcpy(s->id, id);
    strcpy(s->client_id, "me & you");
    strcpy(s->client_secret_file, "secret");
    if (server != NULL) {
        snprintf(s->issuer, sizeof s->issuer, "%s", server);
        snprintf(s->authorization_endpoint, sizeof s->authorization_endpoint, "%s/authorize", server);
        snprintf(s->token_endpoint, sizeof s->token_endpoint, "%s/token", server);
        snprintf(s->profile_endpoint, sizeof s->profile_endpoint, "%s/me", server);
    }
    CHECK_MSG(provider_load(&config, false, &set, &why) == ERR_OK, "%s", why.text);
    strcpy(set.items[0].secret, "hush-hush");
    client = oidc_new(&set);
    CHECK(client != NULL);
}

static const struct oidc_login login = {.provider = &set.items[0],
                                        .state = "the-state",
                                        .nonce = "the-nonce",
                                        .verifier = VERIFIER,
                                        .redirect_uri = "https://site.example/auth/naver/callback",
                                        .now = 1,
                                        .utc = 1700000000};

static enum err start(struct buf *url)
{
    why.text[0] = '\0';
    return oidc_start(client, &login, url, &why);
}

static void the_browser_takes_along_what_comes_back(void)
{
    struct buf url = {0};
    load("naver", NULL);
    CHECK_MSG(start(&url) == ERR_OK, "%s", why.text);
    char want[600];
    snprintf(
        want, sizeof want,
        "https://nid.naver.com/oauth2.0/authorize?client_id=me%%20%%26%%20you&redirect_uri=https%%3A%%2F%%"
        "2Fsite.example%%2Fauth%%2Fnaver%%2Fcallback&state=the-state&code_challenge=%s&code_challenge_"
        "method=S256&response_type=code",
        CHALLENGE);
    CHECK_STR(buf_str(&url), want);
    CHECK(strstr(buf_str(&url), "hush") == NULL && strstr(buf_str(&url), VERIFIER) == NULL);
    buf_free(&url);
}

static void a_query_of_the_address_is_kept(void)
{
    struct buf url = {0};
    load("naver", NULL);
    strcpy(set.items[0].authorization, "https://a.example/authorize?prompt=login");
    CHECK_INT(start(&url), ERR_OK);
    const char *front = "https://a.example/authorize?prompt=login&client_id=me%20%26%20you&redirect_uri=";
    CHECK_MSG(strncmp(buf_str(&url), front, strlen(front)) == 0, "%s", buf_str(&url));
    buf_free(&url);
}

static void an_answer_says_whose_it_is(void)
{
    load("google", NULL);
    const struct provider *google = &set.items[0];
    CHECK(oidc_issuer_matches(google, NULL));
    CHECK(oidc_issuer_matches(google, "https://accounts.google.com"));
    CHECK(oidc_issuer_matches(google, "accounts.google.com"));
    static const char *const others[] = {"", "https://accounts.google.com/", "http://accounts.google.com",
                                         "https://kauth.kakao.com", "accounts.google.com.a.example"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CHECK_MSG(!oidc_issuer_matches(google, others[i]), "%s", others[i]);
    load("kakao", NULL);
    CHECK(oidc_issuer_matches(&set.items[0], "https://kauth.kakao.com"));
    CHECK(!oidc_issuer_matches(&set.items[0], "kauth.kakao.com"));
}

/* A port that is taken but at which nobody listens refuses every connection. */
static int closed_port(char address[64])
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(s >= 0 && bind(s, (struct sockaddr *)&a, n) == 0 && getsockname(s, (struct sockaddr *)&a, &n) == 0);
    snprintf(address, 64, "http://127.0.0.1:%d", ntohs(a.sin_port));
    return s;
}

static void check_away(const char *id, const char *address, bool starts)
{
    struct buf url = {0};
    struct oidc_identity who;
    load(id, address);
    CHECK_INT(start(&url), starts ? ERR_OK : ERR_UNAVAILABLE);
    CHECK_MSG(starts || (url.len == 0 && why.text[0] != '\0'), "%s", buf_str(&url));
    CHECK_INT(oidc_finish(client, &login, "the-code", &who, &why), ERR_UNAVAILABLE);
    static const char *const secrets[] = {"the-code", "the-nonce", "hush", VERIFIER};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        CHECK_MSG(why.text[0] != '\0' && strstr(why.text, secrets[i]) == NULL, "%s", why.text);
    buf_free(&url);
}

static void a_provider_that_is_away_is_said_to_be(void)
{
    char address[64];
    int port = closed_port(address);
    check_away("dev", address, false); /* asks for the discovery document first */
    check_away("naver", address, true);
    close(port);
}

int main(void)
{
    RUN(the_browser_takes_along_what_comes_back);
    RUN(a_query_of_the_address_is_kept);
    RUN(an_answer_says_whose_it_is);
    RUN(a_provider_that_is_away_is_said_to_be);
    oidc_free(client);
    return check_done();
}
