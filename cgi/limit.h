/* How often one network may ask, counted in this process: for requests that reach the database only when they
 * hold something. A fixed window; the table is small, and a full one forgets whoever was there longest. */
#ifndef MVTI_CGI_LIMIT_H
#define MVTI_CGI_LIMIT_H

#include "web/network.h"

enum { LIMIT_NETWORKS = 256 };

struct limit {
    struct {
        char network[NETWORK_CHARS]; /* "" = free */
        double since;                /* clock_monotonic() of the window's begin */
        int n;
    } rows[LIMIT_NETWORKS];
};

/* Counts one request from this address. 0, or, when it is one more than `most` in a window of `seconds`,
 * after how many seconds the window ends. */
int limit_wait(struct limit *l, const char *address, int most, double seconds, double now);
/* What limit_wait would say of one more, which is not counted. */
int limit_full(const struct limit *l, const char *address, int most, double seconds, double now);

#endif
