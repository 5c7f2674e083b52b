/* The HTTP client against a server of the test's own that answers byte for byte what a test tells it to. */
#include "tests/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http_client.h"

enum { REQUEST_MAX = 1 << 16 };

/* One connection: reads a request to its end, sends `answer`, keeps the connection open if `hold` until the
 * other end leaves. */
struct server {
    int socket, port;
    const char *answer;
    size_t n_answer;
    bool hold;
    pthread_t thread;
    char request[REQUEST_MAX];
};

static bool whole(const char *request, size_t n)
{
    const char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "\r\ncontent-length:");
    if (end == NULL)
        return false;
    size_t body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return n >= (size_t)(end + 4 - request) + body;
}

static void *serve(void *arg)
{
    struct server *s = arg;
    int c = accept(s->socket, NULL, NULL);
    size_t n = 0;
    for (ssize_t got; c >= 0 && !whole(s->request, n) && n < REQUEST_MAX - 1; n += (size_t)got)
        if ((got = recv(c, s->request + n, REQUEST_MAX - 1 - n, 0)) <= 0)
            break;
    if (c >= 0 && s->n_answer > 0)
        (void)!send(c, s->answer, s->n_answer, MSG_NOSIGNAL);
    char rest;
    if (s->hold)
        while (c >= 0 && recv(c, &rest, 1, 0) > 0)
            ;
    if (c >= 0)
        close(c);
    return NULL;
}

static void start(struct server *s, const char *answer, bool hold)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    memset(s, 0, sizeof *s);
    s->answer = answer;
    s->n_answer = strlen(answer);
    s->hold = hold;
    s->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(s->socket, (struct sockaddr *)&a, sizeof a) == 0 && listen(s->socket, 4) == 0);
    CHECK(getsockname(s->socket, (struct sockaddr *)&a, &n) == 0);
    s->port = ntohs(a.sin_port);
    CHECK(pthread_create(&s->thread, NULL, serve, s) == 0);
}

static void end(struct server *s)
{
    pthread_join(s->thread, NULL);
    close(s->socket);
}

static const struct http_limits limits = {.connect_ms = 5000, .total_ms = 20000, .max_body = 1000};

/* Asks what is answered with `answer`; the client closes its connection before the server is waited for. */
static enum err ask(const char *answer, bool hold, const struct http_limits *with, struct http_request *r,
                    struct server *s, struct http_answer *out, struct fail *why)
{
    char url[100];
    start(s, answer, hold);
    snprintf(url, sizeof url, "http://user:geheim@127.0.0.1:%d/a?b=c", s->port);
    struct http_client *c = http_client_new(with);
    r->url = url;
    *why = (struct fail){0};
    enum err rc = http_client_ask(c, r, out, why);
    r->url = NULL;
    http_client_free(c);
    end(s);
    CHECK_MSG(strstr(why->text, "geheim") == NULL, "%s", why->text);
    CHECK((rc == ERR_OK) == (why->text[0] == '\0'));
    return rc;
}

static struct server s;
static struct http_answer got;
static struct fail why;

static void method_headers_and_body_arrive(void)
{
    static const char *const headers[] = {"Content-Type: application/json", "X-Two: 2", NULL};
    struct http_request r = {.method = "POST", .headers = headers, .body = "{\"a\":1}", .n_body = 7};
    CHECK_INT(
        ask("HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhello", false, &limits, &r, &s, &got, &why),
        ERR_OK);
    CHECK_INT(got.status, 201);
    CHECK_STR(buf_str(&got.body), "hello");
    CHECK(strncmp(s.request, "POST /a?b=c HTTP/1.1\r\n", 22) == 0);
    CHECK(strstr(s.request, "\r\nContent-Type: application/json\r\n") != NULL);
    CHECK(strstr(s.request, "\r\nX-Two: 2\r\n") != NULL && strstr(s.request, "Expect") == NULL);
    CHECK(strstr(s.request, "\r\n\r\n{\"a\":1}") != NULL);
    CHECK(strstr(s.request, "\r\nAuthorization: Basic dXNlcjpnZWhlaW0=\r\n") != NULL);
    buf_free(&got.body);
}

