/* mvti doctor: what is wrong with this installation, in plain words. */
#include "doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"

static void (*const checks[])(struct doctor *d) = {
    doctor_settings, doctor_folders,  doctor_database,  doctor_migrations, doctor_rights,
    doctor_counters, doctor_catalog,  doctor_ratings,   doctor_dataset,    doctor_models,
    doctor_content,  doctor_snapshot, doctor_reference, doctor_shell,      doctor_fastcgi,
};

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

int cmd_doctor(struct job *job, int argc, char **argv)
{
    int n = job_options(argc, argv, "doctor", NULL, NULL, 0, 0);
    if (n < 0)
        return job_options_status(n);
    struct doctor d = {.job = job};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        checks[i](&d);
    if (d.wrong == 0) {
        job_say(job, "Nothing is wrong.");
        return JOB_OK;
    }
    job_say(job, "%d %s to mend; begin with the first.", d.wrong, d.wrong == 1 ? "thing" : "things");
    return err_exit_status(ERR_UNAVAILABLE);
}
