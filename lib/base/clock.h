/* Time, in one place so that a test can see who asks for it. */
#ifndef MVTI_BASE_CLOCK_H
#define MVTI_BASE_CLOCK_H

#include <stdint.h>

/* Monotonic seconds with nanosecond resolution; differences only. */
double clock_monotonic(void);
/* Waits so long, or until a signal comes. */
void clock_pause(double seconds);
/* Seconds since 1970-01-01 UTC. */
int64_t clock_wall(void);
/* The same in milliseconds. */
int64_t clock_wall_ms(void);

#endif
