/* Every check that a row of the route table asks for, in one order, and every header that an answer carries.
 */
#include <stdio.h>
#include <string.h>

#include "admission.h"
#include "answer.h"
#include "auth/client_mark.h"
#include "auth/ticket.h"
#include "base/clock.h"
#include "base/log.h"
#include "instruments.h"
#include "request_log.h"
#include "routes.h"
#include "web/cookie.h"
#include "web/network.h"
#include "web/origin.h"
#include "web/user_agent.h"

enum { RETRY_SECONDS = 5 };

static void allow_header(struct exchange *p, unsigned allowed)
{
    struct buf b = {0};
    for (unsigned m = HTTP_GET; m <= HTTP_DELETE; m <<= 1)
        if (allowed & m)
            buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", request_method_name((enum http_method)m));
    response_header(p->response, "Allow", buf_str(&b));
    p->response->headers.failed |= b.failed;
    buf_free(&b);
}

static enum err find_route(struct exchange *p, const struct route **route)
{
    unsigned allowed;
    if (p->request->too_long) {
        problem_field(&p->problem, "query", "the address takes at most %d bytes of path and %d of query",
                      REQUEST_PATH_MAX, REQUEST_QUERY_MAX);
        p->problem.status = 414;
        return ERR_TOO_LARGE;
    }
    *route = route_find(p->request->method, p->request->path, p, &allowed);
    if (*route != NULL)
        return ERR_OK;
    if (allowed == 0)
        return problem_set(&p->problem, ERR_NOT_FOUND, "there is nothing at this address");
    problem_set(&p->problem, ERR_INVALID, "this address does not support that method");
    p->problem.status = 405;
    allow_header(p, allowed);
    return ERR_INVALID;
}

static bool is_probe(const struct request *r)
{
    return strcmp(r->path, "/healthz") == 0 || strcmp(r->path, "/readyz") == 0;
}

/* Health probes come by address; everything else by a name of this site. */
static enum err check_host(struct exchange *p)
{
    if (is_probe(p->request) || origin_host_allowed(p->request->host, p->site->config->public_url))
        return ERR_OK;
    problem_set(&p->problem, ERR_INVALID, "this server does not answer for that host");
    p->problem.status = 421;
    return ERR_INVALID;
}

static enum err check_origin(struct exchange *p, const struct route *route)
{
    if ((!route_wants_token(route) && route->guard != GUARD_FORM) ||
        origin_allowed(p->request, p->site->config->public_url))
        return ERR_OK;
    return problem_set(&p->problem, ERR_DENIED, "requests from other sites are refused");
}

/* A network that is banned only reads, with or without a session. */
static enum err check_denied(struct exchange *p)
{
    const struct denied *d = &p->site->denying.list;
    char network[NETWORK_CHARS], mark[CLIENT_MARK_CHARS + 1];
    if (d->n == 0 || (p->request->method & (HTTP_GET | HTTP_HEAD)) != 0)
        return ERR_OK;
    network_of(p->request->address, network);
    client_mark(&p->site->keys, clock_wall(), network, mark);
    if (!denied_meets(d, p->request->address, mark, clock_wall()))
        return ERR_OK;
    problem_field(&p->problem, "network", "only reading is possible from this network for now");
    p->problem.status = 403;
    return ERR_BANNED;
}

/* A session is an authority that a browser adds to every request by itself; the token proves that the page
 * asked. A request without a session has none to misuse. */
static enum err check_token(struct exchange *p, const struct route *route)
{
    if (!route_wants_token(route) || !p->session.present || p->session.fresh ||
        session_csrf_valid(&p->session, p->request->csrf))
        return ERR_OK;
    problem_field(&p->problem, "X-CSRF-Token", "send the token that answers to this session carry");
    p->problem.status = 403;
    return ERR_DENIED;
}

/* A plain form: a ticket that was given to this session, and not just now, where it may make a guest and guests have to work. */
static enum err check_ticket(struct exchange *p, const struct route *route)
{
    const char *ticket = form_get(&p->query, "ticket");
    struct guest_entry *e = &p->session.entry;
    if (route->guard != GUARD_FORM)
        return ERR_OK;
    int64_t age = ticket != NULL ? ticket_age(&p->session, e->now, ticket) : -1;
    if (age < 0) {
        problem_field(&p->problem, "ticket", "is none that this page gave you, or is too old");
        p->problem.status = 403;
        return ERR_DENIED;
    }
    if (age < TICKET_LEAST && e->work > 0 && route->session == SESSION_WRITE) {
        problem_field(&p->problem, "ticket", "was given just now");
        p->problem.status = 429;
        p->problem.retry_after = (int)(TICKET_LEAST - age);
        return ERR_LIMITED;
    }
    e->ticket = ticket;
    e->ticket_age = age;
    return ERR_OK;
}

