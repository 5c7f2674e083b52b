/* Pages of the test as plain forms: their data, and the HTML of their questions. */
#ifndef MVTI_CGI_QUIZ_VIEW_H
#define MVTI_CGI_QUIZ_VIEW_H

#include "quiz_form.h"

struct quiz_page {
    struct quiz_form form;
    const struct json_value *survey; /* texts of the questions */
    struct quiz_fields fields;       /* answers that are passed on */
    const char *ticket;
    const char *wrong;     /* error message about the submitted form; NULL: none */
    const uint32_t *shown; /* [n_shown] indexes of films to choose from */
    size_t n_shown;
};

/* The question of the form's step, which is before QUIZ_FILMS. */
void quiz_view_question(struct exchange *p, const struct quiz_page *q);
/* Opens a form that requests the next page. */
void quiz_view_form(struct exchange *p, const char *class_name);
/* Hidden inputs with what is passed on to the next step: chosen films and what was said of the age, except on their own page. */
void quiz_view_hidden(struct exchange *p, const struct quiz_page *q, enum quiz_step next);

#endif
