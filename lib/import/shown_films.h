/* Which film is shown for each: ratings and likes of one that the site hides, because another row is the same
 * film to people, count for the one that it shows. */
#ifndef MVTI_IMPORT_SHOWN_FILMS_H
#define MVTI_IMPORT_SHOWN_FILMS_H

#include "base/config.h"
#include "data/interactions.h"
#include "publish/film_twins.h"

/* As `mvti publish` would choose now, with the popularity model that it would read; films_hidden_free it,
 * also after an error. The catalog's texts are in the arena. */
MUST_USE enum err shown_films_read(struct db *db, struct arena *a, const struct config *config,
                                   struct films_hidden *out, struct fail *why);
/* Puts the film that is shown in place of each; how many pairs changed. Doubles stay until
 * interactions_sort. */
size_t shown_films_apply(const struct films_hidden *hidden, struct interactions *in);

#endif
