#include "auth/profile.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum { NAME_CHARACTERS = 40 };

/* C0 and C1 controls; marks and overrides of direction; separators of lines. */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/* Spaces of all widths, and the filler that Hangul has for an empty letter. */
static bool is_blank(uint32_t c)
{
    return c == ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
           c == 0x205f || c == 0x3000 || c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0;
}

/* Without blanks around it, so that a name of blanks is none. json_read has checked the UTF-8. */
static void copy_name(char out[161], const char *name)
{
    size_t at = 0, end = 0;
    size_t left = strlen(name);
    for (int characters = 0; left > 0 && characters < NAME_CHARACTERS;) {
        uint32_t c;
        size_t n = utf8_decode(name, left, &c);
        if (!is_hidden(c) && (at > 0 || !is_blank(c))) {
            memcpy(out + at, name, n);
            at += n;
            characters++;
            if (!is_blank(c))
                end = at;
        }
        name += n;
        left -= n;
    }
    out[end] = '\0';
}

enum err profile_identity(const char *issuer, const char *subject, const char *name,
                          struct oidc_identity *out, struct fail *why)
{
    *out = (struct oidc_identity){0};
    if (subject == NULL || *subject == '\0' || strlen(subject) >= sizeof out->subject ||
        strlen(issuer) >= sizeof out->issuer)
        return fail_set(why, ERR_DENIED, "the provider does not say who it is");
    snprintf(out->issuer, sizeof out->issuer, "%s", issuer);
    snprintf(out->subject, sizeof out->subject, "%s", subject);
    copy_name(out->name, name != NULL ? name : "");
    return ERR_OK;
}

enum err profile_read_naver(const char *issuer, const struct json_value *profile, struct oidc_identity *out,
                            struct fail *why)
{
    const char *code = json_text(profile, "resultcode");
    const struct json_value *response = json_member(profile, "response");
    if (code == NULL || strcmp(code, "00") != 0 || response == NULL)
        return fail_set(why, ERR_DENIED, "the provider refuses the profile");
    return profile_identity(issuer, json_text(response, "id"), json_text(response, "nickname"), out, why);
}

enum err profile_read_claims(const char *issuer, const struct json_value *claims, struct oidc_identity *out,
                             struct fail *why)
{
    const char *name = json_text(claims, "nickname");
    return profile_identity(issuer, json_text(claims, "sub"), name != NULL ? name : json_text(claims, "name"),
                            out, why);
}
