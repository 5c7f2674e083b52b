/* mvti: administration and batch work. `mvti --help` lists the commands. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "num/dense.h"

#define KERNELS "OPENBLAS_CORETYPE"

#define DEFAULT_CONFIG "/etc/mvti/mvti.conf"

static const struct {
    const char *name;
    int (*run)(struct job *job, int argc, char **argv);
    const char *help;
} commands[] = {
    {"migrate", cmd_migrate, "bring the database's tables up to date"},
    {"import", cmd_import, "read films, characters, plots, watch links or ratings from a file"},
    {"simulate", cmd_simulate, "make up an audience and its ratings (for the bundled sample)"},
    {"dataset", cmd_dataset, "build the training dataset, or show one"},
    {"train", cmd_train, "train a model on the dataset"},
    {"evaluate", cmd_evaluate, "train and measure a model on benchmark files, without a database"},
    {"runs", cmd_runs, "list, show and compare what train and evaluate did"},
    {"tune", cmd_tune, "search good settings of a model on validation data"},
    {"publish", cmd_publish, "make a snapshot and point the workers at it"},
    {"snapshot", cmd_snapshot, "say what a published file holds, or check it"},
    {"recommend", cmd_recommend, "answer a visitor from the snapshot"},
    {"key", cmd_sessions_key, "make the file with the key that hashes session cookies"},
    {"sessions", cmd_sessions, "remove sessions, guests and events that are too old, or end sessions"},
    {"recount", cmd_recount,
     "mend the numbers of likes, votes and tests where they are not those of the rows"},
    {"doctor", cmd_doctor, "say what is wrong with this installation, and what to do"},
};
enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(void)
{
    puts("usage: mvti [--config FILE] [--set NAME=VALUE]… [--quiet] COMMAND …\n\n"
         "commands (each has --help):");
    for (int i = 0; i < N_COMMANDS; i++)
        printf("  %-12s %s\n", commands[i].name, commands[i].help);
    puts(
        "\nsettings (file: [mvti] and lines of name = value; MVTI_CONFIG names the file, else " DEFAULT_CONFIG
        ";\nMLFLOW_TRACKING_URI stands above its mlflow_uri):");
    for (const struct config_row *row = config_rows(); row->name != NULL; row++)
        printf("  %-18s %s (default: %s)\n", row->name, row->help,
               row->fallback[0] ? row->fallback : "empty");
}

/* What --config says, else MVTI_CONFIG, else the system's file if there is one. */
static enum err read_config(struct job *job, const char *given, struct fail *why)
{
    const char *path = given != NULL ? given : getenv("MVTI_CONFIG");
    if (path == NULL && access(DEFAULT_CONFIG, R_OK) == 0)
        path = DEFAULT_CONFIG;
    job->config_file = path != NULL ? path : "";
    return path != NULL ? config_read(&job->config, path, why) : ERR_OK;
}

/* The name that MLflow's own programs look at stands above the file and below --set. */
static enum err read_environment(struct job *job, struct fail *why)
{
    const char *uri = getenv("MLFLOW_TRACKING_URI");
    return uri != NULL && uri[0] != '\0' ? config_set(&job->config, "mlflow_uri", uri, why) : ERR_OK;
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
    (void)level;
    job_clear_progress(arg);
    fprintf(stderr, "%.*s\n", (int)len, line);
}

static int run_command(struct job *job, int argc, char **argv)
{
    for (int i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].name, argv[0]) == 0)
            return commands[i].run(job, argc, argv);
    fprintf(stderr, "mvti: no command '%s'; see mvti --help\n", argv[0]);
    return JOB_USAGE;
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
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return argc < 2 ? JOB_USAGE : JOB_OK;
    }
    config_init(&job.config);
    if (global_options(&job, argc, argv, &at, &config, &why) != ERR_OK) {
        (void)job_fail(&job, ERR_INVALID, &why);
        return JOB_USAGE;
    }
    if (at >= argc) {
        print_help();
        return JOB_USAGE;
    }
    if (!job_open(&job) || secret_init() != ERR_OK)
        return job_fail(&job, ERR_NOMEM, NULL);
    log_set_sink(log_line, &job, (enum log_level)job.config.log_level);
    int status = run_command(&job, argc - at, argv + at);
    job_close(&job);
    if (fflush(stdout) != 0 && status == JOB_OK)
        status = err_exit_status(ERR_IO);
    return status;
}
