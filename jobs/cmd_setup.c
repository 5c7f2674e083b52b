/* From an installation to a site that answers: a script beside the installed program, because what it calls are programs (tools/setup.in). */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "job.h"

enum { WORKERS = 4, WORKERS_MOST = 64 };

/* The script of this installation: bin/mvti and libexec/mvti/setup have one prefix. */
static enum err find_script(char *out, size_t size, struct fail *why)
{
    char program[CONFIG_TEXT];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n < 0)
        return fail_errno(why, ERR_IO, "/proc/self/exe");
    program[n] = '\0';
    if (snprintf(out, size, "%s/libexec/mvti/setup", dirname(dirname(program))) >= (int)size)
        return fail_set(why, ERR_TOO_LARGE, "%s: too long", program);
    if (access(out, X_OK) != 0)
        return fail_set(why, ERR_NOT_FOUND,
                        "%s is missing: only an installed mvti sets a server up (make install)", out);
    return ERR_OK;
}

int cmd_setup(struct job *job, int argc, char **argv)
{
    const char *catalog = "";
    long workers = WORKERS;
    char script[CONFIG_TEXT], count[24];
    const struct job_option options[] = {
        {"catalog", JOB_TEXT, &catalog, 0, 0,
         "folder with movies.csv and characters.csv for the first snapshot (default: the bundled sample)"},
        {"workers", JOB_INT, &workers, 1, WORKERS_MOST,
         "workers of the main pool that are enabled (default 4)"},
        {0}};
    int n =
        job_options(argc, argv, "setup [--catalog FOLDER] [--workers N]", options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    struct fail why = {0};
    enum err rc = find_script(script, sizeof script, &why);
    if (rc == ERR_OK) {
        snprintf(count, sizeof count, "%ld", workers);
        execl(script, script, "--catalog", catalog, "--workers", count, (char *)NULL);
        rc = fail_errno(&why, ERR_IO, "%s", script);
    }
    return job_fail(job, rc, &why);
}
