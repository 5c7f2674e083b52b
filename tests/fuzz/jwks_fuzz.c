/* Property: a JWK set is refused with a sentence, or its keys accept a token that tests/fixture/signing.h has
 * signed only where the set holds just that public key. */
#include <string.h>

#include "auth/jwt.h"
#include "tests/fixture/signing.h"
#include "tests/fuzz/property.h"

static char *by_ec, *by_rsa;
static const struct json_value *ec, *rsa;
static struct arena forever;

static void start(void)
{
    cjose_jwk_t *key = signing_ec_key();
    by_ec = signing_token(key, "ES256", "e", NULL, "{}", 2);
    cjose_jwk_release(key);
    key = signing_rsa_key();
    by_rsa = signing_token(key, "RS256", "r", NULL, "{}", 2);
    cjose_jwk_release(key);
    must(by_ec != NULL && by_rsa != NULL);
    must(json_read(&forever, signing_ec_public, strlen(signing_ec_public), &ec, NULL) == ERR_OK);
    must(json_read(&forever, signing_rsa_public, strlen(signing_rsa_public), &rsa, NULL) == ERR_OK);
}

/* The same number. The last character has bits that belong to no byte, and zeros in front change nothing. */
static bool same_number(const struct json_value *a, const struct json_value *b, const char *name)
{
    const char *x = json_text(a, name), *y = json_text(b, name);
    while (x != NULL && strncmp(x, "AAAA", 4) == 0)
        x += 4;
    return x != NULL && y != NULL && strncmp(x, y, strlen(y) - 1) == 0;
}

static bool holds(const struct json_value *set, const struct json_value *key, const char *const names[])
{
    const struct json_value *list = json_member(set, "keys");
    for (size_t i = 0; list != NULL && list->kind == JSON_LIST && i < list->n; i++)
        if (same_number(&list->items[i], key, names[0]) && same_number(&list->items[i], key, names[1]))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const point[] = {"x", "y"}, *const modulus[] = {"n", "e"};
    struct arena a = {0};
    struct fail why = {0};
    struct jwt_keys *keys;
    const struct json_value *set = NULL, *claims;
    if (by_ec == NULL)
        start();
    enum err rc = jwt_keys_read((const char *)data, size, &keys, &why);
    enum err parsed = json_read(&a, (const char *)data, size, &set, NULL);
    must(rc == ERR_OK ? keys != NULL && parsed == ERR_OK
                      : rc == ERR_DENIED && keys == NULL && why.text[0] != '\0');
    if (rc == ERR_OK) {
        must(jwt_verify(keys, &a, by_ec, &claims, &why) != ERR_OK || holds(set, ec, point));
        must(jwt_verify(keys, &a, by_rsa, &claims, &why) != ERR_OK || holds(set, rsa, modulus));
    }
    jwt_keys_free(keys);
    arena_free(&a);
    return 0;
}
