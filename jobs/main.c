/* mvti: administration and batch work. `mvti --help` lists the commands. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "base/version.h"
#include "account.h"
#include "help.h"
#include "job_record.h"
#include "num/dense.h"

#define KERNELS "OPENBLAS_CORETYPE"

static int cmd_help(struct job *job, int argc, char **argv);

/* Whom root is while the command runs (account.h). */
enum as { AS_JOBS, AS_JOBS_ALONE /* no file of root's */, AS_ADMINISTRATOR, AS_ROOT };

static const struct command {
    const char *name;
    int (*run)(struct job *job, int argc, char **argv);
    enum as as;
    const char *help;
} commands[] = {
    {"setup", cmd_setup, AS_ROOT, "set a server up: accounts, key, database, first snapshot, units, nginx"},
    {"migrate", cmd_migrate, AS_JOBS, "bring the database schema up to date"},
    {"import", cmd_import, AS_JOBS, "read films, characters, plots, watch links or ratings from a file"},
    {"simulate", cmd_simulate, AS_JOBS, "generate an audience and its ratings (for the bundled sample)"},
    {"dataset", cmd_dataset, AS_JOBS, "build the training dataset, or describe one"},
    {"train", cmd_train, AS_JOBS, "train a model on the dataset"},
    {"evaluate", cmd_evaluate, AS_JOBS, "train and evaluate models on benchmark files; needs no database"},
    {"runs", cmd_runs, AS_JOBS, "list, show and compare training and evaluation runs"},
    {"tune", cmd_tune, AS_JOBS, "search for a model's best settings on validation data"},
    {"publish", cmd_publish, AS_JOBS, "build a snapshot and switch the workers to it"},
    {"pull", cmd_pull, AS_JOBS,
     "take the snapshot that another host publishes, and switch the workers to it"},
    {"pictures", cmd_pictures, AS_JOBS, "draw the pictures that links of results are shown with"},
    {"snapshot", cmd_snapshot, AS_JOBS, "describe or verify a snapshot file"},
    {"recommend", cmd_recommend, AS_JOBS, "recommend characters, as the site would"},
    {"key", cmd_sessions_key, AS_ROOT,
     "create the key file that hashes session cookies, or one that signs what other hosts pull"},
    {"sessions", cmd_sessions, AS_JOBS, "delete expired sessions, guests and events, or end sessions"},
    {"experiment", cmd_experiment, AS_JOBS, "try variants of the site with a part of the visitors"},
    {"export", cmd_export, AS_JOBS,
     "export the analysts' views to Parquet, CSV or JSON files, incrementally"},
    {"rollup", cmd_rollup, AS_JOBS, "aggregate new events by hour and day for the analysts' views"},
    {"analytics", cmd_analytics, AS_JOBS, "send the events of visitors who agreed to Google Analytics"},
    {"metrics", cmd_metrics, AS_JOBS, "print what workers and jobs count, for Prometheus"},
    {"recount", cmd_recount, AS_JOBS, "recount likes, votes and tests and correct the stored counters"},
    {"admin", cmd_admin, AS_JOBS, "list who may open the owner's console, and who has just signed in"},
    {"ban", cmd_ban, AS_JOBS, "let a visitor or a network only read for a time, and undo what they did"},
    {"report", cmd_report, AS_JOBS, "summarise the week for the owner, as text or as an HTML file to mail"},
    {"backup", cmd_backup, AS_ADMINISTRATOR,
     "copy database, models, ratings and snapshot, and apart from them the keys"},
    {"restore", cmd_restore, AS_ADMINISTRATOR, "check a back-up, or make the installation from it"},
    {"doctor", cmd_doctor, AS_ROOT, "check the installation and say what to do next"},
    {"notify", cmd_notify, AS_JOBS_ALONE,
     "tell operators by e-mail or chat what is wrong, and when it is well again"},
    {"help", cmd_help, AS_ROOT, "explain a command: mvti help COMMAND"},
};
enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *f)
{
    help_usage(f, "[--config FILE] [--set NAME=VALUE]… [--quiet] COMMAND …");
    fputs("       mvti [--config FILE] [--set NAME=VALUE]… --check-config | --version\n", f);
    fputs("\ncommands (each has --help):\n", f);
    for (int i = 0; i < N_COMMANDS; i++)
        help_row(f, 2, 15, commands[i].name, commands[i].help);
    fputs("\nsettings (in the section [mvti] of the file that --config or MVTI_CONFIG names, else "
          "of\n" JOB_CONFIG
          "; --set overrides one, and MLFLOW_TRACKING_URI overrides mlflow_uri,\nMLFLOW_TRACKING_USERNAME, "
          "_PASSWORD and _TOKEN are its credentials):\n",
          f);
    for (const struct config_row *row = config_rows(); row->name != NULL; row++) {
        char text[400];
        snprintf(text, sizeof text, "%s (default: %s)", row->help,
                 row->fallback[0] ? row->fallback : "empty");
        help_row(f, 2, 21, row->name, text);
    }
}