static void other_methods_too(void)
{
    static const char *const methods[] = {"GET", "HEAD", "DELETE", "PATCH"};
    for (size_t i = 0; i < 4; i++) {
        struct http_request r = {.method = methods[i]};
        CHECK_INT(ask("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, &limits, &r, &s, &got, &why),
                  ERR_OK);
        CHECK(strncmp(s.request, methods[i], strlen(methods[i])) == 0);
        CHECK_INT(got.body.len, 0);
        buf_free(&got.body);
    }
}

static void a_failure_of_the_server_is_an_answer(void)
{
    struct http_request r = {.method = "GET"};
    CHECK_INT(ask("HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nbad", false, &limits, &r, &s, &got, &why),
              ERR_OK);
    CHECK_INT(got.status, 500);
    CHECK_STR(buf_str(&got.body), "bad");
    buf_free(&got.body);
}

/* The place it points to is this same server, which would answer; it is asked once. */
static void redirects_are_not_followed(void)
{
    struct http_request r = {.method = "GET"};
    CHECK_INT(ask("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", false, &limits, &r, &s,
                  &got, &why),
              ERR_OK);
    CHECK_INT(got.status, 302);
    buf_free(&got.body);
}

static void an_answer_has_a_size(void)
{
    static char large[1200];
    struct http_request r = {.method = "GET"};
    int n = snprintf(large, sizeof large, "HTTP/1.1 200 OK\r\n\r\n%01000d", 7);
    CHECK_INT(ask(large, false, &limits, &r, &s, &got, &why), ERR_OK);
    CHECK_INT(got.body.len, 1000);
    buf_free(&got.body);
    snprintf(large + n, sizeof large - (size_t)n, "x");
    CHECK_INT(ask(large, false, &limits, &r, &s, &got, &why), ERR_TOO_LARGE);
    CHECK(strstr(why.text, "1000 bytes") != NULL && strstr(why.text, "127.0.0.1") != NULL);
    buf_free(&got.body);
    snprintf(large, sizeof large,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n%01001d\r\n0\r\n\r\n", 7);
    CHECK_INT(ask(large, false, &limits, &r, &s, &got, &why), ERR_TOO_LARGE);
    buf_free(&got.body);
}

static void nobody_waits_for_ever(void)
{
    const struct http_limits short_ones = {.connect_ms = 200, .total_ms = 200, .max_body = 1000};
    struct http_request r = {.method = "GET"};
    CHECK_INT(ask("", true, &short_ones, &r, &s, &got, &why), ERR_UNAVAILABLE);
    CHECK(strstr(why.text, "no answer within 0.2 s") != NULL);
    CHECK(got.asked && got.status == 0); /* it may have been heard */
    buf_free(&got.body);
    CHECK_INT(ask("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", true, &short_ones, &r, &s, &got, &why),
              ERR_UNAVAILABLE);
    buf_free(&got.body);
}

static void what_is_no_answer_is_said(void)
{
    static const char *const answers[] = {"", "\x16\x03\x01 not HTTP at all\r\n\r\n", "HTTP/9.9 huh\r\n\r\n",
                                          "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
                                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct http_request r = {.method = "GET"};
        enum err rc = ask(answers[i], false, &limits, &r, &s, &got, &why);
        CHECK_MSG(rc == ERR_PEER_GONE || rc == ERR_INVALID, "%zu: %d %s", i, rc, why.text);
        buf_free(&got.body);
    }
}

static enum err ask_for(const char *method, const char *url, const char *header)
{
    const char *headers[] = {header, NULL};
    const struct http_request r = {.method = method, .url = url, .headers = headers};
    struct http_client *c = http_client_new(&limits);
    enum err rc = http_client_ask(c, &r, &got, &why);
    buf_free(&got.body);
    http_client_free(c);
    return rc;
}

static void what_cannot_be_asked_is_refused(void)
{
    static const char *const urls[] = {"",
                                       "nonsense of words",
                                       "file:///etc/passwd",
                                       "ftp://127.0.0.1/",
                                       "http://",
                                       "gopher://127.0.0.1:1/",
                                       "databricks",
                                       "/srv/mlruns",
                                       "sqlite:///x.db"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        CHECK_MSG(ask_for("GET", urls[i], NULL) == ERR_INVALID, "%s: %s", urls[i], why.text);
    }
    CHECK_INT(ask_for("get", "http://127.0.0.1:1/", NULL), ERR_INVALID);
    CHECK_INT(ask_for("GET /x HTTP/1.1\r\nA:", "http://127.0.0.1:1/", NULL), ERR_INVALID);
    CHECK_INT(ask_for("GET", "http://127.0.0.1:1/", "A: b\r\nC: d"), ERR_INVALID);
    static const char *const headers[] = {"no colon", ": no name", "no value:", "A: \x01", "A: \x7f"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        CHECK_MSG(ask_for("GET", "http://127.0.0.1:1/", headers[i]) == ERR_INVALID, "%s", headers[i]);
    CHECK_INT(ask_for("GET", "http://127.0.0.1:1/", "A: b\tc"), ERR_UNAVAILABLE);
    CHECK_INT(ask_for("Get", "http://127.0.0.1:1/", NULL), ERR_INVALID);
    CHECK_INT(ask_for("A", "http://127.0.0.1:1/", NULL), ERR_UNAVAILABLE);
    CHECK_INT(ask_for("ABCDEFGHIJKLMNOPQ", "http://127.0.0.1:1/", NULL), ERR_INVALID);
    char long_name[400];
    snprintf(long_name, sizeof long_name, "http://%0300d.example/", 0);
    CHECK_INT(ask_for("GET", long_name, NULL), ERR_INVALID);
    CHECK_INT(ask_for("GET", "http://127.0.0.1:1/", NULL), ERR_UNAVAILABLE);
    CHECK(!got.asked); /* nobody was there to hear it */
    http_client_free(NULL);
}

/* Environment variables that curl would read by itself lead to a port where nobody listens. */
static void the_environment_changes_nothing(void)
{
    struct http_request r = {.method = "GET"};
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    CHECK_INT(ask("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, &limits, &r, &s, &got, &why),
              ERR_OK);
    buf_free(&got.body);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

/* A TLS server whose certificate nobody has vouched for. Its own client, told to trust it, gets its page;
 * ours must not ask it anything. */
static void an_unknown_certificate_ends_it(void)
{
    char folder[] = "/tmp/mvti-tls-XXXXXX", command[600], line[200] = "", url[60];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(
        command, sizeof command,
        "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
        "/CN=localhost -addext subjectAltName=DNS:localhost -keyout k -out c 2>/dev/null && exec openssl "
        "s_server "
        "-accept 127.0.0.1:0 -cert c -key k -www -naccept 2 </dev/null 2>&1",
        folder);
    FILE *server = popen(command, "r");
    int port = 0;
    while (server != NULL && port == 0 && fgets(line, sizeof line, server) != NULL)
        if (sscanf(line, "ACCEPT 127.0.0.1:%d", &port) != 1)
            port = 0;
    CHECK_MSG(port > 0, "openssl s_server: %s", line);
    snprintf(url, sizeof url, "https://localhost:%d/", port);
    CHECK_INT(ask_for("GET", url, NULL), ERR_UNAVAILABLE);
    CHECK_MSG(strstr(why.text, "certificate") != NULL, "%s", why.text);
    snprintf(command, sizeof command, "curl -sS --cacert %s/c %s | grep ^Ciphers >/dev/null", folder, url);
    CHECK_INT(system(command), 0);
    CHECK(server != NULL && pclose(server) == 0);
    snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK_INT(system(command), 0);
}

int main(void)
{
    RUN(method_headers_and_body_arrive);
    RUN(other_methods_too);
    RUN(a_failure_of_the_server_is_an_answer);
    RUN(redirects_are_not_followed);
    RUN(an_answer_has_a_size);
    RUN(nobody_waits_for_ever);
    RUN(what_is_no_answer_is_said);
    RUN(what_cannot_be_asked_is_refused);
    RUN(the_environment_changes_nothing);
    RUN(an_unknown_certificate_ends_it);
    return check_done();
}
