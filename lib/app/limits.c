#include "app/limits.h"

enum { MINUTE = 60, HOUR = 3600 };

const struct limits_row limits_table[LIMITS_COUNT] = {
    [LIMITS_TESTS] = {"tests", 30, HOUR, "tests of a visitor"},
    [LIMITS_REACTIONS] = {"reactions", 60, MINUTE, "likes, marks, thumbs, votes and circles of a visitor"},
    [LIMITS_EVENTS] = {"events", 600, MINUTE, "events of a visitor"},
    [LIMITS_GUESTS] = {"guests", 400, 10 * MINUTE,
                       "new visitors of a network"}, /* a school that comes at once */
    [LIMITS_FORMS] = {"forms", 30, HOUR, "new visitors by plain forms of a network"},
    [LIMITS_LOGINS_BROWSER] = {"logins_browser", 10, MINUTE, "logins of a browser"},
    [LIMITS_LOGINS_NETWORK] = {"logins_network", 1200, MINUTE, "logins of a network"},
    [LIMITS_ANSWERS_BROWSER] = {"answers_browser", 20, MINUTE, "answers of providers to a browser"},
    [LIMITS_ANSWERS_NETWORK] = {"answers_network", 1200, MINUTE, "answers of providers to a network"},
    [LIMITS_REFUSALS_BROWSER] = {"refusals_browser", 5, MINUTE,
                                 "answers to a browser that the provider refuses"},
    [LIMITS_REPORTS] = {"reports", 20, 10 * MINUTE, "reports of errors from a network"},
};

enum err limits_reached(enum limits_of limit, int64_t wait, struct fail *why)
{
    const struct limits_row *l = &limits_table[limit];
    if (wait <= 0)
        return ERR_OK;
    if (why != NULL)
        why->limit = l->name;
    if (l->seconds == HOUR)
        return fail_limited(why, wait, "at most %d %s an hour", l->most, l->what);
    if (l->seconds == MINUTE)
        return fail_limited(why, wait, "at most %d %s a minute", l->most, l->what);
    return fail_limited(why, wait, "at most %d %s in %d minutes", l->most, l->what, l->seconds / MINUTE);
}

enum err limits_check(struct db *db, enum limits_of limit, int64_t visitor_id, size_t n, struct fail *why)
{
    static const enum pace_kind kinds[] = {
        [LIMITS_TESTS] = PACE_TESTS, [LIMITS_REACTIONS] = PACE_REACTIONS, [LIMITS_EVENTS] = PACE_EVENTS};
    const struct limits_row *l = &limits_table[limit];
    int64_t wait;
    enum err rc =
        pace_wait(db, visitor_id, &(struct pace){kinds[limit], (int64_t)n, l->most, l->seconds}, &wait, why);
    return rc == ERR_OK ? limits_reached(limit, wait, why) : rc;
}
