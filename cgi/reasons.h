/* A sentence for each character of a list that says why it was chosen, worded as in www/js/ui/match.js. Every sentence is
 * true, and none is repeated as long as another one is true as well. */
#ifndef MVTI_CGI_REASONS_H
#define MVTI_CGI_REASONS_H

#include "app/recommend.h"
#include "exchange.h"

/* Sentences [n] in the page's language for the first n characters of a list, in the arena; NULL: memory is out. */
const char **reasons_sentences(struct exchange *p, const struct recommend_list *list, size_t n);

#endif
