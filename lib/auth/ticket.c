#include "auth/ticket.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL "mvti ticket"
#define USED_LABEL "mvti ticket used"

enum { MADE_DIGITS = 12, SIGNED_CHARS = 128 };

/* What is signed: the moment, the number, and whose it is. The session's token does not leave this machine, so its hash stands for it. */
static void signed_text(const struct session *s, size_t which, const char *made_and_random,
                        char out[SIGNED_CHARS])
{
    char whose[2 * SECRET_HASH_BYTES + 1] = "";
    bool known = s->present && !s->fresh;
    for (size_t i = 0; known && i < SECRET_HASH_BYTES; i++)
        snprintf(whose + 2 * i, 3, "%02x", s->hash[which][i]);
    snprintf(out, SIGNED_CHARS, "%s %.40s", made_and_random, whose);
}

void ticket_make(const struct session *s, int64_t now, char out[TICKET_CHARS])
{
    char random[SHARE_TOKEN_CHARS + 1], mac[SECRET_TOKEN_CHARS + 1], text[SIGNED_CHARS],
        begin[MADE_DIGITS + SHARE_TOKEN_CHARS + 16];
    secret_token(random, SHARE_TOKEN_BYTES);
    snprintf(begin, sizeof begin, "%012" PRIu64 ".%s", (uint64_t)(now < 0 ? 0 : now), random);
    signed_text(s, 0, begin, text);
    keyring_token(s->keys, 0, LABEL, text, mac);
    snprintf(out, TICKET_CHARS, "%s.%s", begin, mac);
}

static bool is_signed(const struct session *s, const char *begin, const char *mac)
{
    char text[SIGNED_CHARS];
    bool ok = false;
    for (size_t k = 0; k < KEYRING_MOST; k++) {
        signed_text(s, k, begin, text);
        /* every key is tried, so that the time does not say which one fits */
        ok = keyring_token_valid(s->keys, LABEL, text, mac) || ok;
    }
    return ok;
}

int64_t ticket_age(const struct session *s, int64_t now, const char *text)
{
    enum { BEGIN = MADE_DIGITS + 1 + SHARE_TOKEN_CHARS };
    if (strlen(text) != BEGIN + 1 + SECRET_TOKEN_CHARS || strspn(text, "0123456789") != MADE_DIGITS ||
        text[MADE_DIGITS] != '.' || text[BEGIN] != '.')
        return -1;
    char begin[BEGIN + 1];
    memcpy(begin, text, BEGIN);
    begin[BEGIN] = '\0';
    int64_t age = now - strtoll(begin, NULL, 10);
    bool ours = is_signed(s, begin, text + BEGIN + 1);
    return ours && age >= 0 && age <= TICKET_MOST ? age : -1;
}

void ticket_used(const struct session *s, const char *text, uint8_t id[SECRET_HASH_BYTES])
{
    keyring_hash(s->keys, 0, USED_LABEL, text, strlen(text), id);
}
