/* From what a provider says about a person to the little that MVTI keeps: who it is there, and what to call
 * them. */
#ifndef MVTI_AUTH_PROFILE_H
#define MVTI_AUTH_PROFILE_H

#include "auth/oidc.h"
#include "json/json.h"

/* name may be NULL. Kept as base/name.h cleans it, of at most 40 code points; "" if it shows nothing.
 * ERR_DENIED: no subject, or one longer than 255 bytes. ERR_NOMEM. */
MUST_USE enum err profile_identity(const char *issuer, const char *subject, const char *name,
                                   struct oidc_identity *out, struct fail *why);
/* Naver's profile: {"resultcode":"00","response":{"id":…,"nickname":…}}; the name where the nickname
 * shows nothing. ERR_DENIED: anything else. */
MUST_USE enum err profile_read_naver(const char *issuer, const struct json_value *profile,
                                     struct oidc_identity *out, struct fail *why);
/* Claims of a verified id_token (OpenID Connect Core 1.0, section 5.1): sub, and the first of nickname, name,
 * preferred_username and given_name that shows anything. */
MUST_USE enum err profile_read_claims(const char *issuer, const struct json_value *claims,
                                      struct oidc_identity *out, struct fail *why);

#endif
