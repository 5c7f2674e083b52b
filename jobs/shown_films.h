/* Which film is shown for each: ratings and likes of one that the site hides, because another row is the same
 * film to people, count for the one that it shows. */
#ifndef MVTI_JOBS_SHOWN_FILMS_H
#define MVTI_JOBS_SHOWN_FILMS_H

#include "data/interactions.h"
#include "job.h"
#include "publish/film_twins.h"

/* As `mvti publish` would choose now, with the popularity model that it would read; films_hidden_free it,
 * also after an error. */
MUST_USE enum err shown_films_read(struct job *job, struct films_hidden *out, struct fail *why);
/* Puts the film that is shown in place of each; how many pairs changed. Doubles stay until
 * interactions_sort. */
size_t shown_films_apply(const struct films_hidden *hidden, struct interactions *in);

#endif
