/* How often one address may ask, counted in this process: for requests that reach the database only when they
 * hold something. A fixed window; the table is small, and a full one forgets whoever was there longest. */
#ifndef MVTI_CGI_LIMIT_H
#define MVTI_CGI_LIMIT_H

#include <stdbool.h>

enum { LIMIT_ADDRESSES = 256, LIMIT_ADDRESS_CHARS = 46 };

struct limit {
    struct {
        char address[LIMIT_ADDRESS_CHARS]; /* "" = free */
        double since;                      /* clock_monotonic() of the window's begin */
        int n;
    } rows[LIMIT_ADDRESSES];
};

/* Counts one request; false when it is one more than `most` in a window of `seconds`. */
bool limit_take(struct limit *l, const char *address, int most, double seconds, double now);

#endif
