#include "doctor.h"

#include <string.h>
#include <unistd.h>

#include "account.h"

static const struct {
    const char *id;
    void (*check)(struct doctor *d);
    bool often;
} checks[] = {
    {"settings", doctor_settings, true},
    {"state-folder", doctor_folders, true},
    {"disk", doctor_disk, true},
    {"key", doctor_key, true},
    {"database", doctor_database, true},
    {"clock", doctor_clock, true},
    {"migrations", doctor_migrations, true},
    {"replica", doctor_replica, true},
    {"rights", doctor_rights, true},
    {"worker-account", doctor_worker_account, false},
    {"counters", doctor_counters, false},
    {"rollup", doctor_rollup, false},
    {"catalog", doctor_catalog, false},
    {"ratings", doctor_ratings, false},
    {"dataset", doctor_dataset, false},
    {"models", doctor_models, false},
    {"content-model", doctor_content, false},
    {"snapshot", doctor_snapshot, false},
    {"snapshot-age", doctor_snapshot_age, true},
    {"experiments", doctor_experiments, false},
    {"personality-texts", doctor_reference, false},
    {"page-shell", doctor_shell, true},
    {"pictures", doctor_pictures, false},
    {"left-overs", doctor_left_overs, false},
    {"libfcgi", doctor_fastcgi, false},
    {"workers", doctor_workers, true},
    {"sockets", doctor_sockets, true},
    {"timers", doctor_timers, true},
    {"units", doctor_units, true},
    {"pull", doctor_pull, true},
    {"jobs", doctor_jobs, false},
    {"site", doctor_site, true},
    {"errors", doctor_errors, true},
    {"mlflow", doctor_mlflow, false},
    {"analytics", doctor_analytics, false},
};

void doctor_run(struct doctor *d, bool often)
{
    d->findings = VEC_OF(struct doctor_finding);
    d->often = often;
    d->installed = strcmp(d->job->config_file, JOB_CONFIG) == 0 && access("/run/systemd/system", F_OK) == 0;
    (void)account_jobs(d->job);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        d->id = checks[i].id;
        if (checks[i].often || !often)
            checks[i].check(d);
    }
    account_return();
}
