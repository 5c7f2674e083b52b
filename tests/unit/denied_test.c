/* Networks that may only read: as they are typed, as they stand in their file, and as a worker has them. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "denying.h"
#include "fixture/file.h"
#include "tests/check.h"

static char path[CONFIG_TEXT];
static struct config config;
static struct denied list;
static char said[400];

static void hear(void *arg, enum log_level level, const char *line, size_t n)
{
    (void)arg;
    (void)level;
    snprintf(said, sizeof said, "%.*s", (int)n, line);
}

static struct denied_entry entry(const char *text, int64_t until)
{
    struct denied_entry e = {.until = until};
    CHECK_MSG(denied_parse(text, &e, NULL) == ERR_OK, "%s", text);
    return e;
}

/* What is read is what was written; what is no network is refused. */
static void networks_are_read_as_written(void)
{
    static const char *const good[][2] = {{"203.0.113.9/24", "203.0.113.0/24"},
                                          {"203.0.113.9", "203.0.113.9/32"},
                                          {"203.0.113.9/32", "203.0.113.9/32"},
                                          {"203.0.113.9/16", "203.0.0.0/16"},
                                          {"203.0.113.9/31", "203.0.113.8/31"},
                                          {"2001:db8:1:2::3", "2001:db8:1:2::/64"},
                                          {"2001:db8:1:2::3/128", "2001:db8:1:2::3/128"},
                                          {"2001:db8:ffff::/33", "2001:db8:8000::/33"},
                                          {"2001:db8::/32", "2001:db8::/32"},
                                          {"::ffff:203.0.113.9", "203.0.113.9/32"},
                                          {"::ffff:203.0.113.9/120", "203.0.113.0/24"},
                                          {"client:0123456789abcdef", "client:0123456789abcdef"}};
    char text[DENIED_TEXT];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct denied_entry e = entry(good[i][0], 0);
        denied_text(&e, text);
        CHECK_STR(text, good[i][1]);
    }
}

