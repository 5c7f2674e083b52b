/* What a page gets and what it returns.
 *
 * A page parses its input to typed, range-checked values (input.h), makes one call into lib/app, and writes
 * the answer (view.h). When something is wrong it returns the code after problem_set or problem_field; the
 * dispatcher throws away what was written and sends the problem document. Memory comes from `arena` and dies
 * after the reply. */
#ifndef MVTI_CGI_PAGE_H
#define MVTI_CGI_PAGE_H

#include "auth/oidc.h"
#include "auth/session.h"
#include "base/arena.h"
#include "base/err.h"
#include "json/json.h"
#include "json/json_out.h"
#include "limit.h"
#include "serving.h"
#include "web/form.h"
#include "web/problem.h"
#include "web/request.h"
#include "web/response.h"

struct db;
struct route;

enum { PROVIDER_NAME_MAX = 16 };

/* The process: made once in main, or by a test. */
struct site {
    const struct config *config;
    struct keyring keys;
    unsigned pool;                   /* enum route_pool: which routes this process answers */
    struct provider_set providers;   /* none by default; with secrets in the login pool only */
    struct oidc_client *oidc;        /* the login pool's */
    struct limit callbacks;          /* answers of providers, a browser */
    struct limit callback_addresses; /* the same, an address */
    struct limit refused_addresses;  /* codes that a provider refused, an address */
    struct serving serving;
    struct db *db; /* connects when first used */
    struct arena arena;
    struct response response;
    int64_t tests; /* completed tests, as counted at `tests_counted` (clock_monotonic; 0: never) */
    double tests_counted;
};

/* `keys` may be empty only where no page looks at sessions. Takes over db, which may be NULL only where no
 * page asks for it. */
void site_init(struct site *site, const struct config *config, const struct keyring *keys, unsigned pool,
               struct db *db);
/* After an answer has been sent: gives memory back to the system if it took much. */
void site_rest(struct site *site);
void site_close(struct site *site);

struct page {
    struct site *site;
    const struct snapshot *snapshot; /* NULL only on routes that do not need one */
    const struct request *request;
    struct response *response;
    struct arena *arena;
    struct form query;
    const struct json_value *body; /* NULL unless the route reads JSON */
    struct session session;
    const void
        *content; /* what was asked, for an Idempotency-Key: method, path and body as sent; NULL without */
    size_t content_n;
    struct problem problem;
    struct json_out out; /* writes into response->body */
    struct fail why;
    int32_t id;                        /* {id} of the path */
    char token[SHARE_TOKEN_CHARS + 1]; /* {token} of the path */
    char name[PROVIDER_NAME_MAX + 1];  /* {provider} of the path */
    uint8_t mbti;                      /* {mbti} of the path */
    const char *request_id;
    const struct route *route; /* NULL: there is none at this address */
};

typedef enum err page_fn(struct page *p);

/* For an answer that goes in pieces: the headers are complete, and what fails from here on cannot become a
 * problem document. Then page_piece now and then, which sends what has been written if it is worth it;
 * ERR_PEER_GONE when nobody reads any more. */
enum err page_begin(struct page *p);
enum err page_piece(struct page *p);

/* What a page returns when the store said rc: 404, 429 or 503 with Retry-After, 500 for defects; as
 * visit_account says, 401 for a guest and 403 where a new login is wanted; 403 with a challenge where a new
 * visitor has to work first. */
enum err page_unsaved(struct page *p, enum err rc);
/* Of a write that has nothing to tell: 204 for ERR_OK, else as page_unsaved. */
enum err page_saved(struct page *p, enum err rc);

/* Of a write with an Idempotency-Key: the same, and 422 where the key was used for something else. */
enum err page_unsaved_once(struct page *p, enum err rc);
/* Adds the challenge that a new visitor's first write answers to, where one is asked for. */
void page_challenge(struct page *p);
/* Adds a Set-Cookie with every protection that the site's way of being reached allows. */
void page_set_cookie(struct page *p, const char *name, const char *value, long lifetime);

page_fn page_survey, page_home, page_health, page_ready;
page_fn page_movies, page_movie, page_character, page_types, page_type, page_recommendations;
page_fn page_like, page_unlike, page_vote, page_unvote, page_my_votes, page_events;
page_fn page_test_create, page_test, page_feedback, page_my_tests, page_my_test_delete, page_my_likes;
page_fn page_html_character, page_html_movie, page_html_type, page_html_result;
page_fn page_my_sessions, page_my_session_end, page_my_export, page_my_delete, page_my_identity_end;
page_fn page_me, page_logout, page_login, page_login_callback, page_login_cut;
/* A page that says why a login did not happen and what to do; the status is the cause's. */
enum err page_html_login(struct page *p, int status, const char *cause);
page_fn page_robots, page_sitemap;
page_fn page_html_missing; /* no row: what dispatch shows at an address that is none of ours */

#endif
