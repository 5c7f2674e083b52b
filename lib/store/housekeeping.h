/* How large the tables are, and when the jobs last did what they do. */
#ifndef MVTI_STORE_HOUSEKEEPING_H
#define MVTI_STORE_HOUSEKEEPING_H

#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { HOUSEKEEPING_TABLES = 200 };

struct housekeeping_table {
    const char *name; /* in the arena */
    int64_t rows;     /* as the server estimates them */
    int64_t bytes;    /* data and indexes */
};
struct housekeeping {
    int64_t trained, published, counted, newest_event; /* seconds since 1970 UTC; 0: never */
    struct housekeeping_table *tables;                 /* [n], the largest first, in the arena */
    size_t n;
};

/* What the account may not see is not in it. */
MUST_USE enum err housekeeping_read(struct db *db, struct arena *a, struct housekeeping *out,
                                    struct fail *why);

#endif
