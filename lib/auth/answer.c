#include "auth/answer.h"

#include <string.h>

enum { TOKEN_MOST = 4096 };

enum err answer_status(long status, struct fail *why)
{
    if (status == 200)
        return ERR_OK;
    /* RFC 6749, section 5.2: what is wrong with a code or a client is 400 or 401. Only others may pass by themselves. */
    bool passes = status >= 500 || status == 429;
    return fail_set(why, passes ? ERR_UNAVAILABLE : ERR_DENIED, "the provider answered with status %ld",
                    status);
}

enum err answer_read(struct arena *a, long status, const char *body, size_t n, const struct json_value **out,
                     struct fail *why)
{
    enum err rc = answer_status(status, why);
    if (rc == ERR_OK)
        rc = json_read(a, body, n, out, NULL);
    if (rc == ERR_NOMEM)
        return fail_set(why, rc, "out of memory");
    return rc == ERR_INVALID ? fail_set(why, ERR_DENIED, "the provider's answer is not JSON") : rc;
}

/* An address of the document, if it is one that may be asked and fits. Only an issuer on loopback may send us
 * to loopback over http: no other has any business with what listens on this machine. */
static bool copy_address(char out[PROVIDER_TEXT], const struct provider *p, const struct json_value *document,
                         const char *name)
{
    const char *url = json_text(document, name);
    if (url == NULL || strlen(url) >= PROVIDER_TEXT || !provider_address_allowed(url))
        return false;
    if (strncmp(p->issuer, "https:", 6) == 0 && strncmp(url, "https:", 6) != 0)
        return false;
    memcpy(out, url, strlen(url) + 1);
    return true;
}

static bool lists(const struct json_value *list, const char *word)
{
    if (list == NULL || list->kind != JSON_LIST)
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].kind == JSON_TEXT && strcmp(list->items[i].text, word) == 0)
            return true;
    return false;
}

enum err answer_read_discovery(const struct provider *p, const struct json_value *document,
                               struct answer_discovery *out, struct fail *why)
{
    const char *issuer = json_text(document, "issuer");
    if (issuer == NULL || strcmp(issuer, p->issuer) != 0)
        return fail_set(why, ERR_DENIED, "%s: the discovery document belongs to another issuer", p->row->id);
    struct answer_discovery fresh = {0};
    if (!copy_address(fresh.authorization, p, document, "authorization_endpoint") ||
        !copy_address(fresh.token, p, document, "token_endpoint") ||
        !copy_address(fresh.keys, p, document, "jwks_uri"))
        return fail_set(why, ERR_DENIED, "%s: the discovery document lacks an endpoint", p->row->id);
    const struct json_value *methods = json_member(document, "token_endpoint_auth_methods_supported");
    /* A document without the list means client_secret_basic (Discovery 1.0, section 3). Of both the form is taken, because encoders disagree
     * about Basic (lib/auth/oidc.c, trade). */
    fresh.basic = !lists(methods, "client_secret_post");
    *out = fresh;
    return ERR_OK;
}

/* A bearer token as RFC 6750 writes it, so that it may stand in a header. */
static bool is_token(const char *token)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
    size_t n = strlen(token);
    return n > 0 && n <= TOKEN_MOST && strspn(token, alphabet) == n;
}

enum err answer_read_id_token(const struct provider *p, const struct json_value *answer, const char **out,
                              struct fail *why)
{
    const char *token = json_text(answer, "id_token");
    /* not used, but no honest answer has a broken one */
    const char *access = json_text(answer, "access_token");
    if (token == NULL || (access != NULL && !is_token(access)))
        return fail_set(why, ERR_DENIED, "%s: no id_token in its answer", p->row->id);
    *out = token;
    return ERR_OK;
}

enum err answer_read_access_token(const struct provider *p, const struct json_value *answer, const char **out,
                                  struct fail *why)
{
    const char *token = json_text(answer, "access_token");
    if (token == NULL || !is_token(token))
        return fail_set(why, ERR_DENIED, "%s: no access token in its answer", p->row->id);
    *out = token;
    return ERR_OK;
}
