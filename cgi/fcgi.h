/* FastCGI over the listening socket on descriptor 0: the only place that knows libfcgi. */
#ifndef MVTI_CGI_FCGI_H
#define MVTI_CGI_FCGI_H

#include "base/err.h"
#include "exchange.h"

struct fcgi_hooks {
    /* Called about once a second between requests, also when there are none; now: clock_monotonic. */
    void (*tick)(void *arg, double now);
    /* Called while an answer is sent in pieces, to tell the watchdog that the process is not stuck. */
    void (*busy)(void *arg);
    /* After SIGHUP, between two requests: whether to end, so that the program begins anew with the same socket. */
    bool (*renew)(void *arg);
    void *arg;
};

/* Accepts and answers requests until SIGTERM or SIGINT, or SIGHUP if hooks->renew agrees; a request in progress is finished first. One connection
 * carries one request (docs/decisions/0006). ERR_IO: descriptor 0 is not a listening socket. */
MUST_USE enum err fcgi_run(struct site *site, const struct fcgi_hooks *hooks, struct fail *why);

#endif
