#include "import/visitors_likes.h"

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

static enum err judge(const struct vec *chosen, size_t people, struct credit_choice *out,
                      struct credit_tally *tally, struct fail *why)
{
    const struct training_choice *c = chosen->data;
    for (size_t i = 0; i < chosen->len; i++) {
        if (c[i].visitor_id < 0 || c[i].visitor_id > UINT32_MAX)
            return fail_set(why, ERR_TOO_LARGE, "visitor %lld: number too large for a dataset",
                            (long long)c[i].visitor_id);
        out[i] = (struct credit_choice){.visitor = c[i].visitor_id,
                                        .movie = c[i].movie_id,
                                        .day = c[i].day,
                                        .like = c[i].like,
                                        .crowd = c[i].crowd,
                                        .account = c[i].account,
                                        .counted = c[i].counted,
                                        .hasty = c[i].hasty};
    }
    return credit_give(out, chosen->len, people + accounts(c, chosen->len), tally, why);
}

enum err visitors_likes(struct db *db, size_t people, struct interactions *in, struct visitors_read *out,
                        struct fail *why)
{
    struct vec chosen = VEC_OF(struct training_choice);
    *out = (struct visitors_read){.until = out->until};
    enum err rc = training_choices(db, out->until != 0 ? out->until : TRAINING_ALL, &chosen, why);
    struct credit_choice *all = malloc((chosen.len + 1) * sizeof *all);
    if (rc == ERR_OK && all == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        rc = judge(&chosen, people, all, &out->tally, why);
    for (size_t i = 0; rc == ERR_OK && i < chosen.len; i++)
        if (all[i].kept && !interactions_add(in, (uint32_t)all[i].visitor, all[i].movie))
            rc = fail_set(why, ERR_NOMEM, "out of memory");
    out->choices = chosen.len;
    free(all);
    vec_free(&chosen);
    return rc;
}
