/* The route table, and the dispatcher, which enforces its rows. */
#ifndef MVTI_CGI_ROUTES_H
#define MVTI_CGI_ROUTES_H

#include "exchange.h"

/* NONE: the handler does not use the session. QUIET: it may read the session, but the answer contains no token, so
 * that it may be cached publicly. READ: it uses the visitor's session, if there is one. WRITE: a new visitor gets one. */
enum route_session { SESSION_NONE, SESSION_QUIET, SESSION_READ, SESSION_WRITE };

/* TOKEN, for everything that changes something: the request comes from a page of this site, and if there is a session, a
 * script of that page has read its token (X-CSRF-Token).
 * FORM: the same for plain forms, whose body contains a ticket (auth/ticket.h) instead of the token; a refusal is
 * answered with the form's page.
 * KEY: the client is a server, not a browser, with a key that the handler checks; its body is a form, whose fields are
 * added to the query.
 * LINK, for pages and pictures that people share: services append parameters to the address (fbclid, utm_source),
 * sometimes twice or truncated, so whatever can be read of the query counts, the first of a name.
 * GROWN: as TOKEN, but visitors who say that they are under 14 are refused, because personal data would be stored. */
enum route_guard { GUARD_NONE, GUARD_TOKEN, GUARD_GROWN, GUARD_FORM, GUARD_KEY, GUARD_LINK };

/* The workers that serve a route, as bits. Those of the login pool may connect to the internet and wait for it, those of
 * the export pool may take seconds for one answer, those of the picture pool draw: users of the main pool are
 * unaffected. The admin pool serves the owner's console (admission.h) and runs only if the operator has enabled it. */
enum route_pool {
    POOL_MAIN = 1,
    POOL_LOGIN = 2,
    POOL_EXPORT = 4,
    POOL_ADMIN = 8,
    POOL_PICTURE = 16,
    POOL_ALL = 31
};

struct route {
    enum http_method method;
    const char *pattern; /* {id} 1…2³¹−1, {token} 22 characters, {mbti} a type in capitals, {provider} a
                          * lower-case word; what follows in the same segment (".png") is literal */
    handler_fn *page;
    enum route_session session; /* with WRITE the cookie is set if the handler succeeds */
    enum route_guard guard;
    size_t body_limit; /* largest body in bytes: JSON (FORM and KEY: a form); 0: the route reads no body */
    bool snapshot;     /* 503 without a snapshot */
    bool tagged;       /* depends on the snapshot alone: entity tag and 304 */
    const char *cache; /* Cache-Control */
    int kept; /* > 0: nothing in the answer depends on who asks, and it may be kept for so many seconds (nginx/cache.conf) */
    enum route_pool pool;
    again_fn *again; /* GUARD_FORM: answers what is refused; else NULL */
};

extern const struct route route_table[];
extern const size_t route_count;

/* Whether its guard is TOKEN or GROWN. */
bool route_wants_token(const struct route *route);
/* The route of a path, whose parameters are written to p. NULL: none with this method; *allowed has the methods of
 * that path as bits, 0 if there is no such path. */
const struct route *route_find(enum http_method method, const char *path, struct exchange *p,
                               unsigned *allowed);

/* Writes the answer to one request into site->response. Cannot fail: errors become problem documents. */
void route_serve(struct site *site, const struct request *request);

#endif
