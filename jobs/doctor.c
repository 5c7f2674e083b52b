#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

/* "what is the case; " DO "what to do" as two texts. */
static void keep(struct doctor *d, enum doctor_mark mark, const char *what, const char *text)
{
    struct arena *a = &d->job->arena;
    size_t n = strcspn(text, DOCTOR_DO);
    const char *remedy = text + n + (text[n] != '\0');
    while (*remedy != '\0' && n > 0 && (text[n - 1] == ' ' || text[n - 1] == ';'))
        n--;
    struct doctor_finding f = {.id = d->id,
                               .about = arena_strdup(a, what),
                               .mark = mark,
                               .text = arena_strndup(a, text, n),
                               .remedy = arena_strdup(a, remedy)};
    if (f.about != NULL && f.text != NULL && f.remedy != NULL)
        (void)vec_push(&d->findings, &f);
}

void doctor_say(struct doctor *d, enum doctor_mark mark, const char *what, const char *fmt, ...)
{
    static const char *const marks[] = {[DOCTOR_GOOD] = "✓", [DOCTOR_WRONG] = "✗", [DOCTOR_NOTE] = "–"};
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    keep(d, mark, what, text);
    d->wrong += mark == DOCTOR_WRONG;
    char *divide = strchr(text, DOCTOR_DO[0]);
    if (divide != NULL)
        memmove(divide, divide + 1, strlen(divide));
    if (!d->quiet)
        job_say(d->job, "%s %s: %s", marks[mark], what, text);
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
