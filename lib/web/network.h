/* Whom a limit of an address counts. nginx/http.conf.in has the same rule ($mvti_network).
 *
 * One line has an IPv4 address, or the upper 64 bits of an IPv6 one: the lower 64 are its own to choose, and
 * devices do so every day (RFC 8981), so a limit of a whole IPv6 address would be none. */
#ifndef MVTI_WEB_NETWORK_H
#define MVTI_WEB_NETWORK_H

#include <stdbool.h>

enum { NETWORK_CHARS = 46 };

/* "192.0.2.1" stays, "2001:db8:1:2:3::4" becomes "2001:db8:1:2::", "::ffff:192.0.2.1" is "192.0.2.1". What is
 * no address stays, cut: it is one of a Unix socket, or a test's. */
void network_of(const char *address, char out[NETWORK_CHARS]);
bool network_is_address(const char *text);
/* The block that a network of network_of lies in, as one owner gets it: 256 IPv4 addresses ("192.0.2.0"), or
 * 65,536 IPv6 networks ("2001:db8:1::"). */
void network_block(const char *network, char out[NETWORK_CHARS]);

#endif
