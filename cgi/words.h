/* The words of the site in both languages: those of the pages' own dictionaries (www/js/i18n), which the build makes a
 * table of (www/words), so that a page says the same whether a worker or a script has written it. */
#ifndef MVTI_CGI_WORDS_H
#define MVTI_CGI_WORDS_H

#include <stdint.h>

#include "base/arena.h"
#include "web/language.h"

/* WORDS_home_begin is the key 'home.begin'. */
#define WORD(number, name, key, ko, en) WORDS_##name = number,
enum words_key {
#include "site_words.inc"
};
#undef WORD

const char *words_of(enum language l, enum words_key key);
/* Of a key that is known only now, its beginning and its end: "genre." and "Drama". NULL: there is none. O(log n). */
const char *words_find(enum language l, const char *begin, const char *end);
/* With values in the places of {names}, and Korean particles by what stands before them: pairs of a name and
 * a text, then NULL. NULL when memory is out or a value is NULL. */
const char *words_fill(struct arena *a, enum language l, enum words_key key, ...) __attribute__((sentinel));
/* A count with the separators of both languages: "12,345". NULL when memory is out. */
const char *words_number(struct arena *a, int64_t n);

#endif
