/* From what a provider says about a person to the little that MVTI keeps: who it is there, and what to call
 * them. */
#ifndef MVTI_AUTH_PROFILE_H
#define MVTI_AUTH_PROFILE_H

#include "auth/oidc.h"
#include "web/json.h"

/* name may be NULL. Cut to 40 characters; without control characters and marks of writing direction, which
 * could turn the text around it, and without blanks at its ends. ERR_DENIED: no subject, or one longer than
 * 255 bytes. */
MUST_USE enum err profile_identity(const char *issuer, const char *subject, const char *name,
                                   struct oidc_identity *out, struct fail *why);
/* Naver's profile: {"resultcode":"00","response":{"id":…,"nickname":…}}. ERR_DENIED: anything else. */
MUST_USE enum err profile_read_naver(const char *issuer, const struct json_value *profile,
                                     struct oidc_identity *out, struct fail *why);
/* Claims of a verified id_token (OpenID Connect Core 1.0, section 5.1): sub, and nickname or else name. */
MUST_USE enum err profile_read_claims(const char *issuer, const struct json_value *claims,
                                      struct oidc_identity *out, struct fail *why);

#endif
