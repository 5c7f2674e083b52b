/* Who people can sign in with: a table of known providers, and what the configuration says about each. */
#ifndef MVTI_AUTH_PROVIDER_H
#define MVTI_AUTH_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"
#include "base/err.h"

enum provider_protocol {
    PROVIDER_OIDC,  /* OpenID Connect Core 1.0: a signed id_token says who it is */
    PROVIDER_OAUTH2 /* RFC 6749 and a profile address that says who it is (Naver) */
};

enum { PROVIDER_TEXT = 256 };

struct json_value;
struct oidc_identity;

struct provider_row {
    const char *id; /* the word in /auth/{provider} and in [provider NAME] */
    const char *name_ko, *name_en;
    const char *issuer;       /* "": from the configuration only */
    const char *other_issuer; /* a second spelling in id_tokens; NULL = none */
    const char *scope;
    const char *authorization, *token, *profile; /* PROVIDER_OAUTH2; NULL: from discovery */
    enum provider_protocol protocol;
    /* From the document at `profile` to who it is (auth/profile.h); NULL: as Naver's is read. */
    enum err (*read_profile)(const char *issuer, const struct json_value *profile, struct oidc_identity *out,
                             struct fail *why);
};

struct provider {
    const struct provider_row *row;
    enum provider_protocol protocol;
    char issuer[PROVIDER_TEXT];
    char client_id[PROVIDER_TEXT];
    char secret[PROVIDER_TEXT];    /* "" when loaded without secrets */
    char admin_key[PROVIDER_TEXT]; /* "": it does not tell us when somebody unlinks us there */
    char authorization[PROVIDER_TEXT], token[PROVIDER_TEXT], profile[PROVIDER_TEXT]; /* PROVIDER_OAUTH2 */
};

struct provider_set {
    size_t n;
    struct provider items[CONFIG_PROVIDERS];
};

/* Checks the sections of c against the table. Secret files are read only if with_secrets. Addresses are
 * https, or http on a loopback host. ERR_INVALID with the section's name: an unknown name or protocol, no
 * client_id or client_secret_file, a bad address, `dev` while issuer or public_url is not http on loopback;
 * the errors of secret_file_read. *out is empty after an error. */
MUST_USE enum err provider_load(const struct config *c, bool with_secrets, struct provider_set *out,
                                struct fail *why);
/* https, or http on a loopback host; nothing that names a user or a fragment. For addresses of discovery too.
 */
bool provider_address_allowed(const char *url);
/* NULL: not known or not configured. */
const struct provider *provider_find(const struct provider_set *set, const char *id);
/* Wipes the secrets and empties the set. */
void provider_forget(struct provider_set *set);

#endif
