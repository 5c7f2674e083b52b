/* A table of text for the terminal: columns as wide as their widest cell, numbers to the right. Cells are
 * ASCII or count as many columns as they have UTF-8 characters. */
#ifndef MVTI_JOBS_TABLE_H
#define MVTI_JOBS_TABLE_H

#include <stddef.h>

#include "base/vec.h"
#include "job.h"

enum { TABLE_COLUMNS = 24 };

struct table {
    struct job *job;  /* cells live in its arena */
    struct vec cells; /* const char *, row by row */
    size_t n_columns; /* 1 … TABLE_COLUMNS */
};

void table_start(struct table *t, struct job *job, size_t n_columns);
/* The next cell, row by row; the first n_columns of them are the heads. */
void table_text(struct table *t, const char *text);
/* With so many decimals; "-" for NaN. */
void table_real(struct table *t, double x, int decimals);
/* Prints it and frees it. A row that is not full is filled with empty cells. */
void table_say(struct table *t);

#endif
