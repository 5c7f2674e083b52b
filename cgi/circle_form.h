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
/* The sentence for what was refused; NULL when memory is out. */
const char *circle_form_wrong(struct exchange *p, enum err why);
/* Whether who sent what was refused may be shown that there is nothing at that address. Another site may not: it is refused, whatever
 * there is. */
bool circle_form_may_miss(const struct exchange *p, enum err why);
/* Writes the form of who is in it (mine), or of who may come; nothing for who has no test. */
void circle_form_put(struct exchange *p, const struct circle_form *f, bool mine);
/* Does what the form says, into p->problem what is wrong. */
MUST_USE enum err circle_form_take(struct exchange *p);

#endif
