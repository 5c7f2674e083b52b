/* Lines of the log: their priority at the journal, whose they are, and which of many are kept. */
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/client_mark.h"
#include "tests/check.h"

static const int64_t NOON = 20000LL * 86400 + 43200, DAY = 86400;
static char line[512];

static void hear(void *arg, enum log_level level, const char *text, size_t len)
{
    (void)arg;
    (void)level;
    snprintf(line, sizeof line, "%.*s", (int)len, text);
}

static void priorities_are_those_of_the_journal(void)
{
    CHECK_STR(log_priority(LOG_DEBUG), "<7>");
    CHECK_STR(log_priority(LOG_INFO), "<6>");
    CHECK_STR(log_priority(LOG_WARNING), "<4>");
    CHECK_STR(log_priority(LOG_ERROR), "<3>");
}

static void the_journal_is_known_by_device_and_inode(void)
{
    char name[64];
    struct stat st;
    int ends[2];
    CHECK(pipe(ends) == 0 && fstat(ends[1], &st) == 0);
    snprintf(name, sizeof name, "%llu:%llu", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
    CHECK(log_is_journal(name, ends[1]));
    CHECK(!log_is_journal(NULL, ends[1]) && !log_is_journal("", ends[1]) && !log_is_journal("8", ends[1]));
    snprintf(name, sizeof name, "%llu:%llu", (unsigned long long)st.st_dev,
             (unsigned long long)st.st_ino + 1);
    CHECK(!log_is_journal(name, ends[1]));
    close(ends[0]);
    close(ends[1]);
    CHECK(!log_is_journal("1:1", ends[1]));
}

static void one_of_so_many_requests_is_kept(void)
{
    int kept = 0;
    char id[40];
    for (int i = 0; i < 20000; i++) {
        snprintf(id, sizeof id, "%032x", (unsigned)i);
        kept += log_sampled(id, 20);
        CHECK(log_sampled(id, 20) == log_sampled(id, 20) && log_sampled(id, 1));
    }
    CHECK(kept > 850 && kept < 1150); /* 1000 ± 5 standard deviations of 31 */
}

static void each_line_says_whose_it_is(void)
{
    log_set_sink(hear, NULL, LOG_DEBUG);
    log_set_client("0123456789abcdef");
    log_event(LOG_WARNING, "limit.reached", "too many");
    CHECK(strstr(line, ",\"client\":\"0123456789abcdef\"") != NULL);
    log_set_client("");
    log_event(LOG_INFO, "worker.started", "pid 1");
    CHECK(strstr(line, "client") == NULL);
}

static void mark(const struct keyring *k, int64_t now, const char *network, char out[CLIENT_MARK_CHARS + 1])
{
    client_mark(k, now, network, out);
    CHECK_INT((long)strlen(out), CLIENT_MARK_CHARS);
    CHECK_INT((long)strspn(out, "0123456789abcdef"), CLIENT_MARK_CHARS);
}

static void a_mark_holds_for_one_day_and_at_every_worker(void)
{
    struct keyring one = {.n = 1, .keys = {{1, 2, 3}}}, same = one, other = {.n = 1, .keys = {{9}}};
    char a[CLIENT_MARK_CHARS + 1], b[CLIENT_MARK_CHARS + 1];
    mark(&one, NOON, "192.0.2.1", a);
    mark(&same, NOON + 40000, "192.0.2.1", b);
    CHECK_STR(a, b);
    mark(&one, NOON + DAY, "192.0.2.1", b);
    CHECK(strcmp(a, b) != 0);
    mark(&one, NOON, "192.0.2.2", b);
    CHECK(strcmp(a, b) != 0);
    mark(&other, NOON, "192.0.2.1", b);
    CHECK(strcmp(a, b) != 0);
    client_mark(&(struct keyring){0}, NOON, "192.0.2.1", b);
    CHECK_STR(b, "");
}

int main(void)
{
    RUN(priorities_are_those_of_the_journal);
    RUN(the_journal_is_known_by_device_and_inode);
    RUN(one_of_so_many_requests_is_kept);
    RUN(each_line_says_whose_it_is);
    RUN(a_mark_holds_for_one_day_and_at_every_worker);
    return check_done();
}
