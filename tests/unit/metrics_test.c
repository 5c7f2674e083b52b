/* What processes count is summed over all of them and never falls; what is printed is Prometheus's text format. */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "metrics/exposition.h"
#include "metrics/metrics.h"
#include "metrics/metrics_read.h"
#include "metrics/scrape.h"
#include "tests/check.h"

static char folder[] = "/tmp/metrics_test.XXXXXX";
static char pool[64];
static struct buf page;

/* What is read now; one that must hold this line. */
static const char *read_page(void)
{
    buf_reset(&page);
    CHECK(metrics_read(folder, &page, NULL) == ERR_OK);
    return buf_str(&page);
}

static bool says(const char *line)
{
    const char *at = strstr(read_page(), line);
    bool found = at != NULL && (at == page.data || at[-1] == '\n') && at[strlen(line)] == '\n';
    if (!found)
        fprintf(stderr, "no line '%s' in\n%s", line, page.data);
    return found;
}

/* A process that takes a slot, counts, says that it has, and lives until it is told to end. */
struct worker {
    pid_t pid;
    int to, from;
};

static void work(int in, int out)
{
    char byte = 0;
    if (metrics_open(pool, NULL) != ERR_OK)
        _exit(1);
    metrics_add(metrics_find(METRICS_WORKER_STARTS, ""), 1);
    metrics_set(metrics_find(METRICS_WORKERS_BUSY, ""), 1);
    metrics_set(metrics_find(METRICS_SNAPSHOT, ""), 0xabcdef0123456789);
    metrics_set(metrics_find(METRICS_BREAKER, ""), (uint64_t)(1000 * clock_monotonic()) + 100000);
    metrics_add(metrics_find(METRICS_LIMITS, "limit=\"tests\""), 2);
    struct metrics_series *s = metrics_find(METRICS_REQUEST_SECONDS, "route=\"/\"");
    metrics_observe(s, 0.0005);
    metrics_observe(s, 0.0006);
    metrics_observe(s, 60);
    if (write(out, &byte, 1) != 1 || read(in, &byte, 1) < 0)
        _exit(1);
    _exit(0);
}

static struct worker start(void)
{
    int to[2], from[2];
    char byte;
    CHECK(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0);
    struct worker w = {fork(), to[1], from[0]};
    if (w.pid == 0) {
        close(to[1]);
        work(to[0], from[1]);
    }
    close(to[0]);
    close(from[1]);
    CHECK(read(w.from, &byte, 1) == 1);
    return w;
}

static void end(struct worker *w, bool killed)
{
    int status;
    if (killed)
        kill(w->pid, SIGKILL);
    else
        CHECK(write(w->to, "", 1) == 1); /* those that began later hold its end of the pipe open */
    close(w->to);
    close(w->from);
    CHECK(waitpid(w->pid, &status, 0) == w->pid && WIFSIGNALED(status) == killed);
}

static void nothing_is_counted_before_a_slot_is_taken(void)
{
    metrics_add(metrics_find(METRICS_LIMITS, "limit=\"tests\""), 7);
    CHECK_STR(read_page(), "");
    CHECK(metrics_open("/nonexistent/folder", NULL) == ERR_IO);
}

static void processes_are_summed_and_their_counts_outlive_them(void)
{
    struct worker a = start(), b = start();
    CHECK(says("mvti_limit_reached_total{pool=\"main\",limit=\"tests\"} 4"));
    CHECK(says("mvti_workers{pool=\"main\"} 2"));
    CHECK(says("mvti_workers_busy{pool=\"main\"} 2"));
    CHECK(says("mvti_database_breaker_open{pool=\"main\"} 2"));
    CHECK(says("mvti_worker_snapshot{pool=\"main\",id=\"abcdef0123456789\"} 2"));
    CHECK(says("mvti_worker_starts_total{pool=\"main\",slot=\"0\"} 1"));
    CHECK(says("mvti_worker_starts_total{pool=\"main\",slot=\"1\"} 1"));
    end(&a, true);
    CHECK(says("mvti_limit_reached_total{pool=\"main\",limit=\"tests\"} 4"));
    CHECK(says("mvti_workers{pool=\"main\"} 1"));
    CHECK(says("mvti_workers_busy{pool=\"main\"} 1"));
    CHECK(says("mvti_database_breaker_open{pool=\"main\"} 1"));
    CHECK(says("mvti_worker_snapshot{pool=\"main\",id=\"abcdef0123456789\"} 1"));
    struct worker c = start(); /* where the first was */
    CHECK(says("mvti_limit_reached_total{pool=\"main\",limit=\"tests\"} 6"));
    CHECK(says("mvti_worker_starts_total{pool=\"main\",slot=\"0\"} 2"));
    CHECK(strstr(page.data, "slot=\"2\"") == NULL);
    end(&b, false);
    end(&c, true);
    CHECK(says("mvti_workers{pool=\"main\"} 0"));
    CHECK(strstr(page.data, "mvti_worker_snapshot{") == NULL);
}

