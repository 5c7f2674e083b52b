/* Root doing something with the rights of another account of this machine, such as connecting to a database that knows accounts by
 * their names (unix_socket). */
#ifndef MVTI_JOBS_ACCOUNT_H
#define MVTI_JOBS_ACCOUNT_H

#include <stdbool.h>

#include "job.h"

/* Effective user, group and further groups become the account's, until account_return. False, and nothing has changed, unless this process is
 * root's and there is such an account. */
bool account_become(const char *name);
/* Before a command that needs the database or the state folder: root with the settings of the installed units becomes mvti_jobs for good, whom both know, and
 * with `files` keeps the right to open files where job_options says (reach.h), so that it reads root's own ones and what it writes is mvti_jobs's. Nothing happens to others, and to
 * whom db_user names another account of the database than the workers' or the jobs'. ERR_DENIED: root that may not change its account, as in a container. */
MUST_USE enum err account_take_jobs(struct job *job, bool files, struct fail *why);
/* Before a command that sees the whole database: root with those settings and no password speaks to it as root. */
void account_take_administrator(struct job *job);
/* Root, with the settings of the installed units and no password for the database, goes on as mvti_jobs, whom the database, the state folder and its files know. False: this is
 * not root, or not there. */
bool account_jobs(struct job *job);
/* Root again, if it was. */
void account_return(void);

#endif
