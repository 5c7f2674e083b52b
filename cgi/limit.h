/* A rate limit for each network, counted in this process: for requests that reach the database only if they
 * are valid. A fixed window; the table is small, and when it is full the oldest entry is replaced. */
#ifndef MVTI_CGI_LIMIT_H
#define MVTI_CGI_LIMIT_H

#include "web/network.h"

enum { LIMIT_NETWORKS = 256 };

struct limit {
    struct {
        char network[NETWORK_CHARS]; /* "" = free */
        double since;                /* clock_monotonic() at the start of the window */
        int n;                       /* requests in it */
    } rows[LIMIT_NETWORKS];
};

/* Counts one request from this address. Returns 0 or, if there were already `most` in the window of `seconds`,
 * the seconds until the window ends. */
int limit_wait(struct limit *l, const char *address, int most, double seconds, double now);
/* What limit_wait would return, without counting a request. */
int limit_full(const struct limit *l, const char *address, int most, double seconds, double now);

#endif
