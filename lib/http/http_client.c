#include "http/http_client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_TEXT = 256 };

struct http_client {
    struct http_limits limits;
    CURL *curl;
};

/* One request under way. */
struct transfer {
    struct buf *body;
    size_t max_body;
    bool too_large;
    char host[HOST_TEXT];
};

static pthread_once_t started = PTHREAD_ONCE_INIT;

static void start_library(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct http_client *http_client_new(const struct http_limits *limits)
{
    struct http_client *c = calloc(1, sizeof *c);
    pthread_once(&started, start_library);
    if (c != NULL) {
        c->limits = *limits;
        c->curl = curl_easy_init();
    }
    if (c == NULL || c->curl == NULL) {
        free(c);
        return NULL;
    }
    return c;
}

void http_client_free(struct http_client *c)
{
    if (c == NULL)
        return;
    curl_easy_cleanup(c->curl);
    free(c);
}

/* ---- what is asked ---- */

static bool is_method(const char *s)
{
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return n > 0 && n <= 16 && s[n] == '\0';
}

/* The host for messages, and whether the address is one that may be asked. */
static enum err read_url(const char *url, char host[HOST_TEXT], struct fail *why)
{
    CURLU *parts = curl_url();
    char *scheme = NULL, *name = NULL;
    enum err rc = ERR_OK;
    host[0] = '\0';
    if (parts == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    if (curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_HOST, &name, 0) != CURLUE_OK || name[0] == '\0')
        rc = fail_set(why, ERR_INVALID, "not the URL of a server; it should look like http://host:port");
    else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
        rc =
            fail_set(why, ERR_INVALID, "unsupported scheme %.20s; only http and https are supported", scheme);
    else if (strlen(name) >= HOST_TEXT)
        rc = fail_set(why, ERR_INVALID, "the host's name is too long");
    else
        memcpy(host, name, strlen(name) + 1);
    curl_free(scheme);
    curl_free(name);
    curl_url_cleanup(parts);
    return rc;
}

/* A line break inside a header would begin another one. */
static bool is_header(const char *s)
{
    for (const char *c = s; *c != '\0'; c++)
        if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
            return false;
    const char *colon = strchr(s, ':');
    return colon != NULL && colon != s && colon[1] != '\0';
}

static enum err make_headers(const struct http_request *r, struct curl_slist **out, struct fail *why)
{
    for (size_t i = 0; r->headers != NULL && r->headers[i] != NULL; i++) {
        if (!is_header(r->headers[i]))
            return fail_set(why, ERR_INVALID, "header %zu is not of the form Name: value", i + 1);
        struct curl_slist *more = curl_slist_append(*out, r->headers[i]);
        if (more == NULL)
            return fail_set(why, ERR_NOMEM, "out of memory");
        *out = more;
    }
    /* Without this, curl asks first whether a large body is welcome, and waits a second for an answer. */
    struct curl_slist *more = curl_slist_append(*out, "Expect:");
    if (more == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    *out = more;
    return ERR_OK;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
    struct transfer *t = arg;
    size_t len = size * n; /* size is always 1 */
    t->too_large = len > t->max_body - t->body->len;
    if (t->too_large)
        return 0;
    buf_put(t->body, bytes, len);
    return t->body->failed ? 0 : len;
}

/* No redirect is followed: it would carry a secret to an address that nobody checked. Neither are a proxy of the environment ("") nor .netrc,
 * and VERIFYHOST is 2: the certificate has to be of this very host. CURLOPT_NOSIGNAL stays
 * off: curl then ignores SIGPIPE while it works, which a TLS connection that the other end closed would
 * raise. Debian's libcurl resolves names in a thread and needs no SIGALRM. */
static bool set_options(CURL *curl, const struct http_limits *limits, const struct http_request *r,
                        struct transfer *t, struct curl_slist *headers)
{
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {{CURLOPT_FOLLOWLOCATION, 0},
                   {CURLOPT_SSL_VERIFYPEER, 1},
                   {CURLOPT_SSL_VERIFYHOST, 2},
                   {CURLOPT_NETRC, CURL_NETRC_IGNORED},
                   {CURLOPT_CONNECTTIMEOUT_MS, limits->connect_ms},
                   {CURLOPT_TIMEOUT_MS, limits->total_ms},
                   {CURLOPT_CERTINFO, 1},
                   {CURLOPT_NOBODY, strcmp(r->method, "HEAD") == 0}};
    const struct {
        CURLoption option;
        const char *value;
    } texts[] = {{CURLOPT_URL, r->url},
                 {CURLOPT_PROTOCOLS_STR, "http,https"},
                 {CURLOPT_PROXY, ""},
                 {CURLOPT_USERAGENT, "mvti"}};
    unsigned refused = 0; /* the codes of all of them: one is as bad as another */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        refused |= (unsigned)curl_easy_setopt(curl, numbers[i].option, numbers[i].value);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refused |= (unsigned)curl_easy_setopt(curl, texts[i].option, texts[i].value);
    if (r->body != NULL) {
        refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->n_body);
        refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body);
    }
    refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
    refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    refused |= (unsigned)curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    return refused == CURLE_OK;
}

