#include "publish/believed.h"

#include <stdlib.h>

#include "store/training.h"

_Static_assert((int)CREDIT_NO_CROWD == (int)TRAINING_NO_CROWD, "unknown is the same in both");

/* The people whom a provider knows, who are ordered by their number. */
static size_t accounts(const struct training_choice *c, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += c[i].account && (i == 0 || c[i - 1].visitor_id != c[i].visitor_id);
    return found;
}

enum err believed(const struct vec *said, size_t people, struct credit_choice **out,
                  struct credit_tally *tally, struct fail *why)
{
    const struct training_choice *c = said->data;
    struct credit_choice *all = *out = malloc((said->len + 1) * sizeof *all);
    if (all == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < said->len; i++)
        all[i] = (struct credit_choice){.visitor = c[i].visitor_id,
                                        .movie = c[i].movie_id,
                                        .day = c[i].day,
                                        .like = c[i].like,
                                        .crowd = c[i].crowd,
                                        .account = c[i].account,
                                        .counted = c[i].counted,
                                        .hasty = c[i].hasty};
    return credit_give(all, said->len, people + accounts(c, said->len), tally, why);
}
