/* What has happened today, for the first page: true numbers at a bounded cost. A day is one of the site's time zone. */
#ifndef MVTI_STORE_TODAY_H
#define MVTI_STORE_TODAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

enum { TODAY_TESTS = 10000, TODAY_MET = 8 };

struct today {
    int64_t tests; /* completed today; TODAY_TESTS if there are more */
    bool more;
    /* Ids of the characters that most people of today's newest thousand tests met first, two at least, most first. People who do not count for
     * everybody (visitor_add) are not counted here either, and nobody twice. */
    int32_t met[TODAY_MET];
    size_t n_met;
};

/* ERR_UNAVAILABLE. Cost: TODAY_TESTS entries of an index and a thousand results at most. */
MUST_USE enum err today_read(struct db *db, struct today *out, struct fail *why);

#endif
