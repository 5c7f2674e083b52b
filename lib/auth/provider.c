#include "auth/provider.h"

#include <stdio.h>
#include <string.h>

#include "auth/profile.h"
#include "base/secret.h"

/* Google's tokens have either of its two issuers ("Validating an ID token" of its documents). Naver is no OpenID provider: its issuer is only the
 * name under which its accounts are kept, it takes no scope, and its developers' console says what a profile holds. */
static const struct provider_row rows[] = {
    {.id = "google",
     .name_ko = "구글",
     .name_en = "Google",
     .issuer = "https://accounts.google.com",
     .other_issuer = "accounts.google.com",
     .scope = "openid profile",
     .protocol = PROVIDER_OIDC},
    {.id = "kakao",
     .name_ko = "카카오",
     .name_en = "Kakao",
     .issuer = "https://kauth.kakao.com",
     .scope = "openid",
     .protocol = PROVIDER_OIDC},
    {.id = "naver",
     .name_ko = "네이버",
     .name_en = "Naver",
     .issuer = "https://nid.naver.com",
     .scope = "",
     .authorization = "https://nid.naver.com/oauth2.0/authorize",
     .token = "https://nid.naver.com/oauth2.0/token",
     .profile = "https://openapi.naver.com/v1/nid/me",
     .protocol = PROVIDER_OAUTH2,
     .read_profile = profile_read_naver},
    {.id = "dev",
     .name_ko = "개발용",
     .name_en = "Development",
     .issuer = "",
     .scope = "openid profile",
     .protocol = PROVIDER_OIDC},
};

static enum err unknown(const char *id, struct fail *why)
{
    char names[128] = "";
    for (size_t i = 0, n = 0; i < sizeof rows / sizeof *rows && n < sizeof names; i++)
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i > 0 ? ", " : "", rows[i].id);
    return fail_set(why, ERR_INVALID, "unknown provider %s (%s)", id, names);
}

static const struct provider_row *row_of(const char *id)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].id, id) == 0)
            return &rows[i];
    return NULL;
}

/* The host ends where the port or the path begins, so http://localhost.example is not loopback, and neither
 * is http://localhost@example: an @ is refused altogether. */
static bool loopback_http(const char *url)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", "[::1]"};
    if (strncmp(url, "http://", 7) != 0 || strchr(url, '@') != NULL)
        return false;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t n = strlen(hosts[i]);
        if (strncmp(url + 7, hosts[i], n) == 0 && (url[7 + n] == '\0' || strchr(":/", url[7 + n]) != NULL))
            return true;
    }
    return false;
}

bool provider_address_allowed(const char *url)
{
    for (const char *p = url; *p != '\0'; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || strchr("@#\\\"<>", *p) != NULL)
            return false;
    return (strncmp(url, "https://", 8) == 0 && url[8] != '\0' && url[8] != '/') || loopback_http(url);
}

/* No address is longer than a setting may be, so none is cut. */
_Static_assert(sizeof((struct config_provider){0}.issuer) <= PROVIDER_TEXT, "an address fits");

static enum err set_address(char out[PROVIDER_TEXT], const char *id, const char *key, const char *written,
                            const char *fallback, struct fail *why)
{
    const char *url = *written != '\0' ? written : fallback;
    if (url == NULL || *url == '\0')
        return fail_set(why, ERR_INVALID, "provider %s: no %s", id, key);
    if (!provider_address_allowed(url))
        return fail_set(why, ERR_INVALID, "provider %s: %s is not an https address (http only for loopback)",
                        id, key);
    snprintf(out, PROVIDER_TEXT, "%s", url);
    return ERR_OK;
}

