/* Does a new snapshot do worse on the host that has it first than the one before does on the others, at the same time?
 *
 * Two things are compared: of the visitors who were shown anything, how many opened something; and of the requests, how many failed. Each
 * difference has a confidence sequence (stats/difference.h), so that it may be looked at every minute: a snapshot that is as good as the one
 * before is called worse in one case of twenty at most, however often and long one looks, both comparisons together (each is allowed CANARY_ERROR
 * on the side that counts). Nothing is said of fewer than DIFFERENCE_VISITORS on a side.
 *
 * Visitors whom a balancer sends now here, now there are on both sides, as somebody of their own on each; that makes the two rates more alike. */
#ifndef MVTI_FINDINGS_CANARY_H
#define MVTI_FINDINGS_CANARY_H

#include <stdint.h>

#define CANARY_ERROR 0.025
/* A share of failed requests that is higher by less is let go, however sure: one of two hundred. */
#define CANARY_FAILURES 0.005

struct canary_side {
    int64_t visitors, opened;
    int64_t requests, failed; /* 0, 0: not known */
};

enum canary_verdict {
    CANARY_EARLY, /* neither comparison has enough to go by */
    CANARY_FINE,  /* not worse as far as can be told */
    CANARY_WORSE,
};

enum { CANARY_SENTENCE = 400 };

/* said: why, in a sentence without its end. */
enum canary_verdict canary_judge(const struct canary_side *first, const struct canary_side *others,
                                 char said[CANARY_SENTENCE]);

#endif
