/* mvti metrics: what workers and jobs count, for Prometheus. */
#include <stdio.h>
#include <unistd.h>

#include "base/version.h"
#include "job.h"
#include "metrics/exposition.h"
#include "metrics/metrics_read.h"
#include "metrics/scrape.h"
#include "metrics_state.h"

static void put_version(struct buf *out)
{
    static const char name[] = "mvti_build_info";
    struct buf labels = {0};
    exposition_label(&labels, "version", version_text());
    exposition_begin(out, name, "gauge", "The release of the program that says this.");
    exposition_line(out, name, buf_str(&labels), 1);
    out->failed |= labels.failed;
    buf_free(&labels);
}

static enum err gather(struct job *job, struct buf *out, struct fail *why)
{
    put_version(out);
    enum err rc = metrics_read(job->config.metrics_dir, out, why);
    if (rc != ERR_OK)
        return rc;
    metrics_state_snapshot(job, out);
    metrics_state_jobs(job, out);
    metrics_state_database(job, out);
    return out->failed ? fail_set(why, ERR_NOMEM, "out of memory") : ERR_OK;
}

/* One request of a connection that systemd accepted (Accept=yes): standard input and output are it. */
static int answer(struct job *job, struct buf *out, struct fail *why)
{
    bool head;
    int status = scrape_read(STDIN_FILENO, &head);
    enum err rc = status == 200 ? gather(job, out, why) : ERR_OK;
    if (rc != ERR_OK) {
        buf_reset(out);
        status = 503;
    }
    (void)scrape_answer(STDOUT_FILENO, status, out, head);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, why);
}

static int print(struct job *job, struct buf *out, struct fail *why)
{
    enum err rc = gather(job, out, why);
    if (rc != ERR_OK)
        return job_fail(job, rc, why);
    fputs(buf_str(out), stdout);
    return JOB_OK;
}

int cmd_metrics(struct job *job, int argc, char **argv)
{
    bool http = false;
    const struct job_option options[] = {{.name = "http",
                                          .kind = JOB_FLAG,
                                          .target = &http,
                                          .help = "answer one HTTP request for /metrics on standard input "
                                                  "and output, a connection that systemd accepted"},
                                         {0}};
    int n = job_options(argc, argv, "metrics [--http]", options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    struct buf out = {0};
    struct fail why = {0};
    int status = http ? answer(job, &out, &why) : print(job, &out, &why);
    buf_free(&out);
    return status;
}
