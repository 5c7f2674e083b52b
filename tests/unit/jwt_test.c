/* id_tokens, good and forged. cjose signs here; lib/auth/jwt.c must see through each forgery. */
#include "auth/jwt.h"
#include "tests/check.h"

#include "fixture/signing.h"

#define GOOD                                                                                                 \
    "\"iss\":\"https://"                                                                                     \
    "i.example\",\"aud\":\"me\",\"exp\":1000600,\"iat\":1000000,\"nonce\":\"n-1\",\"sub\":\"s\""

static const struct jwt_expected expected = {"https://i.example", "i.example", "me", "n-1", 1000000};
static cjose_jwk_t *rsa, *ec, *stranger, *octets;
static struct jwt_keys *keys;

static char *sign(cjose_jwk_t *key, const char *alg, const char *kid, const char *crit, const char *claims)
{
    char *token = signing_token(key, alg, kid, crit, claims, strlen(claims));
    CHECK_MSG(token != NULL, "%s %s", alg, claims);
    return token;
}

static enum err judge(const char *token, struct fail *why)
{
    struct arena a = {0};
    const struct json_value *claims;
    why->text[0] = '\0';
    enum err rc = jwt_verify(keys, &a, token, &claims, why);
    if (rc == ERR_OK)
        rc = jwt_check_claims(claims, &expected, why);
    arena_free(&a);
    return rc;
}

static void judged(char *token, enum err code, const char *sentence)
{
    struct fail why;
    enum err rc = judge(token, &why);
    CHECK_MSG(rc == code && strstr(why.text, sentence) != NULL, "%s: %s (wanted %s)", err_name(rc), why.text,
              sentence);
    free(token);
}

static void claims_judged(const char *claims, enum err code, const char *sentence)
{
    judged(sign(rsa, "RS256", "r", NULL, claims), code, sentence);
}

static void good_tokens_pass(void)
{
    claims_judged("{" GOOD "}", ERR_OK, "");
    judged(sign(ec, "ES256", "e", NULL, "{" GOOD "}"), ERR_OK, "");
    judged(sign(ec, "ES256", NULL, NULL, "{" GOOD "}"), ERR_OK, "");
    claims_judged("{" GOOD ",\"iss\":\"i.example\"}", ERR_OK, "");
    claims_judged("{" GOOD ",\"aud\":[\"me\"]}", ERR_OK, "");
    claims_judged("{" GOOD ",\"aud\":[\"x\",\"me\"],\"azp\":\"me\"}", ERR_OK, "");
    claims_judged("{" GOOD ",\"exp\":999881,\"iat\":1000120,\"nbf\":1000120}", ERR_OK, "");
}

static void forged_signatures_are_refused(void)
{
    judged(sign(stranger, "RS256", "r", NULL, "{" GOOD "}"), ERR_DENIED, "signature");
    judged(sign(rsa, "RS256", "other", NULL, "{" GOOD "}"), ERR_NOT_FOUND, "does not publish");
    judged(sign(rsa, "RS384", "r", NULL, "{" GOOD "}"), ERR_DENIED, "algorithm is neither");
    judged(sign(rsa, "PS256", "r", NULL, "{" GOOD "}"), ERR_DENIED, "algorithm is neither");
    judged(sign(octets, "HS256", "r", NULL, "{" GOOD "}"), ERR_DENIED, "algorithm is neither");
    judged(sign(rsa, "RS256", "e", NULL, "{" GOOD "}"), ERR_DENIED, "not for its algorithm");
    judged(sign(rsa, "RS256", "r", "[\"b64\"]", "{" GOOD "}"), ERR_DENIED, "crit");
    judged(sign(rsa, "RS256", "r", NULL, "[]"), ERR_DENIED, "no JSON object");
    judged(strdup("eyJhbGciOiJub25lIn0.e30."), ERR_DENIED, "id_token");
    static const char *const no_tokens[] = {"",
                                            ".",
                                            "..",
                                            "...",
                                            "e30.e30",
                                            "e30=.e30.e30",
                                            "e30.e3=0.e30",
                                            "e30.e30.A",
                                            "e30.e30.A===",
                                            "e30.e30.A=AA",
                                            "e30.e30.AA+A"};
    for (size_t i = 0; i < sizeof no_tokens / sizeof *no_tokens; i++)
        judged(strdup(no_tokens[i]), ERR_DENIED, "not a signed token");
    char *token = sign(rsa, "RS256", "r", NULL, "{" GOOD "}");
    char *claims = strchr(token, '.') + 9;
    *claims = *claims == 'A' ? 'B' : 'A';
    judged(token, ERR_DENIED, "id_token");
    token = malloc(JWT_MAX_BYTES + 2);
    memset(token, 'a', JWT_MAX_BYTES + 1);
    token[JWT_MAX_BYTES + 1] = '\0';
    judged(token, ERR_DENIED, "larger than");
}

