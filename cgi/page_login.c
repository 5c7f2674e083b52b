/* Logging in and out. Answers are redirects, or a page that says what went wrong and what to do. */
#include <stdio.h>
#include <string.h>

#include "app/limits.h"
#include "app/login.h"
#include "app/own.h"
#include "base/clock.h"
#include "base/log.h"
#include "exchange.h"
#include "instruments.h"
#include "web/cookie.h"
#include "web/origin.h"

#define LIMIT_LABEL "mvti login limit"

enum { PARAMETER_MAX = 2048 };

static const char *login_cookie_name(const struct exchange *p)
{
    return p->site->config->secure_cookies != 0 ? "__Host-mvti-login" : "mvti-login";
}

/* The token of the cookie that ties an answer to the browser that asked; a new one is set where there is
 * none. */
static bool read_browser(struct exchange *p, char token[SECRET_TOKEN_CHARS + 2])
{
    bool found = cookie_get(p->request->cookie, login_cookie_name(p), token, SECRET_TOKEN_CHARS + 2);
    return found && secret_token_valid(token, SECRET_TOKEN_CHARS);
}

static enum err refuse(struct exchange *p, enum login_cause cause)
{
    instruments_login(p->name, login_cause_name(cause));
    log_event(LOG_WARNING, "login.failure", "%s %s: %s", p->name, login_cause_name(cause), p->why.text);
    if (cause == LOGIN_LIMITED) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", p->why.wait);
        response_header(p->response, "Retry-After", seconds);
        exchange_log_limit(p);
    } else if (login_cause_status(cause) == 503)
        response_header(p->response, "Retry-After", "5");
    return page_no_login(p, login_cause_status(cause), login_cause_name(cause));
}

static void send_to(struct exchange *p, const char *url)
{
    p->response->status = 303;
    response_header(p->response, "Location", url);
}

/* What every step needs to know; ERR_NOT_FOUND for a provider that this site does not have. */
static enum err begin(struct exchange *p, struct login *l)
{
    char network[NETWORK_CHARS];
    network_of(p->request->address, network);
    *l = (struct login){
        .db = p->site->db,
        .oidc = p->site->oidc,
        .provider = provider_find(&p->site->providers, p->name),
        .address = arena_strdup(p->arena, network),
        .limited = p->site->config->rate_limits != 0,
        .session = &p->session,
        .arena = p->arena,
    };
    if (l->provider == NULL || l->oidc == NULL)
        return ERR_NOT_FOUND;
    l->redirect_uri =
        arena_printf(p->arena, "%s/auth/%s/callback", p->site->config->public_url, l->provider->row->id);
    return l->redirect_uri != NULL && l->address != NULL ? ERR_OK : ERR_NOMEM;
}

/* Another site may send people here to log in, but not to give their account one more key. A browser says
 * where a request comes from; of one that does not, the page has added a proof to the address. */
static bool link_is_ours(const struct exchange *p)
{
    const char *proof = form_get(&p->query, "proof");
    if (p->request->fetch_site[0] != '\0')
        return strcmp(p->request->fetch_site, "same-origin") == 0;
    return proof != NULL && session_link_valid(&p->session, proof);
}

/* The answer comes to public_url, where the browser has not got the cookies of this name: it begins there. */
static enum err begin_at_home(struct exchange *p)
{
    const struct request *r = p->request;
    const char *url = arena_printf(p->arena, "%s%s%s%s", p->site->config->public_url, r->path,
                                   r->query[0] != '\0' ? "?" : "", r->query);
    if (url == NULL)
        return ERR_NOMEM;
    send_to(p, url);
    return ERR_OK;
}

