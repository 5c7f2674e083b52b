/* mvti restore: the installation from a copy that mvti backup made. */
#include <sys/stat.h>

#include "backup/restore.h"
#include "base/clock.h"
#include "job.h"
#include "secrets_folder.h"
#include "store/migrate.h"

enum { LOCK_SECONDS = 30 };

static enum err run_migrations(struct job *job, struct fail *why)
{
    return migrate_run(job->db, job->config.migrations_dir, LOCK_SECONDS, &job->arena, NULL, NULL, why);
}

static int restore(struct job *job, struct restore *r, bool only_check)
{
    struct fail why = {0};
    double began = clock_monotonic();
    enum err rc = restore_check(r, &why);
    if (rc == ERR_OK && only_check) {
        job_say(job, "%s: whole; %s, MVTI %s, tables %04d, %zu files, %.1f MB", r->folder, r->contents.made,
                r->contents.version, r->contents.schema, r->contents.files.len,
                (double)contents_bytes(&r->contents) / 1e6);
        return JOB_OK;
    }
    if (rc == ERR_OK)
        rc = restore_run(r, &why);
    if (rc == ERR_OK)
        rc = run_migrations(job, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "restored %s, as of %s, in %.0f s", job->config.db_name, r->contents.made,
            clock_monotonic() - began);
    if (r->forget)
        job_say(job, "deleted again: %lld visitors whom the database did not know any more",
                (long long)r->forgotten);
    char word[] = "doctor", *words[] = {word, NULL};
    (void)cmd_doctor(job, 1, words); /* what is left to do; what was asked for is done */
    return JOB_OK;
}

int cmd_restore(struct job *job, int argc, char **argv)
{
    bool only_check = false;
    char settings[CONFIG_TEXT];
    struct restore r = {.config = &job->config, .db = job->db, .progress = &job->progress};
    const struct job_option options[] = {
        {.name = "keys",
         .kind = JOB_TEXT,
         .target = &r.keys,
         .help = "also put back the folder of the configuration from this back-up of keys"},
        {.name = "replace",
         .kind = JOB_FLAG,
         .target = &r.replace,
         .help = "a database that is not empty is deleted first"},
        {.name = "in-use",
         .kind = JOB_FLAG,
         .target = &r.in_use,
         .help = "replace also a database that workers or others are connected to"},
        {.name = "forget",
         .kind = JOB_FLAG,
         .target = &r.forget,
         .help = "delete again whom the replaced database does not know any more"},
        {.name = "check",
         .kind = JOB_FLAG,
         .target = &only_check,
         .help = "only say whether the back-up is whole"},
        {0}};
    int n =
        job_options(argc, argv, "restore FOLDER [--keys FOLDER] [--replace] [--in-use] [--forget] [--check]",
                    options, (struct job_operands){&r.folder, 1, 1});
    if (n < 0)
        return job_options_status(n);
    if (r.keys != NULL && (r.secrets = secrets_folder(job, settings)) == NULL)
        return JOB_USAGE;
    umask(0077);
    int status = restore(job, &r, only_check);
    restore_free(&r);
    return status;
}
