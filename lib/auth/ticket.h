/* Tickets: what a page of plain forms carries in place of what scripts do. The last form of such a way is sent by a browser that computes nothing, so
 * it can neither prove work (auth/guest.h) nor read a token from a header (auth/session.h). A ticket is a moment and a random number under the key of
 * the site and, where there is one, under the session of who was given it: another site's page has none that
 * fits, nobody can make one, it is good for nothing before TICKET_LEAST and after TICKET_MOST seconds, and
 * for one test. Nothing is stored when one is given. */
#ifndef MVTI_AUTH_TICKET_H
#define MVTI_AUTH_TICKET_H

#include <stdint.h>

#include "auth/session.h"

enum { TICKET_LEAST = 3, TICKET_MOST = 4 * 3600, TICKET_CHARS = 96 };

void ticket_make(const struct session *s, int64_t now, char out[TICKET_CHARS]);
/* The age of one that was given to this session (or to nobody, where there is no session) and is not older than TICKET_MOST, in seconds; −1: it is
 * none. Under any key. */
int64_t ticket_age(const struct session *s, int64_t now, const char *text);
/* What one leaves behind when it is used up: a keyed hash. `text` has been checked. */
void ticket_used(const struct session *s, const char *text, uint8_t id[SECRET_HASH_BYTES]);

#endif
