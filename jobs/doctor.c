#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"

void doctor_say(struct doctor *d, enum doctor_mark mark, const char *what, const char *fmt, ...)
{
    static const char *const marks[] = {[DOCTOR_GOOD] = "✓", [DOCTOR_WRONG] = "✗", [DOCTOR_NOTE] = "–"};
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    job_say(d->job, "%s %s: %s", marks[mark], what, text);
    d->wrong += mark == DOCTOR_WRONG;
}

const char *doctor_age(struct doctor *d, int64_t since)
{
    static const struct {
        int64_t seconds;
        const char *noun;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}};
    int64_t age = clock_wall() - since;
    for (int i = 0; i < 3; i++)
        if (age >= units[i].seconds) {
            long long n = (long long)(age / units[i].seconds);
            const char *s =
                arena_printf(&d->job->arena, "%lld %s%s old", n, units[i].noun, n == 1 ? "" : "s");
            return s != NULL ? s : "";
        }
    return "just made";
}
