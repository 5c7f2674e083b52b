#include "base/lasting.h"

#include <stdio.h>
#include <string.h>

void lasting_met(struct lasting *l, double now, enum log_level level, const char *event, const char *reason)
{
    char text[sizeof l->reason];
    snprintf(text, sizeof text, "%s", reason);
    if (l->lasts && strcmp(l->reason, text) == 0 && now - l->told < LASTING_AGAIN)
        return;
    l->lasts = true;
    l->told = now;
    memcpy(l->reason, text, sizeof text);
    log_event(level, event, "%s", reason);
}

bool lasting_over(struct lasting *l)
{
    bool did = l->lasts;
    l->lasts = false;
    return did;
}
