/* The checks of `mvti doctor`. Each says one line (or one a thing looked at) and never changes anything, but for the mark by which the lag of a
 * replica is measured. */
#ifndef MVTI_JOBS_DOCTOR_H
#define MVTI_JOBS_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "job.h"

enum doctor_mark {
    DOCTOR_GOOD,  /* ✓ */
    DOCTOR_WRONG, /* ✗ the line ends with what to do */
    DOCTOR_NOTE   /* – nothing to judge, or could not be looked at */
};

/* In a sentence: what stands behind it is what to do, "…is missing; " DOCTOR_DO "run: mvti publish". It is not printed. */
#define DOCTOR_DO "\x1f"

/* Texts in the job's arena. */
struct doctor_finding {
    const char *id;    /* of the check: a word that stays the same from release to release */
    const char *about; /* which of the things that it looks at, "model ease" */
    enum doctor_mark mark;
    const char *text;   /* what is the case */
    const char *remedy; /* what to do; "": nothing, or the text says it */
};

struct doctor {
    struct job *job;
    int wrong;
    bool often;          /* the checks of a timer */
    bool quiet;          /* nothing is printed: whoever asked reads the findings */
    struct vec findings; /* struct doctor_finding */
    const char *id;      /* of the check at work */
    bool installed;      /* these are the settings of this machine's units, and systemd runs here */
    bool database;       /* it answers */
    bool tables;         /* and every migration has run */
    uint8_t dataset[32]; /* hash of the current dataset, if has_dataset */
    bool has_dataset;
    bool refused;          /* what is wrong with the published snapshot has been said */
    int64_t model_created; /* of the model that is published, 0 if there is none */
};

/* All checks in the order in which to mend what they find, or with `often` those that a timer can afford every few minutes:
 * they read no large file. findings is the caller's to free. */
void doctor_run(struct doctor *d, bool often);

/* Prints "mark what: sentence", and keeps it as a finding. */
void doctor_say(struct doctor *d, enum doctor_mark mark, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* "3 hours old" from seconds since 1970; in the arena. */
const char *doctor_age(struct doctor *d, int64_t since);

void doctor_settings(struct doctor *d);
void doctor_folders(struct doctor *d);
void doctor_disk(struct doctor *d);
void doctor_left_overs(struct doctor *d);
void doctor_key(struct doctor *d);
void doctor_database(struct doctor *d);   /* sets database */
void doctor_migrations(struct doctor *d); /* sets tables */
void doctor_rights(struct doctor *d);
void doctor_replica(struct doctor *d); /* silent without replica_host; after the migrations */
void doctor_clock(struct doctor *d);   /* after the database */
void doctor_counters(struct doctor *d);
void doctor_rollup(struct doctor *d);
void doctor_experiments(struct doctor *d);
void doctor_catalog(struct doctor *d);
void doctor_ratings(struct doctor *d);
void doctor_dataset(struct doctor *d); /* sets dataset */
void doctor_models(struct doctor *d);  /* after the dataset */
void doctor_content(struct doctor *d); /* BTS and its encoders; after the migrations */
void doctor_snapshot(struct doctor *d);
void doctor_snapshot_age(struct doctor *d);
void doctor_reference(struct doctor *d);
void doctor_shell(struct doctor *d);
void doctor_pictures(struct doctor *d);
void doctor_fastcgi(struct doctor *d);
/* Of units: silent but for a note where these settings are not those of the units, or systemd does not run. */
void doctor_workers(struct doctor *d);
void doctor_sockets(struct doctor *d);
void doctor_timers(struct doctor *d);
void doctor_units(struct doctor *d);
void doctor_pull(struct doctor *d);           /* of what is published elsewhere; silent without pull_url */
void doctor_jobs(struct doctor *d);           /* their last runs (job_record.h) */
void doctor_worker_account(struct doctor *d); /* as root alone; after the database */
void doctor_site(struct doctor *d);           /* by its public address: nginx, TLS, workers */
void doctor_errors(struct doctor *d);    /* of the last minutes, in nginx's access log; silent without one */
void doctor_mlflow(struct doctor *d);    /* silent where the settings name no server */
void doctor_analytics(struct doctor *d); /* likewise, no property of Google Analytics */

#endif
