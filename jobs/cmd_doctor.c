/* mvti doctor: what is wrong with this installation, in plain words. */
#include "doctor.h"

static void (*const checks[])(struct doctor *d) = {
    doctor_settings, doctor_folders,  doctor_database,  doctor_migrations, doctor_rights,
    doctor_counters, doctor_catalog,  doctor_ratings,   doctor_dataset,    doctor_models,
    doctor_content,  doctor_snapshot, doctor_reference, doctor_shell,      doctor_fastcgi,
};

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
