#include "import/visitors_likes.h"

#include <stdlib.h>

#include "publish/believed.h"
#include "store/training.h"

static enum err check_numbers(const struct vec *chosen, struct fail *why)
{
    const struct training_choice *c = chosen->data;
    for (size_t i = 0; i < chosen->len; i++)
        if (c[i].visitor_id < 0 || c[i].visitor_id > UINT32_MAX)
            return fail_set(why, ERR_TOO_LARGE, "visitor %lld: number too large for a dataset",
                            (long long)c[i].visitor_id);
    return ERR_OK;
}

enum err visitors_likes(struct db *db, size_t people, struct interactions *in, struct visitors_read *out,
                        struct fail *why)
{
    struct vec chosen = VEC_OF(struct training_choice);
    struct credit_choice *all = NULL;
    *out = (struct visitors_read){.until = out->until};
    enum err rc = training_choices(db, out->until != 0 ? out->until : TRAINING_ALL, &chosen, &out->left, why);
    if (rc == ERR_OK)
        rc = check_numbers(&chosen, why);
    if (rc == ERR_OK)
        rc = believed(&chosen, people, &all, &out->tally, why);
    for (size_t i = 0; rc == ERR_OK && i < chosen.len; i++)
        if (all[i].kept && !interactions_add(in, (uint32_t)all[i].visitor, all[i].movie))
            rc = fail_set(why, ERR_NOMEM, "out of memory");
    out->choices = chosen.len;
    free(all);
    vec_free(&chosen);
    return rc;
}
