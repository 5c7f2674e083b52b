#include "limit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Seconds until a window that began at `since` ends, at least one. */
static int until_end(double since, double seconds, double now)
{
    double left = ceil(since + seconds - now);
    return left < 1 ? 1 : (int)left;
}

int limit_wait(struct limit *l, const char *address, int most, double seconds, double now)
{
    char network[NETWORK_CHARS];
    size_t at = 0;
    network_of(address, network);
    for (size_t i = 0; i < LIMIT_NETWORKS; i++) {
        if (strcmp(l->rows[i].network, network) == 0) {
            at = i;
            break;
        }
        if (l->rows[i].network[0] == '\0' || l->rows[i].since < l->rows[at].since)
            at = i;
    }
    if (strcmp(l->rows[at].network, network) != 0 || now - l->rows[at].since >= seconds) {
        snprintf(l->rows[at].network, NETWORK_CHARS, "%s", network);
        l->rows[at].since = now;
        l->rows[at].n = 0;
    }
    return ++l->rows[at].n <= most ? 0 : until_end(l->rows[at].since, seconds, now);
}

int limit_full(const struct limit *l, const char *address, int most, double seconds, double now)
{
    char network[NETWORK_CHARS];
    network_of(address, network);
    for (size_t i = 0; i < LIMIT_NETWORKS; i++)
        if (l->rows[i].n >= most && strcmp(l->rows[i].network, network) == 0)
            return now - l->rows[i].since < seconds ? until_end(l->rows[i].since, seconds, now) : 0;
    return 0;
}
