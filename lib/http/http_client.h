/* Asking other servers over HTTP: with http_download.h the only home of libcurl. For small JSON exchanges (a tracking
 * server, an identity provider), not for downloads.
 *
 * What it never does: follow a redirect (a 3xx is an answer like any other), speak anything but http and
 * https, accept a certificate that the system's authorities do not vouch for, keep cookies, read proxies or
 * passwords from the environment or ~/.netrc, take an answer that is larger or slower than allowed. User and
 * password inside the address are sent as Basic authentication and are never part of a message.
 *
 * One client belongs to one thread; it keeps its connection open between requests. */
#ifndef MVTI_HTTP_HTTP_CLIENT_H
#define MVTI_HTTP_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct http_limits {
    long connect_ms; /* until connected, TLS included; > 0 */
    long total_ms;   /* for a whole request, connecting included; > 0 */
    size_t max_body; /* bytes of an answer's body */
};

struct http_request {
    const char *method;         /* upper-case letters, "GET" */
    const char *url;            /* http:// or https:// */
    const char *const *headers; /* "Name: value", ended by NULL; NULL for none */
    const void *body;           /* sent if not NULL */
    size_t n_body;
    const char *
        via; /* "HOST:PORT" to connect to in place of the address's; TLS and Host stay the address's. NULL: none */
};

struct http_answer {
    long status;     /* 200 … 599 */
    int64_t expires; /* when the server's certificate ends, seconds since 1970 UTC; 0: no TLS */
    struct buf body; /* as received: any bytes; buf_free it */
    bool
        asked; /* something of the request left this machine: after an error it may have been heard all the same */
};

struct http_client;

/* Does not connect yet. NULL when memory is out. */
struct http_client *http_client_new(const struct http_limits *limits);
void http_client_free(struct http_client *c);

/* Sends r and waits for the answer, whatever its status. *out starts empty and is valid (free its body) after
 * an error too. Sentences name the host, never the path or the credentials.
 *   ERR_INVALID      an address that is none or has another scheme; a method or header with a wrong character
 *   ERR_UNAVAILABLE  no such host, refused, too slow, a certificate that is not trusted
 *   ERR_PEER_GONE    it closed before the answer was complete, or its answer is not HTTP
 *   ERR_TOO_LARGE    a body of more than max_body
 *   ERR_NOMEM */
MUST_USE enum err http_client_ask(struct http_client *c, const struct http_request *r,
                                  struct http_answer *out, struct fail *why);

#endif
