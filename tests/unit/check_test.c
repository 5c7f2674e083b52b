/* The frame itself: what fails in a fixture fails the test that called it. */
#include "tests/check.h"

#include <fcntl.h>
#include <unistd.h>

#include "fixture/program.h"

static void a_fixture_fails_its_test(void)
{
    static const struct mariadb nowhere = {.folder = "/nonexistent"};
    const struct program p = {.server = &nowhere};
    CHECK(check_failed_in_test == 0);
    program_shell_works(&p, "true");
    CHECK(check_failed_in_test == 0);
    int out = dup(STDERR_FILENO), nothing = open("/dev/null", O_WRONLY);
    CHECK(dup2(nothing, STDERR_FILENO) >= 0); /* what it says of that is no news */
    program_shell_works(&p, "false");
    CHECK(dup2(out, STDERR_FILENO) >= 0);
    close(out);
    close(nothing);
    int noticed = check_failed_in_test;
    check_failed_in_test = 0;
    CHECK(noticed == 1);
}

int main(void)
{
    RUN(a_fixture_fails_its_test);
    return check_done();
}
