/* One HTTP request as the pages see it, wherever it came from: FastCGI parameters or a test. */
#ifndef MVTI_WEB_REQUEST_H
#define MVTI_WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/* Bits, so that a set of methods is a number. */
enum http_method {
    HTTP_OTHER = 0,
    HTTP_GET = 1,
    HTTP_HEAD = 2,
    HTTP_POST = 4,
    HTTP_PUT = 8,
    HTTP_DELETE = 16
};

enum { REQUEST_PATH_MAX = 512, REQUEST_QUERY_MAX = 4096, REQUEST_ID_MAX = 64 };

struct request {
    enum http_method method;
    const char *path;  /* as sent, not decoded, without the query: our paths need no escapes */
    const char *query; /* as sent, without the question mark */
    bool too_long;     /* the target was over REQUEST_PATH_MAX or REQUEST_QUERY_MAX; path and query are "" */
    const char *host, *origin, *fetch_site, *content_type, *cookie, *if_none_match; /* "" when absent */
    const char *csrf, *user_agent,
        *authorization;      /* X-CSRF-Token, User-Agent, Authorization; "" when absent */
    const char *guest_proof; /* X-Guest-Proof; "" when absent */
    bool do_not_track;       /* DNT: 1 (W3C Tracking Preference Expression) or Sec-GPC: 1 (Global Privacy
                                    Control) */
    bool analytics; /* X-Analytics-Consent: google, and none of these two: what is told may be sent on */
    const char *idempotency_key; /* NULL when absent: an empty one is a mistake, not none */
    const char *address; /* of the client, as the front saw it; what a client says of itself is not read */
    const char *id;      /* "" when the front gave none */
    const char *trace;   /* 32 hex digits; NULL when the front gave none */
    size_t content_length;
    /* Reads up to n bytes of the body; 0 at the end. Called at most once with room for content_length bytes.
     */
    size_t (*read_body)(void *arg, char *out, size_t n);
    void *read_arg;
};

/* A CGI parameter (RFC 3875) by name, NULL if there is none. */
typedef const char *request_param_fn(void *arg, const char *name);

/* Fills a request from CGI parameters; strings that need no cutting point into them. ERR_NOMEM. */
MUST_USE enum err request_from_params(struct request *r, struct arena *a, request_param_fn *param, void *arg);

const char *request_method_name(enum http_method m);
/* True if the media type (parameters ignored, any case) is `type`. */
bool request_has_type(const struct request *r, const char *type);
/* True if If-None-Match holds this entity tag (with its quotes), weakly compared, or "*". */
bool request_matches_tag(const struct request *r, const char *tag);

#endif
