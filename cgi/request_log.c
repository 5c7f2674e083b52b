#include "request_log.h"

#include <stdio.h>
#include <string.h>

#include "auth/client_mark.h"
#include "base/clock.h"
#include "base/log.h"
#include "routes.h"
#include "web/network.h"

static const double SLOW = 1.0;

void request_log_begin(const struct exchange *p)
{
    char network[NETWORK_CHARS], mark[CLIENT_MARK_CHARS + 1];
    network_of(p->request->address, network);
    client_mark(&p->site->keys, clock_wall(), network, mark);
    log_set_request(p->request_id);
    log_set_client(mark);
    log_set_trace(p->request->trace);
}

static bool is_probe(const struct exchange *p)
{
    return strcmp(p->request->path, "/healthz") == 0 || strcmp(p->request->path, "/readyz") == 0;
}

/* How many requests the line of this one stands for; 0: it has none. */
static long weight(const struct exchange *p, double seconds)
{
    bool read = (p->request->method & (HTTP_GET | HTTP_HEAD)) != 0;
    if (p->response->status < 400 && is_probe(p))
        return 0;
    if (p->response->status >= 400 || !read || seconds >= SLOW)
        return 1;
    long of = p->site->config->log_sample;
    return log_sampled(p->request_id, of) ? of : 0;
}

void request_log_end(const struct exchange *p, double seconds)
{
    long n = weight(p, seconds);
    char text[160];
    snprintf(text, sizeof text, "%s %s %d %.0f us", request_method_name(p->request->method),
             p->route != NULL ? p->route->pattern : "-", p->response->status, 1e6 * seconds);
    const struct log_field fields[] = {{"text", text, 0}, {"sample", NULL, (double)n}};
    if (n > 0)
        log_fields(LOG_INFO, "request", fields, sizeof fields / sizeof *fields);
    log_set_request("");
    log_set_client("");
    log_set_trace(NULL);
}
