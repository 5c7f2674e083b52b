/* Property: a discovery document is refused with a sentence and changes nothing, or it is the issuer's and
 * each address in it may be asked: https (or http on loopback, if the issuer is there), visible ASCII, no
 * user, no fragment. */
#include <string.h>

#include "auth/answer.h"
#include "tests/fuzz/property.h"

static struct config config;
static struct provider_set set;

static void start(void)
{
    static const char *const ids[] = {"google", "kakao", "dev"};
    config_init(&config);
    for (config.n_providers = 0; config.n_providers < 3; config.n_providers++) {
        struct config_provider *s = &config.providers[config.n_providers];
        strcpy(s->id, ids[config.n_providers]);
        strcpy(s->client_id, "mvti");
        strcpy(s->client_secret_file, "secret");
    }
    strcpy(config.providers[2].issuer, "http://127.0.0.1:9000");
    must(provider_load(&config, false, &set, NULL) == ERR_OK);
}

/* What follows the scheme, up to the port or the path. */
static bool host_is(const char *url, const char *host)
{
    size_t n = strlen(host);
    return strncmp(url + 7, host, n) == 0 && strchr(":/?", url[7 + n]) != NULL; /* finds the end, too */
}

static void check_address(const struct provider *p, const char *url)
{
    size_t n = strnlen(url, PROVIDER_TEXT);
    must(n > 8 && n < PROVIDER_TEXT);
    for (size_t i = 0; i < n; i++)
        must(url[i] > 0x20 && url[i] < 0x7f && url[i] != '@' && url[i] != '#' && url[i] != '\\');
    must(strncmp(url, "https://", 8) == 0 ||
         (strncmp(p->issuer, "http://", 7) == 0 && strncmp(url, "http://", 7) == 0 &&
          (host_is(url, "localhost") || host_is(url, "127.0.0.1") || host_is(url, "[::1]"))));
}

static bool is_list_with(const struct json_value *v, const char *word)
{
    bool found = false;
    for (size_t i = 0; v != NULL && v->kind == JSON_LIST && i < v->n; i++)
        found |= v->items[i].kind == JSON_TEXT && strcmp(v->items[i].text, word) == 0;
    return found;
}

static void check(const struct provider *p, const struct json_value *document)
{
    struct answer_discovery out, before;
    struct fail why = {0};
    memset(&out, 'x', sizeof out);
    out.basic = false;
    before = out;
    if (answer_read_discovery(p, document, &out, &why) != ERR_OK) {
        must(why.text[0] != '\0' && memcmp(out.authorization, before.authorization, PROVIDER_TEXT) == 0 &&
             memcmp(out.token, before.token, PROVIDER_TEXT) == 0 &&
             memcmp(out.keys, before.keys, PROVIDER_TEXT) == 0 && !out.basic);
        return;
    }
    must(strcmp(json_text(document, "issuer"), p->issuer) == 0);
    check_address(p, out.authorization);
    check_address(p, out.token);
    check_address(p, out.keys);
    must(strcmp(json_text(document, "token_endpoint"), out.token) == 0);
    const struct json_value *methods = json_member(document, "token_endpoint_auth_methods_supported");
    must(out.basic == !is_list_with(methods, "client_secret_post"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct fail why = {0};
    const struct json_value *document;
    if (set.n == 0)
        start();
    enum err rc = answer_read(&a, 200, (const char *)data, size, &document, &why);
    must(rc == ERR_OK || (rc == ERR_DENIED && why.text[0] != '\0'));
    for (size_t i = 0; rc == ERR_OK && i < set.n; i++)
        check(&set.items[i], document);
    arena_free(&a);
    return 0;
}
