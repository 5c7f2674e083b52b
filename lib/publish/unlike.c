#include "publish/unlike.h"

#include <stdlib.h>

#include "publish/believed.h"
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

enum err unlike_take_off(struct db *db, struct like_totals *likes, struct fail *why)
{
    struct vec said = VEC_OF(struct training_choice);
    struct credit_choice *all = NULL;
    struct credit_tally tally;
    enum err rc = training_unlike(db, &said, why);
    if (rc == ERR_OK) /* whoever else there is has nothing to do with it */
        rc = believed(&said, 0, &all, &tally, why);
    for (size_t i = 0; rc == ERR_OK && i < said.len; i++)
        if (all[i].kept)
            take_one(likes, all[i].movie);
    free(all);
    vec_free(&said);
    return rc;
}
