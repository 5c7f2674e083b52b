#include "exchange.h"

#include <malloc.h>

#include "app/storage.h"
#include "app/visit.h"
#include "base/clock.h"
#include "base/log.h"
#include "instruments.h"
#include "web/cookie.h"

enum { RETRY_DATABASE = 5, MUCH = 4 << 20 };

void exchange_log_limit(const struct exchange *p)
{
    const char *name = p->why.limit != NULL ? p->why.limit : "limit";
    instruments_limit(name);
    log_event(LOG_WARNING, "limit.reached", "%s: %s; retry in %d s", name, p->why.text, p->why.wait);
}

/* The database's codes, as a visitor should see them: what the server refuses to us is our defect, not
 * theirs. */
enum err exchange_unsaved(struct exchange *p, enum err rc)
{
    switch (rc) {
    case ERR_NOT_FOUND:
        return problem_set(&p->problem, rc, "there is nothing of yours at this address");
    case ERR_DENIED:
        problem_set(&p->problem, rc, "sign in first");
        p->problem.status = 401;
        return rc;
    case ERR_CONFLICT:
        problem_field(&p->problem, "login", "sign in again first, because this cannot be undone");
        p->problem.status = 403;
        return rc;
    case ERR_BANNED:
        problem_field(&p->problem, "visitor", "%s", p->why.text);
        p->problem.status = 403;
        return rc;
    case ERR_UNPROVEN:
        exchange_challenge(p);
        problem_field(&p->problem, "X-Guest-Proof", "%s", p->why.text);
        p->problem.status = 403;
        return rc;
    case ERR_LIMITED:
        p->problem.retry_after = p->why.wait;
        exchange_log_limit(p);
        return problem_set(&p->problem, rc, "%s", p->why.text);
    case ERR_UNAVAILABLE:
    case ERR_BUSY:
        p->problem.retry_after = RETRY_DATABASE;
        return problem_set(&p->problem, ERR_UNAVAILABLE, "saving is not possible right now");
    case ERR_NOMEM:
        return rc;
    default:
        return problem_set(&p->problem, ERR_FAULT, "something went wrong here");
    }
}

enum err exchange_saved(struct exchange *p, enum err rc)
{
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    p->response->status = 204;
    return ERR_OK;
}

enum err exchange_unsaved_once(struct exchange *p, enum err rc)
{
    if (rc != ERR_CONFLICT)
        return exchange_unsaved(p, rc);
    problem_field(&p->problem, "Idempotency-Key", "%s", p->why.text);
    p->problem.status = 422;
    return rc;
}

void exchange_challenge(struct exchange *p)
{
    char challenge[GUEST_CHALLENGE_CHARS];
    long work = p->site->config->guest_work;
    if (work == 0)
        return;
    guest_challenge(&p->site->keys, work, clock_wall(), challenge);
    response_header(p->response, "X-Guest-Challenge", challenge);
}

void exchange_set_cookie(struct exchange *p, const char *name, const char *value, long lifetime)
{
    struct buf cookie = {0};
    cookie_put(&cookie, name, value, lifetime, p->site->config->secure_cookies != 0);
    response_header(p->response, "Set-Cookie", buf_str(&cookie));
    p->response->headers.failed |= cookie.failed;
    buf_free(&cookie);
}

void site_init(struct site *site, const struct config *config, const struct keyring *keys, unsigned pool,
               struct db *db)
{
    *site = (struct site){.config = config, .keys = *keys, .pool = pool, .db = db};
    serving_init(&site->serving, config);
    gallery_version(config, site->picture_version);
}

/* free() alone would keep what lies below something that is still used. */
void site_rest(struct site *site)
{
    if (site->arena.used + site->response.body.cap <= MUCH)
        return;
    arena_reset(&site->arena);
    response_shrink(&site->response);
    (void)malloc_trim(0);
}

void site_close(struct site *site)
{
    serving_close(&site->serving);
    response_free(&site->response);
    arena_free(&site->arena);
    storage_close(site->db);
    oidc_free(site->oidc);
    provider_forget(&site->providers);
    keyring_forget(&site->keys);
}
