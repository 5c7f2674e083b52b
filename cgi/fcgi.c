#include "fcgi.h"

#include <errno.h>
#include <fcgi_config.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/send.h"
#include "routes.h"

/* Waiting and signals. The pool's workers all wait on one socket, so "readable" does not mean that the next
 * accept is ours: the socket is non-blocking, and a worker that finds nothing waits in ppoll. Signals are
 * blocked except in that ppoll. So a stop cannot get lost between a test of the flag and a blocking accept,
 * and it cannot cut a request short with EINTR in libfcgi's or the database client's reads, which take that
 * for a broken connection. */
static volatile sig_atomic_t stopping, renewing;

enum { RECORD_MOST = 65535 - 7, BODY_MOST = 80 * 1024 /* nginx lets 64 KiB through */ };

/* nginx takes what we send into its memory and its files at once, however slowly the visitor reads; one that
 * does not is gone. */
static const struct timeval PATIENCE = {.tv_sec = 20};

static const double TICK = 1.0, LOOK_FOR_SIGNALS = 0.1;

static void on_stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    FCGX_ShutdownPending();
}

static void on_renew(int signal_number)
{
    (void)signal_number;
    renewing = 1;
}

/* USR1 is how FastCGI process managers say "finish and go" (multiwatch by default, Apache). libfcgi's own
 * handler for it only makes every later accept fail, which would leave this loop spinning: so these come
 * after FCGX_Init. */
static const int stop_signals[] = {SIGTERM, SIGINT, SIGUSR1};

/* Blocks the stop signals; *waiting is the mask for ppoll. */
static enum err take_signals(sigset_t *waiting, struct fail *why)
{
    struct sigaction act = {.sa_handler = on_stop}; /* no SA_RESTART: ppoll must return */
    struct sigaction ignore = {.sa_handler = SIG_IGN}, again = {.sa_handler = on_renew};
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGHUP);
    for (size_t i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++)
        sigaddset(&stop, stop_signals[i]);
    if (sigprocmask(SIG_BLOCK, &stop, waiting) != 0 || sigaction(SIGPIPE, &ignore, NULL) != 0 ||
        sigaction(SIGHUP, &again, NULL) != 0)
        return fail_errno(why, ERR_FAULT, "signals");
    sigdelset(waiting, SIGHUP);
    for (size_t i = 0; i < sizeof stop_signals / sizeof *stop_signals; i++) {
        sigdelset(waiting, stop_signals[i]);
        if (sigaction(stop_signals[i], &act, NULL) != 0)
            return fail_errno(why, ERR_FAULT, "signals");
    }
    return ERR_OK;
}

static enum err check_socket(struct fail *why)
{
    int listening = 0;
    socklen_t n = sizeof listening;
    if (getsockopt(0, SOL_SOCKET, SO_ACCEPTCONN, &listening, &n) != 0 || !listening)
        return fail_set(
            why, ERR_IO,
            "descriptor 0 is not a listening socket: start the worker with systemd or spawn-fcgi");
    int flags = fcntl(0, F_GETFL);
    if (flags < 0 || fcntl(0, F_SETFL, flags | O_NONBLOCK) != 0)
        return fail_errno(why, ERR_IO, "descriptor 0");
    return ERR_OK;
}

static void wait_for_request(const sigset_t *waiting, double seconds)
{
    struct pollfd p = {.fd = 0, .events = POLLIN};
    /* Up to a second: ppoll refuses 10⁹ nanoseconds. */
    struct timespec t = {.tv_nsec = (long)(seconds * 999999999.0)};
    (void)ppoll(&p, 1, &t, waiting);
}

static const char *param_of(void *arg, const char *name)
{
    return FCGX_GetParam(name, arg);
}

static size_t body_of(void *arg, char *out, size_t n)
{
    int got = FCGX_GetStr(out, (int)n, arg);
    return got > 0 ? (size_t)got : 0;
}

/* Head and body as one FastCGI record, and the records that end the request (FastCGI 1.0 specification, 3.3
 * and 5.5), in one system call. libfcgi's stream would cut them into 8 KB pieces with a write each, and every
 * write wakes nginx: for a recommendation of 37 KB that cost as much as computing it. False if nothing was
 * sent because it is too long for a record. */
static bool send_whole(FCGX_Request *in, const struct response_part answer[2])
{
    size_t n = answer[0].n + answer[1].n;
    if (n > RECORD_MOST)
        return false;
    unsigned char high = (unsigned char)(in->requestId >> 8), low = (unsigned char)in->requestId;
    /* A record's header: version, type, request, length of its content, of its padding, and a zero. An empty FCGI_STDOUT ends the stream. */
    unsigned char record[8] = {1, 6 /* FCGI_STDOUT */, high, low, (unsigned char)(n >> 8), (unsigned char)n};
    unsigned char end[24] = {1, 6, high, low, 0, 0, 0, 0, 1, 3 /* FCGI_END_REQUEST */, high, low, 0, 8};
    struct iovec parts[] = {{record, sizeof record},
                            {(char *)answer[0].text, answer[0].n},
                            {(char *)answer[1].text, answer[1].n},
                            {end, sizeof end}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 4};
    size_t left = sizeof record + n + sizeof end;
    while (left > 0) {
        ssize_t sent = sendmsg(in->ipcFd, &message, MSG_NOSIGNAL);
        if (sent <= 0)
            return true; /* nginx has left */
        left -= (size_t)sent;
        for (; message.msg_iovlen > 0 && (size_t)sent >= message.msg_iov->iov_len; message.msg_iovlen--)
            sent -= (ssize_t)(message.msg_iov++)->iov_len;
        if (message.msg_iovlen > 0) {
            message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + sent;
            message.msg_iov->iov_len -= (size_t)sent;
        }
    }
    return true;
}

