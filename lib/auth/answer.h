/* Reading what a provider answers: JSON from strangers, a discovery document, the answer to a code. Bytes in,
 * checked values out; asking is oidc.c's. Whose profile it is, is read in profile.h. */
#ifndef MVTI_AUTH_ANSWER_H
#define MVTI_AUTH_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "auth/provider.h"
#include "base/arena.h"
#include "base/err.h"
#include "json/json.h"

/* What is used of a discovery document. */
struct answer_discovery {
    char authorization[PROVIDER_TEXT], token[PROVIDER_TEXT], keys[PROVIDER_TEXT]; /* addresses */
    bool basic; /* the secret goes into a header (client_secret_basic): client_secret_post is not listed */
};

/* Whether it is an answer: 200. ERR_UNAVAILABLE: the provider is ill (5xx) or busy (429); ERR_DENIED: any
 * other status. */
MUST_USE enum err answer_status(long status, struct fail *why);
/* An answer as JSON in a. As answer_status; ERR_DENIED: no JSON; ERR_NOMEM. */
MUST_USE enum err answer_read(struct arena *a, long status, const char *body, size_t n,
                              const struct json_value **out, struct fail *why);
/* OpenID Connect Discovery 1.0, sections 3 and 4.3. ERR_DENIED (*out stays as it was): another issuer's, or
 * an address is missing, too long, or not to be asked (provider_address_allowed; http only if the issuer's
 * is). */
MUST_USE enum err answer_read_discovery(const struct provider *p, const struct json_value *document,
                                        struct answer_discovery *out, struct fail *why);
/* The id_token of a token answer (OpenID Connect Core 1.0, section 3.1.3.3), not yet verified; belongs to
 * answer. ERR_DENIED: none, or an access token that is none. */
MUST_USE enum err answer_read_id_token(const struct provider *p, const struct json_value *answer,
                                       const char **out, struct fail *why);
/* The access token of a token answer (RFC 6749, section 5.1), fit for a header; belongs to answer.
 * ERR_DENIED: none. */
MUST_USE enum err answer_read_access_token(const struct provider *p, const struct json_value *answer,
                                           const char **out, struct fail *why);

#endif
