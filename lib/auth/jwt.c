#include "auth/jwt.h"

#include <cjose/cjose.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"

struct jwt_key {
    cjose_jwk_t *jwk;
    bool is_rsa;
};

struct jwt_keys {
    size_t n;
    struct jwt_key items[JWT_MAX_KEYS];
};

static bool is(const char *a, const char *b)
{
    return a != NULL && strcmp(a, b) == 0;
}

/* Unpadded, as RFC 7515, section 2, has it. cjose 0.6 aborts the program on an '=' in the wrong place, so
 * nothing else may come to it. */
static bool is_base64url(const char *s, size_t n)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return n % 4 != 1 && strspn(s, alphabet) >= n;
}

/* use and alg are optional in a JWK; where they are there they must fit. */
static bool usable(const struct json_value *key)
{
    bool rsa = is(json_text(key, "kty"), "RSA");
    bool ec = is(json_text(key, "kty"), "EC") && is(json_text(key, "crv"), "P-256");
    const char *alg = json_text(key, "alg");
    if (json_member(key, "use") != NULL && !is(json_text(key, "use"), "sig"))
        return false;
    return (rsa || ec) && (json_member(key, "alg") == NULL || is(alg, rsa ? "RS256" : "ES256"));
}

/* cjose reads a key from text, so the members it needs are written again. */
static cjose_jwk_t *import_key(const struct json_value *key)
{
    static const char *const names[] = {"kty", "kid", "n", "e", "crv", "x", "y"};
    struct buf b = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = json_text(key, names[i]);
        if (value == NULL)
            continue;
        bool is_number = strlen(names[i]) == 1;
        if (is_number ? !is_base64url(value, strlen(value)) : strpbrk(value, "\"\\") != NULL) {
            buf_free(&b);
            return NULL;
        }
        buf_printf(&b, "%s\"%s\":\"%s\"", b.len == 0 ? "{" : ",", names[i], value);
    }
    buf_puts(&b, "}");
    cjose_err err;
    cjose_jwk_t *jwk = b.failed ? NULL : cjose_jwk_import(buf_str(&b), b.len, &err);
    buf_free(&b);
    return jwk;
}

void jwt_keys_free(struct jwt_keys *keys)
{
    for (size_t i = 0; keys != NULL && i < keys->n; i++)
        cjose_jwk_release(keys->items[i].jwk);
    free(keys);
}

enum err jwt_keys_read(const char *json, size_t n, struct jwt_keys **out, struct fail *why)
{
    struct arena a = {0};
    const struct json_value *set = NULL;
    *out = NULL;
    enum err rc = json_read(&a, json, n, &set, NULL);
    const struct json_value *list = rc == ERR_OK ? json_member(set, "keys") : NULL;
    struct jwt_keys *keys = rc == ERR_NOMEM ? NULL : calloc(1, sizeof *keys);
    if (keys == NULL) {
        arena_free(&a);
        return fail_set(why, ERR_NOMEM, "out of memory");
    }
    for (size_t i = 0; list != NULL && list->kind == JSON_LIST && i < list->n && keys->n < JWT_MAX_KEYS;
         i++) {
        cjose_jwk_t *jwk = usable(&list->items[i]) ? import_key(&list->items[i]) : NULL;
        if (jwk != NULL)
            keys->items[keys->n++] = (struct jwt_key){jwk, is(json_text(&list->items[i], "kty"), "RSA")};
    }
    arena_free(&a);
    if (keys->n == 0) {
        jwt_keys_free(keys);
        return fail_set(why, ERR_DENIED, "the provider's answer has no key for RS256 or ES256");
    }
    *out = keys;
    return ERR_OK;
}

/* A token may go without a kid only while there is no choice (OpenID Connect Core, section 10.1). */
static enum err find_key(const struct jwt_keys *keys, const char *kid, bool rsa, const struct jwt_key **out,
                         struct fail *why)
{
    size_t n = 0;
    bool other_type = false;
    cjose_err err;
    for (size_t i = 0; i < keys->n; i++) {
        const struct jwt_key *key = &keys->items[i];
        if (kid != NULL && !is(cjose_jwk_get_kid(key->jwk, &err), kid))
            continue;
        if (key->is_rsa != rsa) {
            other_type = true;
            continue;
        }
        *out = key;
        n++;
    }
    if (n == 1)
        return ERR_OK;
    if (n > 1)
        return fail_set(why, ERR_DENIED, "id_token: it is not clear which key has signed it");
    if (other_type && kid != NULL)
        return fail_set(why, ERR_DENIED, "id_token: its key is not for its algorithm");
    return fail_set(why, ERR_NOT_FOUND, "id_token: signed with a key that the provider does not publish");
}

