/* MovieLens's titles, which hold more than the title. */
#ifndef MVTI_JOBS_MOVIE_TITLE_H
#define MVTI_JOBS_MOVIE_TITLE_H

#include <stddef.h>
#include <stdint.h>

enum { MOVIE_FIRST_YEAR = 1870, MOVIE_LAST_YEAR = 2100 };

/* "Matrix, The (1999)": the length of "Matrix, The", and 1999; the whole and 0 where no year stands at the
 * end. */
size_t movie_title_cut_year(const char *title, int32_t *year);

#endif