/* What --config says, else MVTI_CONFIG, else the system's file if there is one. */
static enum err read_config(struct job *job, const char *given, struct fail *why)
{
    const char *path = given != NULL ? given : getenv("MVTI_CONFIG");
    if (path == NULL && access(JOB_CONFIG, R_OK) == 0)
        path = JOB_CONFIG;
    job->config_file = path != NULL ? path : "";
    return path != NULL ? config_read(&job->config, path, why) : ERR_OK;
}

/* The variables that MLflow's own programs read override the file, and --set overrides both. Secrets are no settings. */
static enum err read_environment(struct job *job, struct fail *why)
{
    const struct {
        const char *variable, *setting;
        char *field;
    } rows[] = {{"MLFLOW_TRACKING_URI", "mlflow_uri", NULL},
                {"MLFLOW_TRACKING_USERNAME", "mlflow_username", NULL},
                {"MLFLOW_TRACKING_PASSWORD", NULL, job->config.mlflow_password},
                {"MLFLOW_TRACKING_TOKEN", NULL, job->config.mlflow_token},
                {"CREDENTIALS_DIRECTORY", NULL, job->config.credentials_dir}};
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < sizeof rows / sizeof *rows; i++) {
        const char *value = getenv(rows[i].variable);
        if (value == NULL || value[0] == '\0')
            continue;
        if (rows[i].field == NULL)
            rc = config_set(&job->config, rows[i].setting, value, why);
        else if (snprintf(rows[i].field, CONFIG_TEXT, "%s", value) >= CONFIG_TEXT)
            rc = fail_set(why, ERR_INVALID, "%s: longer than %d bytes", rows[i].variable, CONFIG_TEXT - 1);
    }
    return rc;
}

