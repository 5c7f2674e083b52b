/* What many people's votes say together about a character's type.
 *
 * agreement is the lower end of the 95 % score interval of the share that the leading type has among all who
 * would vote (E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22,
 * 1927): 1 vote of 1 says 0.21, 5 of 5 0.57, 60 of 100 0.50. Unlike the plain share it is small as long as
 * few have voted. */
#ifndef MVTI_DOMAIN_CONSENSUS_H
#define MVTI_DOMAIN_CONSENSUS_H

#include <stddef.h>
#include <stdint.h>

#include "domain/enneagram.h"
#include "domain/mbti.h"

enum { CONSENSUS_FEW = 5 }; /* votes below which nothing is concluded */

enum consensus_label {
    CONSENSUS_PROVISIONAL, /* fewer than CONSENSUS_FEW votes */
    CONSENSUS_CONTESTED,   /* no type has a majority that is more than chance */
    CONSENSUS_AGREED       /* agreement of at least one half */
};

struct consensus_votes {
    int64_t count;
    int64_t mbti[MBTI_COUNT];           /* sums up to count */
    int64_t enneagram[ENNEAGRAM_COUNT]; /* at most count: it may be left open */
};

struct consensus {
    uint8_t mbti;     /* the leading type, the lower number of equal ones; MBTI_NONE without votes */
    double agreement; /* 0…1 */
    enum consensus_label label;
};

struct consensus consensus_of(const struct consensus_votes *votes);
/* The type of n with most votes, the lower number of equal ones. */
uint8_t consensus_leading(const int64_t *votes, size_t n);
/* The agreement of in_favour of `all` votes; 0 of none. */
double consensus_agreement(int64_t in_favour, int64_t all);
/* "provisional", "contested", "agreed". */
const char *consensus_label_name(enum consensus_label label);

#endif
