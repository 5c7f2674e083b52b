#include "auth/oidc.h"

#include <stdlib.h>
#include <string.h>

#include "auth/answer.h"
#include "auth/jwt.h"
#include "auth/profile.h"
#include "base/percent.h"
#include "base/secret.h"
#include "http/http_client.h"
#include "json/json.h"

enum {
    CONNECT_MS = 2000,
    TOTAL_MS = 5000,
    ANSWER_MOST = 1024 * 1024,
    DISCOVERY_SECONDS = 24 * 3600,
    KEYS_SECONDS = 3600,
    KEYS_AGAIN_SECONDS = 60 /* after a key that nobody knows: Kakao blocks those who ask often */
};

/* What is known of one provider from its own answers. */
struct known {
    bool discovered;
    double discovered_at;
    struct answer_discovery at;
    struct jwt_keys *keys;
    double keys_at;  /* when they came */
    double again_at; /* when they were last asked for because of a key that nobody knew; 0: never */
};

struct oidc_client {
    const struct provider_set *set;
    struct http_client *http;
    struct arena arena; /* of one call */
    struct known known[CONFIG_PROVIDERS];
};

struct oidc_client *oidc_new(const struct provider_set *set)
{
    static const struct http_limits limits = {CONNECT_MS, TOTAL_MS, ANSWER_MOST};
    struct oidc_client *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->set = set;
    c->http = http_client_new(&limits);
    if (c->http == NULL) {
        free(c);
        return NULL;
    }
    return c;
}

void oidc_free(struct oidc_client *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < CONFIG_PROVIDERS; i++)
        jwt_keys_free(c->known[i].keys);
    http_client_free(c->http);
    arena_free(&c->arena);
    free(c);
}

/* An answer of any status. What is slow or away is UNAVAILABLE; what is too large, DENIED. *answer is for
 * forget its body in any case. */
static enum err reach(struct oidc_client *c, const struct http_request *r, struct http_answer *answer,
                      struct fail *why)
{
    struct fail inner = {0};
    enum err rc = http_client_ask(c->http, r, answer, &inner);
    if (rc == ERR_UNAVAILABLE || rc == ERR_PEER_GONE)
        return fail_set(why, ERR_UNAVAILABLE, "%s", inner.text);
    if (rc == ERR_TOO_LARGE || rc == ERR_INVALID)
        return fail_set(why, ERR_DENIED, "%s", inner.text);
    return rc == ERR_OK ? rc : fail_set(why, rc, "%s", inner.text);
}

/* Of what holds a secret nothing stays; without memory there may be nothing. */
static void forget(struct buf *b)
{
    if (b->data != NULL)
        explicit_bzero(b->data, b->len);
    buf_free(b);
}

/* An answer of 200 as JSON in the arena. */
static enum err ask(struct oidc_client *c, const struct http_request *r, const struct json_value **out,
                    struct fail *why)
{
    struct http_answer answer;
    enum err rc = reach(c, r, &answer, why);
    if (rc == ERR_OK)
        rc = answer_read(&c->arena, answer.status, buf_str(&answer.body), answer.body.len, out, why);
    forget(&answer.body); /* it may hold a token */
    return rc;
}

