#include "model/scorer.h"

#include "num/dot.h"

void scorer_score(const struct scorer *s, const struct scorer_person *who, float *scores, float *scratch)
{
    size_t user = who->row;
    if (s->score_whole != NULL)
        s->score_whole(s, who, scores, scratch);
    else if (s->users != NULL && user < s->n_users && s->score_known != NULL)
        s->score_known(s, user, who->history, who->n, scores);
    else if (s->users != NULL && user < s->n_users)
        dot_rows(s->weights, s->n_factors, NULL, s->n_items, s->users + user * s->n_factors, scores);
    else
        s->score(s, who->history, who->n, scores);
}

size_t scorer_scratch(const struct scorer *s)
{
    return s->scratch == NULL ? 0 : s->scratch(s);
}
