/* Where a visitor came from the first time (sql/migrations/0020). */
#ifndef MVTI_STORE_FIRST_VISIT_H
#define MVTI_STORE_FIRST_VISIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

/* Texts: bytes of UTF-8 at most; an address of more is cut where it is read. */
enum { FIRST_VISIT_HOST = 100, FIRST_VISIT_TEXT = 60, FIRST_VISIT_APP = 16 };

struct first_visit {
    const char *path;     /* kind of page: "/", "/r", "/test" */
    const char *referrer; /* host; NULL: unknown, as all that follow */
    const char *utm_source, *utm_medium, *utm_campaign;
    const char *app;
    const char *device; /* phone, tablet, desktop */
    const char *locale; /* ko, en */
    bool bot;
    int64_t created; /* seconds since 1970 UTC; when loaded only */
};

/* Stores it unless there is one already. */
MUST_USE enum err first_visit_put(struct db *db, int64_t visitor_id, const struct first_visit *v,
                                  struct fail *why);
/* ERR_NOT_FOUND: none was told. */
MUST_USE enum err first_visit_load(struct db *db, int64_t visitor_id, struct arena *a,
                                   struct first_visit *out, struct fail *why);
/* The earlier one of two visitors that become one. */
MUST_USE enum err first_visit_move(struct db *db, int64_t from, int64_t to, struct fail *why);

#endif
