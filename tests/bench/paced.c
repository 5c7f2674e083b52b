/* paced URL-PORT RATE SECONDS CONNECTIONS FILE: an open-loop load generator. Requests (lines of FILE, in
 * turn) are due at fixed moments, RATE a second, whether or not earlier ones have been answered; each latency
 * counts from the moment its request was due. So a server that stalls is charged for everyone who would have
 * come meanwhile (no coordinated omission), as wrk2 does. Connections are kept alive. Prints one JSON object.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 256, BUFFER = 1 << 18, MAX_PATHS = 10000 };

struct connection {
    int fd;
    bool busy;
    double due; /* of the request under way */
    size_t got; /* bytes in `text` */
    char *text; /* the answer so far, BUFFER bytes */
};

static int port;
static char *paths[MAX_PATHS];
static size_t n_paths;
static double *latency; /* seconds, one an answer */
static size_t n_answers, n_errors;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void dial(struct connection *c)
{
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    int one = 1;
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->busy = false;
    c->got = 0;
}

static void ask(struct connection *c, double due)
{
    static size_t turn;
    char request[4096];
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
                     paths[turn++ % n_paths], port);
    if (send(c->fd, request, (size_t)n, MSG_NOSIGNAL) != n) {
        n_errors++;
        close(c->fd);
        dial(c);
        return;
    }
    c->busy = true;
    c->due = due;
    c->got = 0;
}

/* Whether `text` holds a whole answer: by Content-Length, or by the last chunk. */
static bool whole(const struct connection *c)
{
    char *body = memmem(c->text, c->got, "\r\n\r\n", 4);
    if (body == NULL)
        return false;
    char *length = memmem(c->text, (size_t)(body - c->text), "Content-Length: ", 16);
    if (length != NULL)
        return c->got >= (size_t)(body + 4 - c->text) + strtoul(length + 16, NULL, 10);
    return c->got >= 5 && memcmp(c->text + c->got - 5, "0\r\n\r\n", 5) == 0;
}

static void hear(struct connection *c)
{
    ssize_t n = recv(c->fd, c->text + c->got, BUFFER - c->got, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        n_errors += c->busy;
        close(c->fd);
        dial(c);
        return;
    }
    c->got += (size_t)n;
    if (!c->busy || !whole(c))
        return;
    c->busy = false;
    if (memcmp(c->text, "HTTP/1.1 200", 12) == 0)
        latency[n_answers++] = now() - c->due;
    else
        n_errors++;
    /* nginx closes a connection after its 1,000th request and says so */
    if (memmem(c->text, c->got < 2048 ? c->got : 2048, "\r\nConnection: close", 19) != NULL) {
        close(c->fd);
        dial(c);
    }
}

static struct connection *idle(struct connection *all, int n)
{
    for (int i = 0; i < n; i++)
        if (!all[i].busy)
            return &all[i];
    return NULL;
}

static bool any_busy(const struct connection *all, int n)
{
    for (int i = 0; i < n; i++)
        if (all[i].busy)
            return true;
    return false;
}

/* Sends what is due as connections fall idle; a request that waits for one keeps its due time. */
static void run(struct connection *all, int n, double rate, size_t total)
{
    struct pollfd fds[MAX_CONNECTIONS];
    double start = now();
    for (size_t sent = 0; sent < total || any_busy(all, n);) {
        double due = start + (double)sent / rate, t = now();
        struct connection *c;
        while (sent < total && due <= t && (c = idle(all, n)) != NULL) {
            ask(c, due);
            sent++;
            due = start + (double)sent / rate;
        }
        for (int i = 0; i < n; i++)
            fds[i] = (struct pollfd){.fd = all[i].fd, .events = POLLIN};
        double wait = sent < total && idle(all, n) != NULL ? due - now() : 0.1;
        struct timespec ts = {0, wait > 0 ? (long)(wait * 1e9) : 0};
        if (ppoll(fds, (nfds_t)n, &ts, NULL) < 0 && errno != EINTR)
            die("ppoll");
        for (int i = 0; i < n; i++)
            if (fds[i].revents != 0)
                hear(&all[i]);
        if (now() - start > (double)total / rate + 10)
            break; /* what has not come by now counts as lost */
    }
    for (int i = 0; i < n; i++)
        n_errors += all[i].busy;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double q)
{
    return n_answers == 0 ? 0 : latency[(size_t)(q * (double)(n_answers - 1))] * 1e3;
}

static void read_paths(const char *file)
{
    FILE *f = fopen(file, "r");
    char line[2048];
    if (f == NULL)
        die(file);
    while (n_paths < MAX_PATHS && fgets(line, sizeof line, f) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        paths[n_paths++] = strdup(line);
    }
    fclose(f);
}

int main(int argc, char **argv)
{
    static struct connection all[MAX_CONNECTIONS];
    if (argc != 6) {
        fputs("usage: paced PORT RATE SECONDS CONNECTIONS FILE\n", stderr);
        return 64;
    }
    port = atoi(argv[1]);
    double rate = atof(argv[2]), seconds = atof(argv[3]);
    int n = atoi(argv[4]);
    read_paths(argv[5]);
    size_t total = (size_t)(rate * seconds);
    latency = calloc(total + 1, sizeof *latency);
    if (n < 1 || n > MAX_CONNECTIONS || n_paths == 0 || latency == NULL)
        return 64;
    for (int i = 0; i < n; i++) {
        all[i].text = malloc(BUFFER);
        if (all[i].text == NULL)
            return 70;
        dial(&all[i]);
    }
    double start = now();
    run(all, n, rate, total);
    double took = now() - start;
    qsort(latency, n_answers, sizeof *latency, by_size);
    printf("{\"rate_asked\":%.0f,\"rate_got\":%.0f,\"answers\":%zu,\"errors\":%zu,\"connections\":%d,\"p50_"
           "ms\":%.3f,"
           "\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f}\n",
           rate, (double)n_answers / took, n_answers, n_errors, n, quantile(0.5), quantile(0.9),
           quantile(0.99), quantile(0.999), quantile(1));
    return n_errors == 0 && n_answers == total ? 0 : 1;
}
