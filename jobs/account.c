#include "account.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "reach.h"

static const char jobs[] = "mvti_jobs", worker[] = "mvti_worker", root[] = "root";

static bool is_units_own(const struct job *job)
{
    return getuid() == 0 && strcmp(job->config_file, JOB_CONFIG) == 0;
}

bool account_become(const char *name)
{
    account_return();
    const struct passwd *p = getuid() == 0 ? getpwnam(name) : NULL;
    if (p == NULL || initgroups(name, p->pw_gid) != 0)
        return false;
    if (setegid(p->pw_gid) == 0 && seteuid(p->pw_uid) == 0)
        return true;
    account_return();
    return false;
}

void account_return(void)
{
    if (getuid() == 0 && seteuid(0) == 0 && setegid(getgid()) == 0)
        (void)initgroups("root", getgid());
}

bool account_jobs(struct job *job)
{
    struct config *c = &job->config;
    if (strcmp(job->config_file, JOB_CONFIG) != 0 || c->db_password_file[0] != '\0' || !account_become(jobs))
        return false;
    if (strcmp(c->db_user, worker) == 0)
        snprintf(c->db_user, sizeof c->db_user, "%s", jobs);
    return true;
}

/* A name without a slash is a credential of the jobs' units, which is this file (systemd/remote-database.conf.in). */
static void take_password(struct config *c)
{
    const char *file = c->db_password_file;
    if (file[0] != '\0' && strchr(file, '/') == NULL && c->credentials_dir[0] == '\0')
        snprintf(c->db_password_file, sizeof c->db_password_file, "%s", "/etc/mvti/db.jobs.password");
}

enum err account_take_jobs(struct job *job, bool files, struct fail *why)
{
    struct config *c = &job->config;
    bool ours = strcmp(c->db_user, worker) == 0 || strcmp(c->db_user, jobs) == 0;
    const struct passwd *p = is_units_own(job) && ours ? getpwnam(jobs) : NULL;
    if (p == NULL)
        return ERR_OK;
    if (prctl(PR_SET_KEEPCAPS, files) != 0 || initgroups(jobs, p->pw_gid) != 0 ||
        setresgid(p->pw_gid, p->pw_gid, p->pw_gid) != 0 || setresuid(p->pw_uid, p->pw_uid, p->pw_uid) != 0)
        return fail_errno(why, ERR_DENIED, "root cannot go on as %s here", jobs);
    if (files)
        reach_hold(c);
    take_password(c);
    setenv("HOME", p->pw_dir, 1);
    snprintf(c->db_user, sizeof c->db_user, "%s", jobs);
    return ERR_OK;
}

void account_take_administrator(struct job *job)
{
    struct config *c = &job->config;
    if (is_units_own(job) && c->db_password_file[0] == '\0' && strcmp(c->db_user, worker) == 0)
        snprintf(c->db_user, sizeof c->db_user, "%s", root);
}
