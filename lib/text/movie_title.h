/* MovieLens's titles, which hold more than the title and begin with their second word. */
#ifndef MVTI_TEXT_MOVIE_TITLE_H
#define MVTI_TEXT_MOVIE_TITLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

enum { MOVIE_FIRST_YEAR = 1870, MOVIE_LAST_YEAR = 2100 };

/* "Matrix, The (1999)": the length of "Matrix, The", and 1999; "Death Note (2006–2007)" and "(2006-)": the
 * first year; the whole and 0 where no year stands at the end or nothing would be left. */
size_t movie_title_cut_year(const char *title, int32_t *year);
/* The n bytes as people say them: "Matrix, The" is "The Matrix", "Avventura, L'" is "L'Avventura", and so in
 * each bracket behind: "Postman, The (Postino, Il)" is "The Postman (Il Postino)". An article counts when it
 * is the last word behind a comma, in one of the languages of MovieLens; "Monsters, Inc." stays. NULL: no
 * memory. */
const char *movie_title_spoken(struct arena *a, const char *title, size_t n);
/* Appends the title as a search compares it, without blanks: no case, marks, punctuation. out->failed without
 * memory. */
void movie_title_key(struct buf *out, const char *title);
/* May two titles be of one film? As a search compares them, each bracket for itself, and one may be the
 * beginning or a part of the other: "The Lord of the Rings (Film Trilogy)" and "Lord of the Rings: The Two
 * Towers, The". */
bool movie_title_agree(const char *a, const char *b);

#endif