static enum err set_pair(struct job *job, const char *pair, struct fail *why)
{
    const char *equal = strchr(pair, '=');
    if (equal == NULL)
        return fail_set(why, ERR_INVALID, "--set %s: not NAME=VALUE", pair);
    char *name = arena_strndup(&job->arena, pair, (size_t)(equal - pair));
    if (name == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return config_set(&job->config, name, equal + 1, why);
}

/* Options before the command. *at ends at the command's word; *config and the pairs are only remembered,
 * because the file comes first and single settings override it. */
static enum err global_options(struct job *job, int argc, char **argv, int *at, const char **config,
                               struct fail *why)
{
    for (*at = 1; *at < argc && argv[*at][0] == '-'; ++*at) {
        if (strcmp(argv[*at], "--quiet") == 0)
            job->quiet = true;
        else if (strcmp(argv[*at], "--check-config") == 0)
            job->only_check = true;
        else if (strcmp(argv[*at], "--config") == 0 && *at + 1 < argc)
            *config = argv[++*at];
        else if (strcmp(argv[*at], "--set") == 0 && *at + 1 < argc)
            ++*at;
        else
            return fail_set(why, ERR_INVALID, "%s: unknown option, or its value is missing; see mvti --help",
                            argv[*at]);
    }
    enum err rc = read_config(job, *config, why);
    if (rc == ERR_OK)
        rc = read_environment(job, why);
    for (int i = 1; rc == ERR_OK && i < *at; i++)
        if (strcmp(argv[i], "--set") == 0)
            rc = set_pair(job, argv[++i], why);
        else if (strcmp(argv[i], "--config") == 0)
            i++;
    return rc;
}

static void log_line(void *arg, enum log_level level, const char *line, size_t len)
{
    job_clear_progress(arg);
    fprintf(stderr, "%s%.*s\n", job_priority(level), (int)len, line);
}

static const struct command *find_command(const char *name)
{
    for (int i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int run_command(struct job *job, int argc, char **argv)
{
    const struct command *found = find_command(argv[0]);
    if (found != NULL)
        return found->run(job, argc, argv);
    fprintf(stderr, "mvti: unknown command '%s'; see mvti --help\n", argv[0]);
    return JOB_USAGE;
}

static enum err take_account(struct job *job, const char *name, struct fail *why)
{
    const struct command *found = find_command(name);
    if (found != NULL && found->as == AS_ADMINISTRATOR)
        account_take_administrator(job);
    bool jobs = found != NULL && (found->as == AS_JOBS || found->as == AS_JOBS_ALONE);
    return jobs ? account_take_jobs(job, found->as == AS_JOBS, why) : ERR_OK;
}

/* mvti help import ratings: what mvti import ratings --help says. */
static int cmd_help(struct job *job, int argc, char **argv)
{
    static char option[] = "--help";
    if (argc == 1 || strcmp(argv[1], option) == 0 || strcmp(argv[1], argv[0]) == 0) {
        print_help(stdout);
        return JOB_OK;
    }
    char *words[3] = {argv[1], argc > 2 ? argv[2] : option, option};
    return run_command(job, argc > 2 ? 3 : 2, words);
}

/* Starts this program once more where OpenBLAS, which decides when it is loaded, took kernels that are too
 * old for the processor. What a person has set stays; where there is no /proc it goes on with what there is.
 */
static void take_better_kernels(char **argv)
{
    const char *better = dense_better_kernels();
    if (better != NULL && getenv(KERNELS) == NULL && setenv(KERNELS, better, 0) == 0)
        execv("/proc/self/exe", argv);
}

int main(int argc, char **argv)
{
    take_better_kernels(argv);
    static struct job job;
    const char *config = NULL;
    int at = 1;
    struct fail why = {0};
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("mvti %s\n", version_text());
        return JOB_OK;
    }
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(argc < 2 ? stderr : stdout);
        return argc < 2 ? JOB_USAGE : JOB_OK;
    }
    config_init(&job.config);
    if (global_options(&job, argc, argv, &at, &config, &why) != ERR_OK) {
        (void)job_fail(&job, ERR_INVALID, &why);
        return JOB_USAGE;
    }
    if (job.only_check) {
        printf("%s: the settings are right\n", job.config_file);
        return JOB_OK;
    }
    if (at >= argc) {
        print_help(stderr);
        return JOB_USAGE;
    }
    enum err rc = take_account(&job, argv[at], &why);
    if (rc != ERR_OK)
        return job_fail(&job, rc, &why);
    if (!job_open(&job) || secret_init() != ERR_OK)
        return job_fail(&job, ERR_NOMEM, NULL);
    log_set_sink(log_line, &job, (enum log_level)job.config.log_level);
    job_record_begin(&job.config, argc - at, argv + at);
    int status = run_command(&job, argc - at, argv + at);
    job_close(&job);
    if (fflush(stdout) != 0 && status == JOB_OK)
        status = err_exit_status(ERR_IO);
    job_record_end(status);
    return status;
}
