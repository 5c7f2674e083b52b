#include "num/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct job {
    void (*body)(void *arg, size_t block, size_t thread);
    void *arg;
    size_t n_blocks;
    atomic_size_t next;
};

struct lane {
    struct job *job;
    size_t thread;
    pthread_t id;
};

size_t parallel_threads(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n > PARALLEL_MAX ? PARALLEL_MAX : (size_t)n;
}

/* One counter hands out every block once, whoever comes first; it orders nothing else. What bodies wrote is seen by the caller because it joins
 * the threads, and what they read was written before they were created. */
static void *work(void *arg)
{
    struct lane *lane = arg;
    struct job *job = lane->job;
    for (;;) {
        size_t block = atomic_fetch_add(&job->next, 1);
        if (block >= job->n_blocks)
            return NULL;
        job->body(job->arg, block, lane->thread);
    }
}

void parallel_for(size_t n_blocks, void (*body)(void *arg, size_t block, size_t thread), void *arg)
{
    struct job job = {.body = body, .arg = arg, .n_blocks = n_blocks};
    struct lane lanes[PARALLEL_MAX];
    size_t want = parallel_threads(), started = 1;
    if (want > n_blocks)
        want = n_blocks;
    lanes[0] = (struct lane){.job = &job};
    while (started < want) {
        lanes[started] = (struct lane){.job = &job, .thread = started};
        if (pthread_create(&lanes[started].id, NULL, work, &lanes[started]) != 0)
            break;
        started++;
    }
    work(&lanes[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join(lanes[i].id, NULL);
}

void parallel_if(bool worth, size_t n_blocks, void (*body)(void *arg, size_t block, size_t thread), void *arg)
{
    if (worth) {
        parallel_for(n_blocks, body, arg);
        return;
    }
    for (size_t i = 0; i < n_blocks; i++)
        body(arg, i, 0);
}
