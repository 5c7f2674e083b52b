/* What visitors say is wrong on a page: a queue for the owner. A report leads to nobody. */
#ifndef MVTI_STORE_ERROR_REPORT_H
#define MVTI_STORE_ERROR_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { ERROR_REPORT_CHARS = 300, ERROR_REPORT_OPEN = 1000 };

struct error_report {
    int64_t report_id;
    const char *about; /* "character" or "movie" */
    int32_t subject_id;
    const char *kind; /* "type", "text", "picture", "link" or "other" */
    const char *said; /* at most ERROR_REPORT_CHARS code points; "": nothing */
    int64_t created;  /* seconds since 1970 UTC */
};

struct error_reports {
    struct error_report *items; /* [n] newest first, in the arena */
    size_t n, most;             /* most: how many are asked for */
};

/* ERR_LIMITED: ERROR_REPORT_OPEN wait already. Cost: as many entries of an index. */
MUST_USE enum err error_report_add(struct db *db, const struct error_report *r, struct fail *why);
MUST_USE enum err error_report_list(struct db *db, struct error_reports *page, struct arena *a,
                                    struct fail *why);
/* Takes one out of the queue. ERR_NOT_FOUND: it is in it no more. */
MUST_USE enum err error_report_close(struct db *db, int64_t report_id, struct fail *why);
/* How many wait, at most ERROR_REPORT_OPEN. */
MUST_USE enum err error_report_open(struct db *db, int64_t *out, struct fail *why);

#endif
