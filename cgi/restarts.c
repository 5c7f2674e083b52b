#include "restarts.h"

#include <stdint.h>
#include <sys/mman.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"

/* One that ended within SOON seconds of its start counts, FREE of them in a row are nothing; then the pause begins at FIRST seconds and
 * doubles up to MOST. */
enum { FREE = 3, SOON = 5 };
static const double FIRST = 0.25, MOST = 2.0;

struct count {
    uint64_t soon;  /* in a row */
    double started; /* clock_monotonic, of the last one, when its pause is over */
};

/* Seconds to wait as the one after `soon` in a row. */
static double pause_after(uint64_t soon)
{
    double seconds = FIRST;
    if (soon < FREE)
        return 0;
    for (uint64_t n = FREE; n < soon && seconds < MOST; n++)
        seconds *= 2;
    return seconds < MOST ? seconds : MOST;
}

static int new_file(void)
{
    int fd = memfd_create(RESTARTS_NAME, MFD_CLOEXEC);
    if (fd >= 0)
        (void)sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDNAME=" RESTARTS_NAME, &fd, 1);
    return fd;
}

double restarts_begin(int kept)
{
    struct count c;
    double now = clock_monotonic(), pause;
    int fd = kept >= 0 ? kept : new_file();
    if (kept < 0 || pread(fd, &c, sizeof c, 0) != (ssize_t)sizeof c)
        c = (struct count){.started = now - SOON};
    c.soon = now - c.started < SOON ? c.soon + 1 : 0;
    pause = pause_after(c.soon);
    c.started = now + pause;
    if (fd >= 0 && pwrite(fd, &c, sizeof c, 0) == (ssize_t)sizeof c && pause > 0) {
        (void)sd_notifyf(0, "STATUS=waits %.2f s, because those before it ended soon", pause);
        clock_pause(pause);
    }
    if (fd >= 0)
        close(fd);
    return pause;
}