static enum err discover(struct oidc_client *c, const struct provider *p, double now, struct known **out,
                         struct fail *why)
{
    struct known *k = &c->known[p - c->set->items];
    *out = k;
    if (p->protocol == PROVIDER_OAUTH2) {
        memcpy(k->at.authorization, p->authorization, sizeof k->at.authorization);
        memcpy(k->at.token, p->token, sizeof k->at.token);
        return ERR_OK;
    }
    if (k->discovered && now - k->discovered_at < DISCOVERY_SECONDS)
        return ERR_OK;
    const char *url = arena_printf(&c->arena, "%s/.well-known/openid-configuration", p->issuer);
    if (url == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    const struct json_value *document;
    enum err rc = ask(c, &(struct http_request){.method = "GET", .url = url}, &document, why);
    if (rc == ERR_OK)
        rc = answer_read_discovery(p, document, &k->at, why);
    if (rc != ERR_OK)
        return rc;
    k->discovered = true;
    k->discovered_at = now;
    return ERR_OK;
}

static enum err fetch_keys(struct oidc_client *c, double now, struct known *k, struct fail *why)
{
    struct http_answer answer;
    struct jwt_keys *keys;
    enum err rc = reach(c, &(struct http_request){.method = "GET", .url = k->at.keys}, &answer, why);
    if (rc == ERR_OK)
        rc = answer_status(answer.status, why);
    if (rc == ERR_OK)
        rc = jwt_keys_read(buf_str(&answer.body), answer.body.len, &keys, why);
    buf_free(&answer.body); /* public keys: nothing to hide */
    if (rc != ERR_OK)
        return rc;
    jwt_keys_free(k->keys);
    k->keys = keys;
    k->keys_at = now;
    return ERR_OK;
}

/* Providers change their keys without notice (OpenID Connect Core 1.0, section 10.1.1): a token of a key that is not known may be the first of a
 * new one, so the keys are fetched once more. Whoever sends tokens of invented keys must not make us ask at that pace. */
static enum err verify(struct oidc_client *c, const struct oidc_login *l, struct known *k, const char *token,
                       const struct json_value **claims, struct fail *why)
{
    const struct provider *p = l->provider;
    double now = l->now;
    bool new_keys = k->keys == NULL || now - k->keys_at >= KEYS_SECONDS;
    if (new_keys) {
        enum err rc = fetch_keys(c, now, k, why);
        if (rc != ERR_OK)
            return rc;
    }
    enum err rc = jwt_verify(k->keys, &c->arena, token, claims, why);
    if (rc != ERR_NOT_FOUND)
        return rc;
    if (new_keys) /* it was asked just now */
        k->again_at = now;
    if (k->again_at > 0 && now - k->again_at < KEYS_AGAIN_SECONDS)
        return fail_set(why, ERR_DENIED, "%s: signed with a key that it does not publish", p->row->id);
    k->again_at = now;
    rc = fetch_keys(c, now, k, why);
    if (rc == ERR_OK)
        rc = jwt_verify(k->keys, &c->arena, token, claims, why);
    return rc == ERR_NOT_FOUND
               ? fail_set(why, ERR_DENIED, "%s: signed with a key that it does not publish", p->row->id)
               : rc;
}

/* A pair of a form, or of a query whose question mark (or last ampersand) is there. */
static void add(struct buf *out, const char *name, const char *value)
{
    if (out->len > 0 && out->data[out->len - 1] != '?' && out->data[out->len - 1] != '&')
        buf_puts(out, "&");
    buf_printf(out, "%s=", name);
    percent_encode(out, value);
}

enum err oidc_start(struct oidc_client *c, const struct oidc_login *l, struct buf *url, struct fail *why)
{
    const struct provider *p = l->provider;
    struct known *k;
    uint8_t hash[SECRET_HASH_BYTES];
    char challenge[SECRET_TOKEN_CHARS + 1];
    arena_reset(&c->arena);
    enum err rc = discover(c, p, l->now, &k, why);
    if (rc != ERR_OK)
        return rc;
    /* RFC 7636, section 4.2: the hash of the verifier's characters as they are sent, without padding behind it. */
    secret_sha256(hash, l->verifier, strlen(l->verifier));
    secret_base64url(challenge, hash, sizeof hash);
    buf_printf(url, "%s%c", k->at.authorization, strchr(k->at.authorization, '?') != NULL ? '&' : '?');
    add(url, "client_id", p->client_id);
    add(url, "redirect_uri", l->redirect_uri);
    if (p->row->scope != NULL && p->row->scope[0] != '\0')
        add(url, "scope", p->row->scope);
    add(url, "state", l->state);
    if (p->protocol == PROVIDER_OIDC) /* it comes back in the id_token, which OAuth 2.0 has not */
        add(url, "nonce", l->nonce);
    add(url, "code_challenge", challenge);
    add(url, "code_challenge_method", "S256");
    add(url, "response_type", "code");
    return url->failed ? fail_set(why, ERR_NOMEM, "out of memory") : ERR_OK;
}

/* RFC 6749, section 4.1.3, with the verifier of RFC 7636. */
static enum err trade(struct oidc_client *c, const struct oidc_login *l, const struct known *k,
                      const char *code, const struct json_value **out, struct fail *why)
{
    const struct provider *p = l->provider;
    struct buf form = {0}, basic = {0};
    add(&form, "grant_type", "authorization_code");
    add(&form, "code", code);
    add(&form, "redirect_uri", l->redirect_uri);
    add(&form, "code_verifier", l->verifier);
    const char *headers[] = {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json",
                             NULL, NULL};
    if (k->at.basic) {
        /* RFC 6749, section 2.3.1: both are encoded as in a form before Basic (RFC 7617) joins them by a colon, which they may contain. */
        struct buf pair = {0};
        percent_encode(&pair, p->client_id);
        buf_puts(&pair, ":");
        percent_encode(&pair, p->secret);
        char *text = arena_alloc(&c->arena, pair.len * 2 + 8);
        if (text != NULL)
            secret_base64(text, buf_str(&pair), pair.len);
        basic.failed = text == NULL || pair.failed;
        buf_printf(&basic, "Authorization: Basic %s", text != NULL ? text : "");
        headers[2] = buf_str(&basic);
        forget(&pair);
    } else {
        add(&form, "client_id", p->client_id);
        add(&form, "client_secret", p->secret);
    }
    enum err rc = form.failed || basic.failed ? fail_set(why, ERR_NOMEM, "out of memory") : ERR_OK;
    if (rc == ERR_OK)
        rc = ask(c,
                 &(struct http_request){.method = "POST",
                                        .url = k->at.token,
                                        .headers = headers,
                                        .body = buf_str(&form),
                                        .n_body = form.len},
                 out, why);
    forget(&form);
    forget(&basic);
    return rc;
}

static enum err from_id_token(struct oidc_client *c, const struct oidc_login *l, struct known *k,
                              const struct json_value *answer, struct oidc_identity *out, struct fail *why)
{
    const struct provider *p = l->provider;
    const char *token;
    const struct json_value *claims = NULL;
    enum err rc = answer_read_id_token(p, answer, &token, why);
    if (rc == ERR_OK)
        rc = verify(c, l, k, token, &claims, why);
    struct jwt_expected e = {p->issuer, p->row->other_issuer, p->client_id, l->nonce, l->utc};
    if (rc == ERR_OK)
        rc = jwt_check_claims(claims, &e, why);
    return rc == ERR_OK ? profile_read_claims(p->issuer, claims, out, why) : rc;
}

/* The access token is used once, here, and kept nowhere. */
static enum err from_profile(struct oidc_client *c, const struct provider *p, const struct json_value *answer,
                             struct oidc_identity *out, struct fail *why)
{
    const char *token;
    enum err rc = answer_read_access_token(p, answer, &token, why);
    if (rc != ERR_OK)
        return rc;
    const char *headers[] = {arena_printf(&c->arena, "Authorization: Bearer %s", token),
                             "Accept: application/json", NULL};
    if (headers[0] == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    const struct json_value *profile;
    rc =
        ask(c, &(struct http_request){.method = "GET", .url = p->profile, .headers = headers}, &profile, why);
    if (rc != ERR_OK)
        return rc;
    return p->row->read_profile != NULL ? p->row->read_profile(p->issuer, profile, out, why)
                                        : profile_read_naver(p->issuer, profile, out, why);
}

enum err oidc_finish(struct oidc_client *c, const struct oidc_login *l, const char *code,
                     struct oidc_identity *out, struct fail *why)
{
    const struct provider *p = l->provider;
    struct known *k;
    const struct json_value *answer;
    arena_reset(&c->arena);
    enum err rc = discover(c, p, l->now, &k, why);
    if (rc == ERR_OK)
        rc = trade(c, l, k, code, &answer, why);
    if (rc == ERR_OK)
        rc = p->protocol == PROVIDER_OIDC ? from_id_token(c, l, k, answer, out, why)
                                          : from_profile(c, p, answer, out, why);
    arena_reset(&c->arena);
    return rc;
}

bool oidc_issuer_matches(const struct provider *p, const char *iss_parameter)
{
    return iss_parameter == NULL || strcmp(iss_parameter, p->issuer) == 0 ||
           (p->row->other_issuer != NULL && strcmp(iss_parameter, p->row->other_issuer) == 0);
}
