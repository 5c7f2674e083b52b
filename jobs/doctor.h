/* The checks of `mvti doctor`. Each says one line (or one a thing looked at) and never changes anything. */
#ifndef MVTI_JOBS_DOCTOR_H
#define MVTI_JOBS_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "job.h"

enum doctor_mark {
    DOCTOR_GOOD,  /* ✓ */
    DOCTOR_WRONG, /* ✗ the line ends with what to do */
    DOCTOR_NOTE   /* – nothing to judge, or could not be looked at */
};

struct doctor {
    struct job *job;
    int wrong;
    bool database;       /* it answers */
    bool tables;         /* and every migration has run */
    uint8_t dataset[32]; /* hash of the current dataset, if has_dataset */
    bool has_dataset;
    int64_t model_created; /* of the model that is published, 0 if there is none */
};

/* Prints "mark what: sentence". */
void doctor_say(struct doctor *d, enum doctor_mark mark, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* "3 hours old" from seconds since 1970; in the arena. */
const char *doctor_age(struct doctor *d, int64_t since);

void doctor_settings(struct doctor *d);
void doctor_folders(struct doctor *d);
void doctor_database(struct doctor *d);   /* sets database */
void doctor_migrations(struct doctor *d); /* sets tables */
void doctor_rights(struct doctor *d);
void doctor_counters(struct doctor *d);
void doctor_rollup(struct doctor *d);
void doctor_experiments(struct doctor *d);
void doctor_catalog(struct doctor *d);
void doctor_ratings(struct doctor *d);
void doctor_dataset(struct doctor *d); /* sets dataset */
void doctor_models(struct doctor *d);  /* after the dataset */
void doctor_content(struct doctor *d); /* BTS and its encoders; after the migrations */
void doctor_snapshot(struct doctor *d);
void doctor_reference(struct doctor *d);
void doctor_shell(struct doctor *d);
void doctor_pictures(struct doctor *d);
void doctor_fastcgi(struct doctor *d);
void doctor_mlflow(struct doctor *d);    /* silent where the settings name no server */
void doctor_analytics(struct doctor *d); /* likewise, no property of Google Analytics */

#endif
