#include "model/scorer.h"

#include "model/factors.h"

void scorer_score(const struct scorer *s, size_t user, const int32_t *history, size_t n, float *scores)
{
    if (s->users != NULL && user < s->n_users)
        factors_dot(s->weights, s->n_items, s->n_factors, s->users + user * s->n_factors, scores);
    else
        s->score(s, history, n, scores);
}
