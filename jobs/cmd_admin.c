/* mvti admin: who may open the owner's console, and how to name who has just signed in. With --work it carries out requests made there. */
#include "admin_work.h"
#include "app/console.h"
#include "job.h"
#include "table.h"

enum { LATELY = 3600, LOGINS_MOST = 20 };

static const char *name_of(struct job *job, const struct account_login *login)
{
    struct account_identity one = {.provider = login->provider, .subject = login->subject};
    struct account account = {.identities = &one, .n = 1};
    return console_admin_name(job->config.admins, login->visitor_id, &account, &job->arena);
}

static void say_login(struct job *job, struct table *t, const struct account_login *login)
{
    const char *word = arena_printf(&job->arena, "%s:%s", login->provider, login->subject);
    const char *number = arena_printf(&job->arena, "account:%lld", (long long)login->visitor_id);
    const char *since = arena_printf(&job->arena, "%lld s ago", (long long)login->since);
    table_text(t, since != NULL ? since : "");
    table_text(t, word != NULL ? word : "");
    table_text(t, number != NULL ? number : "");
    table_text(t, name_of(job, login) != NULL ? "admin" : "-");
}

static int say_logins(struct job *job)
{
    struct account_logins logins;
    struct fail why = {0};
    enum err rc = account_logins(job->db, LATELY, LOGINS_MOST, &job->arena, &logins, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (logins.n == 0) {
        job_say(job, "nobody has signed in within the last hour: sign in on the site, then run this again");
        return JOB_OK;
    }
    struct table t;
    table_start(&t, job, 4);
    static const char *const heads[] = {"signed in", "by identity", "by number", "now"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_text(&t, heads[i]);
    for (size_t i = 0; i < logins.n; i++)
        say_login(job, &t, &logins.items[i]);
    table_say(&t);
    job_say(job, "add one of the two names to the setting admins to give that person access to the console");
    return JOB_OK;
}

int cmd_admin(struct job *job, int argc, char **argv)
{
    bool work = false;
    const struct job_option options[] = {
        {"work", JOB_FLAG, &work, 0, 0,
         "carry out requests made in the console; a timer runs this every minute"},
        {0}};
    struct fail why = {0};
    int n = job_options(argc, argv, "admin [--work]", options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    if (work)
        return admin_work(job);
    enum err rc = console_admins_check(job->config.admins, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "admins: %s", job->config.admins[0] != '\0' ? job->config.admins : "nobody");
    return say_logins(job);
}