enum err page_login(struct exchange *p)
{
    struct login l;
    enum err begun = begin(p, &l);
    if (begun != ERR_OK)
        return begun == ERR_NOT_FOUND ? page_missing(p) : begun;
    if (origin_host_alias(p->request->host, p->site->config->public_url))
        return begin_at_home(p);
    if (p->session.age == SESSION_UNDER_14)
        return refuse(p, LOGIN_YOUNG);
    const char *back = form_get(&p->query, "return"), *action = form_get(&p->query, "action");
    bool link = action != NULL && strcmp(action, "link") == 0;
    if ((back != NULL && !login_return_valid(back)) || (action != NULL && !link))
        return refuse(p, LOGIN_REQUEST);
    if (link && !link_is_ours(p))
        return refuse(p, LOGIN_REQUEST);
    char browser[SECRET_TOKEN_CHARS + 2];
    if (!read_browser(p, browser))
        secret_token(browser, SECRET_TOKEN_BYTES);
    struct buf url = {0};
    enum login_cause cause = login_start(&l, browser, back != NULL ? back : "/me", link, &url, &p->why);
    if (cause == LOGIN_FINE) {
        exchange_set_cookie(p, login_cookie_name(p), browser, LOGIN_COOKIE_SECONDS);
        send_to(p, buf_str(&url));
    }
    explicit_bzero(browser, sizeof browser);
    buf_free(&url);
    return cause == LOGIN_FINE ? ERR_OK : refuse(p, cause);
}

static bool short_enough(const char *s)
{
    return s != NULL && *s != '\0' && strlen(s) <= PARAMETER_MAX;
}

/* What a limit counts of a browser: nothing that would be a cookie, should memory be seen. */
static void browser_key(const struct exchange *p, const char *browser, char key[SECRET_TOKEN_CHARS + 1])
{
    keyring_token(&p->site->keys, 0, LIMIT_LABEL, browser, key);
}

static int count(struct limit *counts, const char *key, enum limits_of limit)
{
    const struct limits_row *l = &limits_table[limit];
    return limit_wait(counts, key, l->most, l->seconds, clock_monotonic());
}

/* browser "": one without a login cookie, which only its address can stand for. */
static bool callback_allowed(struct exchange *p, const char *browser)
{
    char key[SECRET_TOKEN_CHARS + 1];
    if (p->site->config->rate_limits == 0)
        return true;
    browser_key(p, browser, key);
    int wait = *browser != '\0' ? count(&p->site->callbacks, key, LIMITS_ANSWERS_BROWSER) : 0;
    if (wait > 0)
        return limits_reached(LIMITS_ANSWERS_BROWSER, wait, &p->why) == ERR_OK;
    wait = count(&p->site->callback_addresses, p->request->address, LIMITS_ANSWERS_NETWORK);
    return limits_reached(LIMITS_ANSWERS_NETWORK, wait, &p->why) == ERR_OK;
}

/* A code that a provider refuses has cost it a request. Counted by browser and not by network, where whoever
 * makes codes up would keep everybody else out: a code is traded only with a state that this browser has
 * begun, each once, so the limits of what begins (app/login.h) bound what makes codes up with ever new
 * browsers. Over the limit no state is taken, so an honest answer may be sent again. */
static enum login_cause finish(struct exchange *p, const struct login *l, const char *browser,
                               const char *state, const char *code, const char **back)
{
    const struct limits_row *most = &limits_table[LIMITS_REFUSALS_BROWSER];
    struct limit *refused = &p->site->refused_browsers;
    char key[SECRET_TOKEN_CHARS + 1];
    browser_key(p, browser, key);
    int wait = l->limited ? limit_full(refused, key, most->most, most->seconds, clock_monotonic()) : 0;
    if (limits_reached(LIMITS_REFUSALS_BROWSER, wait, &p->why) != ERR_OK)
        return LOGIN_LIMITED;
    enum login_cause cause = login_finish(l, browser, state, code, back, &p->why);
    if (l->limited && cause == LOGIN_PROVIDER)
        (void)count(refused, key, LIMITS_REFUSALS_BROWSER);
    return cause;
}

