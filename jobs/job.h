/* What every command of mvti gets: settings, a database, progress on the terminal, and one way to fail.
 *
 * A new command: one file cmd_NAME.c with `int cmd_NAME(struct job *job, int argc, char **argv)`, its
 * prototype below and one row in the table of main.c. argv[0] is the command's name. It returns the exit
 * status. */
#ifndef MVTI_JOBS_JOB_H
#define MVTI_JOBS_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/err.h"
#include "base/log.h"
#include "base/progress.h"
#include "store/db.h"

/* Whose settings are those of the installed units. */
#define JOB_CONFIG "/etc/mvti/mvti.conf"

enum { JOB_OK = 0, JOB_USAGE = 64, JOB_INTERRUPTED = 130 };

struct job {
    struct config config;
    const char *config_file;  /* "" when none was read */
    struct progress progress; /* hand &job->progress to the library: a bar on a terminal, else quiet */
    struct arena arena;       /* lives as long as the command */
    struct db *db;            /* not connected before first use; statements may take 10 minutes */
    bool quiet;               /* --quiet: no progress */
    bool only_check;          /* --check-config: the settings are read, and that is all */
    bool keeps;               /* the work at hand asks progress.stopping and keeps what it has: see below */
    /* Called when SIGINT or SIGTERM ends the command from a progress report; NULL for nothing. */
    void (*leaving)(void *arg);
    void *leaving_arg;
};

/* ---- commands ---- */
int cmd_import(struct job *job, int argc, char **argv);
int cmd_migrate(struct job *job, int argc, char **argv);
int cmd_publish(struct job *job, int argc, char **argv);
int cmd_doctor(struct job *job, int argc, char **argv);
int cmd_notify(struct job *job, int argc, char **argv);
int cmd_recommend(struct job *job, int argc, char **argv);
int cmd_snapshot(struct job *job, int argc, char **argv);
int cmd_dataset(struct job *job, int argc, char **argv);
int cmd_train(struct job *job, int argc, char **argv);
int cmd_evaluate(struct job *job, int argc, char **argv);
int cmd_runs(struct job *job, int argc, char **argv);
int cmd_tune(struct job *job, int argc, char **argv);
int cmd_sessions_key(struct job *job, int argc, char **argv);
int cmd_sessions(struct job *job, int argc, char **argv);
int cmd_experiment(struct job *job, int argc, char **argv);
int cmd_export(struct job *job, int argc, char **argv);
int cmd_rollup(struct job *job, int argc, char **argv);
int cmd_recount(struct job *job, int argc, char **argv);
int cmd_report(struct job *job, int argc, char **argv);
int cmd_analytics(struct job *job, int argc, char **argv);
int cmd_admin(struct job *job, int argc, char **argv);
int cmd_pull(struct job *job, int argc, char **argv);
int cmd_backup(struct job *job, int argc, char **argv);
int cmd_restore(struct job *job, int argc, char **argv);
int cmd_ban(struct job *job, int argc, char **argv);
int cmd_pictures(struct job *job, int argc, char **argv);
int cmd_metrics(struct job *job, int argc, char **argv);
int cmd_setup(struct job *job, int argc, char **argv);
int cmd_simulate(struct job *job, int argc, char **argv);

/* ---- options and operands of a command ---- */

enum job_kind {
    JOB_FLAG /* bool */,
    JOB_TEXT /* const char * */,
    JOB_OUT /* the same: a file or folder that is written */,
    JOB_INT /* long */,
    JOB_REAL /* double */,
    JOB_LIST /* struct job_list: the option may be repeated */
};

enum { JOB_LIST_MAX = 32 };

struct job_list {
    const char *values[JOB_LIST_MAX];
    size_t n;
};

struct job_option {
    const char *name; /* without the dashes: "strict" is --strict; values as --name V or --name=V */
    enum job_kind kind;
    void *target;    /* holds the default before */
    double min, max; /* of JOB_INT and JOB_REAL */
    const char *help;
};

/* The words that are no options. */
struct job_operands {
    const char **to; /* [most]; NULL where there are none */
    int least, most;
};

/* Reads the options (a table ended by a row without a name; NULL for none) in any order and puts what is left
 * into operands.to. The number of operands, or −1 after it has printed what is wrong and the
 * usage: return JOB_USAGE then. --help prints the usage and gives −2: return JOB_OK then. usage is the line
 * behind "mvti ", such as "migrate [--list]". */
int job_options(int argc, char **argv, const char *usage, const struct job_option *options,
                struct job_operands operands);
/* The exit status for a job_options answer below 0. */
int job_options_status(int answer);

/* ---- messages ---- */

/* Prints "mvti: sentence" on stderr (over a progress bar, if one stands there); the exit status for rc. */
int job_fail(struct job *job, enum err rc, const struct fail *why);
/* The same for words of the command line that are wrong by themselves, whatever the data are: JOB_USAGE. What a file or the database makes wrong
 * is job_fail's (65). */
int job_wrong_words(struct job *job, const struct fail *why);
/* One line on stdout. */
void job_say(struct job *job, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Says what was gathered, such as a JSON document, and frees it. JOB_OK, or what job_fail says where memory did not suffice. */
int job_say_text(struct job *job, struct buf *text);
/* One line on stderr: a remark or a warning. */
void job_note(struct job *job, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What a line on stderr begins with: its priority where that is the journal, else "". */
const char *job_priority(enum log_level level);
/* The job's progress whose notes are lines of a file: printed as FILE:LINE, which editors open, so without the
 * program's name before them. */
struct progress job_file_progress(struct job *job);
/* Removes a progress bar from the terminal. The messages above do so themselves. */
void job_clear_progress(struct job *job);

/* ---- SIGINT and SIGTERM ---- */

/* The first signal only sets this flag; loops ask it and end cleanly with job_interrupted_fail. Work that
 * asks never (a factorisation) is ended by its next progress report, which removes this process's temporary
 * files below state_dir and exits with 130, unless job->keeps: then it comes to its own end with ERR_STOPPED.
 * An open transaction rolls back with the connection. A second signal kills at once. */
bool job_interrupted(void);
/* Says so and gives JOB_INTERRUPTED. */
int job_interrupted_fail(struct job *job);

/* For main.c. */
bool job_open(struct job *job);
void job_close(struct job *job);

#endif
