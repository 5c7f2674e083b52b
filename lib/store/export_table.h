/* What `mvti export` knows: the views of analysts, by which columns a row is found again in a copy, and what says that it has changed. */
#ifndef MVTI_STORE_EXPORT_TABLE_H
#define MVTI_STORE_EXPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "store/change.h"
#include "store/db.h"

enum { EXPORT_KEYS = 2, EXPORT_ORDER = 4, EXPORT_COLUMNS = 64 };

struct export_table {
    const char *name, *view;
    const char *key
        [EXPORT_KEYS]; /* columns by which rows of a copy are replaced: of one test, one day, … ; NULL-ended */
    const char *order
        [EXPORT_ORDER]; /* columns that order all rows, and by which they are read in pieces; NULL-ended */
    bool at_once;       /* few enough to be read in one piece; may have NULL in `order` */
    enum change_what
        what; /* what tells of changes; CHANGE_KINDS: nothing, the table is exported whole each time */
    enum change_what also; /* a change of this kind changes all rows; CHANGE_KINDS: none does */
    const char *
        join; /* of the view v with a change k, whose a and b are the key; NULL: k is a range of event numbers */
    int per_piece; /* keys read at once */
};

/* The table, ended by a row without a name. */
const struct export_table *export_tables(void);
/* NULL: there is none of that name. */
const struct export_table *export_table_find(const char *name);

enum export_type { EXPORT_INT, EXPORT_REAL, EXPORT_TEXT, EXPORT_TIME, EXPORT_DATE };

struct export_column {
    const char *name;
    enum export_type type;
    bool decimal; /* a sum, which SQL gives as DECIMAL */
};

struct export_columns {
    struct export_column items[EXPORT_COLUMNS];
    size_t n;
};

/* The columns of a view, as the database has them. ERR_NOT_FOUND: no such view; ERR_FAULT: a type that nobody has thought of. */
MUST_USE enum err export_table_columns(struct db *db, const struct export_table *t, struct arena *a,
                                       struct export_columns *out, struct fail *why);
/* Place of a column; n where there is none of that name. */
size_t export_table_column(const struct export_columns *c, const char *name);

#endif
