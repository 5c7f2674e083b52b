/* Files that workers look at: which version of a file it is, what the log has of one that cannot be read, and who follows it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_version.h"
#include "base/lasting.h"
#include "denying.h"
#include "experiment/experiment_file.h"
#include "serving.h"
#include "tests/check.h"
#include "tests/fixture/file.h"

static struct config config;
static char folder[] = "/tmp/mvti-watching-XXXXXX";
static char last[1024];
static int lines;

static void hear(void *arg, enum log_level level, const char *line, size_t n)
{
    (void)arg;
    (void)level;
    lines++;
    snprintf(last, sizeof last, "%.*s", (int)n, line);
}

/* How many lines there were since the last call, the last of which has this in it. */
static int heard(const char *event)
{
    int n = lines;
    if (n > 0)
        CHECK_MSG(strstr(last, event) != NULL, "%s: %s", event, last);
    lines = 0;
    return n;
}

static const char *in(const char *name)
{
    static char path[2][200];
    static int turn;
    turn = 1 - turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static struct file_version version_of(const char *path)
{
    struct file_version v;
    file_version_look(path, &v);
    return v;
}

/* As from an archive, or within one tick of the clock. */
static void put_at(const char *path, const char *text, const struct file_version *as)
{
    const struct timespec times[2] = {as->written, as->written};
    CHECK(file_put_text(path, text));
    CHECK(utimensat(AT_FDCWD, path, times, 0) == 0);
}

static void a_file_in_the_place_of_another_is_another_version(void)
{
    CHECK(file_put_text(in("a"), "10 192.0.2.1\n"));
    struct file_version first = version_of(in("a")), again = version_of(in("a"));
    CHECK(file_version_same(&first, &again));
    put_at(in("b"), "10 192.0.2.2\n", &first);
    CHECK(rename(in("b"), in("a")) == 0);
    again = version_of(in("a"));
    CHECK(again.size == first.size && again.written.tv_sec == first.written.tv_sec &&
          again.written.tv_nsec == first.written.tv_nsec);
    CHECK(!file_version_same(&first, &again));
    CHECK(!file_version_rewritten(&first, &again));
}

static void each_mark_tells_alone(void)
{
    const struct file_version v = {0, 1, 2, 3, {4, 5}, {6, 7}};
    struct file_version other[8];
    for (size_t i = 0; i < 8; i++)
        other[i] = v;
    other[0].error = ENOENT;
    other[1].device++;
    other[2].inode++;
    other[3].size++;
    other[4].written.tv_sec++;
    other[5].written.tv_nsec++;
    other[6].changed.tv_sec++;
    other[7].changed.tv_nsec++;
    CHECK(file_version_same(&v, &v) && !file_version_rewritten(&v, &v));
    for (size_t i = 0; i < 8; i++) {
        CHECK_MSG(!file_version_same(&v, &other[i]), "%zu", i);
        CHECK_MSG(file_version_rewritten(&v, &other[i]) == (i >= 3 && i <= 5), "%zu", i);
    }
    const struct file_version none = {.error = ENOENT}, shut = {.error = EACCES};
    CHECK(file_version_same(&none, &none) && !file_version_same(&none, &shut));
    CHECK(!file_version_rewritten(&none, &shut) && !file_version_rewritten(&none, &none));
    CHECK_INT(version_of(in("nothing")).error, ENOENT);
}

static void a_trouble_is_told_once(void)
{
    struct lasting l = {0};
    CHECK(!lasting_over(&l));
    for (int s = 0; s < LASTING_AGAIN; s++)
        lasting_met(&l, 50 + s, LOG_ERROR, "a.trouble", "no door");
    CHECK_INT(heard("no door"), 1);
    lasting_met(&l, 50 + LASTING_AGAIN, LOG_ERROR, "a.trouble", "no door");
    CHECK_INT(heard("a.trouble"), 1);
    lasting_met(&l, 51 + LASTING_AGAIN, LOG_ERROR, "a.trouble", "no window");
    lasting_met(&l, 50 + 2 * LASTING_AGAIN, LOG_ERROR, "a.trouble", "no window"); /* an hour less a second */
    CHECK_INT(heard("no window"), 1);
    CHECK(lasting_over(&l) && !lasting_over(&l));
    lasting_met(&l, 52 + LASTING_AGAIN, LOG_ERROR, "a.trouble", "no window"); /* a new one */
    CHECK_INT(heard("no window"), 1);
}

/* Files can be looked at but not opened. */
static void may_open(bool can)
{
    static struct rlimit was;
    if (!can)
        CHECK(getrlimit(RLIMIT_NOFILE, &was) == 0);
    const struct rlimit none = {0, was.rlim_max};
    CHECK(setrlimit(RLIMIT_NOFILE, can ? &was : &none) == 0);
}

static void who_is_banned_follows_the_file(void)
{
    static struct denying d;
    double now = 100;
    CHECK(unlink(in("denied")) == 0 || errno == ENOENT);
    denying_refresh(&d, &config, now++);
    CHECK_INT(heard(""), 0);
    CHECK(file_put_text(in("denied"), "10 192.0.2.1\n"));
    may_open(false);
    for (int i = 0; i < 60; i++)
        denying_refresh(&d, &config, now++);
    CHECK_INT(heard("denied.unreadable"), 1);
    may_open(true);
    denying_refresh(&d, &config, now++);
    CHECK(d.list.n == 1 && heard("denied.loaded") == 1);
    struct file_version first = version_of(in("denied"));
    put_at(in("new"), "10 192.0.2.1\n10 192.0.2.2\n", &first);
    CHECK(rename(in("new"), in("denied")) == 0);
    denying_refresh(&d, &config, now++);
    CHECK(d.list.n == 2 && heard("denied.loaded") == 1);
    denying_refresh(&d, &config, now++);
    CHECK_INT(heard(""), 0);
}

/* Its folder away for a while: afterwards the file is the one that was read, and the log has that it is over. */
static void a_ban_file_that_comes_back_is_over(void)
{
    static struct denying d;
    CHECK(file_put_text(in("denied"), "10 192.0.2.1\n"));
    denying_refresh(&d, &config, 1);
    CHECK_INT(heard("denied.loaded"), 1);
    CHECK(symlink("loop", in("loop")) == 0);
    snprintf(config.state_dir, sizeof config.state_dir, "%s", in("loop"));
    for (int i = 2; i < 60; i++)
        denying_refresh(&d, &config, i);
    CHECK(heard("denied.unreadable") == 1 && d.list.n == 1);
    snprintf(config.state_dir, sizeof config.state_dir, "%s", folder);
    denying_refresh(&d, &config, 60);
    CHECK(heard("denied.loaded") == 1 && !d.unreadable.lasts && unlink(in("loop")) == 0);
}

static void a_state_folder_that_is_shut_from_the_start_is_told(void)
{
    static struct denying d;
    CHECK(unlink(in("denied")) == 0 && symlink("denied", in("denied")) == 0);
    denying_refresh(&d, &config, 1);
    CHECK_INT(heard("denied.unreadable"), 1);
    CHECK(unlink(in("denied")) == 0);
}

static void experiments_that_cannot_be_read_are_tried_again(void)
{
    static struct experiments x;
    struct arena a = {0};
    struct fail why = {0};
    CHECK(mkdir(in(EXPERIMENT_FOLDER), 0700) == 0);
    experiments_refresh(&x, &config, NULL, false, 1);
    CHECK(x.state == EXPERIMENTS_NONE && heard("experiments.none") == 1);
    CHECK_MSG(experiment_file_write(in(EXPERIMENT_FILE), NULL, 0, 0, &a, &why) == ERR_OK, "%s", why.text);
    may_open(false);
    for (int i = 2; i < 60; i++)
        experiments_refresh(&x, &config, NULL, false, i);
    CHECK(x.state == EXPERIMENTS_BROKEN && heard("until it can be read") == 1);
    may_open(true);
    experiments_refresh(&x, &config, NULL, false, 60);
    CHECK(x.state == EXPERIMENTS_READY && heard("experiments.loaded") == 1);
    struct file_version first = version_of(in(EXPERIMENT_FILE));
    put_at(in("new"), "no experiments", &first);
    CHECK(rename(in("new"), in(EXPERIMENT_FILE)) == 0);
    for (int i = 61; i < 99; i++)
        experiments_refresh(&x, &config, NULL, false, i);
    CHECK(x.state == EXPERIMENTS_BROKEN && heard("mvti experiment refresh has run") == 1);
    CHECK(unlink(in(EXPERIMENT_FILE)) == 0 && rmdir(in(EXPERIMENT_FOLDER)) == 0);
    experiments_refresh(&x, &config, NULL, false, 99);
    CHECK(x.state == EXPERIMENTS_NONE && heard("experiments.none") == 1 && !x.refused.lasts);
    experiments_close(&x);
    arena_free(&a);
}

static void a_shell_follows_its_file(void)
{
    static struct serving v;
    serving_init(&v, &config);
    CHECK(serving_shell(&v) == NULL && serving_shell(&v) == NULL);
    CHECK_INT(heard("shell.unreadable"), 1);
    CHECK(file_put_text(config.shell_file, "<p>one"));
    CHECK_STR(serving_shell(&v), "<p>one");
    CHECK_INT(heard("shell.loaded"), 1);
    struct file_version first = version_of(config.shell_file);
    put_at(in("new"), "<p>two", &first);
    CHECK(rename(in("new"), config.shell_file) == 0);
    CHECK_STR(serving_shell(&v), "<p>two");
    CHECK(unlink(config.shell_file) == 0);
    for (int i = 0; i < 9; i++)
        CHECK_STR(serving_shell(&v), "<p>two");
    CHECK_INT(heard("shell.unreadable"), 1);
    CHECK(file_put(config.shell_file, "<p>\0zero", 8)); /* no text: not what a page can begin with */
    CHECK(serving_shell(&v) == NULL && serving_shell(&v) == NULL && v.shell_read.inode == 0);
    CHECK_INT(heard("not as long as it should be"), 1);
    CHECK(file_put_text(config.shell_file, "<p>three"));
    CHECK_STR(serving_shell(&v), "<p>three");
    CHECK(heard("shell.loaded") == 1 && unlink(config.shell_file) == 0);
    serving_close(&v);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    snprintf(config.state_dir, sizeof config.state_dir, "%s", folder);
    snprintf(config.shell_file, sizeof config.shell_file, "%s/shell.html", folder);
    log_set_sink(hear, NULL, LOG_DEBUG);
    RUN(a_file_in_the_place_of_another_is_another_version);
    RUN(each_mark_tells_alone);
    RUN(a_trouble_is_told_once);
    RUN(who_is_banned_follows_the_file);
    RUN(a_ban_file_that_comes_back_is_over);
    RUN(a_state_folder_that_is_shut_from_the_start_is_told);
    RUN(experiments_that_cannot_be_read_are_tried_again);
    RUN(a_shell_follows_its_file);
    CHECK(unlink(in("a")) == 0 && rmdir(folder) == 0);
    return check_done();
}
