/* What became of commands that run unattended: a file for each in state_dir/jobs, written when one begins and when it ends, and locked by
 * it meanwhile. So a run that was killed, or whose machine lost power, is seen by whoever looks: begun, not ended, and nobody holds the file. */
#ifndef MVTI_JOBS_JOB_RECORD_H
#define MVTI_JOBS_JOB_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"

enum { JOB_RECORD_KILLED = -1 };

struct job_record {
    int64_t started, finished; /* seconds since 1970 UTC of the last run; finished 0: not yet, or never */
    int64_t succeeded,
        failed; /* when the last run of that outcome ended; one that was killed: when it began. 0: never */
    int64_t milliseconds; /* that the last finished run took */
    int64_t status;       /* of the last failure: what the program ended with, or JOB_RECORD_KILLED */
    int64_t successes, failures;
};

/* The words of the command line from the command on. Nothing is recorded of commands that are none of the table's, of a run while
 * another of the same job goes on, and where the folder cannot be written, which is logged. */
void job_record_begin(const struct config *config, int argc, char **argv);
/* The command ends with that status. */
void job_record_end(int status);

/* The n-th job's name, such as "train blend"; NULL behind the last. */
const char *job_record_name(int n);
/* What is known of it; a run that was killed counts as a failure. *running: one is at work. False: it never ran. */
bool job_record_read(const struct config *config, int n, struct job_record *out, bool *running);

#endif
