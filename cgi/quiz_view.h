/* Pages of the test as plain forms: what they are made from, and their questions. */
#ifndef MVTI_CGI_QUIZ_VIEW_H
#define MVTI_CGI_QUIZ_VIEW_H

#include "quiz_form.h"

struct quiz_page {
    struct quiz_form form;
    const struct json_value *survey; /* texts of the questions */
    struct quiz_fields fields;       /* that go along */
    const char *ticket;
    const char *wrong;     /* what is to be said about what was sent; NULL: nothing */
    const uint32_t *shown; /* [n_shown] indexes of films to choose from */
    size_t n_shown;
};

/* The question of the form's step, of those before QUIZ_FILMS. */
void quiz_view_question(struct exchange *p, const struct quiz_page *q);
/* Opens a form that asks for the next page. */
void quiz_view_form(struct exchange *p, const char *class_name);
/* What goes along to the next step, hidden: films, and what was said of the age, from any page but their own. */
void quiz_view_hidden(struct exchange *p, const struct quiz_page *q, enum quiz_step next);

#endif
