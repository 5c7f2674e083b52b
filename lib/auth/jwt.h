/* Checking a signed id_token (RFC 7519, RFC 7515): the only home of cjose. */
#ifndef MVTI_AUTH_JWT_H
#define MVTI_AUTH_JWT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "json/json.h"

enum {
    JWT_MAX_BYTES = 16384,
    JWT_MAX_KEYS = 32,
    JWT_LEEWAY_SECONDS = 120, /* that clocks may differ */
    JWT_AGE_SECONDS = 600     /* since iat: a token is made when its code is traded, or with the code, which
                                 lives ten minutes at most (RFC 6749, section 4.1.2) */
};

/* The keys of a provider. */
struct jwt_keys;

/* Reads a JWK set (RFC 7517); keys that are not for RS256 or ES256 signatures are passed over, by kty, crv,
 * alg, use and key_ops, and so are weak ones (RSA below 2048 bits or above 8192, an even exponent or one
 * below 65537), private ones, and points off the curve. At most JWT_MAX_KEYS are kept. ERR_DENIED: no set, or
 * no usable key in it; ERR_NOMEM. Free with jwt_keys_free. */
MUST_USE enum err jwt_keys_read(const char *json, size_t n, struct jwt_keys **out, struct fail *why);
void jwt_keys_free(struct jwt_keys *keys);

/* Checks form, header, algorithm (RS256, ES256 and the key's type fits), and signature: by the keys of the
 * token's kid; where the token or a key has none, by every key that fits. *claims is in a; neither header nor
 * claims may have a name twice. ERR_NOT_FOUND: well-formed, but of no such key (new keys may help);
 * ERR_DENIED; ERR_NOMEM. */
MUST_USE enum err jwt_verify(const struct jwt_keys *keys, struct arena *a, const char *token,
                             const struct json_value **claims, struct fail *why);

struct jwt_expected {
    const char *issuer;
    const char *other_issuer; /* NULL = none */
    const char *client_id;
    const char *nonce;
    int64_t utc; /* seconds since 1970 */
};

/* Claims of an id_token as OpenID Connect Core 1.0, section 3.1.3.7 asks: iss, aud, azp, exp (after iat), iat
 * (within JWT_AGE_SECONDS), nbf, nonce, and a sub of 1 … 255 bytes. ERR_DENIED with the name of the claim. */
MUST_USE enum err jwt_check_claims(const struct json_value *claims, const struct jwt_expected *e,
                                   struct fail *why);

#endif
