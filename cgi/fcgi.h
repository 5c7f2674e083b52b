/* FastCGI over the listening socket on descriptor 0: the only place that knows libfcgi. */
#ifndef MVTI_CGI_FCGI_H
#define MVTI_CGI_FCGI_H

#include "base/err.h"
#include "exchange.h"

struct fcgi_hooks {
    /* About once a second between requests, also when there are none. */
    void (*tick)(void *arg, double now);
    /* While an answer goes in pieces: this process is busy, not stuck. */
    void (*busy)(void *arg);
    void *arg;
};

/* Accepts and answers until SIGTERM or SIGINT; the request being answered is finished first. One connection
 * carries one request (see ARCHITECTURE.md for why). ERR_IO when descriptor 0 is no listening socket. */
MUST_USE enum err fcgi_run(struct site *site, const struct fcgi_hooks *hooks, struct fail *why);

#endif
