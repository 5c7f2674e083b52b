#include "auth/session.h"

#include <stdio.h>
#include <string.h>

#define COOKIE_LABEL "mvti session"
#define CSRF_LABEL "mvti csrf"
#define LINK_LABEL "mvti link"

static void hash_token(struct session *s)
{
    for (size_t i = 0; i < s->keys->n; i++)
        keyring_hash(s->keys, i, COOKIE_LABEL, s->token, SECRET_TOKEN_CHARS, s->hash[i]);
    /* Statements ask for as many hashes as there can be keys; the last one fills the rest. */
    for (size_t i = s->keys->n; i < KEYRING_MOST && i > 0; i++)
        memcpy(s->hash[i], s->hash[i - 1], sizeof s->hash[i]);
}

void session_from_token(struct session *s, const struct keyring *keys, const char *token)
{
    *s = (struct session){.keys = keys};
    if (token == NULL || !secret_token_valid(token, SECRET_TOKEN_CHARS) || keys->n == 0)
        return;
    memcpy(s->token, token, SECRET_TOKEN_CHARS + 1);
    s->present = true;
    hash_token(s);
}

void session_restore(struct session *s, const char token[SECRET_TOKEN_CHARS + 1], long lifetime)
{
    s->present = s->fresh = true;
    s->ended = false;
    s->lifetime = lifetime;
    memcpy(s->token, token, SECRET_TOKEN_CHARS + 1);
    hash_token(s);
}

void session_renew(struct session *s, long lifetime)
{
    char token[SECRET_TOKEN_CHARS + 1];
    secret_token(token, SECRET_TOKEN_BYTES);
    session_restore(s, token, lifetime);
    explicit_bzero(token, sizeof token);
}

void session_end(struct session *s)
{
    explicit_bzero(s->token, sizeof s->token);
    explicit_bzero(s->hash, sizeof s->hash);
    s->present = s->fresh = false;
    s->ended = true;
}

void session_forget(struct session *s)
{
    explicit_bzero(s, sizeof *s);
}

/* A keyed hash of the session's token under a label of its own: nothing is stored, and a token of one use is none
 * of another. */
void session_csrf_token(const struct session *s, char out[SECRET_TOKEN_CHARS + 1])
{
    keyring_token(s->keys, 0, CSRF_LABEL, s->token, out);
}

bool session_csrf_valid(const struct session *s, const char *token)
{
    return keyring_token_valid(s->keys, CSRF_LABEL, s->token, token);
}

void session_link_proof(const struct session *s, char out[SECRET_TOKEN_CHARS + 1])
{
    keyring_token(s->keys, 0, LINK_LABEL, s->token, out);
}

bool session_link_valid(const struct session *s, const char *proof)
{
    return s->present && keyring_token_valid(s->keys, LINK_LABEL, s->token, proof);
}

struct mark {
    const char *in, *name;
};

static const char *first_mark(const struct mark *marks, const char *text, const char *otherwise)
{
    for (; marks->in != NULL; marks++)
        if (strstr(text, marks->in) != NULL)
            return marks->name;
    return otherwise;
}

void session_client_name(const char *user_agent, char out[SESSION_CLIENT_CHARS + 1])
{
    /* In this order: nearly everybody says that they are Chrome and Safari as well. */
    static const struct mark browsers[] = {
        {"KAKAOTALK", "KakaoTalk"}, {"NAVER(", "Naver"},
        {"Instagram", "Instagram"}, {"SamsungBrowser", "Samsung"},
        {"Whale/", "Whale"},        {"Edg", "Edge"},
        {"OPR/", "Opera"},          {"FxiOS", "Firefox"},
        {"Firefox", "Firefox"},     {"CriOS", "Chrome"},
        {"Chromium", "Chromium"},   {"Chrome", "Chrome"},
        {"Safari", "Safari"},       {NULL, NULL},
    };
    static const struct mark systems[] = {
        {"iPhone", "iPhone"}, {"iPad", "iPad"},    {"Android", "Android"}, {"Windows", "Windows"},
        {"CrOS", "ChromeOS"}, {"Mac OS", "macOS"}, {"Linux", "Linux"},     {NULL, NULL},
    };
    const char *browser = first_mark(browsers, user_agent, ""), *system = first_mark(systems, user_agent, "");
    snprintf(out, SESSION_CLIENT_CHARS + 1, "%s%s%s", browser, *browser && *system ? ", " : "", system);
}
