/* What an import of films warns of, changing nothing: an id that means another film in the catalog or in
 * MovieLens, so that ratings and likes go to the wrong one, and films that people cannot tell apart. */
#ifndef MVTI_IMPORT_FILM_WATCH_H
#define MVTI_IMPORT_FILM_WATCH_H

#include "base/err.h"
#include "base/progress.h"
#include "store/db.h"
#include "store/catalog.h"

struct film_watch;

/* Before the first row: reads the films that the catalog has and, unless NULL, `compare`: a movies.csv or
 * .dat of MovieLens, in UTF-8 or Latin-1. `path` is the file that is imported. */
MUST_USE enum err film_watch_open(struct film_watch **out, struct db *db, const struct progress *progress,
                                  const char *path, const char *compare, struct fail *why);
/* After a row was stored. ERR_NOMEM. */
MUST_USE enum err film_watch_row(struct film_watch *w, uint64_t line, const struct catalog_movie *m,
                                 struct fail *why);
/* After the last one, before the transaction ends: the warnings about the whole catalog, and how many there
 * were in all. */
MUST_USE enum err film_watch_end(struct film_watch *w, struct fail *why);
/* Safe on NULL. */
void film_watch_free(struct film_watch *w);

#endif
