/* Relying party of OpenID Connect Core 1.0 (code flow, PKCE S256 of RFC 7636) and of Naver's OAuth 2.0. Keeps
 * discovery documents for 24 hours and keys for one; an unknown key is looked for at most once a minute. One
 * client belongs to one thread. No sentence has a code, token, secret or nonce in it. */
#ifndef MVTI_AUTH_OIDC_H
#define MVTI_AUTH_OIDC_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/provider.h"
#include "base/buf.h"
#include "base/err.h"

struct oidc_identity {
    char issuer[201];  /* as configured, whatever spelling the token has */
    char subject[256]; /* 1 … 255 bytes */
    char name[161];    /* UTF-8, at most 40 characters, none of control or direction; "" when not told */
};

struct oidc_client;

/* set must outlive the client. NULL when memory is out. */
struct oidc_client *oidc_new(const struct provider_set *set);
void oidc_free(struct oidc_client *c);

/* One person's way through a provider, the same at its beginning and its end. Borrowed. */
struct oidc_login {
    const struct provider *provider;
    const char *state, *nonce, *verifier;
    const char *redirect_uri;
    double now;  /* clock_monotonic() */
    int64_t utc; /* seconds since 1970 */
};

/* Appends the address that the browser goes to. ERR_UNAVAILABLE: the provider is slow, away or answers 5xx;
 * ERR_DENIED: what it answers is wrong; ERR_NOMEM. */
MUST_USE enum err oidc_start(struct oidc_client *c, const struct oidc_login *l, struct buf *url,
                             struct fail *why);
/* Trades the code for the identity; state is not looked at. Errors as above; ERR_DENIED too when the code was
 * refused or the id_token does not hold. */
MUST_USE enum err oidc_finish(struct oidc_client *c, const struct oidc_login *l, const char *code,
                              struct oidc_identity *out, struct fail *why);
/* True if the iss parameter of a callback (RFC 9207) is absent (NULL) or names p. */
bool oidc_issuer_matches(const struct provider *p, const char *iss_parameter);

#endif
