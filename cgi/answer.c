#include "answer.h"

#include <stdio.h>
#include <string.h>

#include "routes.h"
#include "web/cookie.h"

enum { PIECE = 48 * 1024 };

/* The cookie when it is new or over, and for scripts the token that goes with it, or what they need to get
 * one. */
static void send_session(struct exchange *p, const struct route *route)
{
    if (route->session == SESSION_QUIET)
        return;
    const char *name = cookie_session_name(p->site->config->secure_cookies != 0);
    if (p->session.fresh)
        exchange_set_cookie(p, name, p->session.token, p->session.lifetime);
    else if (p->session.ended)
        exchange_set_cookie(p, name, "", 0);
    if (!p->session.present) {
        if (route->session != SESSION_NONE && route->pool == POOL_MAIN)
            exchange_challenge(p);
        return;
    }
    char token[SECRET_TOKEN_CHARS + 1];
    session_csrf_token(&p->session, token);
    response_header(p->response, "X-CSRF-Token", token);
}

/* To the server in front, which takes it out. Whoever has said more narrowly who may keep the answer is right. */
static void say_kept(struct exchange *p)
{
    char seconds[16];
    size_t n;
    if (p->route->kept == 0 || (p->response->status != 200 && p->response->status != 304) ||
        response_find(p->response, "Cache-Control", &n) != NULL)
        return;
    snprintf(seconds, sizeof seconds, "%d", p->route->kept);
    response_header(p->response, "X-Accel-Expires", seconds);
}

void answer_headers(struct exchange *p)
{
    const struct route *route = p->route;
    struct response *r = p->response;
    size_t n;
    say_kept(p); /* before Cache-Control: nginx 1.22 goes by the first of the two */
    if (response_find(r, "Content-Type", &n) == NULL && r->body.len > 0)
        response_header(r, "Content-Type", "application/json; charset=utf-8");
    if (response_find(r, "Cache-Control", &n) == NULL)
        response_header(r, "Cache-Control", route->cache);
    if (route->tagged)
        response_header(r, "ETag", p->site->serving.tag);
    if (r->status < 400)
        send_session(p, route);
}

enum err answer_piece(struct exchange *p)
{
    if (response_flush(p->response, PIECE))
        return ERR_OK;
    return response_whole(p->response) ? fail_set(&p->why, ERR_PEER_GONE, "nobody reads the answer")
                                       : fail_set(&p->why, ERR_NOMEM, "out of memory");
}

enum err answer_begin(struct exchange *p)
{
    if (p->response->sink == NULL)
        return ERR_OK;
    answer_headers(p);
    if (p->request_id != p->request->id)
        response_header(p->response, "X-Request-Id", p->request_id);
    return answer_piece(p);
}
