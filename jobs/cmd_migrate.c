#include "job.h"
#include "store/migrate.h"
#include "store/schema.h"
#include "store/site_time.h"

enum { WAIT_SECONDS = 30 };

static const char *const state_words[] = {
    [MIGRATION_PENDING] = "pending",
    [MIGRATION_APPLIED] = "applied",
    [MIGRATION_CHANGED] = "applied, then changed",
    [MIGRATION_GONE] = "applied by a newer program",
};

static int list(struct job *job)
{
    struct migration_list l;
    struct fail why = {0};
    enum err rc = migrate_list(job->db, job->config.migrations_dir, &job->arena, &l, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    for (size_t i = 0; i < l.n; i++)
        job_say(job, "%-30s %s", l.items[i].name, state_words[l.items[i].state]);
    return JOB_OK;
}

/* A newer program has migrated, and this one may work with what came of it (store/schema.h). */
static enum err is_newer(struct job *job, bool *newer, struct fail *why)
{
    struct migration_list l;
    enum err rc = migrate_list(job->db, job->config.migrations_dir, &job->arena, &l, why);
    *newer = rc == ERR_OK && l.n > 0 && l.items[l.n - 1].state == MIGRATION_GONE;
    return rc;
}

struct count {
    struct job *job;
    size_t n;
};

static void applied(void *arg, const struct migration *m)
{
    struct count *c = arg;
    c->n++;
    job_say(c->job, "applied %s", m->name);
}

int cmd_migrate(struct job *job, int argc, char **argv)
{
    bool only_list = false;
    const struct job_option options[] = {{.name = "list",
                                          .kind = JOB_FLAG,
                                          .target = &only_list,
                                          .help = "only list applied and pending migrations"},
                                         {0}};
    int n = job_options(argc, argv, "migrate [--list]", options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    if (only_list)
        return list(job);
    struct count count = {.job = job};
    struct fail why = {0};
    bool newer = false;
    enum err rc =
        migrate_run(job->db, job->config.migrations_dir, WAIT_SECONDS, &job->arena, applied, &count, &why);
    if (rc == ERR_OK)
        rc = site_time_set(job->db, job->config.time_zone, &why);
    if (rc == ERR_OK)
        rc = is_newer(job, &newer, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (newer)
        job_say(job,
                "a newer MVTI has migrated this database; this one, which knows it up to %04d, can work with "
                "it and has nothing to do",
                schema_known());
    else if (count.n == 0)
        job_say(job, "nothing to do: all migrations have run");
    return JOB_OK;
}
