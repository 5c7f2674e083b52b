#include "picture/frame.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

static enum err await(int fd, short what, const double *deadline, struct fail *why)
{
    if (deadline == NULL)
        return ERR_OK;
    double left = *deadline - clock_monotonic();
    struct pollfd p = {.fd = fd, .events = what};
    int n = left > 0 ? poll(&p, 1, (int)(left * 1e3) + 1) : 0;
    if (n < 0 && errno != EINTR)
        return fail_errno(why, ERR_IO, "socket of mvti-draw");
    return n != 0 ? ERR_OK : fail_set(why, ERR_BUSY, "drawing took too long");
}

static enum err gone(struct fail *why)
{
    return errno == EPIPE || errno == ECONNRESET
               ? fail_set(why, ERR_PEER_GONE, "the other side has closed the connection")
               : fail_errno(why, ERR_IO, "socket of mvti-draw");
}

static bool again(ssize_t n)
{
    return n < 0 && (errno == EINTR || errno == EAGAIN);
}

static enum err take(int fd, void *to, size_t n, const double *deadline, struct fail *why)
{
    char *at = to;
    while (n > 0) {
        enum err rc = await(fd, POLLIN, deadline, why);
        if (rc != ERR_OK)
            return rc;
        ssize_t got = read(fd, at, n);
        if (again(got))
            continue;
        if (got < 0)
            return gone(why);
        if (got == 0)
            return fail_set(why, ERR_PEER_GONE, "the other side has closed the connection");
        at += got;
        n -= (size_t)got;
    }
    return ERR_OK;
}

static enum err give(int fd, const void *from, size_t n, const double *deadline, struct fail *why)
{
    const char *at = from;
    while (n > 0) {
        enum err rc = await(fd, POLLOUT, deadline, why);
        if (rc != ERR_OK)
            return rc;
        ssize_t put = send(fd, at, n, MSG_NOSIGNAL);
        if (again(put))
            continue;
        if (put < 0)
            return gone(why);
        at += put;
        n -= (size_t)put;
    }
    return ERR_OK;
}

enum err frame_read(int fd, uint32_t *word, struct buf *bytes, const double *deadline, struct fail *why)
{
    uint32_t head[2];
    enum err rc = take(fd, head, sizeof head, deadline, why);
    if (rc != ERR_OK)
        return rc;
    *word = head[0];
    buf_reset(bytes);
    if (head[1] > FRAME_MOST)
        return fail_set(why, ERR_CORRUPT, "a frame of %u bytes", head[1]);
    if (!buf_reserve(bytes, head[1]))
        return fail_set(why, ERR_NOMEM, "out of memory");
    rc = take(fd, bytes->data, head[1], deadline, why);
    bytes->len = rc == ERR_OK ? head[1] : 0;
    bytes->data[bytes->len] = '\0';
    return rc;
}

enum err frame_write(int fd, uint32_t word, const struct buf *bytes, const double *deadline, struct fail *why)
{
    if (bytes->failed || bytes->len > FRAME_MOST)
        return fail_set(why, ERR_TOO_LARGE, "a frame of %zu bytes", bytes->len);
    uint32_t head[2] = {word, (uint32_t)bytes->len};
    enum err rc = give(fd, head, sizeof head, deadline, why);
    return rc == ERR_OK ? give(fd, bytes->data, bytes->len, deadline, why) : rc;
}
