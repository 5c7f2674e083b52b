#include "auth/profile.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/name.h"

enum { NAME_POINTS = 40 };

/* json_read has checked the UTF-8. */
static enum err copy_name(char out[161], const char *name)
{
    struct buf clean = {0};
    enum err rc = name_clean(&clean, name, strlen(name), NAME_POINTS);
    snprintf(out, 161, "%s", buf_str(&clean));
    buf_free(&clean);
    return rc;
}

/* The first of the members that is a name and shows something; NULL if none does. Of one that memory does not
 * suffice for it is not known: profile_identity will say so. */
static const char *shown_name(const struct json_value *from, const char *const *members, size_t n)
{
    char clean[161];
    for (size_t i = 0; i < n; i++) {
        const char *name = json_text(from, members[i]);
        enum err rc = name != NULL ? copy_name(clean, name) : ERR_INVALID;
        if (rc == ERR_NOMEM || (rc == ERR_OK && clean[0] != '\0'))
            return name;
    }
    return NULL;
}

enum err profile_identity(const char *issuer, const char *subject, const char *name,
                          struct oidc_identity *out, struct fail *why)
{
    *out = (struct oidc_identity){0};
    if (subject == NULL || *subject == '\0' || strlen(subject) >= sizeof out->subject ||
        strlen(issuer) >= sizeof out->issuer)
        return fail_set(why, ERR_DENIED, "the provider does not say who signed in");
    snprintf(out->issuer, sizeof out->issuer, "%s", issuer);
    snprintf(out->subject, sizeof out->subject, "%s", subject);
    if (name != NULL && copy_name(out->name, name) == ERR_NOMEM)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return ERR_OK;
}

enum err profile_read_naver(const char *issuer, const struct json_value *profile, struct oidc_identity *out,
                            struct fail *why)
{
    /* Naver says in the body as well whether it went well: "00" is the one code of success in its documents. */
    const char *code = json_text(profile, "resultcode");
    const struct json_value *response = json_member(profile, "response");
    if (code == NULL || strcmp(code, "00") != 0 || response == NULL)
        return fail_set(why, ERR_DENIED, "the provider refuses the profile");
    static const char *const members[] = {"nickname", "name"};
    return profile_identity(issuer, json_text(response, "id"), shown_name(response, members, 2), out, why);
}

enum err profile_read_claims(const char *issuer, const struct json_value *claims, struct oidc_identity *out,
                             struct fail *why)
{
    static const char *const members[] = {"nickname", "name", "preferred_username", "given_name"};
    return profile_identity(issuer, json_text(claims, "sub"), shown_name(claims, members, 4), out, why);
}