/* ---- what came of it ---- */

/* libcurl gives the chain as texts, the server's own certificate first. */
static int64_t certificate_end(CURL *curl)
{
    static const char name[] = "Expire date:";
    struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == NULL ||
        chain->num_of_certs < 1)
        return 0;
    for (struct curl_slist *line = chain->certinfo[0]; line != NULL; line = line->next)
        if (strncmp(line->data, name, sizeof name - 1) == 0) {
            time_t end = curl_getdate(line->data + sizeof name - 1, NULL);
            return end > 0 ? (int64_t)end : 0;
        }
    return 0;
}

static enum err meaning(const struct http_client *c, CURLcode code, const struct transfer *t,
                        struct fail *why)
{
    switch (code) {
    case CURLE_OK:
        return ERR_OK;
    case CURLE_WRITE_ERROR:
        if (t->too_large)
            return fail_set(why, ERR_TOO_LARGE, "%s: its answer is larger than %zu bytes", t->host,
                            t->max_body);
        return fail_set(why, ERR_NOMEM, "out of memory");
    case CURLE_OUT_OF_MEMORY:
        return fail_set(why, ERR_NOMEM, "out of memory");
    case CURLE_OPERATION_TIMEDOUT:
        return fail_set(why, ERR_UNAVAILABLE, "%s: no answer within %.1f s", t->host,
                        (double)c->limits.total_ms / 1000);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return fail_set(why, ERR_INVALID, "%s: request failed: %s", t->host, curl_easy_strerror(code));
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return fail_set(why, ERR_PEER_GONE, "%s: no complete answer: %s", t->host, curl_easy_strerror(code));
    default:
        return fail_set(why, ERR_UNAVAILABLE, "%s: %s", t->host, curl_easy_strerror(code));
    }
}

/* "::HOST:PORT" (CURLOPT_CONNECT_TO): whatever the address says. */
static enum err connect_via(CURL *curl, const char *via, struct curl_slist **list, struct fail *why)
{
    char rule[300];
    if (via == NULL)
        return ERR_OK;
    int n = snprintf(rule, sizeof rule, "::%s", via);
    if (n < 0 || (size_t)n >= sizeof rule)
        return fail_set(why, ERR_INVALID, "the host to connect to is too long");
    *list = curl_slist_append(NULL, rule);
    if (*list == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return curl_easy_setopt(curl, CURLOPT_CONNECT_TO, *list) == CURLE_OK
               ? ERR_OK
               : fail_set(why, ERR_FAULT, "this libcurl cannot connect elsewhere");
}

enum err http_client_ask(struct http_client *c, const struct http_request *r, struct http_answer *out,
                         struct fail *why)
{
    struct transfer t = {.body = &out->body, .max_body = c->limits.max_body};
    struct curl_slist *headers = NULL, *via = NULL;
    *out = (struct http_answer){0};
    if (!is_method(r->method))
        return fail_set(why, ERR_INVALID, "'%.20s' is not a method", r->method);
    enum err rc = read_url(r->url, t.host, why);
    if (rc == ERR_OK)
        rc = make_headers(r, &headers, why);
    curl_easy_reset(c->curl); /* options only; the connection stays */
    if (rc == ERR_OK && !set_options(c->curl, &c->limits, r, &t, headers))
        rc = fail_set(why, ERR_FAULT, "this libcurl refuses an option; version 7.85 or later is needed");
    if (rc == ERR_OK)
        rc = connect_via(c->curl, r->via, &via, why);
    long sent = 0;
    if (rc == ERR_OK) {
        rc = meaning(c, curl_easy_perform(c->curl), &t, why);
        curl_easy_getinfo(c->curl, CURLINFO_REQUEST_SIZE, &sent);
    }
    out->asked = sent > 0;
    if (rc == ERR_OK) {
        curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &out->status);
        out->expires = certificate_end(c->curl);
    }
    curl_slist_free_all(headers);
    curl_slist_free_all(via);
    return rc;
}
