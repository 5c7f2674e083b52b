/* What the visitors of this site like, for a dataset: films they chose and films of characters they like, as
 * far as it is believed (data/credit.h). */
#ifndef MVTI_IMPORT_VISITORS_LIKES_H
#define MVTI_IMPORT_VISITORS_LIKES_H

#include "data/credit.h"
#include "data/interactions.h"
#include "store/training.h"

struct visitors_read {
    int64_t until;  /* the caller's: what they liked before then (store/training.h); 0: now */
    size_t choices; /* pairs of visitor and film, accounts' and guests' */
    struct credit_tally tally;
    struct training_left left; /* what the owner has left out (store/training_without.h) */
};

/* Appends to `in`. people: in the dataset besides them. ERR_TOO_LARGE: a visitor's number; ERR_NOMEM; as
 * db_query. */
MUST_USE enum err visitors_likes(struct db *db, size_t people, struct interactions *in,
                                 struct visitors_read *out, struct fail *why);

#endif
