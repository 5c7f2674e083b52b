/* Bytes into a socket that takes them a few at a time, and into one that nobody holds any more. */
#include "tests/check.h"

#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/send.h"

enum { MUCH = 3 * 1000 * 1000 + 1 };
static char sent[MUCH], got[MUCH + 4096];

static void *read_slowly(void *arg)
{
    size_t n = 0;
    ssize_t more;
    while ((more = read(*(int *)arg, got + n, 1 + n % 4093)) > 0)
        n += (size_t)more;
    return (void *)n;
}

static void all_of_it_arrives(void)
{
    int ends[2];
    pthread_t reader;
    void *n = NULL;
    for (size_t i = 0; i < MUCH; i++)
        sent[i] = (char)(i * 31 % 251);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(pthread_create(&reader, NULL, read_slowly, &ends[1]) == 0);
    CHECK(send_all(ends[0], sent, MUCH));
    CHECK(send_all(ends[0], sent, 0));
    close(ends[0]);
    pthread_join(reader, &n);
    CHECK((size_t)n == MUCH && memcmp(sent, got, MUCH) == 0);
    close(ends[1]);
}

static void who_is_gone_or_takes_nothing_is_told_of(void)
{
    int ends[2];
    const struct timeval patience = {.tv_usec = 10000};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0);
    CHECK(!send_all(ends[0], sent, MUCH));
    close(ends[1]);
    CHECK(!send_all(ends[0], sent, 1)); /* and this process lives on */
    close(ends[0]);
}

int main(void)
{
    RUN(all_of_it_arrives);
    RUN(who_is_gone_or_takes_nothing_is_told_of);
    return check_done();
}
