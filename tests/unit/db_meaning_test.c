/* What the numbers of a server's errors mean to callers. */
#include "store/db_private.h"
#include "tests/check.h"

static void what_may_run_again_is_told_from_what_may_not(void)
{
    static const struct {
        unsigned code;
        enum err err;
        bool retry;
    } rows[] = {{1213, ERR_BUSY, true},        {1205, ERR_BUSY, true},
                {1467, ERR_BUSY, true}, /* a deadlock over an AUTO_INCREMENT lock */
                {1020, ERR_BUSY, true},        {1180, ERR_UNAVAILABLE, false},
                {1969, ERR_BUSY, false},       {1317, ERR_BUSY, false},
                {1062, ERR_CONFLICT, false},   {1114, ERR_UNAVAILABLE, false},
                {2013, ERR_UNAVAILABLE, true}, {2002, ERR_UNAVAILABLE, false},
                {1047, ERR_UNAVAILABLE, true}, {1064, ERR_FAULT, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool retry;
        enum err rc = db_meaning(rows[i].code, &retry);
        CHECK_MSG(rc == rows[i].err && retry == rows[i].retry, "%u: %s %d", rows[i].code, err_name(rc),
                  retry);
    }
}

int main(void)
{
    RUN(what_may_run_again_is_told_from_what_may_not);
    return check_done();
}
