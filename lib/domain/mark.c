#include "domain/mark.h"

#include <string.h>

static const char *const names[MARKS] = {"not_me", "seen", "hidden"};

const char *mark_name(enum mark mark)
{
    return names[mark];
}

bool mark_parse(const char *name, enum mark *out)
{
    for (int i = 0; i < MARKS; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum mark)i;
            return true;
        }
    return false;
}
