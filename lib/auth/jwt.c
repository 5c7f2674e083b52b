#include "auth/jwt.h"

#include <cjose/cjose.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/named_bytes.h"
#include "base/secret.h"

enum {
    RSA_LEAST_BITS = 2048, /* RFC 7518, section 3.3 */
    RSA_MOST_BITS = 8192,  /* so that a signature costs milliseconds at most */
    RSA_LEAST_E = 65537,   /* FIPS 186-5, A.1.1: odd, more than 2^16 */
    EC_CHARS = 43          /* 32 bytes; RFC 7518, section 6.2.1.2: always all of them */
};

struct jwt_key {
    cjose_jwk_t *jwk;
    char *kid; /* NULL: it has none */
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

/* A big-endian number of base64url without its zeros in front. *n: bytes; 0 for what is none, or is larger
 * than `most` bytes. */
static const uint8_t *read_number(const char *text, uint8_t *out, size_t most, size_t *n)
{
    size_t chars = text != NULL ? strlen(text) : 0;
    *n = chars / 4 * 3 + (chars % 4 == 0 ? 0 : chars % 4 - 1);
    if (chars == 0 || *n > most || !secret_from_base64url(out, *n, text))
        *n = 0;
    for (; *n > 0 && *out == 0; out++)
        --*n;
    return out;
}

/* A modulus that nobody factors and an exponent with which a signature proves something: with e = 1 every
 * text is its own signature. */
static bool rsa_is_strong(const struct json_value *key)
{
    uint8_t modulus[RSA_MOST_BITS / 8 + 1], exponent[sizeof(uint64_t)];
    size_t n_bytes, e_bytes;
    const uint8_t *n = read_number(json_text(key, "n"), modulus, sizeof modulus, &n_bytes);
    const uint8_t *e = read_number(json_text(key, "e"), exponent, sizeof exponent, &e_bytes);
    if (n_bytes == 0)
        return false;
    size_t bits = n_bytes * 8;
    for (uint8_t first = *n; first < 0x80; first = (uint8_t)(first << 1))
        bits--;
    uint64_t value = 0;
    for (size_t i = 0; i < e_bytes; i++)
        value = value << 8 | e[i];
    return bits >= RSA_LEAST_BITS && bits <= RSA_MOST_BITS && n[n_bytes - 1] % 2 == 1 &&
           value >= RSA_LEAST_E && value % 2 == 1;
}

static bool ec_is_whole(const struct json_value *key)
{
    const char *x = json_text(key, "x"), *y = json_text(key, "y");
    return x != NULL && y != NULL && strlen(x) == EC_CHARS && strlen(y) == EC_CHARS &&
           is_base64url(x, EC_CHARS) && is_base64url(y, EC_CHARS);
}

static bool may_verify(const struct json_value *ops)
{
    bool among = false;
    for (size_t i = 0; ops->kind == JSON_LIST && i < ops->n; i++)
        among = among || (ops->items[i].kind == JSON_TEXT && is(ops->items[i].text, "verify"));
    return among;
}

/* use, key_ops, alg and kid are optional in a JWK (RFC 7517, section 4); where they are there they must fit.
 * Whoever publishes a private key lets anybody sign. */
static bool usable(const struct json_value *key)
{
    bool rsa = is(json_text(key, "kty"), "RSA");
    bool ec = is(json_text(key, "kty"), "EC") && is(json_text(key, "crv"), "P-256");
    const struct json_value *ops = json_member(key, "key_ops");
    if (json_member(key, "use") != NULL && !is(json_text(key, "use"), "sig"))
        return false;
    if ((ops != NULL && !may_verify(ops)) || json_member(key, "d") != NULL)
        return false;
    if (json_member(key, "kid") != NULL && json_text(key, "kid") == NULL)
        return false;
    if (json_member(key, "alg") != NULL && !is(json_text(key, "alg"), rsa ? "RS256" : "ES256"))
        return false;
    return rsa ? rsa_is_strong(key) : ec && ec_is_whole(key);
}

/* cjose reads a key from text, so the members it needs, which are plain words by now, are written again. A
 * point that is not on its curve is none to it: *out is NULL then. ERR_NOMEM. */
static enum err import_key(const struct json_value *key, cjose_jwk_t **out)
{
    static const char *const names[] = {"kty", "n", "e", "crv", "x", "y"};
    bool rsa = is(json_text(key, "kty"), "RSA");
    struct buf b = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (i == 0 || rsa == (i < 3))
            buf_printf(&b, "%s\"%s\":\"%s\"", i == 0 ? "{" : ",", names[i], json_text(key, names[i]));
    buf_puts(&b, "}");
    cjose_err err;
    enum err rc = b.failed ? ERR_NOMEM : ERR_OK;
    *out = rc == ERR_OK ? cjose_jwk_import(buf_str(&b), b.len, &err) : NULL;
    buf_free(&b);
    return rc;
}

void jwt_keys_free(struct jwt_keys *keys)
{
    for (size_t i = 0; keys != NULL && i < keys->n; i++) {
        cjose_jwk_release(keys->items[i].jwk);
        free(keys->items[i].kid);
    }
    free(keys);
}

/* Adds it if it is one of ours. False: out of memory. */
static bool add_key(struct jwt_keys *keys, const struct json_value *key)
{
    cjose_jwk_t *jwk = NULL;
    if (usable(key) && import_key(key, &jwk) != ERR_OK)
        return false;
    const char *kid = json_text(key, "kid");
    char *copy = jwk != NULL && kid != NULL ? strdup(kid) : NULL;
    if (jwk == NULL)
        return true;
    bool stored = kid == NULL || copy != NULL;
    if (stored)
        keys->items[keys->n++] = (struct jwt_key){jwk, copy, is(json_text(key, "kty"), "RSA")};
    else
        cjose_jwk_release(jwk);
    return stored;
}

enum err jwt_keys_read(const char *json, size_t n, struct jwt_keys **out, struct fail *why)
{
    struct arena a = {0};
    const struct json_value *set = NULL;
    *out = NULL;
    enum err rc = json_read(&a, json, n, &set, NULL);
    const struct json_value *list = rc == ERR_OK ? json_member(set, "keys") : NULL;
    struct jwt_keys *keys = rc == ERR_NOMEM ? NULL : calloc(1, sizeof *keys);
    bool stored = keys != NULL;
    for (size_t i = 0; stored && list != NULL && list->kind == JSON_LIST && i < list->n; i++)
        stored = keys->n == JWT_MAX_KEYS || add_key(keys, &list->items[i]);
    arena_free(&a);
    if (stored && keys->n > 0) {
        *out = keys;
        return ERR_OK;
    }
    jwt_keys_free(keys);
    return stored ? fail_set(why, ERR_DENIED, "the provider's answer has no key for RS256 or ES256")
                  : fail_set(why, ERR_NOMEM, "out of memory");
}

/* Whether a key may have signed a token: the one that it names. A provider with no name for the key, or none
 * in the token, leaves the choice to us (OpenID Connect Core 1.0, section 10.1, wants names where there are
 * several keys, and not every provider gives them): then each that fits is tried, JWT_MAX_KEYS at most. */
static bool fits(const struct jwt_key *key, const char *kid, bool named, bool rsa)
{
    return key->is_rsa == rsa && (named ? is(key->kid, kid) : kid == NULL || key->kid == NULL);
}

static enum err check_signature(const struct jwt_keys *keys, cjose_jws_t *jws, const char *kid, bool rsa,
                                struct fail *why)
{
    bool named = false;
    size_t tried = 0;
    cjose_err err;
    for (size_t i = 0; i < keys->n; i++)
        named = named || (kid != NULL && is(keys->items[i].kid, kid));
    for (size_t i = 0; i < keys->n; i++) {
        if (!fits(&keys->items[i], kid, named, rsa))
            continue;
        tried++;
        if (cjose_jws_verify(jws, keys->items[i].jwk, &err))
            return ERR_OK;
    }
    if (named && tried == 0)
        return fail_set(why, ERR_DENIED, "id_token: its key does not match its algorithm");
    if (named)
        return fail_set(why, ERR_DENIED, "id_token: the signature is wrong");
    return fail_set(why, ERR_NOT_FOUND, "id_token: signed with a key that the provider does not publish");
}

/* An object in which no name stands twice: of two readers, each might believe another one. */
static enum err read_object(struct arena *a, const struct named_bytes *from, const struct json_value **out,
                            struct fail *why)
{
    const char *text = from->at, *what = from->name;
    size_t n = from->n;
    enum err rc = json_read(a, text, n, out, NULL);
    if (rc == ERR_NOMEM)
        return fail_set(why, rc, "out of memory");
    if (rc != ERR_OK || (*out)->kind != JSON_MAP)
        return fail_set(why, ERR_DENIED, "id_token: %s: not a JSON object", what);
    return json_names_once(text, n, *out) ? ERR_OK
                                          : fail_set(why, ERR_DENIED, "id_token: %s: duplicate name", what);
}

/* RFC 7515, section 4. What is not understood must not change what is signed: crit, and b64 (RFC 7797). */
static enum err read_header(struct arena *a, const char *token, const char **kid, bool *rsa, struct fail *why)
{
    const struct json_value *header = NULL;
    size_t n = strcspn(token, ".");
    char *coded = arena_strndup(a, token, n);
    char *text = arena_alloc(a, n);
    if (coded == NULL || text == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    n = n / 4 * 3 + (n % 4 == 0 ? 0 : n % 4 - 1);
    if (!secret_from_base64url(text, n, coded))
        return fail_set(why, ERR_DENIED, "id_token: not a signed token");
    enum err rc = read_object(a, &(struct named_bytes){text, n, "its header"}, &header, why);
    if (rc != ERR_OK)
        return rc;
    const struct json_value *b64 = json_member(header, "b64");
    const char *alg = json_text(header, "alg");
    *kid = json_text(header, "kid");
    /* A list of our own, whatever the token says: "none" has no signature, and HS256 would take the published key for a secret (RFC 8725,
     * section 3.1). */
    *rsa = is(alg, "RS256");
    if (!*rsa && !is(alg, "ES256"))
        return fail_set(why, ERR_DENIED, "id_token: its algorithm is neither RS256 nor ES256");
    if (json_member(header, "crit") != NULL)
        return fail_set(why, ERR_DENIED, "id_token: it requires an extension (crit)");
    if (b64 != NULL && !(b64->kind == JSON_BOOL && b64->truth))
        return fail_set(why, ERR_DENIED, "id_token: its claims are not encoded (b64)");
    if (*kid == NULL && json_member(header, "kid") != NULL)
        return fail_set(why, ERR_DENIED, "id_token: its key ID (kid) is not a string");
    return ERR_OK;
}

static enum err verify(const struct jwt_keys *keys, struct arena *a, cjose_jws_t *jws, const char *token,
                       const struct json_value **claims, struct fail *why)
{
    cjose_err err;
    const char *kid = NULL;
    bool rsa = false;
    enum err rc = read_header(a, token, &kid, &rsa, why);
    if (rc == ERR_OK)
        rc = check_signature(keys, jws, kid, rsa, why);
    if (rc != ERR_OK)
        return rc;
    uint8_t *text;
    size_t n;
    return cjose_jws_get_plaintext(jws, &text, &n, &err)
               ? read_object(a, &(struct named_bytes){text, n, "its claims"}, claims, why)
               : fail_set(why, ERR_DENIED, "id_token: it has no claims");
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
    enum err rc = verify(keys, a, jws, token, claims, why);
    cjose_jws_release(jws);
    return rc;
}

/* OpenID Connect Core 1.0, section 3.1.3.7, 3 to 5: aud is a text or a list with us in it; where it names others too, azp must say that the
 * token was given to us. */
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
        wrong = "exp"; /* NOLINT(bugprone-branch-clone): iat is judged between the two */
    else if (!seconds_after(claims, "iat", e->utc, &iat) || !(iat <= JWT_LEEWAY_SECONDS) ||
             !(iat >= -JWT_AGE_SECONDS - JWT_LEEWAY_SECONDS))
        wrong = "iat";
    else if (!(exp > iat))
        wrong = "exp";
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