static enum err verify(const struct jwt_keys *keys, struct arena *a, cjose_jws_t *jws,
                       const struct json_value **claims, struct fail *why)
{
    cjose_err err;
    cjose_header_t *header = cjose_jws_get_protected(jws);
    const char *alg = cjose_header_get(header, CJOSE_HDR_ALG, &err);
    bool rsa = is(alg, "RS256");
    if (!rsa && !is(alg, "ES256"))
        return fail_set(why, ERR_DENIED, "id_token: its algorithm is neither RS256 nor ES256");
    char *crit = cjose_header_get_raw(header, "crit", &err);
    if (crit != NULL) {
        cjose_get_dealloc()(crit);
        return fail_set(why, ERR_DENIED, "id_token: it asks for an extension (crit)");
    }
    const struct jwt_key *key = NULL;
    enum err rc = find_key(keys, cjose_header_get(header, CJOSE_HDR_KID, &err), rsa, &key, why);
    if (rc != ERR_OK)
        return rc;
    if (!cjose_jws_verify(jws, key->jwk, &err))
        return fail_set(why, ERR_DENIED, "id_token: the signature is wrong");
    uint8_t *text;
    size_t n;
    if (!cjose_jws_get_plaintext(jws, &text, &n, &err))
        return fail_set(why, ERR_DENIED, "id_token: it has no claims");
    rc = json_read(a, (const char *)text, n, claims, NULL);
    if (rc == ERR_NOMEM)
        return fail_set(why, rc, "out of memory");
    if (rc != ERR_OK || (*claims)->kind != JSON_MAP)
        return fail_set(why, ERR_DENIED, "id_token: its claims are no JSON object");
    return ERR_OK;
}

/* header.payload.signature (RFC 7515, section 7.1). */
static bool is_compact(const char *token)
{
    for (int i = 0; i < 2; i++) {
        size_t n = strcspn(token, ".");
        if (token[n] != '.' || !is_base64url(token, n))
            return false;
        token += n + 1;
    }
    return is_base64url(token, strlen(token));
}

enum err jwt_verify(const struct jwt_keys *keys, struct arena *a, const char *token,
                    const struct json_value **claims, struct fail *why)
{
    cjose_err err;
    size_t n = strnlen(token, JWT_MAX_BYTES + 1);
    if (n > JWT_MAX_BYTES)
        return fail_set(why, ERR_DENIED, "id_token: larger than %d bytes", JWT_MAX_BYTES);
    cjose_jws_t *jws = is_compact(token) ? cjose_jws_import(token, n, &err) : NULL;
    if (jws == NULL)
        return fail_set(why, ERR_DENIED, "id_token: not a signed token");
    enum err rc = verify(keys, a, jws, claims, why);
    cjose_jws_release(jws);
    return rc;
}

static bool audience_fits(const struct json_value *claims, const char *client_id)
{
    const struct json_value *aud = json_member(claims, "aud");
    const struct json_value *azp = json_member(claims, "azp");
    bool among = is(json_text(claims, "aud"), client_id);
    bool several = aud != NULL && aud->kind == JSON_LIST && aud->n > 1;
    for (size_t i = 0; aud != NULL && aud->kind == JSON_LIST && i < aud->n; i++) {
        if (aud->items[i].kind != JSON_TEXT)
            return false;
        among = among || strcmp(aud->items[i].text, client_id) == 0;
    }
    return among && ((azp == NULL && !several) || is(json_text(claims, "azp"), client_id));
}

/* Seconds that a time claim lies after utc. NumericDate may have a fraction. */
static bool seconds_after(const struct json_value *claims, const char *name, int64_t utc, double *out)
{
    const struct json_value *v = json_member(claims, name);
    if (v == NULL || (v->kind != JSON_INT && v->kind != JSON_REAL))
        return false;
    *out = v->real - (double)utc;
    return true;
}

enum err jwt_check_claims(const struct json_value *claims, const struct jwt_expected *e, struct fail *why)
{
    const char *wrong = NULL;
    const char *iss = json_text(claims, "iss"), *sub = json_text(claims, "sub"),
               *nonce = json_text(claims, "nonce");
    double exp, iat, nbf = 0;
    if (!is(iss, e->issuer) && !(e->other_issuer != NULL && is(iss, e->other_issuer)))
        wrong = "iss";
    else if (!audience_fits(claims, e->client_id))
        wrong = "aud or azp";
    else if (!seconds_after(claims, "exp", e->utc, &exp) || !(exp > -JWT_LEEWAY_SECONDS))
        wrong = "exp";
    else if (!seconds_after(claims, "iat", e->utc, &iat) || !(iat <= JWT_LEEWAY_SECONDS))
        wrong = "iat";
    else if (json_member(claims, "nbf") != NULL &&
             (!seconds_after(claims, "nbf", e->utc, &nbf) || !(nbf <= JWT_LEEWAY_SECONDS)))
        wrong = "nbf";
    else if (nonce == NULL || strlen(nonce) != strlen(e->nonce) ||
             !secret_equal(nonce, e->nonce, strlen(nonce)))
        wrong = "nonce";
    else if (sub == NULL || *sub == '\0' || strlen(sub) > 255)
        wrong = "sub";
    return wrong == NULL ? ERR_OK : fail_set(why, ERR_DENIED, "id_token: %s is wrong", wrong);
}
