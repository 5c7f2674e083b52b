#include "publish/unlike.h"

#include <stdlib.h>

#include "data/credit.h"
#include "store/training.h"

static int by_character(const void *a, const void *b)
{
    const struct like_total *x = a, *y = b;
    return (x->character_id > y->character_id) - (x->character_id < y->character_id);
}

static void take_one(struct like_totals *likes, int32_t character)
{
    struct like_total key = {character, 0};
    struct like_total *at =
        likes->n == 0 ? NULL : bsearch(&key, likes->rows, likes->n, sizeof key, by_character);
    if (at != NULL && at->likes > 0)
        at->likes--;
}

/* People are the accounts among them: whoever else has nothing to do with it makes no difference. */
static enum err judge(const struct vec *said, struct credit_choice *out, struct fail *why)
{
    const struct training_choice *c = said->data;
    struct credit_tally tally;
    size_t accounts = 0;
    for (size_t i = 0; i < said->len; i++) {
        out[i] = (struct credit_choice){.visitor = c[i].visitor_id,
                                        .movie = c[i].movie_id,
                                        .day = c[i].day,
                                        .crowd = c[i].crowd,
                                        .account = c[i].account,
                                        .counted = c[i].counted,
                                        .hasty = c[i].hasty};
        accounts += c[i].account && (i == 0 || c[i - 1].visitor_id != c[i].visitor_id);
    }
    return credit_give(out, said->len, accounts, &tally, why);
}

enum err unlike_take_off(struct db *db, struct like_totals *likes, struct fail *why)
{
    struct vec said = VEC_OF(struct training_choice);
    enum err rc = training_unlike(db, &said, why);
    struct credit_choice *all = malloc((said.len + 1) * sizeof *all);
    if (rc == ERR_OK && all == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        rc = judge(&said, all, why);
    for (size_t i = 0; rc == ERR_OK && i < said.len; i++)
        if (all[i].kept)
            take_one(likes, all[i].movie);
    free(all);
    vec_free(&said);
    return rc;
}
