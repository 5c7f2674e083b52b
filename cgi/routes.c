#include "routes.h"

#include <string.h>

/* Cache-Control, and seconds for which a server in front may give it to other guests. What changes with what visitors do is fresh again after one;
 * pages and what is made from the snapshot alone after a few, in which a worker may also not have seen the new one yet. */
#define CATALOG "public, max-age=60", 4
#define RECENT "public, max-age=60", 1
#define PRIVATE "private, no-store", 0
#define SHELL "no-cache", 4
#define NEVER "no-store", 0
#define API "/api/v1"

/* nginx lets 64 KiB through; these rows are the limits. */
enum { SMALL = 1024, REPORT = 2048, TEST = 16 * 1024, EVENTS = 32 * 1024 };

/* What people see and show each other. */
#define SHOWN(pattern, handler, guard, snapshot, pool)                                                       \
    {                                                                                                        \
        HTTP_GET, pattern, handler, SESSION_NONE, guard, 0, snapshot, false, SHELL, pool                     \
    }
/* A page, in each language. nginx has the addresses of those without a parameter from here, through --routes. */
#define PAGE(pattern, handler)                                                                               \
    SHOWN(pattern, handler, GUARD_LINK, false, POOL_MAIN),                                                   \
        SHOWN("/en" pattern, handler, GUARD_LINK, false, POOL_MAIN)
/* The same of one that says to everybody what is theirs in it. */
#define PERSONAL(pattern, handler)                                                                           \
    {                                                                                                        \
        HTTP_GET, pattern, handler, SESSION_READ, GUARD_LINK, 0, false, false, PRIVATE, POOL_MAIN            \
    }
#define PERSONAL_PAGE(pattern, handler) PERSONAL(pattern, handler), PERSONAL("/en" pattern, handler)
/* What a plain form sends, in each language: `again` shows its page where it is refused. */
#define FORM_OF(pattern, handler, again, session, limit)                                                     \
    {                                                                                                        \
        HTTP_POST, pattern, handler, session, GUARD_FORM, limit, true, false, PRIVATE, POOL_MAIN, again      \
    }
#define FORM(pattern, handler, again, session, limit)                                                        \
    FORM_OF(pattern, handler, again, session, limit), FORM_OF("/en" pattern, handler, again, session, limit)
