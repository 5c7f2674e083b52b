/* mvti doctor: what is wrong with this installation, in plain words. */
#include "doctor.h"

static void (*const checks[])(struct doctor *d) = {
    doctor_settings, doctor_folders,  doctor_database, doctor_migrations,  doctor_rights,
    doctor_counters, doctor_rollup,   doctor_catalog,  doctor_ratings,     doctor_dataset,
    doctor_models,   doctor_content,  doctor_snapshot, doctor_experiments, doctor_reference,
    doctor_shell,    doctor_pictures, doctor_fastcgi,  doctor_mlflow,      doctor_analytics,
};

int cmd_doctor(struct job *job, int argc, char **argv)
{
    int n = job_options(argc, argv, "doctor", NULL, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    struct doctor d = {.job = job};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        checks[i](&d);
    if (d.wrong == 0) {
        job_say(job, "No problems found.");
        return JOB_OK;
    }
    job_say(job, "%d %s; fix in this order.", d.wrong, d.wrong == 1 ? "problem" : "problems");
    return err_exit_status(ERR_UNAVAILABLE);
}
