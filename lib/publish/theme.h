/* What a film is about, in one word, by the words of its keywords and plot: what its drawn poster shows (www/js/art/poster.js). */
#ifndef MVTI_PUBLISH_THEME_H
#define MVTI_PUBLISH_THEME_H

#include "store/catalog.h"

/* The name of the theme that its words speak for most, the first of equals; "" if they speak for none. A keyword counts THEME_KEYWORD, a word of the
 * plot 1, in either language, and fewer than THEME_LEAST are none. What people died of in numbers ("grave")
 * goes before all else. Static storage. O(length). */
enum { THEME_KEYWORD = 3, THEME_LEAST = 2 };
const char *theme_of(const struct catalog_movie *m);

#endif
