/* The owner's console, from outside: there is nothing at its addresses for anybody but an admin. Whoever else asks, with whatever method, body or
 * token, gets the answer that an unknown address gives. */
#ifndef MVTI_CGI_ADMISSION_H
#define MVTI_CGI_ADMISSION_H

#include "exchange.h"

/* Whether the address is one of the console's and this process is to answer there. */
bool admission_concerns(const struct exchange *p);
/* After a route was looked for (`found` is what came of that) and the session read: `found` for an admin, who is in p->admin; else the problem that
 * says there is nothing, and *route is NULL. An admin whose time is over is told to sign in again: 401, or where the route is the page itself
 * p->admin.who CONSOLE_STALE. */
enum err admission_check(struct exchange *p, const struct route **route, enum err found);

#endif
