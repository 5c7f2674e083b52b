#include "denying.h"

#include <string.h>
#include <sys/stat.h>

#include "base/log.h"

static const double LOOK_EVERY = 1.0;

void denying_refresh(struct denying *d, const struct config *config, double now)
{
    char path[2 * CONFIG_TEXT];
    struct stat st = {0};
    struct fail why = {0};
    if (now - d->checked < LOOK_EVERY ||
        config_state_path(config, "denied", path, sizeof path, NULL) != ERR_OK)
        return;
    d->checked = now;
    (void)stat(path, &st);
    if (memcmp(&st.st_mtim, &d->changed, sizeof st.st_mtim) == 0)
        return;
    if (denied_read(&d->list, path, &why) != ERR_OK) {
        log_event(LOG_ERROR, "denied.unreadable", "%s", why.text);
        return;
    }
    d->changed = st.st_mtim;
    log_event(LOG_INFO, "denied.loaded", "%zu networks may only read", d->list.n);
}