static void what_is_no_network_is_refused(void)
{
    static const char *const bad[][2] = {
        {"203.0.113.0/15", "16 to 32 bits"},
        {"203.0.113.0/33", "16 to 32 bits"},
        {"203.0.113.0/", "16 to 32 bits"},
        {"203.0.113.0/ 24", "16 to 32 bits"},
        {"203.0.113.0/+24", "16 to 32 bits"},
        {"203.0.113.0/24x", "16 to 32 bits"},
        {"203.0.113.0/24/24", "16 to 32 bits"},
        {"203.0.113.0/0024", "16 to 32 bits"},
        {"203.0.113.0/4294967320", "16 to 32 bits"},
        {"::ffff:203.0.113.9/-9223372036854775808", "16 to 32 bits"},
        {"2001:db8::/31", "IPv6 32 to 128"},
        {"2001:db8::/129", "IPv6 32 to 128"},
        {"::/0", "IPv6 32 to 128"},
        {"::/32", "everybody with an IPv4 address"},
        {"::/64", "everybody with an IPv4 address"},
        {"::fffe:0:0/95", "everybody with an IPv4 address"},
        {"::ffff:0:0/96", "16 to 32 bits"},
        {"example.org", "is no network"},
        {"", "is no network"},
        {"203.0.113", "is no network"},
        {"0000:0000:0000:0000:0000:ffff:255.255.255.2555",
         "is no network"}, /* one letter more than an address has */
        {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0001", "is no network"},
        {"client:123", "16 hex digits"},
        {"client:0123456789ABCDEF", "16 hex digits"},
        {"client:0123456789abcdef0", "16 hex digits"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct denied_entry e = {0};
        struct fail why = {0};
        CHECK_MSG(denied_parse(bad[i][0], &e, &why) == ERR_INVALID, "%s", bad[i][0]);
        CHECK_MSG(strstr(why.text, bad[i][1]) != NULL, "%s: %s", bad[i][0], why.text);
    }
}

/* Whose address lies in it, under either notation, and nobody else's. */
static void it_meets_whose_address_lies_in_it(void)
{
    list = (struct denied){0};
    struct denied_entry four = entry("203.0.113.0/25", 10), six = entry("2001:db8::/32", 10),
                        mark = entry("client:0123456789abcdef", 10);
    CHECK(!denied_meets(&list, "203.0.113.1", "0123456789abcdef", 0));
    CHECK(denied_put(&list, &four, 0, NULL) == ERR_OK && denied_put(&list, &six, 0, NULL) == ERR_OK &&
          denied_put(&list, &mark, 0, NULL) == ERR_OK && list.n == 3);
    CHECK(denied_meets(&list, "203.0.113.127", "", 9) && denied_meets(&list, "::ffff:203.0.113.1", "", 9));
    CHECK(!denied_meets(&list, "203.0.113.128", "", 9) && !denied_meets(&list, "203.0.112.1", "", 9));
    CHECK(denied_meets(&list, "2001:db8:ffff::1", "", 9) && !denied_meets(&list, "2001:db9::1", "", 9));
    CHECK(denied_meets(&list, "192.0.2.1", "0123456789abcdef", 9) &&
          denied_meets(&list, "no address", "0123456789abcdef", 9));
    CHECK(!denied_meets(&list, "192.0.2.1", "1123456789abcdef", 9) && !denied_meets(&list, "", "", 9));
    CHECK(!denied_meets(&list, "203.0.113.1", "0123456789abcdef", 10)); /* its time is over */
    CHECK(denied_lift(&list, &four) && list.n == 2 && !denied_lift(&list, &four));
    CHECK(!denied_meets(&list, "203.0.113.1", "", 9) && denied_meets(&list, "2001:db8::1", "", 9));
}

static void no_more_than_the_most(void)
{
    char text[40];
    struct fail why = {0};
    list = (struct denied){0};
    for (int i = 0; i < DENIED_MOST; i++) {
        snprintf(text, sizeof text, "10.%d.%d.1", i / 250, i % 250);
        struct denied_entry e = entry(text, 10);
        CHECK(denied_put(&list, &e, 0, NULL) == ERR_OK);
    }
    struct denied_entry more = entry("192.0.2.1", 10), known = entry("10.0.0.1", 20);
    CHECK(denied_put(&list, &more, 0, &why) == ERR_TOO_LARGE && strstr(why.text, "1000 networks") != NULL);
    CHECK(denied_put(&list, &known, 0, NULL) == ERR_OK && list.n == DENIED_MOST && list.items[0].until == 20);
    CHECK(denied_write(&list, 0, path, NULL) == ERR_OK);
    FILE *f = fopen(path, "a");
    CHECK(f != NULL && fputs("10 192.0.2.1\n", f) > 0 && fclose(f) == 0);
    CHECK(denied_read(&list, path, NULL) == ERR_OK && list.n == DENIED_MOST);
    CHECK(!denied_meets(&list, "192.0.2.1", "", 9) && denied_meets(&list, "10.3.249.1", "", 9));
    more.until = 30;
    CHECK(denied_put(&list, &more, 10, NULL) == ERR_OK && list.n == DENIED_MOST); /* others have ended */
    CHECK(denied_meets(&list, "192.0.2.1", "", 29) && list.items[0].until == 20);
}

static void what_has_ended_is_not_written(void)
{
    struct denied_entry e[] = {entry("192.0.2.1", 10), entry("192.0.2.2", 11), entry("192.0.2.3", 9)};
    struct denied again;
    struct stat st;
    list = (struct denied){0};
    for (int i = 0; i < 3; i++)
        CHECK(denied_put(&list, &e[i], 0, NULL) == ERR_OK);
    CHECK(denied_write(&list, 10, path, NULL) == ERR_OK);
    CHECK(denied_read(&again, path, NULL) == ERR_OK && again.n == 1 && again.items[0].until == 11);
    CHECK(denied_meets(&again, "192.0.2.2", "", 10));
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0644); /* workers are another account */
}

/* Lines that are none cost nothing but themselves. */
static void a_wrong_line_is_skipped(void)
{
    CHECK(file_put_text(path, "\nx\n10\n10 \n 10 192.0.2.1\n10  192.0.2.9\n10,192.0.2.9\nx 192.0.2.9\n"
                              "10 10.0.0.0/8\n10 192.0.2.2"));
    CHECK(denied_read(&list, path, NULL) == ERR_OK);
    CHECK_INT(list.n, 2);
    CHECK(denied_meets(&list, "192.0.2.1", "", 0) && denied_meets(&list, "192.0.2.2", "", 0) &&
          !denied_meets(&list, "192.0.2.9", "", 0));
}

static void what_cannot_be_written_leaves_the_old_file(void)
{
    char inside[2 * CONFIG_TEXT], fresh[3 * CONFIG_TEXT];
    struct fail why = {0};
    struct stat st;
    CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0);
    snprintf(inside, sizeof inside, "%s/kept", path);
    CHECK(file_put_text(inside, ""));
    CHECK(denied_write(&list, 0, path, &why) == ERR_IO && strstr(why.text, path) != NULL);
    snprintf(fresh, sizeof fresh, "%s.tmp.%ld", path, (long)getpid());
    CHECK(access(fresh, F_OK) != 0);
    CHECK(symlink(inside, fresh) == 0 && file_put_text(inside, "kept")); /* no link is written through */
    CHECK(denied_write(&list, 0, path, NULL) == ERR_IO);
    CHECK(stat(inside, &st) == 0 && st.st_size == 4);
    CHECK(unlink(inside) == 0 && rmdir(path) == 0);
    const struct rlimit few = {4, RLIM_INFINITY}, any = {RLIM_INFINITY, RLIM_INFINITY};
    struct denied_entry e = entry("192.0.2.1", 10);
    list = (struct denied){0};
    CHECK(denied_put(&list, &e, 0, NULL) == ERR_OK && denied_write(&list, 0, path, NULL) == ERR_OK);
    signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &few) == 0); /* as a full disk, when the file is closed */
    enum err rc = denied_write(&list, 0, path, &why);
    CHECK(setrlimit(RLIMIT_FSIZE, &any) == 0);
    CHECK(rc == ERR_IO && access(fresh, F_OK) != 0);
    CHECK(denied_read(&list, path, NULL) == ERR_OK && list.n == 1 && unlink(path) == 0);
    snprintf(inside, sizeof inside, "%s/none/denied", config.state_dir);
    CHECK(denied_write(&list, 0, inside, NULL) == ERR_IO);
}

