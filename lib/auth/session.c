#include "auth/session.h"

#include <string.h>

static void hash_token(struct session *s)
{
    secret_hash(s->hash, s->token, SECRET_TOKEN_CHARS);
}

void session_from_token(struct session *s, const char *token)
{
    *s = (struct session){0};
    if (token == NULL || !secret_token_valid(token, SECRET_TOKEN_CHARS))
        return;
    memcpy(s->token, token, SECRET_TOKEN_CHARS + 1);
    s->present = true;
    hash_token(s);
}

void session_renew(struct session *s)
{
    *s = (struct session){.present = true, .fresh = true};
    secret_token(s->token, SECRET_TOKEN_BYTES);
    hash_token(s);
}

void session_forget(struct session *s)
{
    explicit_bzero(s, sizeof *s);
}
