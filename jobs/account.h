/* Root doing something with the rights of another account of this machine, such as connecting to a database that knows accounts by
 * their names (unix_socket). */
#ifndef MVTI_JOBS_ACCOUNT_H
#define MVTI_JOBS_ACCOUNT_H

#include <stdbool.h>

/* Effective user, group and further groups become the account's, until account_return. False, and nothing has changed, unless this process is
 * root's and there is such an account. */
bool account_become(const char *name);
/* Root again, if it was. */
void account_return(void);

#endif