static void wrong_claims_are_refused(void)
{
    static const struct {
        const char *change, *claim;
    } bad[] = {
        {"\"iss\":\"https://j.example\"", "iss"},
        {"\"iss\":\"https://i.example/\"", "iss"},
        {"\"iss\":null", "iss"},
        {"\"aud\":\"you\"", "aud"},
        {"\"aud\":[]", "aud"},
        {"\"aud\":[\"me\",1],\"azp\":\"me\"", "aud"},
        {"\"aud\":[\"me\",\"you\"]", "azp"},
        {"\"aud\":[\"me\",\"you\"],\"azp\":\"you\"", "azp"},
        {"\"azp\":\"you\"", "azp"},
        {"\"azp\":null", "azp"},
        {"\"exp\":999880", "exp"},
        {"\"exp\":\"1000600\"", "exp"},
        {"\"exp\":null", "exp"},
        {"\"iat\":1000121", "iat"},
        {"\"iat\":null", "iat"},
        {"\"nbf\":1000121", "nbf"},
        {"\"nbf\":\"x\"", "nbf"},
        {"\"nonce\":\"n-2\"", "nonce"},
        {"\"nonce\":\"n-\"", "nonce"},
        {"\"nonce\":null", "nonce"},
        {"\"sub\":\"\"", "sub"},
        {"\"sub\":7", "sub"},
    };
    char text[800];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "{" GOOD ",%s}", bad[i].change);
        claims_judged(text, ERR_DENIED, bad[i].claim);
    }
    for (int n = 255; n <= 256; n++) {
        snprintf(text, sizeof text, "{" GOOD ",\"sub\":\"%0*d\"}", n, 0);
        claims_judged(text, n == 255 ? ERR_OK : ERR_DENIED, n == 255 ? "" : "sub");
    }
}

static void a_set_without_usable_keys_is_refused(void)
{
    static const char *const sets[] = {"",
                                       "[]",
                                       "{}",
                                       "{\"keys\":[]}",
                                       "{\"keys\":7}",
                                       "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\\\"\",\"e\":\"AQAB\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"A=AA\",\"e\":\"AQAB\"}]}",
                                       "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"A\"}]}"};
    struct jwt_keys *none;
    struct fail why;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        CHECK_MSG(jwt_keys_read(sets[i], strlen(sets[i]), &none, &why) == ERR_DENIED, "%s", sets[i]);
}

static cjose_jwk_t *named(cjose_jwk_t *key, const char *kid)
{
    cjose_err err;
    CHECK(key != NULL && cjose_jwk_set_kid(key, kid, strlen(kid), &err));
    return key;
}

int main(void)
{
    cjose_err err;
    const uint8_t three[] = {1, 0, 1};
    rsa = named(cjose_jwk_create_RSA_random(2048, three, sizeof three, &err), "r");
    stranger = named(cjose_jwk_create_RSA_random(2048, three, sizeof three, &err), "r");
    ec = named(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &err), "e");
    octets = named(cjose_jwk_create_oct_random(256, &err), "r");
    char *r = cjose_jwk_to_json(rsa, false, &err), *e = cjose_jwk_to_json(ec, false, &err);
    char set[4000];
    struct fail why = {0};
    int n = snprintf(set, sizeof set, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},%s,%s]}", r, e);
    CHECK_MSG(jwt_keys_read(set, (size_t)n, &keys, &why) == ERR_OK, "%s", why.text);
    free(r);
    free(e);
    RUN(good_tokens_pass);
    RUN(forged_signatures_are_refused);
    RUN(wrong_claims_are_refused);
    RUN(a_set_without_usable_keys_is_refused);
    jwt_keys_free(keys);
    cjose_jwk_release(rsa);
    cjose_jwk_release(stranger);
    cjose_jwk_release(ec);
    cjose_jwk_release(octets);
    return check_done();
}
