/* Networks, and clients of today's log, that may only read for a time: a file that `mvti ban` writes and workers read.
 *
 * Lines "UNTIL NETWORK/BITS" and "UNTIL client:MARK", UNTIL in seconds since 1970 UTC; others are skipped. A network stands there as long as it is banned and no longer: no
 * other way leads from an address to a ban of next week. A mark (auth/client_mark.h) is one day's, and its ban ends with that day. */
#ifndef MVTI_WEB_DENIED_H
#define MVTI_WEB_DENIED_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { DENIED_MOST = 1000, DENIED_MARK = 16, DENIED_TEXT = 64 };

struct denied_entry {
    int64_t until;
    struct in6_addr network; /* IPv4 as ::ffff:0:0/96 */
    int bits;                /* of the 128; 0: a mark */
    char mark[DENIED_MARK + 1];
};
struct denied {
    struct denied_entry items[DENIED_MOST];
    size_t n;
};

/* "203.0.113.0/24", "203.0.113.9", "2001:db8::/32" or "client:" and 16 hex digits; until stays. An IPv4 network has 16 bits or more, one of IPv6 32. ERR_INVALID says
 * what is wrong. */
MUST_USE enum err denied_parse(const char *text, struct denied_entry *out, struct fail *why);
/* The reverse. */
void denied_text(const struct denied_entry *e, char out[DENIED_TEXT]);
/* Replaces *d by what the file has; none is an empty one. ERR_IO: *d is as it was. */
MUST_USE enum err denied_read(struct denied *d, const char *path, struct fail *why);
/* Those that have not ended, as a new file in the old one's place, mode 0644: workers read it. ERR_IO. */
MUST_USE enum err denied_write(const struct denied *d, int64_t now, const char *path, struct fail *why);
/* Adds it, or gives the one that is there its end; one that has ended is none. ERR_TOO_LARGE: there are DENIED_MOST. */
MUST_USE enum err denied_put(struct denied *d, const struct denied_entry *e, int64_t now, struct fail *why);
/* Whether there was one. */
bool denied_lift(struct denied *d, const struct denied_entry *e);
/* address: of the client; mark: its mark of today, "" for none. */
bool denied_meets(const struct denied *d, const char *address, const char *mark, int64_t now);

#endif