/* The query is read again with the form behind it, so that a name in both is refused as twice in one. */
static enum err add_form(struct exchange *p, const char *form)
{
    const char *query = p->request->query;
    const char *both = arena_printf(p->arena, "%s%s%s", query, *query != '\0' ? "&" : "", form);
    if (both == NULL)
        return ERR_NOMEM;
    enum err rc = form_parse(&p->query, p->arena, both, &p->why);
    return rc == ERR_INVALID ? problem_field(&p->problem, "body", "%s", p->why.text) : rc;
}

/* As sent, because reading changes the bytes. */
static bool keep_content(struct exchange *p, const char *body)
{
    size_t n = p->request->content_length;
    const char *head =
        arena_printf(p->arena, "%s %s ", request_method_name(p->request->method), p->request->path);
    char *whole = head != NULL ? arena_alloc(p->arena, strlen(head) + n) : NULL;
    if (whole == NULL)
        return false;
    memcpy(whole, head, strlen(head));
    memcpy(whole + strlen(head), body, n);
    p->content = whole;
    p->content_n = strlen(head) + n;
    return true;
}

/* Before anything of who asks is looked at. */
static enum err check_age(struct exchange *p, const struct route *route)
{
    if (route->guard != GUARD_GROWN || p->session.age != SESSION_UNDER_14)
        return ERR_OK;
    problem_field(&p->problem, "age", "nothing is stored of who is under 14");
    p->problem.status = 403;
    return ERR_DENIED;
}

static enum err read_body(struct exchange *p, const struct route *route)
{
    const struct request *r = p->request;
    if (route->body_limit == 0)
        return ERR_OK;
    bool form = route->guard == GUARD_KEY || route->guard == GUARD_FORM;
    const char *type = form ? "application/x-www-form-urlencoded" : "application/json";
    if (!request_has_type(r, type)) {
        problem_set(&p->problem, ERR_INVALID, "the body must be %s", type);
        p->problem.status = 415;
        return ERR_INVALID;
    }
    if (r->content_length > route->body_limit) {
        problem_field(&p->problem, "body", "the body is larger than %zu bytes", route->body_limit);
        p->problem.status = 413;
        return ERR_TOO_LARGE;
    }
    if (r->content_length == 0)
        return ERR_OK;
    char *bytes = arena_alloc(p->arena, r->content_length + 1);
    if (bytes == NULL)
        return ERR_NOMEM;
    if (r->read_body(r->read_arg, bytes, r->content_length) != r->content_length)
        return problem_field(&p->problem, "body", "the body ended early");
    if ((r->idempotency_key != NULL || route->guard == GUARD_FORM) && !keep_content(p, bytes))
        return ERR_NOMEM;
    if (form)
        return add_form(p, bytes);
    enum err rc = json_read(p->arena, bytes, r->content_length, &p->body, &p->why);
    if (rc == ERR_OK && !json_names_once(bytes, r->content_length, p->body)) /* RFC 7493, 2.3 */
        return problem_field(&p->problem, "body", "an object has a duplicate member");
    return rc == ERR_INVALID ? problem_field(&p->problem, "body", "%s", p->why.text) : rc;
}

static enum err read_query(struct exchange *p, const struct route *route)
{
    if (route->guard == GUARD_LINK)
        return form_parse_link(&p->query, p->arena, p->request->query);
    enum err rc = form_parse(&p->query, p->arena, p->request->query, &p->why);
    return rc == ERR_INVALID ? problem_field(&p->problem, "query", "%s", p->why.text) : rc;
}

/* What a new guest may be made of. */
static struct guest_entry entry_of(struct exchange *p)
{
    const struct config *c = p->site->config;
    char network[NETWORK_CHARS];
    network_of(p->request->address, network);
    return (struct guest_entry){
        .proof = p->request->guest_proof,
        .network = arena_strdup(p->arena, network),
        .work = c->guest_work,
        .counted = c->guest_counted,
        .limited = c->rate_limits != 0,
        .now = clock_wall(),
    };
}

/* What the page has asked and keeps in a cookie of its own (www/js/age.js). */
static enum session_age age_of(const struct request *r)
{
    char said[8];
    if (!cookie_get(r->cookie, "mvti-over14", said, sizeof said))
        return SESSION_AGE_UNSAID;
    return strcmp(said, "no") == 0    ? SESSION_UNDER_14
           : strcmp(said, "yes") == 0 ? SESSION_OVER_14
                                      : SESSION_AGE_UNSAID;
}

