/* mvti backup: a copy of the installation. */
#include <errno.h>
#include <sys/stat.h>

#include "backup/backup.h"
#include "base/clock.h"
#include "import/ratings_shelf.h"
#include "job.h"
#include "secrets_folder.h"

enum { KEEP_MOST = 10000 };

static void say_backup(struct job *job, const struct backup *b, double seconds)
{
    job_say(job, "%s: %llu files, %.1f MB, %.0f s", b->folder, (unsigned long long)b->files,
            (double)b->bytes / 1e6, seconds);
    if (b->keys_folder[0] != '\0')
        job_say(job, "%s: the keys, without which this copy is of little use to a thief; keep them apart",
                b->keys_folder);
    if (!b->accounts)
        job_note(job, "mvti: without the accounts of the database, which only its administrator may see (run "
                      "as root with --set "
                      "db_user=root); after a restore run sql/database.sql and sql/grants.sql");
}

/* No import puts another file of ratings in the place of the one that the database's copy names. Where there is no folder of them there is
 * nothing to hold. */
static enum err make(struct job *job, struct backup *b, struct fail *why)
{
    struct ratings_shelf ratings;
    struct fail none = {0};
    enum err rc = ratings_shelf_open(&ratings, &job->config, "any", false, why);
    if (rc != ERR_OK)
        return rc;
    if (ratings_shelf_hold(&ratings, &none) != ERR_OK && errno != ENOENT)
        return fail_set(why, ERR_IO, "%s", none.text);
    rc = backup_make(b, why);
    ratings_shelf_close(&ratings);
    return rc;
}

int cmd_backup(struct job *job, int argc, char **argv)
{
    const char *dir = NULL, *keys = NULL;
    long keep = 0;
    char settings[CONFIG_TEXT];
    const struct job_option options[] = {
        {.name = "keys",
         .kind = JOB_TEXT,
         .target = &keys,
         .help = "also copy the folder of the configuration, with its keys, below this one, elsewhere"},
        {.name = "keep",
         .kind = JOB_INT,
         .target = &keep,
         .min = 1,
         .max = KEEP_MOST,
         .help = "keep so many back-ups; older ones go (default: all)"},
        {0}};
    int n = job_options(argc, argv, "backup DIR [--keys DIR] [--keep N]", options,
                        (struct job_operands){&dir, 1, 1});
    if (n < 0)
        return job_options_status(n);
    struct backup b = {.config = &job->config,
                       .db = job->db,
                       .progress = &job->progress,
                       .dir = dir,
                       .keys = keys,
                       .keep = keep};
    if (keys != NULL && (b.secrets = secrets_folder(job, settings)) == NULL)
        return JOB_USAGE;
    struct fail why = {0};
    double began = clock_monotonic();
    umask(0077);
    enum err rc = make(job, &b, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    say_backup(job, &b, clock_monotonic() - began);
    return JOB_OK;
}
