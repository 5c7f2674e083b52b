/* The route table, and the one place where its rows are enforced. */
#ifndef MVTI_CGI_ROUTES_H
#define MVTI_CGI_ROUTES_H

#include "exchange.h"

/* QUIET: the page may look who asks, and the answer tells no token, so that it may stay in public caches. */
enum route_session { SESSION_NONE, SESSION_QUIET, SESSION_READ, SESSION_WRITE };

/* TOKEN, for whatever changes something: the request comes from a page of this site, and a script of that
 * page has read the token of the session (X-CSRF-Token), if there is a session.
 * FORM: the same from a page of plain forms, whose body is one and brings a ticket (auth/ticket.h) in place of the token; what is refused is answered
 * with that page.
 * KEY: a server calls and not a browser, with a key that the page checks; its body is a form, which joins the
 * query.
 * LINK, for pages and pictures that people pass on: services add to the address what they like (fbclid, utm_source),
 * twice or cut in the middle, so what can be read of a query counts, the first of a name.
 * GROWN: as TOKEN, and nobody who says that they are under 14, because something about them would be stored. */
enum route_guard { GUARD_NONE, GUARD_TOKEN, GUARD_GROWN, GUARD_FORM, GUARD_KEY, GUARD_LINK };

/* Which workers answer: those of the login pool may reach the internet and wait for it, those of the export
 * pool may take seconds for one answer, those of the picture pool draw: other users are unaffected. Those of the admin pool are the owner's console
 * (admission.h) and run only where the operator has enabled it. Bits. */
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
    const char *pattern; /* {id} 1…2³¹−1, {token} 22 characters, {mbti} a type in capitals,
                          * {provider} a small word; what stands behind one in its segment (".png") is itself */
    handler_fn *page;
    enum route_session
        session; /* WRITE: a new visitor gets a session, the cookie is set when the page succeeds */
    enum route_guard guard;
    size_t body_limit; /* bytes of JSON (FORM and KEY: of a form); 0: the route reads no body */
    bool snapshot;     /* 503 without one */
    bool tagged;       /* made from the snapshot alone: entity tag and 304 */
    const char *cache; /* Cache-Control */
    int kept; /* > 0: nothing in the answer depends on who asks, and it may be kept for so many seconds (nginx/cache.conf) */
    enum route_pool pool;
    again_fn *again; /* of GUARD_FORM: the answer to what is refused; else NULL */
};

extern const struct route route_table[];
extern const size_t route_count;

/* Its guard is TOKEN or GROWN. */
bool route_wants_token(const struct route *route);
/* A route for the path (params go to p). NULL: no such path, or *allowed holds the methods it has (bits). */
const struct route *route_find(enum http_method method, const char *path, struct exchange *p,
                               unsigned *allowed);

/* Answers one request into site->response. Never fails: what goes wrong becomes a problem document. */
void route_serve(struct site *site, const struct request *request);

#endif
