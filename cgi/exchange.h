/* A request while it is handled, and the process that handles it.
 *
 * A handler parses its input to typed, range-checked values (input.h), makes one call into lib/app, and writes
 * the answer (view.h). On an error it calls problem_set or problem_field and returns the code; the
 * dispatcher discards what was written and sends the problem document. Memory comes from `arena` and is freed
 * after the reply. */
#ifndef MVTI_CGI_EXCHANGE_H
#define MVTI_CGI_EXCHANGE_H

#include "app/console.h"
#include "app/quiz.h"
#include "app/trend.h"
#include "auth/oidc.h"
#include "auth/session.h"
#include "base/arena.h"
#include "base/err.h"
#include "json/json.h"
#include "json/json_out.h"
#include "denying.h"
#include "limit.h"
#include "picture/gallery.h"
#include "serving.h"
#include "web/form.h"
#include "web/html_out.h"
#include "web/language.h"
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
    unsigned pool;                   /* enum route_pool bits: the routes that this process serves */
    struct provider_set providers;   /* none by default; with secrets only in the login pool */
    struct oidc_client *oidc;        /* login pool only */
    struct limit callbacks;          /* login callbacks from one browser */
    struct limit callback_addresses; /* login callbacks from one address */
    struct limit refused_browsers;   /* authorisation codes from one browser that a provider refused */
    struct limit reports;            /* error reports from one network */
    struct serving serving;
    struct denying denying;                /* networks that may only read */
    struct gallery *gallery;               /* picture pool only */
    char picture_version[GALLERY_VERSION]; /* picture/gallery.h; "": pictures are not installed */
    struct db *db;                         /* owned; connects when first used */
    struct arena arena;
    struct response response;
    int64_t tests; /* number of completed tests at `tests_counted` (clock_monotonic; 0: never counted) */
    double tests_counted;
    struct today today; /* cached at `today_read` */
    double today_read;
    struct site_recent {
        struct recent_likes likes; /* cached at `read`; 0: never read */
        double read;
    } recent[2]; /* of a week, of a month */
};

/* `keys` may be empty only if no handler uses sessions. Takes ownership of db, which may be NULL only if no
 * handler uses it. site_close it. */
void site_init(struct site *site, const struct config *config, const struct keyring *keys, unsigned pool,
               struct db *db);
/* To be called after an answer has been sent: returns memory to the system if the request used much. */
void site_rest(struct site *site);
void site_close(struct site *site);

struct exchange {
    struct site *site;
    const struct snapshot *snapshot; /* NULL only on routes that do not need one */
    const struct request *request;
    struct response *response;
    struct arena *arena;
    struct form query;
    const struct json_value *body; /* NULL unless the route reads JSON */
    struct session session;
    struct console_admin admin; /* on routes of the owner's console */
    const void *content; /* for an Idempotency-Key: method, path and body as received; NULL without a key */
    size_t content_n;
    struct problem problem;
    struct json_out out;    /* writes into response->body */
    struct html_out html;   /* the same for HTML (shell.h) */
    enum language language; /* by the address: English below /en */
    struct fail why;
    int32_t id;                        /* {id} of the path */
    char token[SHARE_TOKEN_CHARS + 1]; /* {token} of the path */
    char name[PROVIDER_NAME_MAX + 1];  /* {provider} of the path */
    uint8_t mbti;                      /* {mbti} of the path */
    uint8_t enneagram;                 /* {enneagram} of the path */
    bool respelled;                    /* the path has mbti or enneagram in another case: "infp", "4W5" */
    const char *request_id;
    const struct route *route; /* NULL: no route at this address */
};

typedef enum err handler_fn(struct exchange *p);
/* Shows the page of a refused plain form again, with the reason. */
typedef enum err again_fn(struct exchange *p, enum err why);

/* Turns an error rc of lib/app into what a handler returns: 404, 429 or 503 with Retry-After, 500 for defects; after
 * visit_account 401 for a guest and 403 if a recent login is required; 403 with a challenge if a new
 * visitor has to do proof of work first. */
enum err exchange_unsaved(struct exchange *p, enum err rc);
/* Logs the name of the limit that was reached (p->why, set by app/limits.h). */
void exchange_log_limit(const struct exchange *p);
/* For a write without an answer: 204 for ERR_OK, else as exchange_unsaved. */
enum err exchange_saved(struct exchange *p, enum err rc);

/* As exchange_unsaved, for a write with an Idempotency-Key: also 422 if the key was used for another request. */
enum err exchange_unsaved_once(struct exchange *p, enum err rc);
/* Adds the proof-of-work challenge for a new visitor's first write to the answer, if one is required. */
void exchange_challenge(struct exchange *p);
/* Adds a Set-Cookie with Path=/, HttpOnly, SameSite=Lax and, with the setting secure_cookies, Secure. lifetime in seconds. */
void exchange_set_cookie(struct exchange *p, const char *name, const char *value, long lifetime);

handler_fn api_survey, api_home, api_health, api_health_ready;
handler_fn api_movies, api_movies_one, api_characters_one, api_types, api_types_one, api_recommendations,
    api_recommendations_filters;
handler_fn api_search, page_search;
handler_fn api_enneagrams_likely, api_enneagrams_one, api_enneagrams_pair, api_types_recent, api_reports_add;
handler_fn api_characters_like, api_characters_unlike, api_votes_put, api_votes_delete, api_votes_mine,
    api_events;
handler_fn api_marks_put, api_marks_delete, api_marks_movie_put, api_marks_movie_delete, api_marks_mine;
handler_fn api_profile_put;
handler_fn api_quiz_create, api_quiz, api_me_feedback, api_me_quizzes, api_me_quiz_delete, api_me_likes;
handler_fn api_circles_begin, api_circles_one, api_circles_enter, api_circles_leave;
handler_fn page_catalog_character, page_catalog_movie, page_type, page_result, page_circle;
handler_fn page_enneagram, page_pair;
handler_fn page_home, page_about, page_quiz, page_quiz_send, page_own_liked, page_own_login, page_own_me;
/* Refused plain forms: the page with what was entered, what is wrong, and the status of that (`why`, p->problem). */
again_fn page_quiz_again;
handler_fn page_circle_send, page_result_compare;
again_fn page_circle_again, page_result_again;
handler_fn api_me_sessions, api_me_session_end, api_own_export, api_own_delete, api_own_identity_end;
handler_fn api_me, api_me_analytics_end, page_login_out, page_login, page_login_callback, page_login_cut;
/* The page that says why a login failed and what to do. */
enum err page_no_login(struct exchange *p, int status, const char *cause);
handler_fn page_admin, api_admin_overview, api_admin_actions, api_admin_live, api_admin_live_ask;
handler_fn api_admin_insight_lists, api_admin_insight_runs, api_admin_insight_run, api_admin_insight_system;
handler_fn api_admin_people_votes, api_admin_people_one, api_admin_people_why, api_admin_people_why_token;
handler_fn api_admin_experiments, api_admin_experiments_one, api_admin_reports;
handler_fn page_picture_result, page_picture_type, page_picture_character, page_picture_movie,
    page_picture_circle, page_picture_site;
/* The same in the main pool, which serves pictures that were drawn ahead. */
handler_fn page_picture_result_spare, page_picture_type_spare, page_picture_character_spare,
    page_picture_movie_spare, page_picture_circle_spare, page_picture_site_spare;
handler_fn page_site_robots, page_site_sitemap;
handler_fn page_missing; /* has no row: shown by the dispatcher at unknown addresses */

#endif