static enum err take_session(struct exchange *p)
{
    char token[SECRET_TOKEN_CHARS + 2];
    bool secure = p->site->config->secure_cookies != 0;
    bool found = cookie_get(p->request->cookie, cookie_session_name(secure), token, sizeof token);
    session_from_token(&p->session, &p->site->keys, found ? token : NULL);
    explicit_bzero(token, sizeof token);
    p->session.user_agent = p->request->user_agent;
    p->session.bot = user_agent_bot(p->request->user_agent != NULL ? p->request->user_agent : "");
    p->session.shared = p->request->analytics && !p->session.bot && config_analytics(p->site->config);
    p->session.age = age_of(p->request);
    p->session.entry = entry_of(p);
    return p->session.entry.network != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err read_session(struct exchange *p, const struct route *route)
{
    if (route->session == SESSION_NONE)
        return ERR_OK;
    enum err rc = take_session(p);
    if (rc == ERR_OK && !p->session.present && route->session == SESSION_WRITE)
        session_renew(&p->session, SESSION_GUEST_WHOLE);
    return rc;
}

/* Before anything else is said about an address of the owner's console. */
static enum err admit(struct exchange *p, const struct route **route, enum err found)
{
    if (!admission_concerns(p))
        return found;
    enum err rc = take_session(p);
    return rc == ERR_OK ? admission_check(p, route, found) : rc;
}

static enum err check_snapshot(struct exchange *p, const struct route *route)
{
    struct serving *v = &p->site->serving;
    p->snapshot = v->ready ? &v->snapshot : NULL;
    if (p->snapshot != NULL || !route->snapshot)
        return ERR_OK;
    return problem_set(&p->problem, ERR_UNAVAILABLE, "no catalog has been published yet");
}

/* The client has this answer already. Asked after the page, because only what would be a success may be "not
 * modified" (RFC 9110, 13.2.1). */
static void shorten_unchanged(struct exchange *p, const struct route *route)
{
    if (!route->tagged || !request_matches_tag(p->request, p->site->serving.tag))
        return;
    p->response->status = 304;
    buf_reset(&p->response->body);
}

static enum err run(struct exchange *p, const struct route **route)
{
    enum err rc = admit(p, route, find_route(p, route));
    p->route = *route;
    if (rc != ERR_OK || *route == NULL)
        return rc;
    rc = check_host(p);
    if (rc == ERR_OK)
        rc = check_origin(p, *route);
    if (rc == ERR_OK)
        rc = check_denied(p);
    if (rc == ERR_OK)
        rc = read_query(p, *route);
    if (rc == ERR_OK)
        rc = read_body(p, *route);
    if (rc == ERR_OK)
        rc = check_snapshot(p, *route);
    if (rc != ERR_OK)
        return rc;
    rc = read_session(p, *route);
    if (rc == ERR_OK)
        rc = check_age(p, *route);
    if (rc == ERR_OK)
        rc = check_token(p, *route);
    if (rc == ERR_OK)
        rc = check_ticket(p, *route);
    if (rc != ERR_OK)
        return rc;
    json_out_start(&p->out, &p->response->body);
    rc = (*route)->page(p);
    if (rc == ERR_OK && p->response->body.failed)
        rc = ERR_NOMEM;
    if (rc == ERR_OK)
        shorten_unchanged(p, *route);
    return rc;
}

static void send_problem(struct exchange *p, enum err rc)
{
    if (p->problem.status == 0)
        problem_set(&p->problem, rc, "%s", err_http_status(rc) < 500 ? p->why.text : "");
    struct problem *problem = &p->problem;
    if (problem->status >= 500)
        log_event(LOG_ERROR, "request.failed", "%s: %s %s", err_name(rc), problem->detail, p->why.text);
    p->response->status = problem->status;
    buf_reset(&p->response->body);
    problem_write(problem, p->request_id, &p->response->body);
    response_header(p->response, "Content-Type", "application/problem+json");
    response_header(p->response, "Cache-Control", "no-store");
    if (problem->status == 503 || problem->status == 429) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d",
                 problem->retry_after > 0 ? problem->retry_after : RETRY_SECONDS);
        response_header(p->response, "Retry-After", seconds);
    }
}

