/* Chooses Korean particles by the sound of the preceding word, by the rules of www/js/particles.js: Hangul by its final
 * consonant, digits and capital letters by their Korean names, other Latin words by their Korean transliteration. */
#ifndef MVTI_CGI_PARTICLES_H
#define MVTI_CGI_PARTICLES_H

#include "base/buf.h"

/* Appends the text with its particles chosen: "INFP[은]" becomes "INFP는". Valid UTF-8; O(n). */
void particles_put(struct buf *out, const char *text);

#endif
