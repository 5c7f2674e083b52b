/* `mvti import` of movies, characters, plots or links: options, one import (import/import_kind.h), what came of it. */
#ifndef MVTI_JOBS_IMPORT_CATALOG_H
#define MVTI_JOBS_IMPORT_CATALOG_H

#include "import/import_kind.h"
#include "job.h"

/* argv[0] is the kind as typed. */
int import_catalog(struct job *job, const struct import_kind *kind, int argc, char **argv);

#endif
