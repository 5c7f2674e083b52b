/* What became of the commands that run unattended. */
#include "doctor.h"

#include "job_record.h"

static bool one_job(struct doctor *d, int n, const struct job_record *r)
{
    if (r->failed <= r->succeeded)
        return true;
    if (r->status == JOB_RECORD_KILLED)
        doctor_say(d, DOCTOR_NOTE, "jobs", "the last run of %s was killed; its begin is %s",
                   job_record_name(n), doctor_age(d, r->failed));
    else
        doctor_say(d, DOCTOR_NOTE, "jobs", "the last run of %s failed (%d); that is %s", job_record_name(n),
                   (int)r->status, doctor_age(d, r->failed));
    return false;
}

/* Notes only: a unit that failed is found by doctor_units, and a night that rightly publishes nothing ends so, too. */
void doctor_jobs(struct doctor *d)
{
    struct job_record r;
    bool running, well = true;
    int known = 0;
    for (int n = 0; job_record_name(n) != NULL; n++) {
        if (!job_record_read(&d->job->config, n, &r, &running))
            continue;
        known++;
        well &= one_job(d, n, &r);
    }
    if (known == 0)
        doctor_say(d, DOCTOR_NOTE, "jobs", "no unattended command has run yet");
    else if (well)
        doctor_say(d, DOCTOR_GOOD, "jobs",
                   "the last runs of all %d unattended commands that ever ran succeeded", known);
}
