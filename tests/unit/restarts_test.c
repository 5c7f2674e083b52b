/* Workers that end soon after one another wait, longer each time; whoever lived is none of them. Here the test is systemd: it keeps the file. */
#include "restarts.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/check.h"

static int manager;    /* systemd's end */
static char said[200]; /* the last it was told */

/* What a worker asks systemd to keep, or −1. */
static int take_kept(void)
{
    union {
        struct cmsghdr head;
        char bytes[256];
    } control;
    struct iovec v = {said, sizeof said - 1};
    struct msghdr m = {
        .msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(manager, &m, MSG_DONTWAIT);
    int fd = -1;
    said[n > 0 ? n : 0] = '\0';
    for (struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL; c != NULL; c = CMSG_NXTHDR(&m, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
            memcpy(&fd, CMSG_DATA(c), sizeof fd);
    return fd;
}

/* The next worker starts now; its own file descriptor is closed by it. */
static double next(int kept)
{
    int own = dup(kept);
    double seconds = restarts_begin(own);
    CHECK(fcntl(own, F_GETFD) < 0);
    return seconds;
}

/* As if the last one had lived so long. */
static void lived(int kept, double seconds)
{
    double started;
    CHECK(pread(kept, &started, sizeof started, sizeof(uint64_t)) == sizeof started);
    started -= seconds;
    CHECK(pwrite(kept, &started, sizeof started, sizeof(uint64_t)) == sizeof started);
}

static void those_that_end_soon_wait_longer(int kept)
{
    double before = clock_monotonic();
    CHECK(next(kept) == 0 && next(kept) == 0 && take_kept() < 0 && said[0] == '\0');
    CHECK_NEAR(next(kept), 0.25, 0);
    (void)take_kept();
    CHECK(strstr(said, "STATUS=waits 0.25 s") != NULL);
    CHECK_NEAR(next(kept), 0.5, 0);
    CHECK(clock_monotonic() - before >= 0.75); /* it did wait */
    (void)take_kept();
}

static void one_that_lived_begins_anew(int kept)
{
    lived(kept, 5);
    CHECK(next(kept) == 0 && next(kept) == 0 && next(kept) == 0);
    lived(kept, 2);
    CHECK_NEAR(next(kept), 0.25, 0);
    (void)take_kept();
}

/* However many they were. */
static void no_pause_is_longer_than_the_longest(int kept)
{
    uint64_t many = UINT64_MAX - 1;
    CHECK(pwrite(kept, &many, sizeof many, 0) == sizeof many);
    CHECK_NEAR(next(kept), 2, 0);
    (void)take_kept();
}

static int kept;

static void a_worker_asks_for_its_file_to_be_kept(void)
{
    CHECK(restarts_begin(-1) == 0);
    kept = take_kept();
    CHECK(kept >= 0 && strstr(said, "FDSTORE=1") != NULL && strstr(said, "FDNAME=" RESTARTS_NAME) != NULL);
}

static void the_pause_grows_and_ends(void)
{
    those_that_end_soon_wait_longer(kept);
    one_that_lived_begins_anew(kept);
    no_pause_is_longer_than_the_longest(kept);
}

static void a_file_without_a_count_begins_one(void)
{
    CHECK(ftruncate(kept, 3) == 0);
    CHECK(next(kept) == 0 && next(kept) == 0 && next(kept) == 0);
    CHECK(next(kept) > 0);
}

static void nothing_kept_is_no_pause(void)
{
    unsetenv("NOTIFY_SOCKET");
    for (int i = 0; i < 6; i++)
        CHECK(restarts_begin(-1) == 0);
}

int main(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "/tmp/mvti-restarts-%ld", (long)getpid());
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK(bind(manager, (struct sockaddr *)&a, sizeof a) == 0 && setenv("NOTIFY_SOCKET", a.sun_path, 1) == 0);
    RUN(a_worker_asks_for_its_file_to_be_kept);
    RUN(the_pause_grows_and_ends);
    RUN(a_file_without_a_count_begins_one);
    RUN(nothing_kept_is_no_pause);
    unlink(a.sun_path);
    return check_done();
}
