/* How many people like each film: of those that models learn from (the popularity model), and of those who
 * are held out of training (data/panel.h), for everybody's choice counts where films are ranked. */
#ifndef MVTI_PUBLISH_FILM_COUNTS_H
#define MVTI_PUBLISH_FILM_COUNTS_H

#include <stdint.h>

#include "data/dataset.h"
#include "model/model_file.h"

struct film_counts {
    const struct model *learned; /* NULL: not counted; borrowed */
    struct dataset held;         /* nobody: x.n_rows = 0 */
    uint64_t *of_held;           /* [held.x.n_cols] */
};

/* held: path of the panel's dataset; one that is missing or cannot be read holds nobody. ERR_NOMEM.
 * film_counts_close it. */
MUST_USE enum err film_counts_open(struct film_counts *f, const struct model *learned, const char *held,
                                   struct fail *why);
/* Safe on a zeroed struct. */
void film_counts_close(struct film_counts *f);
/* People who like the film; 0 for one that nobody knows. O(log). */
double film_counts_of(const struct film_counts *f, int32_t movie_id);
/* The most of any film. */
double film_counts_most(const struct film_counts *f);

#endif
