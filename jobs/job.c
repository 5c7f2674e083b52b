#include "job.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "job_record.h"

enum { STATEMENT_MS = 600000, BAR_WIDTH = 24 };
static const double DRAW_SECONDS = 0.1;

/* One command a process: what a signal handler and the bar remember is the process's own. */
static volatile sig_atomic_t stop;
static struct {
    bool terminal, shown;
    bool logged; /* this stage has a line in the log, so its end gets one */
    const char *stage;
    double started, drawn;
} bar;
static bool said_keeping;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

bool job_interrupted(void)
{
    return stop != 0;
}

int job_interrupted_fail(struct job *job)
{
    job_note(job, "mvti: stopped; nothing was changed");
    return JOB_INTERRUPTED;
}

/* ---- messages ---- */

void job_clear_progress(struct job *job)
{
    (void)job;
    if (bar.shown)
        fputs("\r\033[K", stderr);
    bar.shown = false;
}

const char *job_priority(enum log_level level)
{
    return log_is_journal(getenv("JOURNAL_STREAM"), STDERR_FILENO) ? log_priority(level) : "";
}

int job_fail(struct job *job, enum err rc, const struct fail *why)
{
    job_clear_progress(job);
    fflush(stdout);
    fprintf(stderr, "%smvti: %s\n", job_priority(LOG_ERROR),
            why != NULL && why->text[0] != '\0' ? why->text : err_name(rc));
    return err_exit_status(rc);
}

int job_wrong_words(struct job *job, const struct fail *why)
{
    (void)job_fail(job, ERR_INVALID, why);
    return JOB_USAGE;
}

void job_say(struct job *job, const char *fmt, ...)
{
    job_clear_progress(job);
    va_list ap;
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
}

void job_note(struct job *job, const char *fmt, ...)
{
    job_clear_progress(job);
    va_list ap;
    fputs(job_priority(LOG_WARNING), stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

/* ---- progress ---- */

static void remove_temporaries(const struct config *config, const char *folder)
{
    char path[2 * CONFIG_TEXT], suffix[40];
    snprintf(path, sizeof path, "%s/%s", config->state_dir, folder);
    snprintf(suffix, sizeof suffix, ".tmp.%ld", (long)getpid());
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        size_t n = strlen(e->d_name), m = strlen(suffix);
        if (n > m && strcmp(e->d_name + n - m, suffix) == 0)
            unlinkat(dirfd(dir), e->d_name, 0);
    }
    if (dir != NULL)
        closedir(dir);
}

static void leave_interrupted(struct job *job)
{
    static const char *const folders[] = {"ratings", "datasets", "models", "snapshots"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        remove_temporaries(&job->config, folders[i]);
    int status = job_interrupted_fail(job);
    if (job->leaving != NULL)
        job->leaving(job->leaving_arg);
    job_record_end(status);
    exit(status);
}

static void draw(const char *stage, uint64_t done, uint64_t total, double seconds)
{
    if (total == 0) {
        fprintf(stderr, "\r\033[K%s  %llu  %.0f s", stage, (unsigned long long)done, seconds);
        bar.shown = true;
        return;
    }
    double part = done >= total ? 1.0 : (double)done / (double)total;
    char cells[BAR_WIDTH + 1];
    int full = (int)(part * BAR_WIDTH);
    for (int i = 0; i < BAR_WIDTH; i++)
        cells[i] = i < full ? '#' : '.';
    cells[BAR_WIDTH] = '\0';
    double left = part > 0.01 ? seconds / part - seconds : 0;
    fprintf(stderr, "\r\033[K%s  [%s] %3.0f %%  %.0f s", stage, cells, 100 * part, seconds);
    if (left >= 1)
        fprintf(stderr, ", %.0f s left", left);
    bar.shown = true;
}

/* For a log: what the bar shows, as numbers. */
static void log_progress(const char *stage, uint64_t done, uint64_t total, double seconds)
{
    double part = total == 0 ? 0 : fmin(1, (double)done / (double)total);
    const struct log_field fields[] = {
        {"stage", stage, 0},
        {"done", NULL, (double)done},
        {"total", NULL, total > 0 ? (double)total : NAN},
        {"seconds", NULL, round(seconds * 10) / 10},
        {"seconds_left", NULL, part > 0 ? round(seconds / part - seconds) : NAN}};
    log_fields(LOG_INFO, "job.progress", fields, sizeof fields / sizeof *fields);
    bar.logged = true;
}

static void on_progress(void *arg, const char *stage, uint64_t done, uint64_t total)
{
    struct job *job = arg;
    if (job_interrupted()) {
        if (!job->keeps)
            leave_interrupted(job);
        if (!said_keeping)
            job_note(job, "mvti: finishing this epoch and saving it; a second signal stops immediately");
        said_keeping = true;
    }
    if (job->quiet)
        return;
    double now = clock_monotonic();
    if (bar.stage == NULL || strcmp(bar.stage, stage) != 0) {
        bar.stage = stage;
        bar.started = now;
        bar.drawn = now;
        bar.logged = false;
    }
    bool finished = total > 0 && done >= total;
    double pause = bar.terminal ? DRAW_SECONDS : (double)job->config.progress_seconds;
    if (now - bar.drawn < pause && !(finished && (bar.shown || bar.logged)))
        return;
    bar.drawn = now;
    if (bar.terminal)
        draw(stage, done, total, now - bar.started);
    else
        log_progress(stage, done, total, now - bar.started);
    if (finished)
        bar.logged = false;
}

static void on_note(void *arg, const char *sentence)
{
    job_note(arg, "mvti: %s", sentence);
}

static void on_file_note(void *arg, const char *sentence)
{
    job_note(arg, "%s", sentence);
}

struct progress job_file_progress(struct job *job)
{
    struct progress p = job->progress;
    p.note = on_file_note;
    return p;
}

static bool on_stopping(void *arg)
{
    (void)arg;
    return job_interrupted();
}

/* ---- life ---- */

bool job_open(struct job *job)
{
    const char *term = getenv("TERM");
    bar.terminal = isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
    job->progress =
        (struct progress){.report = on_progress, .arg = job, .note = on_note, .stopping = on_stopping};
    job->db = db_new(&job->config, STATEMENT_MS);
    /* SA_RESETHAND: the second signal has its default effect. No SA_RESTART: who waits at a pipe to which nobody
     * writes must hear the first. */
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return job->db != NULL;
}

void job_close(struct job *job)
{
    job_clear_progress(job);
    db_free(job->db);
    arena_free(&job->arena);
}

int job_say_text(struct job *job, struct buf *text)
{
    bool ok = !text->failed;
    if (ok)
        job_say(job, "%s", buf_str(text));
    buf_free(text);
    return ok ? JOB_OK : job_fail(job, ERR_NOMEM, NULL);
}
