/* Property: a token is accepted only if the keys of tests/fixture/signing.h have signed just that, and its
 * claims only if a twin, written from OpenID Connect Core 1.0, section 3.1.3.7, accepts them too.
 *
 *     c CLAIMS                    signed here, so that the claims are reached
 *     h ALG⏎ KID⏎ CRIT⏎ CLAIMS    signed here, if cjose will, with what a header may say
 *     anything else               as it stands: a token, mostly of what GOOD says */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "auth/jwt.h"
#include "auth/profile.h"
#include "base/buf.h"
#include "tests/fixture/signing.h"
#include "tests/fuzz/property.h"

static const struct jwt_expected expected = {"https://accounts.example", "accounts.example", "mvti-client",
                                             "n-0S6_WzA2Mj", 1700000000};
static const char GOOD[] =
    "{\"iss\":\"https://accounts.example\",\"aud\":\"mvti-client\",\"sub\":\"110169484\","
    "\"exp\":1700003600,\"iat\":1700000000,\"nonce\":\"n-0S6_WzA2Mj\"}";

static cjose_jwk_t *ec, *rsa;
static struct jwt_keys *keys;
static char *good_ec, *good_rsa; /* up to the signature */

static char *unsigned_part(cjose_jwk_t *key, const char *alg, const char *kid)
{
    char *token = signing_token(key, alg, kid, NULL, GOOD, strlen(GOOD));
    must(token != NULL);
    strrchr(token, '.')[1] = '\0';
    return token;
}

static void start(void)
{
    struct buf set = {0};
    ec = signing_ec_key();
    rsa = signing_rsa_key();
    must(ec != NULL && rsa != NULL);
    buf_printf(&set, "{\"keys\":[%s,%s]}", signing_ec_public, signing_rsa_public);
    must(jwt_keys_read(set.data, set.len, &keys, NULL) == ERR_OK);
    buf_free(&set);
    good_ec = unsigned_part(ec, "ES256", "e");
    good_rsa = unsigned_part(rsa, "RS256", "r");
}

static bool text_is(const struct json_value *v, const char *word)
{
    return v != NULL && v->kind == JSON_TEXT && strcmp(v->text, word) == 0;
}

/* A time claim, or `otherwise` where it is absent; what is no number is on the wrong side of everything. */
static bool within(const struct json_value *v, double least, double most, bool otherwise)
{
    if (v == NULL)
        return otherwise;
    if (v->kind == JSON_INT)
        return (double)v->integer >= least && (double)v->integer <= most;
    return v->kind == JSON_REAL && v->real >= least && v->real <= most;
}

static bool twin(const struct json_value *claims)
{
    const struct json_value *iss = json_member(claims, "iss"), *aud = json_member(claims, "aud"),
                            *azp = json_member(claims, "azp"), *sub = json_member(claims, "sub");
    size_t mine = 0, texts = 0, n = 1;
    if (aud != NULL && aud->kind == JSON_LIST)
        for (n = 0; n < aud->n; n++) {
            mine += text_is(&aud->items[n], "mvti-client");
            texts += aud->items[n].kind == JSON_TEXT;
        }
    else
        mine = texts = text_is(aud, "mvti-client");
    return (text_is(iss, "https://accounts.example") || text_is(iss, "accounts.example")) && mine > 0 &&
           texts == n && (azp != NULL ? text_is(azp, "mvti-client") : n == 1) &&
           within(json_member(claims, "exp"), nextafter(1700000000 - 120, INFINITY), INFINITY, false) &&
           within(json_member(claims, "iat"), 1700000000 - 720, 1700000120, false) &&
           json_member(claims, "exp")->real > json_member(claims, "iat")->real &&
           within(json_member(claims, "nbf"), -INFINITY, 1700000120, true) &&
           text_is(json_member(claims, "nonce"), "n-0S6_WzA2Mj") && sub != NULL && sub->kind == JSON_TEXT &&
           sub->n >= 1 && sub->n <= 255;
}

static void check_claims(const struct json_value *claims)
{
    struct oidc_identity who;
    struct fail why = {0};
    enum err rc = jwt_check_claims(claims, &expected, &why);
    must(rc == ERR_OK || (rc == ERR_DENIED && why.text[0] != '\0'));
    must((rc == ERR_OK) == twin(claims));
    must(rc != ERR_OK || profile_read_claims(expected.issuer, claims, &who, &why) == ERR_OK);
}

static enum err verified(struct arena *a, const char *token)
{
    struct fail why = {0};
    const struct json_value *claims = NULL;
    enum err rc = jwt_verify(keys, a, token, &claims, &why);
    must(rc == ERR_OK || ((rc == ERR_DENIED || rc == ERR_NOT_FOUND) && why.text[0] != '\0'));
    if (rc == ERR_OK) {
        must(claims->kind == JSON_MAP);
        check_claims(claims);
    }
    return rc;
}

static void check_signed_claims(struct arena *a, const char *claims, size_t n)
{
    const struct json_value *v;
    char *token = signing_token(ec, "ES256", "e", NULL, claims, n);
    must(token != NULL);
    bool fine = strlen(token) <= JWT_MAX_BYTES && json_read(a, claims, n, &v, NULL) == ERR_OK &&
                v->kind == JSON_MAP && json_names_once(claims, n, v);
    must((verified(a, token) == ERR_OK) == fine);
    free(token);
}

static void check_header(struct arena *a, char *text)
{
    char *alg = strsep(&text, "\n"), *kid = strsep(&text, "\n"), *crit = strsep(&text, "\n");
    if (text == NULL)
        return;
    bool with_rsa = alg[0] == 'R' || alg[0] == 'P';
    char *token = signing_token(with_rsa ? rsa : ec, alg, *kid != '\0' ? kid : NULL,
                                *crit != '\0' ? crit : NULL, text, strlen(text));
    if (token != NULL && verified(a, token) == ERR_OK)
        must(strcmp(alg, with_rsa ? "RS256" : "ES256") == 0 && *crit == '\0' &&
             (*kid == '\0' || strcmp(kid, with_rsa ? "r" : "e") == 0));
    free(token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    if (keys == NULL)
        start();
    char *text = arena_strndup(&a, (const char *)data, size);
    if (size > 0 && data[0] == 'c')
        check_signed_claims(&a, text + 1, size - 1);
    else if (size > 0 && data[0] == 'h')
        check_header(&a, text + 1);
    else if (verified(&a, text) == ERR_OK)
        must(strncmp(text, good_ec, strlen(good_ec)) == 0 || strncmp(text, good_rsa, strlen(good_rsa)) == 0);
    arena_free(&a);
    return 0;
}
