/* A text's terms for TF-IDF (text/tfidf.h says which), one call each. */
#ifndef MVTI_TEXT_TERMS_H
#define MVTI_TEXT_TERMS_H

#include <stdbool.h>
#include <stddef.h>

/* Calls take(arg, bytes, n) for every term in the text's order; false from it ends the walk with false. False
 * as well when memory is out. */
bool terms_walk(const char *text, bool (*take)(void *arg, const char *bytes, size_t n), void *arg);

#endif
