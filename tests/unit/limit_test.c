/* Requests of one address are counted in a window, and others are not held up by them. */
#include "limit.h"
#include "tests/check.h"

static struct limit l;

static void one_more_than_most_is_refused_until_the_window_ends(void)
{
    for (int i = 0; i < 5; i++)
        CHECK(limit_take(&l, "192.0.2.1", 5, 60, 100));
    CHECK(!limit_take(&l, "192.0.2.1", 5, 60, 101));
    CHECK(limit_take(&l, "192.0.2.2", 5, 60, 101));
    CHECK(!limit_take(&l, "192.0.2.1", 5, 60, 159));
    CHECK(limit_take(&l, "192.0.2.1", 5, 60, 160));
}

static void a_full_table_forgets_the_oldest(void)
{
    char address[32];
    l = (struct limit){0};
    CHECK(limit_take(&l, "first", 1, 60, 1) && !limit_take(&l, "first", 1, 60, 1));
    for (int i = 0; i < LIMIT_ADDRESSES; i++) {
        snprintf(address, sizeof address, "a%d", i);
        CHECK(limit_take(&l, address, 1, 60, 2 + i * 0.1));
    }
    CHECK(!limit_take(&l, "a255", 1, 60, 30));
    CHECK(limit_take(&l, "first", 1, 60, 30));
}

int main(void)
{
    RUN(one_more_than_most_is_refused_until_the_window_ends);
    RUN(a_full_table_forgets_the_oldest);
    return check_done();
}
