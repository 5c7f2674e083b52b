/* Whom a log line is about, without saying who it is: requests of one network (web/network.h) carry the same mark for
 * one day (UTC), at every worker and every host with the same key, and another one the next day. Without the site's key nothing leads
 * from a mark to its network or to tomorrow's; who has the key can try all addresses, so a log is not kept beside it. */
#ifndef MVTI_AUTH_CLIENT_MARK_H
#define MVTI_AUTH_CLIENT_MARK_H

#include <stdint.h>

#include "auth/keyring.h"

enum { CLIENT_MARK_CHARS = 16 };

/* 16 lower-case hex digits: 64 bits of keyed BLAKE2b of the network, the day its label. now: seconds since 1970 UTC. "" for a process
 * without keys. Under the newest key: a new one changes marks in the middle of a day. */
void client_mark(const struct keyring *keys, int64_t now, const char *network,
                 char out[CLIENT_MARK_CHARS + 1]);

#endif
