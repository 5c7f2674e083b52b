/* The site's texts in both languages: those of the scripts' dictionaries (www/js/i18n), which the build turns into a
 * table (www/words), so that a page has the same words whether a worker or a script writes it. */
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
/* The text of a key that is composed at run time: "genre." and "Drama". NULL: there is none. O(log n). */
const char *words_find(enum language l, const char *begin, const char *end);
/* The text with {name} placeholders replaced and Korean particles chosen (particles.h): pairs of a name and
 * a value, then NULL. NULL: memory is out, or a value is NULL. */
const char *words_fill(struct arena *a, enum language l, enum words_key key, ...) __attribute__((sentinel));
/* A count with thousands separators: "12,345". NULL: memory is out. */
const char *words_number(struct arena *a, int64_t n);

#endif
