/* The kinds of `mvti import`: one function each, argv[0] is the kind. */
#ifndef MVTI_JOBS_IMPORT_H
#define MVTI_JOBS_IMPORT_H

#include "job.h"

int import_ratings(struct job *job, int argc, char **argv);
int import_factors(struct job *job, int argc, char **argv);

#endif
