/* Sessions: 256 random bits in a cookie, of which the server keeps only a hash under a key of its own
 * (keyring.h). A copy of the database is therefore no key to anybody's session, and nobody can plant one
 * there.
 *
 * How long: a guest's session only holds what the guest did on one device, so it lives 180 days after its
 * last use and 400 in all, the most that browsers keep a cookie. One that is signed in speaks for a person
 * and may delete what they own: 14 days after its last use (a phone laid aside), 90 in all. What cannot be
 * taken back (unlinking a provider, linking one) asks for a login not older than ten minutes. */
#ifndef MVTI_AUTH_SESSION_H
#define MVTI_AUTH_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/guest.h"
#include "auth/keyring.h"

enum {
    SESSION_DAY = 86400,
    SESSION_GUEST_IDLE = 180 * SESSION_DAY, /* seconds */
    SESSION_GUEST_WHOLE = 400 * SESSION_DAY,
    SESSION_IDLE = 14 * SESSION_DAY,
    SESSION_WHOLE = 90 * SESSION_DAY,
    SESSION_FRESH = 600,
    SESSION_CLIENT_CHARS = 40
};

/* What who asks says of their age, kept in a cookie of their browser. */
enum session_age { SESSION_AGE_UNSAID, SESSION_OVER_14, SESSION_UNDER_14 };

struct session {
    const struct keyring *keys; /* borrowed */
    bool present;               /* there is a well-formed token, from the cookie or new */
    bool fresh;                 /* made in this request: the cookie must be set */
    bool ended;                 /* ended in this request: the cookie must be cleared */
    long lifetime;              /* seconds of a fresh one's cookie */
    const char *user_agent;     /* of who asks; borrowed, NULL: unknown */
    bool bot;                   /* who asks says that it is a program (web/user_agent.h) */
    bool shared; /* what is done in this request is sent on to Google Analytics too (store/outbox.h) */
    enum session_age age;     /* of who is under 14 nothing is stored */
    struct guest_entry entry; /* with what a new guest may be made of who asks */
    char token[SECRET_TOKEN_CHARS + 1];
    uint8_t hash[KEYRING_MOST]
                [SECRET_HASH_BYTES]; /* of the token, under each key; only the newest is stored */
};

/* From a cookie value (NULL or malformed: no session). */
void session_from_token(struct session *s, const struct keyring *keys, const char *token);
/* A new random token that lives so many seconds. Also for a token that is unknown to the database: one chosen
 * by somebody else (fixation) is never taken over. */
void session_renew(struct session *s, long lifetime);
/* The same with a token that only the site can know: the session of a request that is answered once more. */
void session_restore(struct session *s, const char token[SECRET_TOKEN_CHARS + 1], long lifetime);
/* No session any more. */
void session_end(struct session *s);
/* Wipes the token from memory. */
void session_forget(struct session *s);

/* The token that a script of this session must send with whatever changes something (a keyed hash of the
 * session's token, so nothing of it is stored). */
void session_csrf_token(const struct session *s, char out[SECRET_TOKEN_CHARS + 1]);
bool session_csrf_valid(const struct session *s, const char *token);
/* The same for the one thing that begins with an address instead: linking a provider. It is good for nothing
 * else, so it may stand in one. */
void session_link_proof(const struct session *s, char out[SECRET_TOKEN_CHARS + 1]);
bool session_link_valid(const struct session *s, const char *proof);

/* Browser and system in two words, "Chrome, Android", from a User-Agent header: enough to know one's own
 * devices, too little to follow anybody. */
void session_client_name(const char *user_agent, char out[SESSION_CLIENT_CHARS + 1]);

#endif
