#include "findings/pool_guess.h"

/* So many of the mean are added to each: a rank that was shown twice says little by itself. */
static const double PRIOR = 20;

static size_t within(size_t i, size_t n)
{
    return i < n ? i : n - 1;
}

double pool_guess(const struct pool_guess *g, size_t place, size_t rank)
{
    size_t p = within(place, POOL_GUESS_PLACES), r = within(rank, POOL_GUESS_RANKS);
    double mean = (g->all.reached + 1) / (g->all.shown + PRIOR);
    return (g->of[p][r].reached + PRIOR * mean) / (g->of[p][r].shown + PRIOR);
}

void pool_guess_learn(struct pool_guess *g, size_t place, size_t rank, bool reached)
{
    size_t p = within(place, POOL_GUESS_PLACES), r = within(rank, POOL_GUESS_RANKS);
    g->all.shown++;
    g->all.reached += reached;
    g->of[p][r].shown++;
    g->of[p][r].reached += reached;
}