/* A picture, and what the main pool gives where nobody draws one. */
#define PICTURE(pattern, handler, guard)                                                                     \
    SHOWN(pattern, handler, guard, true, POOL_PICTURE),                                                      \
        SHOWN(pattern, handler##_spare, guard, true, POOL_MAIN)

/* Few rows have an `again`; it is NULL in the others. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
/* clang-format off */
const struct route route_table[] = {
    /* method     pattern                          handler                session        guard        body    snap   tagged cache    pool */
    {HTTP_GET,    API "/survey",                   api_survey,            SESSION_NONE,  GUARD_NONE,  0,      true,  true,  CATALOG, POOL_MAIN},
    {HTTP_GET,    API "/home",                     api_home,              SESSION_READ,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/movies",                   api_movies,            SESSION_QUIET, GUARD_NONE,  0,      true,  false, RECENT,  POOL_MAIN},
    {HTTP_GET,    API "/movies/{id}",              api_movies_one,        SESSION_NONE,  GUARD_NONE,  0,      true,  true,  CATALOG, POOL_MAIN},
    {HTTP_GET,    API "/characters/{id}",          api_characters_one,    SESSION_READ,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_MAIN},
    {HTTP_PUT,    API "/characters/{id}/like",     api_characters_like,   SESSION_WRITE, GUARD_GROWN, SMALL,  true,  false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/characters/{id}/like",     api_characters_unlike, SESSION_WRITE, GUARD_GROWN, SMALL,  true,  false, PRIVATE, POOL_MAIN},
    {HTTP_PUT,    API "/characters/{id}/mark",     api_marks_put,         SESSION_WRITE, GUARD_GROWN, SMALL,  true,  false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/characters/{id}/mark",     api_marks_delete,      SESSION_WRITE, GUARD_GROWN, SMALL,  true,  false, PRIVATE, POOL_MAIN},
    {HTTP_PUT,    API "/movies/{id}/mark",         api_marks_movie_put,   SESSION_WRITE, GUARD_GROWN, SMALL,  true,  false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/movies/{id}/mark",         api_marks_movie_delete, SESSION_WRITE, GUARD_GROWN, SMALL, true,  false, PRIVATE, POOL_MAIN},
    {HTTP_PUT,    API "/characters/{id}/vote",     api_votes_put,         SESSION_READ,  GUARD_GROWN, SMALL,  true,  false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/characters/{id}/vote",     api_votes_delete,      SESSION_READ,  GUARD_GROWN, SMALL,  true,  false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/search",                   api_search,            SESSION_NONE,  GUARD_NONE,  0,      true,  true,  CATALOG, POOL_MAIN},
    {HTTP_GET,    API "/types",                    api_types,             SESSION_NONE,  GUARD_NONE,  0,      true,  true,  CATALOG, POOL_MAIN},
    {HTTP_GET,    API "/types/{mbti}",             api_types_one,         SESSION_NONE,  GUARD_NONE,  0,      true,  true,  CATALOG, POOL_MAIN},
    {HTTP_GET,    API "/types/{mbti}/recent",      api_types_recent,      SESSION_NONE,  GUARD_NONE,  0,      true,  false, RECENT,  POOL_MAIN},
    {HTTP_GET,    API "/types/{mbti}/{enneagram}", api_enneagrams_pair,   SESSION_NONE,  GUARD_NONE,  0,      true,  true,  CATALOG, POOL_MAIN},
    {HTTP_GET,    API "/enneagrams",               api_enneagrams_likely, SESSION_NONE,  GUARD_NONE,  0,      true,  true,  CATALOG, POOL_MAIN},
    {HTTP_GET,    API "/enneagrams/{enneagram}",   api_enneagrams_one,    SESSION_NONE,  GUARD_NONE,  0,      true,  true,  CATALOG, POOL_MAIN},
    {HTTP_GET,    API "/recommendations",          api_recommendations,   SESSION_NONE,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/filters",                  api_recommendations_filters, SESSION_NONE, GUARD_NONE, 0,  true,  true,  CATALOG, POOL_MAIN},
    {HTTP_POST,   API "/tests",                    api_quiz_create,       SESSION_WRITE, GUARD_TOKEN, TEST,   true,  false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/tests/{token}",            api_quiz,              SESSION_READ,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_MAIN},
    {HTTP_PUT,    API "/tests/{token}/feedback",   api_me_feedback,       SESSION_WRITE, GUARD_GROWN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_POST,   API "/circles",                  api_circles_begin,     SESSION_READ,  GUARD_GROWN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/circles/{token}",          api_circles_one,       SESSION_READ,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_MAIN},
    {HTTP_PUT,    API "/circles/{token}/me",       api_circles_enter,     SESSION_READ,  GUARD_GROWN, SMALL,  true,  false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/circles/{token}/me",       api_circles_leave,     SESSION_READ,  GUARD_TOKEN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/me/tests",                 api_me_quizzes,        SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/me/tests/{token}",         api_me_quiz_delete,    SESSION_WRITE, GUARD_TOKEN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/me/likes",                 api_me_likes,          SESSION_READ,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/me/marks",                 api_marks_mine,        SESSION_READ,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/me/votes",                 api_votes_mine,        SESSION_READ,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_MAIN},
    {HTTP_POST,   API "/reports",                  api_reports_add,       SESSION_READ,  GUARD_GROWN, REPORT, true,  false, PRIVATE, POOL_MAIN},
    {HTTP_POST,   API "/events",                   api_events,            SESSION_WRITE, GUARD_GROWN, EVENTS, true,  false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/me",                       api_me,                SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_MAIN},
    {HTTP_PUT,    API "/me/profile",               api_profile_put,       SESSION_WRITE, GUARD_GROWN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/me",                       api_own_delete,        SESSION_READ,  GUARD_TOKEN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/me/export",                api_own_export,        SESSION_READ,  GUARD_NONE,  0,      true,  false, PRIVATE, POOL_EXPORT},
    {HTTP_DELETE, API "/me/identities/{provider}", api_own_identity_end,  SESSION_READ,  GUARD_TOKEN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    API "/me/sessions",              api_me_sessions,       SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/me/sessions/{id}",         api_me_session_end,    SESSION_READ,  GUARD_TOKEN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_DELETE, API "/me/analytics",             api_me_analytics_end,  SESSION_READ,  GUARD_TOKEN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    {HTTP_GET,    "/auth/{provider}",              page_login,            SESSION_READ,  GUARD_NONE,  0,      false, false, NEVER,   POOL_LOGIN},
    {HTTP_GET,    "/auth/{provider}/callback",     page_login_callback,   SESSION_READ,  GUARD_NONE,  0,      false, false, NEVER,   POOL_LOGIN},
    {HTTP_GET,    "/auth/{provider}/unlink",       page_login_cut,        SESSION_NONE,  GUARD_KEY,   0,      false, false, NEVER,   POOL_LOGIN},
    {HTTP_POST,   "/auth/{provider}/unlink",       page_login_cut,        SESSION_NONE,  GUARD_KEY,   SMALL,  false, false, NEVER,   POOL_LOGIN},
    {HTTP_POST,   "/auth/logout",                  page_login_out,        SESSION_READ,  GUARD_TOKEN, SMALL,  false, false, PRIVATE, POOL_MAIN},
    SHOWN("/", page_home, GUARD_LINK, false, POOL_MAIN),
    SHOWN("/en", page_home, GUARD_LINK, false, POOL_MAIN),
    PAGE("/about", page_about),
    PAGE("/search", page_search),
    PAGE("/liked", page_own_liked),
    PAGE("/login", page_own_login),
    PAGE("/me", page_own_me),
    PERSONAL_PAGE("/test", page_quiz),
    FORM("/test", page_quiz_send, page_quiz_again, SESSION_WRITE, TEST),
    PAGE("/c/{id}", page_catalog_character),
    PAGE("/m/{id}", page_catalog_movie),
    PAGE("/t/{mbti}", page_type),
    PAGE("/t/{mbti}/{enneagram}", page_pair),
    PAGE("/e/{enneagram}", page_enneagram),
    PERSONAL_PAGE("/r/{token}", page_result),
    FORM("/r/{token}", page_result_compare, page_result_again, SESSION_READ, SMALL),
    PERSONAL_PAGE("/w/{token}", page_circle),
    FORM("/w/{token}", page_circle_send, page_circle_again, SESSION_READ, SMALL),
    PICTURE("/r/{token}.png", page_picture_result, GUARD_LINK),
    PICTURE("/w/{token}.png", page_picture_circle, GUARD_LINK),
    PICTURE("/t/{mbti}.png", page_picture_type, GUARD_LINK),
    PICTURE("/c/{id}.png", page_picture_character, GUARD_LINK),
    PICTURE("/m/{id}.png", page_picture_movie, GUARD_LINK),
    PICTURE("/p/site.png", page_picture_site, GUARD_NONE),
    {HTTP_GET,    "/robots.txt",                   page_site_robots,      SESSION_NONE,  GUARD_NONE,  0,      false, false, SHELL,   POOL_MAIN},
    {HTTP_GET,    "/sitemap.xml",                  page_site_sitemap,     SESSION_NONE,  GUARD_NONE,  0,      true,  true,  SHELL,   POOL_MAIN},
    {HTTP_GET,    "/admin",                        page_admin,            SESSION_READ,  GUARD_NONE,  0,      false, false, NEVER,   POOL_ADMIN},
    {HTTP_GET,    API "/admin/overview",           api_admin_overview,    SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/live",               api_admin_live,        SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_POST,   API "/admin/requests",           api_admin_live_ask,    SESSION_READ,  GUARD_TOKEN, SMALL,  false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/lists",              api_admin_insight_lists, SESSION_READ, GUARD_NONE, 0,     false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/runs",               api_admin_insight_runs, SESSION_READ, GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/runs/{id}",          api_admin_insight_run, SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/experiments",        api_admin_experiments, SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/experiments/{id}",   api_admin_experiments_one, SESSION_READ, GUARD_NONE, 0,   false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/system",             api_admin_insight_system, SESSION_READ, GUARD_NONE, 0,    false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/votes",              api_admin_people_votes, SESSION_READ, GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/reports",            api_admin_reports,     SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/visitors/{id}",      api_admin_people_one,  SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/tests/{id}",         api_admin_people_why,  SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/tests/{token}",      api_admin_people_why_token, SESSION_READ, GUARD_NONE, 0,  false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    API "/admin/actions",            api_admin_actions,     SESSION_READ,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ADMIN},
    {HTTP_GET,    "/healthz",                      api_health,            SESSION_NONE,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ALL},
    {HTTP_GET,    "/readyz",                       api_health_ready,      SESSION_NONE,  GUARD_NONE,  0,      false, false, PRIVATE, POOL_ALL},
};
/* clang-format on */
const size_t route_count = sizeof route_table / sizeof *route_table;

bool route_wants_token(const struct route *route)
{
    return route->guard == GUARD_TOKEN || route->guard == GUARD_GROWN;
}

/* In capitals or not: what another spelling than the site's is answered with is the page's question. */
static bool read_mbti(const char *s, size_t n, struct exchange *p)
{
    p->mbti = mbti_parse(s, n);
    p->respelled = p->mbti != MBTI_NONE && memcmp(mbti_name(p->mbti), s, n) != 0;
    return p->mbti != MBTI_NONE;
}

static bool read_enneagram(const char *s, size_t n, struct exchange *p)
{
    p->enneagram = enneagram_parse(s, n);
    p->respelled |= p->enneagram != ENNEAGRAM_NONE && memcmp(enneagram_name(p->enneagram), s, n) != 0;
    return p->enneagram != ENNEAGRAM_NONE;
}

static bool read_id(const char *s, size_t n, struct exchange *p)
{
    char text[16];
    int64_t id;
    if (n == 0 || n >= sizeof text || (*s == '0' && n > 1))
        return false;
    memcpy(text, s, n);
    text[n] = '\0';
    if (!form_whole(text, 0, INT32_MAX, &id))
        return false;
    p->id = (int32_t)id;
    return true;
}

static bool read_token(const char *s, size_t n, struct exchange *p)
{
    if (n != SHARE_TOKEN_CHARS)
        return false;
    memcpy(p->token, s, n);
    p->token[n] = '\0';
    return secret_token_valid(p->token, SHARE_TOKEN_CHARS);
}

/* A small word; whether there is such a provider is the page's question. */
static bool read_provider(const char *s, size_t n, struct exchange *p)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    if (n == 0 || n > PROVIDER_NAME_MAX || strspn(s, letters) < n)
        return false;
    memcpy(p->name, s, n);
    p->name[n] = '\0';
    return true;
}

static const struct {
    const char *name;
    bool (*read)(const char *s, size_t n, struct exchange *p);
} params[] = {
    {"{id}", read_id},
    {"{token}", read_token},
    {"{mbti}", read_mbti},
    {"{enneagram}", read_enneagram},
    {"{provider}", read_provider},
};

/* pattern: "{NAME}" and what follows it. */
static bool read_param(const char *pattern, size_t pattern_n, const char *s, size_t n, struct exchange *p)
{
    size_t name_n = (size_t)((const char *)memchr(pattern, '}', pattern_n) - pattern) + 1;
    const char *name = pattern, *rest = pattern + name_n;
    size_t rest_n = pattern_n - name_n;
    if (n < rest_n || memcmp(s + n - rest_n, rest, rest_n) != 0)
        return false;
    n -= rest_n;
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        if (strlen(params[i].name) == name_n && memcmp(params[i].name, name, name_n) == 0)
            return params[i].read(s, n, p);
    return false;
}

/* Segment by segment, both beginning with a slash. */
static bool matches(const char *pattern, const char *path, struct exchange *p)
{
    while (*pattern == '/' && *path == '/') {
        pattern++;
        path++;
        size_t pattern_n = strcspn(pattern, "/"), path_n = strcspn(path, "/");
        if (*pattern == '{') {
            if (!read_param(pattern, pattern_n, path, path_n, p))
                return false;
        } else if (pattern_n != path_n || memcmp(pattern, path, path_n) != 0) {
            return false;
        }
        pattern += pattern_n;
        path += path_n;
    }
    return *pattern == '\0' && *path == '\0';
}

const struct route *route_find(enum http_method method, const char *path, struct exchange *p,
                               unsigned *allowed)
{
    unsigned pool = p->site != NULL ? p->site->pool : POOL_ALL;
    *allowed = 0;
    if (method == HTTP_HEAD)
        method = HTTP_GET;
    for (size_t i = 0; i < route_count; i++) {
        if ((route_table[i].pool & pool) == 0 || !matches(route_table[i].pattern, path, p))
            continue;
        if (route_table[i].method == method)
            return &route_table[i];
        *allowed |= route_table[i].method | (route_table[i].method == HTTP_GET ? HTTP_HEAD : 0);
    }
    return NULL;
}
