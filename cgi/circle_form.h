/* Circles by plain forms, for browsers without scripts: starting a circle, joining with the newest test, changing one's
 * nickname, leaving. */
#ifndef MVTI_CGI_CIRCLE_FORM_H
#define MVTI_CGI_CIRCLE_FORM_H

#include "exchange.h"

struct circle_form {
    const char *wrong; /* error message about the submitted form; NULL: none */
    const char
        *test; /* token of the visitor's newest test, with which they take part; NULL: they have none */
    const char *name;   /* value of the nickname field */
    const char *ticket; /* of the session (auth/ticket.h) */
};

/* On the page of a result: writes the button by which its owner starts a circle; for others only the message `wrong`
 * (as above). */
void circle_form_put_begin(struct exchange *p, bool mine, const char *wrong);
/* Handles that form: starts the circle. */
MUST_USE enum err circle_form_begin(struct exchange *p);

/* Fills out with the visitor's newest test and a ticket. name: their current nickname, or "". There is no test while the
 * database is down. ERR_NOMEM. */
MUST_USE enum err circle_form_prepare(struct exchange *p, const char *name, struct circle_form *out);
/* Writes the page of a form with an error message. Fails if the page's subject cannot be shown. */
typedef enum err circle_form_show(struct exchange *p, int status, const char *wrong);
/* Answers a refused form: its page with the message and the status of the refusal; 404 if the page's subject does not
 * exist and the form came from this site; or an error, in which case the refusal is answered without a page. */
MUST_USE enum err circle_form_again(struct exchange *p, enum err why, circle_form_show *show);
/* Writes the form for a member of the circle (mine) or for somebody who may join; nothing for a visitor without a test. */
void circle_form_put(struct exchange *p, const struct circle_form *f, bool mine);
/* Handles the form: joins, renames or leaves. Errors are described in p->problem. */
MUST_USE enum err circle_form_take(struct exchange *p);

#endif
