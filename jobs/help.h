/* Help on the terminal: rows of a name and what it means, wrapped. jobs/man reads what is printed here. */
#ifndef MVTI_JOBS_HELP_H
#define MVTI_JOBS_HELP_H

#include <stdio.h>

enum { HELP_WIDTH = 100 };

/* `name` from column `indent` on and `text` from column `at` on; on a line of its own where the name is too
 * long for that. */
void help_row(FILE *f, int indent, int at, const char *name, const char *text);
/* "usage: mvti " and a line such as "migrate [--list]". */
void help_usage(FILE *f, const char *usage);

#endif
