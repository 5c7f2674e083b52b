/* What the configuration may say about providers. */
#include "auth/provider.h"
#include "tests/check.h"

#include <sys/stat.h>
#include <unistd.h>

static struct config config;
static struct provider_set set;
static struct fail why;

static struct config_provider *section(const char *id)
{
    config_init(&config);
    config.n_providers = 1;
    struct config_provider *s = &config.providers[0];
    snprintf(s->id, sizeof s->id, "%s", id);
    strcpy(s->client_id, "me");
    strcpy(s->client_secret_file, "/nonexistent/secret");
    return s;
}

static void refused(const char *sentence)
{
    CHECK(provider_load(&config, false, &set, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, sentence) != NULL, "%s", why.text);
    CHECK_INT(set.n, 0);
}

static void rows_fill_what_is_not_written(void)
{
    section("google");
    CHECK_MSG(provider_load(&config, false, &set, &why) == ERR_OK, "%s", why.text);
    CHECK_STR(provider_find(&set, "google")->issuer, "https://accounts.google.com");
    CHECK(provider_find(&set, "kakao") == NULL);
    section("naver");
    CHECK_MSG(provider_load(&config, false, &set, &why) == ERR_OK, "%s", why.text);
    CHECK_STR(set.items[0].token, "https://nid.naver.com/oauth2.0/token");
    strcpy(section("dev")->issuer, "http://127.0.0.1:9000/dev");
    CHECK_MSG(provider_load(&config, false, &set, &why) == ERR_OK, "%s", why.text);
}

static void mistakes_name_the_section(void)
{
    section("github");
    refused("unknown provider github (google, ");
    section("google")->client_id[0] = '\0';
    refused("provider google: no client_id");
    section("google")->client_secret_file[0] = '\0';
    refused("provider google: no client_secret_file");
    strcpy(section("google")->protocol, "saml");
    refused("neither oidc nor oauth2");
    strcpy(section("google")->protocol, "oauth2");
    refused("no authorization_endpoint");
    strcpy(section("google")->issuer, "http://accounts.example");
    refused("issuer is not an https address");
    struct config_provider *naver = section("naver");
    strcpy(naver->token_endpoint, "//nid.naver.com/token");
    refused("provider naver: token_endpoint is not an https address");
    strcpy(section("naver")->profile_endpoint, "ftp://nid.naver.com/me");
    refused("provider naver: profile_endpoint is not an https address");
    for (int n = 200; n <= 201; n++) {
        snprintf(section("google")->issuer, sizeof config.providers[0].issuer, "https://%0*d", n - 8, 0);
        if (n == 200)
            CHECK_MSG(provider_load(&config, false, &set, &why) == ERR_OK, "%s", why.text);
        else
            refused("issuer is longer than 200 bytes");
    }
    section("dev");
    refused("provider dev: no issuer");
    strcpy(section("dev")->issuer, "https://i.example");
    refused("only where issuer and public_url");
    strcpy(section("dev")->issuer, "http://localhost:1");
    strcpy(config.public_url, "https://site.example");
    refused("only where issuer and public_url");
}

static void a_protocol_may_be_written(void)
{
    strcpy(section("google")->protocol, "oidc");
    CHECK(provider_load(&config, false, &set, &why) == ERR_OK && set.items[0].protocol == PROVIDER_OIDC);
    strcpy(section("naver")->protocol, "oidc");
    CHECK(provider_load(&config, false, &set, &why) == ERR_OK && set.items[0].protocol == PROVIDER_OIDC);
    section("naver");
    CHECK(provider_load(&config, false, &set, &why) == ERR_OK && set.items[0].protocol == PROVIDER_OAUTH2);
}

/* As many as a configuration may have; more are refused when it is read (config_test.c). */
static void there_are_so_many(void)
{
    section("google");
    for (; config.n_providers < CONFIG_PROVIDERS; config.n_providers++)
        config.providers[config.n_providers] = config.providers[0];
    CHECK(provider_load(&config, false, &set, &why) == ERR_OK && set.n == CONFIG_PROVIDERS);
}

static void addresses_are_https_or_loopback(void)
{
    static const char *const good[] = {"https://a.example", "http://localhost", "http://127.0.0.1:80/x",
                                       "http://[::1]:80"};
    static const char *const bad[] = {"",
                                      "a",
                                      "http://a.example",
                                      "http://localhost.example",
                                      "https://",
                                      "https://a b",
                                      "https://u@a",
                                      "http://127.0.0.1:1@b.example",
                                      "https://a#b",
                                      "ftp://a",
                                      "http://127.0.0.10"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_MSG(provider_address_allowed(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(!provider_address_allowed(bad[i]), "%s", bad[i]);
}

static void secrets_are_read_on_request_and_wiped(void)
{
    char path[] = "/tmp/mvti-secret-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, "hush\n", 5) == 5);
    strcpy(section("google")->client_secret_file, path);
    CHECK(provider_load(&config, false, &set, &why) == ERR_OK);
    CHECK_STR(set.items[0].secret, "");
    CHECK_MSG(provider_load(&config, true, &set, &why) == ERR_OK, "%s", why.text);
    CHECK_STR(set.items[0].secret, "hush");
    CHECK_STR(set.items[0].admin_key, "");
    strcpy(config.providers[0].admin_key_file, path);
    CHECK(provider_load(&config, true, &set, &why) == ERR_OK);
    CHECK_STR(set.items[0].admin_key, "hush");
    strcpy(config.providers[0].admin_key_file, "/dev/null");
    CHECK(provider_load(&config, true, &set, &why) != ERR_OK);
    CHECK_MSG(strstr(why.text, "provider google: admin_key_file") != NULL, "%s", why.text);
    config.providers[0].admin_key_file[0] = '\0';
    CHECK(provider_load(&config, true, &set, &why) == ERR_OK);
    provider_forget(&set);
    CHECK_STR(set.items[0].secret, "");
    CHECK(fchmod(fd, 0644) == 0);
    CHECK(provider_load(&config, true, &set, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "provider google: client_secret_file: ") != NULL, "%s", why.text);
    close(fd);
    unlink(path);
    CHECK(provider_load(&config, true, &set, &why) == ERR_NOT_FOUND);
}

int main(void)
{
    RUN(rows_fill_what_is_not_written);
    RUN(mistakes_name_the_section);
    RUN(a_protocol_may_be_written);
    RUN(there_are_so_many);
    RUN(addresses_are_https_or_loopback);
    RUN(secrets_are_read_on_request_and_wiped);
    return check_done();
}
