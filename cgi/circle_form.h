/* Taking part in a circle by plain forms, for browsers without scripts: beginning a circle, joining with one's newest test, another name, leaving. */
#ifndef MVTI_CGI_CIRCLE_FORM_H
#define MVTI_CGI_CIRCLE_FORM_H

#include "exchange.h"

struct circle_form {
    const char *wrong;  /* what is to be said about what was sent; NULL: nothing */
    const char *test;   /* the newest of who asks, which they take part with; NULL: they have none */
    const char *name;   /* that stands in the field */
    const char *ticket; /* of the session */
};

/* Writes the button by which the owner of a result begins a circle with it, on the page of that result; for others only what is wrong
 * (as above). */
void circle_form_put_begin(struct exchange *p, bool mine, const char *wrong);
/* Does that. */
MUST_USE enum err circle_form_begin(struct exchange *p);

/* Finds the test and makes a ticket. name: as they are called in it now, or "". While the database is away there is no test.
 * ERR_NOMEM. */
MUST_USE enum err circle_form_prepare(struct exchange *p, const char *name, struct circle_form *out);
/* Writes the page that a form was on, with the sentence for what was refused. An error if what the page is about cannot be shown. */
typedef enum err circle_form_show(struct exchange *p, int status, const char *wrong);
/* What a form that was refused gets: its page with the sentence, and with the status of the refusal; that there is nothing at that address,
 * where there is not and the form was not another site's; or an error, for the refusal to be said without a page. */
MUST_USE enum err circle_form_again(struct exchange *p, enum err why, circle_form_show *show);
/* Writes the form of who is in it (mine), or of who may come; nothing for who has no test. */
void circle_form_put(struct exchange *p, const struct circle_form *f, bool mine);
/* Does what the form says, into p->problem what is wrong. */
MUST_USE enum err circle_form_take(struct exchange *p);

#endif