/* The provider's answer, which is a code or an error, for this browser. */
static enum login_cause answered(struct exchange *p, const struct login *l, const char *browser,
                                 const char **back)
{
    const char *state = form_get(&p->query, "state"), *code = form_get(&p->query, "code");
    const char *error = form_get(&p->query, "error");
    if (state == NULL || (code == NULL) == (error == NULL) || (code != NULL && !short_enough(code)))
        return LOGIN_REQUEST;
    if (!secret_token_valid(state, SECRET_TOKEN_CHARS))
        return LOGIN_EXPIRED;
    if (!oidc_issuer_matches(l->provider, form_get(&p->query, "iss")))
        return login_refused(l, browser, state, LOGIN_PROVIDER, &p->why);
    return error != NULL ? login_refused(l, browser, state, LOGIN_DENIED, &p->why)
                         : finish(p, l, browser, state, code, back);
}

enum err page_login_callback(struct exchange *p)
{
    struct login l;
    enum err begun = begin(p, &l);
    if (begun != ERR_OK)
        return begun == ERR_NOT_FOUND ? page_missing(p) : begun;
    if (p->session.age == SESSION_UNDER_14)
        return refuse(p, LOGIN_YOUNG);
    char browser[SECRET_TOKEN_CHARS + 2];
    const char *back = "/me";
    if (!read_browser(p, browser))
        browser[0] = '\0';
    enum login_cause cause = callback_allowed(p, browser) ? answered(p, &l, browser, &back) : LOGIN_LIMITED;
    explicit_bzero(browser, sizeof browser);
    if (cause != LOGIN_FINE)
        return refuse(p, cause);
    instruments_login(p->name, login_cause_name(cause));
    send_to(p, back);
    return ERR_OK;
}

/* "KakaoAK KEY"; in a time that does not tell how much of it is right. */
static bool key_matches(const struct exchange *p, const struct provider *provider)
{
    static const char scheme[] = "KakaoAK ";
    const char *given = p->request->authorization;
    size_t n = strlen(provider->admin_key);
    return strncmp(given, scheme, sizeof scheme - 1) == 0 && strlen(given + sizeof scheme - 1) == n &&
           secret_equal(given + sizeof scheme - 1, provider->admin_key, n);
}

/* A provider tells that somebody has cut the tie there (Kakao's unlink webhook): whatever we know of the
 * person, the answer is the same. */
enum err page_login_cut(struct exchange *p)
{
    const struct provider *provider = provider_find(&p->site->providers, p->name);
    if (provider == NULL || provider->admin_key[0] == '\0')
        return problem_set(&p->problem, ERR_NOT_FOUND, "there is nothing at this address");
    if (!key_matches(p, provider)) {
        log_event(LOG_WARNING, "login.cut_refused", "%s: wrong key", p->name);
        return problem_set(&p->problem, ERR_DENIED, "the key is not the one of this site");
    }
    const char *subject = form_get(&p->query, "user_id");
    if (!short_enough(subject))
        return problem_field(&p->problem, "user_id", "is missing");
    const struct account_identity who = {
        .provider = provider->row->id, .issuer = provider->issuer, .subject = subject};
    enum err rc = own_cut(p->site->db, &p->site->keys, &who, &p->why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return exchange_unsaved(p, rc);
    log_event(LOG_INFO, "login.cut", "%s: %s", p->name, rc == ERR_OK ? "done" : "no such account");
    json_out_map(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err page_login_out(struct exchange *p)
{
    if (p->body != NULL && p->body->kind != JSON_MAP)
        return problem_field(&p->problem, "body", "must be an object, or nothing");
    const struct json_value *everywhere = json_member(p->body, "everywhere");
    if (everywhere != NULL && everywhere->kind != JSON_BOOL)
        return problem_field(&p->problem, "everywhere", "must be true or false");
    bool all = everywhere != NULL && everywhere->truth;
    enum err rc = login_end(p->site->db, &p->session, all, &p->why);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    log_event(LOG_INFO, "logout", "%s", all ? "all sessions" : "this session");
    p->response->status = 204;
    response_header(p->response, "Clear-Site-Data", "\"storage\"");
    return ERR_OK;
}
