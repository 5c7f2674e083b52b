#include "metrics_state.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/section_file.h"
#include "job_record.h"
#include "metrics/exposition.h"
#include "model/snapshot.h"

static void put_alone(struct buf *out, const char *name, const char *help, double value)
{
    exposition_begin(out, name, "gauge", help);
    exposition_line(out, name, "", value);
}

/* Its first bytes only: whether the rest is whole, workers say. */
static bool read_header(const struct config *config, struct section_header *h)
{
    char path[1200];
    if (config_state_path(config, "snapshots/current", path, sizeof path, NULL) != ERR_OK)
        return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && pread(fd, h, sizeof *h, 0) == sizeof *h &&
              memcmp(h->magic, snapshot_format()->magic, sizeof h->magic) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

void metrics_state_snapshot(struct job *job, struct buf *out)
{
    static const char name[] = "mvti_snapshot_published";
    struct section_header h;
    struct buf id = {0};
    char digits[SNAPSHOT_ID_CHARS + 1];
    bool readable = read_header(&job->config, &h);
    put_alone(out, "mvti_snapshot_readable",
              "Whether the published snapshot is there and has the head of one.", readable);
    if (!readable)
        return;
    for (size_t i = 0; i < SNAPSHOT_ID_CHARS / 2; i++)
        snprintf(digits + 2 * i, 3, "%02x", h.content[i]);
    exposition_label(&id, "id", digits);
    exposition_begin(out, name, "gauge", "The published snapshot, by its ID.");
    exposition_line(out, name, buf_str(&id), 1);
    out->failed |= id.failed;
    buf_free(&id);
    put_alone(out, "mvti_snapshot_created_timestamp_seconds", "When the published snapshot was made.",
              (double)h.created);
}

/* The metrics of a job, each from its record; what never happened is left out. */
static double started(const struct job_record *r, bool running)
{
    (void)running;
    return (double)r->started;
}

static double succeeded(const struct job_record *r, bool running)
{
    (void)running;
    return (double)r->succeeded;
}

static double failed(const struct job_record *r, bool running)
{
    (void)running;
    return (double)r->failed;
}

static double took(const struct job_record *r, bool running)
{
    (void)running;
    return 1e-3 * (double)r->milliseconds;
}

static double runs_now(const struct job_record *r, bool running)
{
    (void)r;
    return running;
}

static const struct job_metric {
    const char *name, *help;
    double (*value)(const struct job_record *r, bool running);
    bool always; /* also where it is 0 */
} job_metrics[] = {
    {"mvti_job_last_start_timestamp_seconds", "When an unattended command began last.", started, false},
    {"mvti_job_last_success_timestamp_seconds", "When it succeeded last.", succeeded, false},
    {"mvti_job_last_failure_timestamp_seconds", "When it failed last; of a run that was killed, its begin.",
     failed, false},
    {"mvti_job_last_duration_seconds", "How long its last finished run took.", took, true},
    {"mvti_job_running", "Whether it is at work.", runs_now, true},
};

static void job_label(struct buf *labels, int n)
{
    buf_reset(labels);
    exposition_label(labels, "command", job_record_name(n));
}

static void put_job_metric(struct job *job, const struct job_metric *m, struct buf *labels, struct buf *out)
{
    struct job_record r;
    bool running;
    exposition_begin(out, m->name, "gauge", m->help);
    for (int n = 0; job_record_name(n) != NULL; n++) {
        if (!job_record_read(&job->config, n, &r, &running) || (m->value(&r, running) == 0 && !m->always))
            continue;
        job_label(labels, n);
        exposition_line(out, m->name, buf_str(labels), m->value(&r, running));
    }
}

static void put_job_runs(struct job *job, struct buf *labels, struct buf *out)
{
    static const char name[] = "mvti_job_runs_total";
    struct job_record r;
    bool running;
    exposition_begin(out, name, "counter", "Runs of unattended commands that have ended, by outcome.");
    for (int n = 0; job_record_name(n) != NULL; n++) {
        if (!job_record_read(&job->config, n, &r, &running))
            continue;
        job_label(labels, n);
        exposition_label(labels, "outcome", "success");
        exposition_line(out, name, buf_str(labels), (double)r.successes);
        job_label(labels, n);
        exposition_label(labels, "outcome", "failure");
        exposition_line(out, name, buf_str(labels), (double)r.failures);
    }
}

void metrics_state_jobs(struct job *job, struct buf *out)
{
    struct buf labels = {0};
    for (size_t i = 0; i < sizeof job_metrics / sizeof *job_metrics; i++)
        put_job_metric(job, &job_metrics[i], &labels, out);
    put_job_runs(job, &labels, out);
    out->failed |= labels.failed;
    buf_free(&labels);
}
