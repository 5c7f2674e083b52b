#include "account.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
    if (strcmp(job->config_file, JOB_CONFIG) != 0 || c->db_password_file[0] != '\0' ||
        !account_become("mvti_jobs"))
        return false;
    if (strcmp(c->db_user, "mvti_worker") == 0)
        snprintf(c->db_user, sizeof c->db_user, "mvti_jobs");
    return true;
}
