/* Cuts a migration file into its statements: at ';' outside of quotes and comments. */
#ifndef MVTI_STORE_SQL_SPLIT_H
#define MVTI_STORE_SQL_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

struct sql_split {
    const char *text; /* [n], borrowed */
    size_t n, at;
    size_t line; /* of `at`, from 1 */
};

struct sql_statement {
    const char *text; /* [n] into the file, without the ';' */
    size_t n;
    size_t line; /* where its first word stands, from 1 */
};

void sql_split_init(struct sql_split *s, const char *text, size_t n);
/* The next statement; false at the end. Leading blanks and comments are left out; an unclosed quote or
 * comment runs to the end of the text. */
bool sql_split_next(struct sql_split *s, struct sql_statement *out);

#endif
