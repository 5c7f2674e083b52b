#include "findings/canary.h"

#include <stdio.h>

#include "stats/difference.h"

/* n of whom so many did it. */
static struct moments yes_or_no(int64_t n, int64_t events)
{
    struct moments m = {.n = n, .events = events};
    m.weight[0][0] = m.square[0][0] = (double)n;
    m.weight[0][1] = m.weight[1][0] = m.weight[1][1] = (double)events;
    m.square[0][1] = m.square[1][0] = m.square[1][1] = (double)events;
    return m;
}

static struct difference compare(int64_t n, int64_t events, int64_t n_first, int64_t events_first)
{
    struct moments control = yes_or_no(n, events), variant = yes_or_no(n_first, events_first);
    return difference_of(&control, &variant, 2 * CANARY_ERROR);
}

static void say(char said[CANARY_SENTENCE], const char *what, int64_t n_first, int64_t n,
                const struct difference *d)
{
    snprintf(
        said, CANARY_SENTENCE,
        "%s: %.2f %% of %lld on the host that had it first, %.2f %% of %lld on the others, a difference of "
        "%+.2f (interval %+.2f to %+.2f)",
        what, 100 * d->variant, (long long)n_first, 100 * d->control, (long long)n, 100 * d->by, 100 * d->low,
        100 * d->high);
}

enum canary_verdict canary_judge(const struct canary_side *first, const struct canary_side *others,
                                 char said[CANARY_SENTENCE])
{
    struct difference opened = compare(others->visitors, others->opened, first->visitors, first->opened);
    struct difference failed = compare(others->requests, others->failed, first->requests, first->failed);
    bool fails = failed.verdict == DIFFERENCE_BETTER && failed.by > CANARY_FAILURES; /* a higher rate */
    if (fails)
        say(said, "requests that failed", first->requests, others->requests, &failed);
    else if (opened.verdict != DIFFERENCE_EARLY)
        say(said, "visitors who opened something", first->visitors, others->visitors, &opened);
    else
        snprintf(
            said, CANARY_SENTENCE,
            "visitors: %lld on the host that had it first and %lld on the others; %d of each are needed, "
            "and %d who open something",
            (long long)first->visitors, (long long)others->visitors, DIFFERENCE_VISITORS, DIFFERENCE_EVENTS);
    if (fails || opened.verdict == DIFFERENCE_WORSE)
        return CANARY_WORSE;
    return opened.verdict == DIFFERENCE_EARLY && failed.verdict == DIFFERENCE_EARLY ? CANARY_EARLY
                                                                                    : CANARY_FINE;
}
