#include "model/scorer.h"

#include "num/dot.h"

void scorer_score(const struct scorer *s, size_t user, const int32_t *history, size_t n, float *scores,
                  float *scratch)
{
    if (s->score_whole != NULL)
        s->score_whole(s, user, history, n, scores, scratch);
    else if (s->users != NULL && user < s->n_users && s->score_known != NULL)
        s->score_known(s, user, history, n, scores);
    else if (s->users != NULL && user < s->n_users)
        dot_rows(s->weights, s->n_factors, NULL, s->n_items, s->users + user * s->n_factors, scores);
    else
        s->score(s, history, n, scores);
}

size_t scorer_scratch(const struct scorer *s)
{
    return s->scratch == NULL ? 0 : s->scratch(s);
}
