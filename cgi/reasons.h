/* Why characters of a list were chosen, a sentence each, as www/js/ui/match.js says it: all of it true, and no sentence twice where
 * another one is true as well. */
#ifndef MVTI_CGI_REASONS_H
#define MVTI_CGI_REASONS_H

#include "app/recommend.h"
#include "exchange.h"

/* Sentences in the page's language for the first n characters of a list, from the arena; NULL when memory is out. */
const char **reasons_sentences(struct exchange *p, const struct recommend_list *list, size_t n);

#endif
