/* Guest sessions: 256 random bits in a cookie, of which the server keeps only the BLAKE2b hash. A copy of the
 * database is therefore no key to anybody's session. */
#ifndef MVTI_AUTH_SESSION_H
#define MVTI_AUTH_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"

enum { SESSION_DAYS = 180, SESSION_SECONDS = SESSION_DAYS * 86400 };

struct session {
    bool present; /* there is a well-formed token, from the cookie or new */
    bool fresh;   /* made in this request: the cookie must be set */
    char token[SECRET_TOKEN_CHARS + 1];
    uint8_t hash[SECRET_HASH_BYTES]; /* BLAKE2b-256 of the token's characters */
};

/* From a cookie value (NULL or malformed: no session). */
void session_from_token(struct session *s, const char *token);
/* A new random token. Also for a token that is unknown to the database: one chosen by somebody else
 * (fixation) is never taken over. */
void session_renew(struct session *s);
/* Wipes the token from memory. */
void session_forget(struct session *s);

#endif
