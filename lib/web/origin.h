/* Who may ask: the Host header against the names of this site, and unsafe methods against cross-site request
 * forgery. */
#ifndef MVTI_WEB_ORIGIN_H
#define MVTI_WEB_ORIGIN_H

#include <stdbool.h>

#include "web/request.h"

/* True if host (with or without a port, and with or without the dot of the root behind its name) is the host
 * of public_url or a loopback name; "" is refused. */
bool origin_host_allowed(const char *host, const char *public_url);
/* Is host another name of public_url's host, for which a browser keeps other cookies: localhost for 127.0.0.1, or with the dot of the root?
 * A loopback name of a site that is not on loopback is none: a proxy in front may have put it there. */
bool origin_host_alias(const char *host, const char *public_url);
/* True if an unsafe request comes from a page of this site: Sec-Fetch-Site same-origin or none, or, from
 * browsers that do not send it, an Origin that equals public_url or "http://" Host for a loopback host. */
bool origin_allowed(const struct request *r, const char *public_url);

#endif
