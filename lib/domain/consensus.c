#include "domain/consensus.h"

#include <math.h>

static const double Z = 1.959963984540054; /* the normal distribution's 97.5 % point */

double consensus_agreement(int64_t in_favour, int64_t all)
{
    if (all <= 0)
        return 0;
    double n = (double)all, p = (double)in_favour / n, z2 = Z * Z;
    return (p + z2 / (2 * n) - Z * sqrt((p * (1 - p) + z2 / (4 * n)) / n)) / (1 + z2 / n);
}

uint8_t consensus_leading(const int64_t *votes, size_t n)
{
    uint8_t first = 0;
    for (uint8_t type = 1; type < n; type++)
        if (votes[type] > votes[first])
            first = type;
    return first;
}

struct consensus consensus_of(const struct consensus_votes *votes)
{
    struct consensus c = {.mbti = MBTI_NONE};
    if (votes->count <= 0)
        return c;
    c.mbti = consensus_leading(votes->mbti, MBTI_COUNT);
    c.agreement = consensus_agreement(votes->mbti[c.mbti], votes->count);
    if (votes->count >= CONSENSUS_FEW)
        c.label = c.agreement >= 0.5 ? CONSENSUS_AGREED : CONSENSUS_CONTESTED;
    return c;
}

const char *consensus_label_name(enum consensus_label label)
{
    static const char *const names[] = {"provisional", "contested", "agreed"};
    return names[label];
}
