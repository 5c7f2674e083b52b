/* Requests of one network are counted in a window, and others are not held up by them. */
#include "limit.h"
#include "tests/check.h"

static struct limit l;

static void one_more_than_most_is_refused_until_the_window_ends(void)
{
    for (int i = 0; i < 5; i++)
        CHECK_INT(limit_wait(&l, "192.0.2.1", 5, 60, 100), 0);
    CHECK_INT(limit_wait(&l, "192.0.2.1", 5, 60, 101), 59);
    CHECK_INT(limit_wait(&l, "192.0.2.2", 5, 60, 101), 0);
    CHECK_INT(limit_wait(&l, "192.0.2.1", 5, 60, 159.5), 1);
    CHECK_INT(limit_wait(&l, "192.0.2.1", 5, 60, 160), 0);
}

static void looking_counts_nothing(void)
{
    l = (struct limit){0};
    CHECK_INT(limit_full(&l, "192.0.2.1", 2, 60, 100), 0);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(limit_full(&l, "192.0.2.1", 2, 60, 100), 0);
        CHECK_INT(limit_wait(&l, "192.0.2.1", 2, 60, 100), 0);
    }
    CHECK_INT(limit_full(&l, "192.0.2.1", 2, 60, 101), 59);
    CHECK_INT(limit_full(&l, "192.0.2.1", 2, 60, 159.5), 1);
    CHECK_INT(limit_full(&l, "192.0.2.1", 2, 60, 160), 0);
    CHECK_INT(limit_full(&l, "192.0.2.2", 2, 60, 101), 0);
    CHECK_INT(limit_full(&l, "::ffff:192.0.2.1", 2, 60, 101), 59);
}

static void a_full_table_forgets_the_oldest(void)
{
    char address[32];
    l = (struct limit){0};
    CHECK(limit_wait(&l, "first", 1, 60, 1) == 0 && limit_wait(&l, "first", 1, 60, 1) > 0);
    for (int i = 0; i < LIMIT_NETWORKS; i++) {
        snprintf(address, sizeof address, "a%d", i);
        CHECK_INT(limit_wait(&l, address, 1, 60, 2 + i * 0.1), 0);
    }
    CHECK(limit_wait(&l, "a255", 1, 60, 30) > 0);
    CHECK_INT(limit_wait(&l, "first", 1, 60, 30), 0);
    CHECK_INT(limit_wait(&l, "second", 1, 60, 31), 0);
    CHECK(limit_wait(&l, "first", 1, 60, 32) > 0 && limit_wait(&l, "second", 1, 60, 32) > 0);
    CHECK(limit_wait(&l, "a255", 1, 60, 32) > 0); /* of the others, the newest */
}

static void a_network_is_an_ipv4_address_or_64_bits_of_ipv6(void)
{
    static const char *const networks[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
        {"2001:db8:1:2::", "2001:db8:1:2::"},
        {"2001:db8::1", "2001:db8::"},
        {"2001:DB8:0:0:1:2:3:4", "2001:db8::"},
        {"::1", "::"},
        {"fe80::1", "fe80::"},
        {"", ""},
        {"unix:", "unix:"},
        {"2001:db8:1:2:3:4:5:6:7", "2001:db8:1:2:3:4:5:6:7"},
    };
    char network[NETWORK_CHARS];
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        network_of(networks[i][0], network);
        CHECK_STR(network, networks[i][1]);
    }
    l = (struct limit){0};
    CHECK_INT(limit_wait(&l, "2001:db8::1", 1, 60, 1), 0);
    CHECK_INT(limit_wait(&l, "2001:db8::ffff:1", 1, 60, 1), 60);
    CHECK_INT(limit_wait(&l, "2001:db8:0:1::1", 1, 60, 1), 0);
}

int main(void)
{
    RUN(one_more_than_most_is_refused_until_the_window_ends);
    RUN(looking_counts_nothing);
    RUN(a_full_table_forgets_the_oldest);
    RUN(a_network_is_an_ipv4_address_or_64_bits_of_ipv6);
    return check_done();
}
