#include "backup/owner.h"

#include <grp.h>
#include <stddef.h>
#include <unistd.h>

static bool is_another(const struct owner *as)
{
    return as != NULL && getuid() == 0 && as->user != 0;
}

bool owner_take(const struct owner *as)
{
    if (!is_another(as))
        return true;
    if (setgroups(0, NULL) == 0 && setegid(as->group) == 0 && seteuid(as->user) == 0)
        return true;
    owner_leave(as);
    return false;
}

void owner_leave(const struct owner *as)
{
    if (is_another(as) && seteuid(0) == 0 && setegid(getgid()) == 0)
        (void)initgroups("root", getgid());
}
