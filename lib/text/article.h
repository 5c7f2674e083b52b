/* The articles that catalogs of films put behind a comma at the end of a title ("Haine, La"), as they are
 * written at its beginning. */
#ifndef MVTI_TEXT_ARTICLE_H
#define MVTI_TEXT_ARTICLE_H

/* Ended by NULL. Those of one language stand together; an elided one has its apostrophe. */
extern const char *const article_list[];

#endif
