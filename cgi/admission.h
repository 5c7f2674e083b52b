/* Access to the owner's console. Its addresses exist for admins only: everybody else, with any method, body or token,
 * gets the answer of an unknown address. */
#ifndef MVTI_CGI_ADMISSION_H
#define MVTI_CGI_ADMISSION_H

#include "exchange.h"

/* Whether the address belongs to the console and this process serves it. */
bool admission_concerns(const struct exchange *p);
/* To be called after route_find, whose result is `found`, and after the session has been read. For an admin returns
 * `found` and sets p->admin; else returns the problem of an unknown address and sets *route to NULL. An admin whose
 * session is too old has to sign in again: 401, or p->admin.who = CONSOLE_STALE if the route is the page itself. */
enum err admission_check(struct exchange *p, const struct route **route, enum err found);

#endif
