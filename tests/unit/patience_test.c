/* What tests wait with: a process that gets no processor is not slow, and one that does nothing is. */
#include "tests/check.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/fixture/eventually.h"
#include "tests/fixture/patience.h"

static void spin(void)
{
    for (volatile unsigned long i = 0;; i++)
        ;
}

/* On one processor; idle: only when nobody else wants it (sched(7), SCHED_IDLE). */
static pid_t start(void (*work)(void), bool idle)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (sched_setaffinity(0, sizeof one, &one) != 0 ||
        (idle && sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0}) != 0))
        _exit(1);
    work();
    _exit(0);
}

static void rest(void)
{
    for (;;)
        pause();
}

static void end(pid_t pid)
{
    CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
}

static bool is_over(void *arg)
{
    return !patience_lasts(arg);
}

static void what_gets_no_processor_is_waited_for(void)
{
    cpu_set_t all, one;
    struct patience idle, resting;
    CHECK(sched_getaffinity(0, sizeof all, &all) == 0);
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    CHECK(sched_setaffinity(0, sizeof one, &one) == 0); /* so that all three are on the same */
    pid_t busy = start(spin, false), starved = start(spin, true), asleep = start(rest, false);
    CHECK(busy > 0 && starved > 0 && asleep > 0);
    patience_begin(&idle, 0.3, starved);
    patience_begin(&resting, 0.3, asleep);
    CHECK(eventually(is_over, &resting)); /* who does nothing is given up */
    CHECK_MSG(patience_lasts(&idle) && idle.left > 0.1, "%.3f s are left", idle.left);
    end(busy);
    CHECK(eventually(is_over, &idle)); /* from now on it has the processor, and does not end */
    end(starved);
    end(asleep);
    CHECK(sched_setaffinity(0, sizeof all, &all) == 0);
}

/* Stretches: a wait of a minute is measured four times, one of a second once. */
static void a_stretch_is_a_quarter(void)
{
    struct patience p;
    double slow = patience_slowness();
    patience_begin(&p, 60, 0);
    CHECK_NEAR(patience_stretch(&p), 15 * slow, 0.5);
    p.counted -= 15 * slow;
    CHECK(patience_lasts(&p));
    CHECK_MSG(p.left >= 44.5 && p.left <= 60, "%.2f s", p.left);
    patience_begin(&p, 1, 0);
    slow = patience_slowness();
    CHECK_NEAR(patience_stretch(&p), slow, 0.5);
    double began = clock_monotonic();
    CHECK(patience_lasts(&p));
    CHECK_MSG(clock_monotonic() - began < 0.05 * slow, "nothing was measured");
    p.counted -= 1000 * slow; /* as long as a machine a thousand times slower would take */
    CHECK(!patience_lasts(&p));
    CHECK(patience_within(0, 1) && !patience_within(1e9, 1));
}

int main(void)
{
    RUN(what_gets_no_processor_is_waited_for);
    RUN(a_stretch_is_a_quarter);
    return check_done();
}
