#include "analytics/google.h"

#include <stdio.h>
#include <string.h>

#include "base/percent.h"
#include "base/secret.h"
#include "http/http_client.h"
#include "json/json.h"

enum { PATH = 1100, SECRET_MOST = 200, ANSWER_MOST = 64 * 1024 };

/* The secret without the end of its line. Its characters are checked because a message about the address must not be able to hold it. */
static enum err read_secret(const struct config *c, char out[SECRET_MOST], struct fail *why)
{
    char path[PATH];
    enum err rc = config_secret_path(c, c->analytics_secret_file, path, sizeof path, why);
    if (rc == ERR_OK)
        rc = secret_file_read(path, out, SECRET_MOST, why);
    out[rc == ERR_OK ? strcspn(out, "\r\n") : 0] = '\0';
    if (rc == ERR_OK && out[0] == '\0')
        rc = fail_set(why, ERR_INVALID, "%s: contains no secret", path);
    return rc;
}

static void put_address(struct buf *out, const struct config *c, const char *path, const char *secret)
{
    size_t n = strlen(c->analytics_url);
    while (n > 0 && c->analytics_url[n - 1] == '/')
        n--;
    buf_put(out, c->analytics_url, n);
    buf_printf(out, "%s?measurement_id=%s&api_secret=", path, c->analytics_id);
    percent_encode(out, secret);
}

enum err google_open(struct google *g, const struct config *c, struct fail *why)
{
    const struct http_limits limits = {.connect_ms = c->analytics_timeout_ms * 2 / 5,
                                       .total_ms = c->analytics_timeout_ms,
                                       .max_body = ANSWER_MOST};
    char secret[SECRET_MOST] = "";
    *g = (struct google){0};
    if (c->analytics_id[0] == '\0')
        return fail_set(why, ERR_NOT_FOUND,
                        "Google Analytics is not configured: the setting analytics_id is empty");
    if (!config_analytics(c))
        return fail_set(
            why, ERR_INVALID,
            "analytics_id: '%.40s' is not a measurement ID; it is G- and capital letters and digits",
            c->analytics_id);
    enum err rc = read_secret(c, secret, why);
    if (rc != ERR_OK)
        return rc;
    put_address(&g->collect, c, "/mp/collect", secret);
    put_address(&g->judge, c, "/debug/mp/collect", secret);
    explicit_bzero(secret, sizeof secret);
    g->client = http_client_new(&limits);
    return g->client == NULL || g->collect.failed || g->judge.failed
               ? fail_set(why, ERR_NOMEM, "out of memory")
               : ERR_OK;
}

void google_close(struct google *g)
{
    http_client_free(g->client);
    buf_free(&g->collect);
    buf_free(&g->judge);
    *g = (struct google){0};
}

static enum err judge_status(long status, struct fail *why)
{
    enum err rc = status >= 500 || status == 429   ? ERR_UNAVAILABLE
                  : status == 401 || status == 403 ? ERR_DENIED
                                                   : ERR_INVALID;
    return fail_set(why, rc, "answered with status %ld", status);
}

static enum err post(struct google *g, struct http_request *r, struct http_answer *out, struct fail *why)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    r->method = "POST";
    r->headers = headers;
    enum err rc = http_client_ask(g->client, r, out, why);
    return rc == ERR_OK && (out->status < 200 || out->status > 299) ? judge_status(out->status, why) : rc;
}

/* A status is an answer: not taken. Without one nobody knows, unless nothing of the request has gone out. */
enum err google_send(struct google *g, const struct buf *body, bool *heard, struct fail *why)
{
    struct http_answer a;
    struct http_request r = {.url = buf_str(&g->collect), .body = body->data, .n_body = body->len};
    enum err rc = post(g, &r, &a, why);
    *heard = rc == ERR_OK || (a.status == 0 && a.asked);
    buf_free(&a.body);
    return rc;
}

/* {"validationMessages": []} is what Google says of what it would take. */
static enum err read_judgement(const struct http_answer *a, struct fail *why)
{
    struct arena memory = {0};
    const struct json_value *v = NULL;
    enum err rc = json_read(&memory, a->body.data, a->body.len, &v, NULL);
    const struct json_value *list = rc == ERR_OK ? json_member(v, "validationMessages") : NULL;
    if (rc == ERR_NOMEM)
        rc = fail_set(why, rc, "out of memory");
    else if (list == NULL || list->kind != JSON_LIST)
        rc = fail_set(why, ERR_CORRUPT, "the server there is not Google Analytics");
    else if (list->n > 0)
        rc = fail_set(why, ERR_CORRUPT, "it rejected the events: %.200s",
                      json_text(&list->items[0], "description") != NULL
                          ? json_text(&list->items[0], "description")
                          : "it does not say why");
    arena_free(&memory);
    return rc;
}

enum err google_judge(struct google *g, struct fail *why)
{
    static const char body[] =
        "{\"client_id\":\"1.1\",\"validation_behavior\":\"ENFORCE_RECOMMENDATIONS\",\"events\":[{\"name\":"
        "\"test_start\",\"params\":{\"session_id\":\"1\",\"engagement_time_msec\":1}}]}";
    struct http_answer a;
    struct http_request r = {.url = buf_str(&g->judge), .body = body, .n_body = sizeof body - 1};
    enum err rc = post(g, &r, &a, why);
    if (rc == ERR_OK)
        rc = read_judgement(&a, why);
    buf_free(&a.body);
    return rc;
}