static enum err set_addresses(struct provider *p, const struct config_provider *s, struct fail *why)
{
    const struct provider_row *row = p->row;
    enum err rc = set_address(p->issuer, s->id, "issuer", s->issuer, row->issuer, why);
    if (rc == ERR_OK && strlen(p->issuer) > 200)
        rc = fail_set(why, ERR_INVALID, "provider %s: issuer is longer than 200 bytes", s->id);
    if (rc != ERR_OK || p->protocol == PROVIDER_OIDC)
        return rc;
    rc = set_address(p->authorization, s->id, "authorization_endpoint", s->authorization_endpoint,
                     row->authorization, why);
    if (rc == ERR_OK)
        rc = set_address(p->token, s->id, "token_endpoint", s->token_endpoint, row->token, why);
    if (rc == ERR_OK)
        rc = set_address(p->profile, s->id, "profile_endpoint", s->profile_endpoint, row->profile, why);
    return rc;
}

/* The text of the file named by a key of the section, without the line end behind it. */
static enum err read_secret(const struct config *c, const struct config_provider *s, const char *key,
                            const char *file, char out[PROVIDER_TEXT], struct fail *why)
{
    char path[CONFIG_TEXT];
    struct fail inner = {0};
    enum err rc = config_secret_path(c, file, path, sizeof path, &inner);
    if (rc == ERR_OK)
        rc = secret_file_read(path, out, PROVIDER_TEXT, &inner);
    if (rc != ERR_OK)
        return fail_set(why, rc, "provider %s: %s: %.300s", s->id, key, inner.text);
    out[strcspn(out, "\r\n")] = '\0';
    return out[0] != '\0' ? ERR_OK : fail_set(why, ERR_INVALID, "provider %s: %s is empty", s->id, key);
}

static enum err read_secrets(const struct config *c, struct provider *p, const struct config_provider *s,
                             struct fail *why)
{
    enum err rc = read_secret(c, s, "client_secret_file", s->client_secret_file, p->secret, why);
    return rc == ERR_OK && s->admin_key_file[0] != '\0'
               ? read_secret(c, s, "admin_key_file", s->admin_key_file, p->admin_key, why)
               : rc;
}

static enum err load_one(const struct config *c, const struct config_provider *s, bool with_secrets,
                         struct provider *p, struct fail *why)
{
    p->row = row_of(s->id);
    if (p->row == NULL)
        return unknown(s->id, why);
    if (s->client_id[0] == '\0')
        return fail_set(why, ERR_INVALID, "provider %s: no client_id", s->id);
    if (s->client_secret_file[0] == '\0')
        return fail_set(why, ERR_INVALID, "provider %s: no client_secret_file", s->id);
    memcpy(p->client_id, s->client_id, sizeof p->client_id);
    p->protocol = p->row->protocol;
    if (strcmp(s->protocol, "oidc") == 0)
        p->protocol = PROVIDER_OIDC;
    else if (strcmp(s->protocol, "oauth2") == 0)
        p->protocol = PROVIDER_OAUTH2;
    else if (s->protocol[0] != '\0')
        return fail_set(why, ERR_INVALID, "provider %s: protocol is neither oidc nor oauth2", s->id);
    enum err rc = set_addresses(p, s, why);
    if (rc == ERR_OK && p->row->issuer[0] == '\0' &&
        !(loopback_http(p->issuer) && loopback_http(c->public_url)))
        rc = fail_set(why, ERR_INVALID, "provider %s: only where issuer and public_url are http on loopback",
                      s->id);
    return rc == ERR_OK && with_secrets ? read_secrets(c, p, s, why) : rc;
}

enum err provider_load(const struct config *c, bool with_secrets, struct provider_set *out, struct fail *why)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < c->n_providers; i++) {
        enum err rc = load_one(c, &c->providers[i], with_secrets, &out->items[out->n], why);
        if (rc != ERR_OK) {
            provider_forget(out);
            return rc;
        }
        out->n++;
    }
    return ERR_OK;
}

const struct provider *provider_find(const struct provider_set *set, const char *id)
{
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->items[i].row->id, id) == 0)
            return &set->items[i];
    return NULL;
}

void provider_forget(struct provider_set *set)
{
    explicit_bzero(set, sizeof *set);
}