/* Reads what is left of the request. A socket closed with bytes unread would tell nginx "reset" instead of
 * the answer. False if there is more than any route accepts. */
static bool read_to_end(FCGX_Request *in)
{
    char rest[4096];
    for (int i = 0; i < BODY_MOST / (int)sizeof rest; i++)
        if (FCGX_GetStr(rest, (int)sizeof rest, in->in) < (int)sizeof rest)
            return true;
    return false;
}

/* libfcgi ends a request by waiting until nginx has read everything and closed: one more change of process a
 * request, with the worker idle. Detached, it closes at once; the kernel keeps what nginx has not read yet.
 */
static void send_answer(FCGX_Request *in, const struct response_part answer[2])
{
    if (read_to_end(in) && send_whole(in, answer)) {
        FCGX_Detach(in);
        FCGX_Free(in, 1);
        return;
    }
    for (int i = 0; i < 2; i++)
        if (answer[i].n > 0)
            FCGX_PutStr(answer[i].text, (int)answer[i].n, in->out);
}

/* An answer in pieces, each a record (or several, where it is longer than one may be). */
struct pieces {
    FCGX_Request *in;
    const struct fcgi_hooks *hooks;
    bool begun, gone;
};

static bool send_record(FCGX_Request *in, unsigned char type, const char *bytes, size_t n)
{
    unsigned char high = (unsigned char)(in->requestId >> 8), low = (unsigned char)in->requestId;
    unsigned char record[8] = {1, type, high, low, (unsigned char)(n >> 8), (unsigned char)n};
    return send_all(in->ipcFd, record, sizeof record) && send_all(in->ipcFd, bytes, n);
}

static bool send_piece(void *arg, const char *bytes, size_t n)
{
    struct pieces *s = arg;
    if (!s->begun) {
        s->gone = !read_to_end(s->in) ||
                  setsockopt(s->in->ipcFd, SOL_SOCKET, SO_SNDTIMEO, &PATIENCE, sizeof PATIENCE) != 0;
        s->begun = true;
    }
    while (!s->gone && n > 0) {
        size_t part = n < RECORD_MOST ? n : RECORD_MOST;
        s->gone = !send_record(s->in, 6 /* FCGI_STDOUT */, bytes, part);
        bytes += part;
        n -= part;
    }
    s->hooks->busy(s->hooks->arg);
    return !s->gone;
}

/* FastCGI knows no word for "the rest does not come": where the records that end a request are missing, or
 * say that the program failed, nginx (1.22) ends a chunked answer as if it were whole. A record that is none,
 * of a version that does not exist, is an error of the upstream to it, and it closes the visitor's connection
 * without the last chunk, which every client reports. */
static void end_pieces(FCGX_Request *in, bool broken)
{
    static const char whole[8];                       /* status 0, FCGI_REQUEST_COMPLETE */
    static const unsigned char no_record[8] = {0xff}; /* version 255 */
    if (broken)
        (void)send_all(in->ipcFd, no_record, sizeof no_record);
    else if (send_record(in, 6, NULL, 0))
        (void)send_record(in, 3 /* FCGI_END_REQUEST */, whole, sizeof whole);
    FCGX_Detach(in);
    FCGX_Free(in, 1);
}

static void answer(struct site *site, FCGX_Request *in, struct buf *head, const struct fcgi_hooks *hooks)
{
    struct request r = {0};
    struct pieces pieces = {.in = in, .hooks = hooks};
    arena_reset(&site->arena);
    site->response.sink = send_piece;
    site->response.sink_arg = &pieces;
    if (request_from_params(&r, &site->arena, param_of, in->envp) == ERR_OK) {
        r.read_body = body_of;
        r.read_arg = in->in;
        route_serve(site, &r);
    } else {
        log_event(LOG_ERROR, "request.lost", "out of memory");
        response_reset(&site->response);
        site->response.headers.failed = true;
    }
    if (site->response.begun) {
        end_pieces(in, site->response.broken);
        return;
    }
    struct response_part parts[2];
    response_parts(&site->response, head, parts);
    if (r.method == HTTP_HEAD)
        parts[1].n = 0;
    send_answer(in, parts);
}

enum err fcgi_run(struct site *site, const struct fcgi_hooks *hooks, struct fail *why)
{
    sigset_t waiting;
    FCGX_Request in;
    struct buf head = {0};
    enum err rc = check_socket(why);
    if (rc != ERR_OK)
        return rc;
    if (FCGX_Init() != 0 || FCGX_InitRequest(&in, 0, FCGI_FAIL_ACCEPT_ON_INTR) != 0)
        return fail_set(why, ERR_FAULT, "libfcgi cannot be initialised");
    rc = take_signals(&waiting, why);
    if (rc != ERR_OK)
        return rc;
    double ticked = 0, looked = 0;
    while (!stopping) {
        double now = clock_monotonic();
        if (now - ticked >= TICK) {
            hooks->tick(hooks->arg, now);
            ticked = now;
        }
        bool got = FCGX_Accept_r(&in) == 0;
        if (got) {
            answer(site, &in, &head, hooks);
            FCGX_Finish_r(&in);
            site_rest(site);
        }
        /* Signals come in ppoll alone, which a worker that always finds a request would never reach: it looks in ten times a second. */
        if (!got || now - looked >= LOOK_FOR_SIGNALS) {
            wait_for_request(&waiting, got ? 0 : TICK);
            looked = now;
        }
        if (renewing && hooks->renew(hooks->arg))
            break;
        renewing = 0;
    }
    FCGX_Free(&in, 1);
    buf_free(&head);
    return ERR_OK;
}
