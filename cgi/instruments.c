#include "instruments.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/storage.h"
#include "base/log.h"
#include "metrics/metrics.h"

/* Series that are needed with each request: found once, then kept by route, method and status in a table with open addressing. Only
 * routes of ours and statuses of answers are keys, so it never fills; if it did, the last place would be taken over. */
enum { CELLS = 2048 };
struct cell {
    int status; /* 0: free */
    const struct route *route;
    enum http_method method;
    struct metrics_series *requests, *seconds, *database, *statements; /* the last two NULL until needed */
};

static struct {
    bool open;
    struct metrics_series *busy, *breaker, *failures, *snapshot, *refusing;
    struct storage_work before; /* when the last request ended */
    struct cell cells[CELLS];
} own;

void instruments_open(const struct config *config, const char *pool)
{
    char folder[CONFIG_TEXT + 16];
    struct fail why = {0};
    snprintf(folder, sizeof folder, "%s/%s", config->metrics_dir, pool);
    enum err rc = metrics_open(folder, &why);
    if (rc != ERR_OK) {
        log_event(LOG_WARNING, "metrics.closed", "%s: this worker is not counted", why.text);
        return;
    }
    own.open = true;
    own.busy = metrics_find(METRICS_WORKERS_BUSY, "");
    own.breaker = metrics_find(METRICS_BREAKER, "");
    own.failures = metrics_find(METRICS_DATABASE_FAILURES, "");
    own.snapshot = metrics_find(METRICS_SNAPSHOT, "");
    own.refusing = metrics_find(METRICS_SNAPSHOT_REFUSING, "");
    metrics_set(own.busy, 0); /* who had the slot before may have died in a request */
    metrics_set(own.breaker, 0);
    metrics_set(own.snapshot, 0);
    metrics_set(own.refusing, 0);
    metrics_add(metrics_find(METRICS_WORKER_STARTS, ""), 1);
}

static const char *pattern_of(const struct cell *c)
{
    return c->route != NULL ? c->route->pattern : "-";
}

static void find_database(struct cell *c)
{
    char labels[METRICS_LABELS];
    snprintf(labels, sizeof labels, "method=\"%s\",route=\"%s\"", request_method_name(c->method),
             pattern_of(c));
    c->database = metrics_find(METRICS_DATABASE_SECONDS, labels);
    c->statements = metrics_find(METRICS_STATEMENTS, labels);
}

static void find_requests(struct cell *c)
{
    char labels[METRICS_LABELS];
    const char *method = request_method_name(c->method), *pattern = pattern_of(c);
    snprintf(labels, sizeof labels, "method=\"%s\",route=\"%s\",code=\"%d\"", method, pattern, c->status);
    c->requests = metrics_find(METRICS_REQUESTS, labels);
    snprintf(labels, sizeof labels, "method=\"%s\",route=\"%s\",status=\"%dxx\"", method, pattern,
             c->status / 100);
    c->seconds = metrics_find(METRICS_REQUEST_SECONDS, labels);
}

static bool is_of(const struct cell *c, const struct route *route, enum http_method method, int status)
{
    return c->status == status && c->route == route && c->method == method;
}

static struct cell *cell_of(const struct route *route, enum http_method method, int status)
{
    size_t at = ((uintptr_t)route / sizeof *route * 31 + (size_t)status * 7 + method) % CELLS;
    for (size_t tried = 1; tried < CELLS && own.cells[at].status != 0; tried++) {
        if (is_of(&own.cells[at], route, method, status))
            return &own.cells[at];
        at = (at + 1) % CELLS;
    }
    own.cells[at] = (struct cell){.status = status, .route = route, .method = method};
    find_requests(&own.cells[at]);
    return &own.cells[at];
}

void instruments_request_begin(void)
{
    if (own.open)
        metrics_set(own.busy, 1);
}

static void count_database(struct cell *c, const struct storage_work *now)
{
    if (now->statements != own.before.statements) {
        if (c->database == NULL)
            find_database(c);
        metrics_observe(c->database, now->seconds - own.before.seconds);
        metrics_add(c->statements, now->statements - own.before.statements);
    }
    if (now->failures != own.before.failures)
        metrics_add(own.failures, now->failures - own.before.failures);
    metrics_set(own.breaker, (uint64_t)(1000 * now->away_until));
    own.before = *now;
}

void instruments_request_end(const struct exchange *p, const struct route *route, double seconds)
{
    if (!own.open)
        return;
    struct cell *c = cell_of(route, p->request->method, p->response->status);
    metrics_add(c->requests, 1);
    metrics_observe(c->seconds, seconds);
    struct storage_work now = storage_work(p->site->db);
    count_database(c, &now);
    metrics_set(own.busy, 0);
}

void instruments_snapshot(const char *id)
{
    if (own.open)
        metrics_set(own.snapshot, strtoull(id, NULL, 16));
}

void instruments_snapshot_refused(void)
{
    metrics_add(metrics_find(METRICS_SNAPSHOT_REFUSED, ""), 1);
}

void instruments_snapshot_refusing(bool refusing)
{
    if (own.open)
        metrics_set(own.refusing, refusing);
}

void instruments_login(const char *provider, const char *outcome)
{
    char labels[METRICS_LABELS];
    snprintf(labels, sizeof labels, "provider=\"%s\",outcome=\"%s\"", provider, outcome);
    metrics_add(metrics_find(METRICS_LOGINS, labels), 1);
}

void instruments_limit(const char *name)
{
    char labels[METRICS_LABELS];
    snprintf(labels, sizeof labels, "limit=\"%s\"", name);
    metrics_add(metrics_find(METRICS_LIMITS, labels), 1);
}