/* Somebody at a mistyped address of a page gets a page that leads on, not a document for programs. */
static bool send_missing_page(struct exchange *p, enum err rc, const struct route *route)
{
    if (rc != ERR_NOT_FOUND || route != NULL || strncmp(p->request->path, "/api/", 5) == 0)
        return false;
    buf_reset(&p->response->body);
    if (page_missing(p) != ERR_OK)
        return false;
    response_header(p->response, "Cache-Control", "no-store");
    return true;
}

/* At an address of signing in it is a browser that waits, whatever went wrong. */
static bool send_login_page(struct exchange *p, enum err rc, const struct route *route)
{
    if (route == NULL || route->pool != POOL_LOGIN || route->method != HTTP_GET ||
        route->guard == GUARD_KEY || rc == ERR_NOT_FOUND)
        return false;
    int status = err_http_status(rc) >= 500 ? 503 : 400;
    if (status == 503)
        log_event(LOG_ERROR, "request.failed", "%s: %s %s", err_name(rc), p->problem.detail, p->why.text);
    buf_reset(&p->response->body);
    if (page_no_login(p, status, status >= 500 ? "busy" : "request") != ERR_OK)
        return false;
    response_header(p->response, "Cache-Control", "no-store");
    return true;
}

/* Who sends a plain form has a browser that shows what comes, and has entered something that must not be lost. */
static bool send_form_page(struct exchange *p, enum err rc, const struct route *route)
{
    if (route == NULL || route->again == NULL)
        return false;
    if (p->session.keys == NULL && take_session(p) != ERR_OK)
        return false;
    p->snapshot = p->site->serving.ready ? &p->site->serving.snapshot : NULL;
    if (err_http_status(rc) >= 500)
        log_event(LOG_ERROR, "request.failed", "%s: %s %s", err_name(rc), p->problem.detail, p->why.text);
    buf_reset(&p->response->body);
    if (route->again(p, rc) != ERR_OK)
        return false;
    response_header(p->response, "Cache-Control", "no-store");
    return true;
}

/* The front's id if it is a plain word, else a random one. */
static const char *request_id_of(struct exchange *p)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *id = p->request->id;
    size_t n = strlen(id);
    if (n > 0 && n < REQUEST_ID_MAX && strspn(id, plain) == n)
        return id;
    char *made = arena_alloc(p->arena, SHARE_TOKEN_CHARS + 1);
    if (made == NULL)
        return "";
    secret_token(made, SHARE_TOKEN_BYTES);
    return made;
}

/* Half an answer is out: it ends well, or is `broken`, which whoever sends it lets its reader know. */
static void end_pieces(struct exchange *p, enum err rc)
{
    struct response *r = p->response;
    if (rc == ERR_OK && !response_flush(r, 1))
        rc = response_whole(r) ? ERR_PEER_GONE : ERR_NOMEM;
    r->broken = rc != ERR_OK;
    if (r->broken)
        log_event(rc == ERR_PEER_GONE ? LOG_INFO : LOG_ERROR, "request.broken", "%s: %s", err_name(rc),
                  p->why.text);
}

/* Half of the headers is no answer. Their memory stays with them, so that those of a problem document, which
 * are fewer, mostly find room; else the sender has an answer that needs none. */
static void no_memory(struct exchange *p, enum err rc)
{
    struct response *r = p->response;
    if (response_whole(r) || r->begun)
        return;
    buf_reset(&r->headers);
    send_problem(p, rc == ERR_OK ? ERR_NOMEM : rc);
    if (!response_whole(r))
        r->status = 503;
}

void route_serve(struct site *site, const struct request *request)
{
    double start = clock_monotonic();
    struct exchange p = {
        .site = site, .request = request, .response = &site->response, .arena = &site->arena};
    const struct route *route = NULL;
    p.language = language_of_path(request->path);
    response_reset(p.response);
    p.request_id = request_id_of(&p);
    request_log_begin(&p);
    instruments_request_begin();
    enum err rc = run(&p, &route);
    if (p.response->begun)
        end_pieces(&p, rc);
    else if (rc == ERR_OK)
        answer_headers(&p);
    else if (!send_login_page(&p, rc, route) && !send_form_page(&p, rc, route) &&
             !send_missing_page(&p, rc, route))
        send_problem(&p, rc);
    if (p.request_id != request->id && !p.response->begun) /* else the front that made it says it */
        response_header(p.response, "X-Request-Id", p.request_id);
    no_memory(&p, rc);
    double seconds = clock_monotonic() - start;
    request_log_end(&p, seconds);
    instruments_request_end(&p, route, seconds);
    session_forget(&p.session);
}
