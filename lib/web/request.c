#include "web/request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    enum http_method method;
    const char *name;
} methods[] = {
    {HTTP_GET, "GET"}, {HTTP_HEAD, "HEAD"}, {HTTP_POST, "POST"}, {HTTP_PUT, "PUT"}, {HTTP_DELETE, "DELETE"},
};

enum { N_METHODS = sizeof methods / sizeof *methods };

static enum http_method method_of(const char *name)
{
    for (size_t i = 0; i < N_METHODS; i++)
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].method;
    return HTTP_OTHER;
}

const char *request_method_name(enum http_method m)
{
    for (size_t i = 0; i < N_METHODS; i++)
        if (methods[i].method == m)
            return methods[i].name;
    return "OTHER";
}

static const char *param_or_empty(request_param_fn *param, void *arg, const char *name)
{
    const char *value = param(arg, name);
    return value != NULL ? value : "";
}

/* Splits the request target; what is too long is not kept, only remembered. */
static enum err split_target(struct request *r, struct arena *a, const char *target)
{
    size_t path_n = strcspn(target, "?");
    const char *query = target[path_n] == '?' ? target + path_n + 1 : "";
    r->too_long = path_n > REQUEST_PATH_MAX || strlen(query) > REQUEST_QUERY_MAX;
    r->path = arena_strndup(a, target, r->too_long ? 0 : path_n);
    r->query = r->too_long ? "" : query;
    return r->path != NULL ? ERR_OK : ERR_NOMEM;
}

/* What is no number, or overflows, becomes a length that every limit refuses. */
static size_t length_of(const char *s)
{
    if (s[0] < '0' || s[0] > '9')
        return 0;
    char *end;
    unsigned long long n = strtoull(s, &end, 10);
    return *end == '\0' && n < SIZE_MAX / 2 ? (size_t)n : SIZE_MAX / 2;
}

/* W3C Trace Context, 3.2.2.3. */
static const char *trace_of(const char *id)
{
    return strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32 ? id : NULL;
}

enum err request_from_params(struct request *r, struct arena *a, request_param_fn *param, void *arg)
{
    *r = (struct request){
        .method = method_of(param_or_empty(param, arg, "REQUEST_METHOD")),
        .host = param_or_empty(param, arg, "HTTP_HOST"),
        .origin = param_or_empty(param, arg, "HTTP_ORIGIN"),
        .fetch_site = param_or_empty(param, arg, "HTTP_SEC_FETCH_SITE"),
        .content_type = param_or_empty(param, arg, "CONTENT_TYPE"),
        .cookie = param_or_empty(param, arg, "HTTP_COOKIE"),
        .if_none_match = param_or_empty(param, arg, "HTTP_IF_NONE_MATCH"),
        .csrf = param_or_empty(param, arg, "HTTP_X_CSRF_TOKEN"),
        .authorization = param_or_empty(param, arg, "HTTP_AUTHORIZATION"),
        .guest_proof = param_or_empty(param, arg, "HTTP_X_GUEST_PROOF"),
        .do_not_track = strcmp(param_or_empty(param, arg, "HTTP_DNT"), "1") == 0 ||
                        strcmp(param_or_empty(param, arg, "HTTP_SEC_GPC"), "1") == 0,
        .idempotency_key = param(arg, "HTTP_IDEMPOTENCY_KEY"),
        .user_agent = param_or_empty(param, arg, "HTTP_USER_AGENT"),
        .address = param_or_empty(param, arg, "REMOTE_ADDR"),
        .id = param_or_empty(param, arg, "REQUEST_ID"),
        .trace = trace_of(param_or_empty(param, arg, "TRACE_ID")),
        .content_length = length_of(param_or_empty(param, arg, "CONTENT_LENGTH")),
    };
    r->analytics =
        !r->do_not_track && strcmp(param_or_empty(param, arg, "HTTP_X_ANALYTICS_CONSENT"), "google") == 0;
    return split_target(r, a, param_or_empty(param, arg, "REQUEST_URI"));
}

/* Parameters may follow the type (RFC 9110, 8.3.1); strchr finds the end of the text as well. */
bool request_has_type(const struct request *r, const char *type)
{
    size_t n = strlen(type);
    return strncasecmp(r->content_type, type, n) == 0 && strchr("; \t", r->content_type[n]) != NULL;
}

/* If-None-Match compares weakly (RFC 9110, 13.1.2): W/ makes no difference, and "*" is any answer. */
bool request_matches_tag(const struct request *r, const char *tag)
{
    size_t tag_n = strlen(tag);
    for (const char *p = r->if_none_match; *p != '\0';) {
        p += strspn(p, ", \t");
        if (strncmp(p, "W/", 2) == 0)
            p += 2;
        size_t n = strcspn(p, ", \t");
        if ((n == tag_n && memcmp(p, tag, n) == 0) || (n == 1 && *p == '*'))
            return true;
        p += n;
    }
    return false;
}
