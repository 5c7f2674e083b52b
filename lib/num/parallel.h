/* A loop over blocks of work on all cores. Blocks are handed out one by one, so uneven ones balance; what a
 * block computes must depend on its number only, never on the thread, and then the result does not either.
 * Not for workers (they are single-threaded); trainers and evaluation only. */
#ifndef MVTI_NUM_PARALLEL_H
#define MVTI_NUM_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

enum { PARALLEL_MAX = 64 };

/* Threads that parallel_for starts: the cores this process may run on, 1…PARALLEL_MAX. */
size_t parallel_threads(void);

/* Calls body(arg, block, thread) for every block in [0, n_blocks), thread in [0, parallel_threads()). Returns
 * when all are done. Threads that the system refuses are done without: the calling thread always works. */
void parallel_for(size_t n_blocks, void (*body)(void *arg, size_t block, size_t thread), void *arg);
/* The same where `worth` (threads cost some 50 µs), else one block after the other in this thread. */
void parallel_if(bool worth, size_t n_blocks, void (*body)(void *arg, size_t block, size_t thread),
                 void *arg);

#endif
