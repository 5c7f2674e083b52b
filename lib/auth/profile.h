/* From what a provider says about a person to the little that MVTI keeps: who it is there, and what to call
 * them. */
#ifndef MVTI_AUTH_PROFILE_H
#define MVTI_AUTH_PROFILE_H

#include "auth/oidc.h"
#include "web/json.h"

/* name may be NULL. Cut to 40 characters; without control characters and marks of writing direction, which
 * could turn the text around it. ERR_DENIED: no subject, or one longer than 255 bytes. */
MUST_USE enum err profile_identity(const char *issuer, const char *subject, const char *name,
                                   struct oidc_identity *out, struct fail *why);
/* Naver's profile: {"resultcode":"00","response":{"id":…,"nickname":…}}. ERR_DENIED: anything else. */
MUST_USE enum err profile_read_naver(const char *issuer, const struct json_value *profile,
                                     struct oidc_identity *out, struct fail *why);
/* A bearer token as RFC 6750 writes it, so that it may stand in a header. */
bool profile_token_valid(const char *token);

#endif