static void a_histogram_is_cumulative_and_counts_what_it_has(void)
{
    CHECK(says("# TYPE mvti_http_request_duration_seconds histogram"));
    CHECK(says("mvti_http_request_duration_seconds_bucket{pool=\"main\",route=\"/\",le=\"0.0005\"} 3"));
    CHECK(says("mvti_http_request_duration_seconds_bucket{pool=\"main\",route=\"/\",le=\"0.001\"} 6"));
    CHECK(says("mvti_http_request_duration_seconds_bucket{pool=\"main\",route=\"/\",le=\"5\"} 6"));
    CHECK(says("mvti_http_request_duration_seconds_bucket{pool=\"main\",route=\"/\",le=\"+Inf\"} 9"));
    CHECK(says("mvti_http_request_duration_seconds_count{pool=\"main\",route=\"/\"} 9"));
    CHECK(strstr(page.data, "mvti_http_request_duration_seconds_sum{pool=\"main\",route=\"/\"} 180.0033") !=
          NULL);
}

/* Half a file, another's, and one whose words do not end: said by nobody, and made anew by who takes it. */
static void a_file_that_is_none_of_ours_is_left_out(void)
{
    char path[80];
    snprintf(path, sizeof path, "%s/0", pool);
    int fd = open(path, O_RDWR);
    CHECK(fd >= 0 && pwrite(fd, "NOTOURS", 7, 0) == 7);
    CHECK(says("mvti_worker_starts_total{pool=\"main\",slot=\"1\"} 1"));
    CHECK(strstr(page.data, "slot=\"0\"") == NULL);
    CHECK(ftruncate(fd, 100) == 0);
    close(fd);
    (void)read_page();
    CHECK(strstr(page.data, "slot=\"0\"") == NULL);
    struct worker w = start();
    CHECK(says("mvti_worker_starts_total{pool=\"main\",slot=\"0\"} 1"));
    end(&w, false);
}

static void a_full_slot_loses_what_is_new_and_nothing_else(void)
{
    CHECK(metrics_open(pool, NULL) == ERR_OK);
    char labels[40];
    for (int i = 0; i < 1100; i++) {
        snprintf(labels, sizeof labels, "limit=\"%d\"", i);
        metrics_add(metrics_find(METRICS_LIMITS, labels), 1);
    }
    metrics_add(metrics_find(METRICS_LIMITS, "limit=\"3\""), 1);
    CHECK(says("mvti_limit_reached_total{pool=\"main\",limit=\"3\"} 2"));
    CHECK(says("mvti_limit_reached_total{pool=\"main\",limit=\"900\"} 1"));
    CHECK(strstr(page.data, "limit=\"1099\"") == NULL);
}

static void labels_and_numbers_are_as_the_format_has_them(void)
{
    struct buf labels = {0}, out = {0};
    exposition_label(&labels, "a", "one");
    exposition_label(&labels, "b", "\"two\"\\\n");
    CHECK_STR(buf_str(&labels), "a=\"one\",b=\"\\\"two\\\"\\\\\\n\"");
    exposition_line(&out, "x", "", 0.1);
    exposition_line(&out, "x", "a=\"b\"", INFINITY);
    exposition_line(&out, "x", "", NAN);
    exposition_line(&out, "x", "", 1e15);
    CHECK_STR(buf_str(&out), "x 0.10000000000000001\nx{a=\"b\"} +Inf\nx NaN\nx 1000000000000000\n");
    buf_free(&labels);
    buf_free(&out);
}

static void only_one_address_is_answered(void)
{
    static const struct {
        const char *line;
        int status;
        bool head;
    } asked[] = {
        {"GET /metrics HTTP/1.1\r\n", 200, false},
        {"GET /metrics?x=/y HTTP/1.0\r\n", 200, false},
        {"HEAD /metrics HTTP/1.1\r\n", 200, true},
        {"POST /metrics HTTP/1.1\r\n", 405, false},
        {"GET /metric HTTP/1.1\r\n", 404, false},
        {"GET /metrics/ HTTP/1.1\r\n", 404, false},
        {"GET  /metrics HTTP/1.1\r\n", 400, false},
        {"GET /metrics HTTP/2.0\r\n", 400, false},
        {"GET /metrics\r\n", 400, false},
        {"GET /metrics HTTP/1.1", 400, false},
        {"", 400, false},
        {"\r\n", 400, false},
        {"GET /metrics HTTP/1.1 x\r\n", 400, false},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        bool head;
        int status = scrape_parse(asked[i].line, strlen(asked[i].line), &head);
        CHECK_MSG(status == asked[i].status && head == asked[i].head, "%s: %d", asked[i].line, status);
    }
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(pool, sizeof pool, "%s/main", folder);
    CHECK(mkdir(pool, 0700) == 0);
    RUN(nothing_is_counted_before_a_slot_is_taken);
    RUN(processes_are_summed_and_their_counts_outlive_them);
    RUN(a_histogram_is_cumulative_and_counts_what_it_has);
    RUN(a_file_that_is_none_of_ours_is_left_out);
    RUN(a_full_slot_loses_what_is_new_and_nothing_else);
    RUN(labels_and_numbers_are_as_the_format_has_them);
    RUN(only_one_address_is_answered);
    buf_free(&page);
    for (int i = 0; i < 3; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s/%d", pool, i);
        (void)unlink(path);
    }
    rmdir(pool);
    rmdir(folder);
    return check_done();
}
