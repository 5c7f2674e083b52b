/* The page of films, which is the last of the test as plain forms: what there is to choose from, and the question about the age. */
#ifndef MVTI_CGI_QUIZ_FILMS_H
#define MVTI_CGI_QUIZ_FILMS_H

#include "quiz_view.h"

/* Fills q->shown: what is searched for, or a wall. ERR_NOMEM. */
MUST_USE enum err quiz_films_find(struct exchange *p, struct quiz_page *q);
void quiz_films_put(struct exchange *p, const struct quiz_page *q);
/* Whether more films are chosen than a test takes, and what is said then: the arena's, NULL when memory is out. */
bool quiz_films_too_many(const struct quiz_form *f);
const char *quiz_films_say_too_many(struct exchange *p, const struct quiz_form *f);

#endif
