#include "metrics/scrape.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/send.h"
#include "metrics/exposition.h"

static const struct {
    int status;
    const char *reason;
} answers[] = {{200, "OK"},
               {400, "Bad Request"},
               {404, "Not Found"},
               {405, "Method Not Allowed"},
               {408, "Request Timeout"},
               {503, "Service Unavailable"}};

static bool is_token(const char *s, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(s, word, n) == 0;
}

/* The path, with or without a query, which says nothing here. */
static bool is_metrics(const char *target, size_t n)
{
    const char *query = memchr(target, '?', n);
    return is_token(target, query != NULL ? (size_t)(query - target) : n, "/metrics");
}

int scrape_parse(const char *bytes, size_t n, bool *head)
{
    const char *end = memchr(bytes, '\r', n);
    const char *method_end = end != NULL ? memchr(bytes, ' ', (size_t)(end - bytes)) : NULL;
    const char *target = method_end != NULL ? method_end + 1 : NULL;
    const char *target_end = target != NULL ? memchr(target, ' ', (size_t)(end - target)) : NULL;
    *head = false;
    if (target_end == NULL || end - target_end != 9 || memcmp(target_end, " HTTP/1.", 8) != 0)
        return 400;
    *head = is_token(bytes, (size_t)(method_end - bytes), "HEAD");
    if (!is_metrics(target, (size_t)(target_end - target)))
        return 404;
    return *head || is_token(bytes, (size_t)(method_end - bytes), "GET") ? 200 : 405;
}

int scrape_read(int fd, bool *head)
{
    static char bytes[SCRAPE_HEAD_MOST];
    size_t n = 0;
    double until = clock_monotonic() + SCRAPE_MILLISECONDS / 1000.0;
    *head = false;
    while (n < sizeof bytes && memmem(bytes, n, "\r\n\r\n", 4) == NULL) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        double left = until - clock_monotonic();
        if (left <= 0 || poll(&p, 1, (int)(1000 * left) + 1) <= 0)
            return 408;
        ssize_t got = read(fd, bytes + n, sizeof bytes - n);
        if (got <= 0)
            return 400;
        n += (size_t)got;
    }
    return n < sizeof bytes ? scrape_parse(bytes, n, head) : 400;
}

static const char *reason_of(int status)
{
    size_t i = sizeof answers / sizeof *answers - 1;
    while (i > 0 && answers[i].status != status)
        i--;
    return answers[i].reason;
}

bool scrape_answer(int fd, int status, const struct buf *body, bool head)
{
    char text[256];
    int n = snprintf(text, sizeof text,
                     "HTTP/1.1 %d %s\r\nContent-Type: " EXPOSITION_TYPE "\r\nContent-Length: %zu\r\n%s"
                     "Cache-Control: no-store\r\nConnection: close\r\n\r\n",
                     status, reason_of(status), body->len, status == 405 ? "Allow: GET, HEAD\r\n" : "");
    return send_all(fd, text, (size_t)n) && (head || send_all(fd, buf_str(body), body->len));
}
