/* Root doing something with the rights of whom a folder belongs to, so that it can write nowhere else in that account's name. */
#ifndef MVTI_BACKUP_OWNER_H
#define MVTI_BACKUP_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

struct owner {
    uid_t user;
    gid_t group;
};

/* Effective user and group are the owner's until owner_leave, and there are no others. True, and nothing happens, where this process is not root's, the owner is root, or `as`
 * is NULL. False, with errno, where the system does not let it. */
bool owner_take(const struct owner *as);
void owner_leave(const struct owner *as);

#endif
