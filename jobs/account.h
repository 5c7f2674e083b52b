/* Root doing something with the rights of another account of this machine, such as connecting to a database that knows accounts by
 * their names (unix_socket). */
#ifndef MVTI_JOBS_ACCOUNT_H
#define MVTI_JOBS_ACCOUNT_H

#include <stdbool.h>

#include "job.h"

/* Effective user, group and further groups become the account's, until account_return. False, and nothing has changed, unless this process is
 * root's and there is such an account. */
bool account_become(const char *name);
/* Root, with the settings of the installed units and no password for the database, goes on as mvti_jobs, whom the database, the state folder and its files know. False: this is
 * not root, or not there. */
bool account_jobs(struct job *job);
/* Root again, if it was. */
void account_return(void);

#endif
