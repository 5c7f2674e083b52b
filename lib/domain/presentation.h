/* How a character is drawn, as far as the catalog says it: what kind of figure, and whether a child or old. Never guessed: what is not known is
 * drawn as nobody in particular.
 *
 * One byte: the figure in the low four bits, the age above. 0 is unknown. */
#ifndef MVTI_DOMAIN_PRESENTATION_H
#define MVTI_DOMAIN_PRESENTATION_H

#include <stdbool.h>
#include <stdint.h>

/* Reads words divided by '|' in any order: one of woman, man, neither, creature, robot, and one of child, old, each at most once; "" is unknown.
 * False for anything else. */
bool presentation_parse(const char *text, uint8_t *out);
/* A byte that presentation_parse gives. */
bool presentation_valid(uint8_t p);
/* Its words; "" where it says nothing. Static storage. */
const char *presentation_figure(uint8_t p);
const char *presentation_age(uint8_t p);

#endif