/* A worker has what the file says a second later, and what it had as long as nobody can read it. */
static void a_worker_follows_the_file(void)
{
    static struct denying d;
    int free_fd = dup(0);
    close(free_fd);
    denying_refresh(&d, &config, 100);
    CHECK(d.list.n == 0 && said[0] == '\0');
    CHECK(file_put_text(path, "10 192.0.2.1\n"));
    denying_refresh(&d, &config, 100.9);
    CHECK_INT(d.list.n, 0);
    denying_refresh(&d, &config, 101);
    CHECK(d.list.n == 1 && strstr(said, "denied.loaded") != NULL && strstr(said, "1 networks") != NULL);
    said[0] = '\0';
    denying_refresh(&d, &config, 102);
    CHECK_STR(said, ""); /* unchanged, so not read again */
    CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0);
    denying_refresh(&d, &config, 103);
    CHECK(d.list.n == 1 && strstr(said, "denied.unreadable") != NULL);
    CHECK(rmdir(path) == 0 && symlink("denied", path) == 0); /* in a circle: cannot be opened */
    CHECK(denied_read(&d.list, path, NULL) == ERR_IO && d.list.n == 1);
    CHECK(unlink(path) == 0);
    denying_refresh(&d, &config, 104);
    CHECK_INT(d.list.n, 0);
    int fd = dup(0);
    CHECK_INT(fd, free_fd); /* nothing stayed open */
    close(fd);
}

int main(void)
{
    snprintf(config.state_dir, sizeof config.state_dir, "/tmp/mvti-denied-XXXXXX");
    CHECK(mkdtemp(config.state_dir) != NULL);
    snprintf(path, sizeof path, "%.100s/denied", config.state_dir);
    log_set_sink(hear, NULL, LOG_DEBUG);
    RUN(networks_are_read_as_written);
    RUN(what_is_no_network_is_refused);
    RUN(it_meets_whose_address_lies_in_it);
    RUN(no_more_than_the_most);
    RUN(what_has_ended_is_not_written);
    RUN(a_wrong_line_is_skipped);
    RUN(what_cannot_be_written_leaves_the_old_file);
    RUN(a_worker_follows_the_file);
    CHECK(rmdir(config.state_dir) == 0);
    return check_done();
}
