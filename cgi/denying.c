#include "denying.h"

#include <errno.h>

#include "base/log.h"

static const double LOOK_EVERY = 1.0;

static bool has_read(const struct denying *d, const struct file_version *version)
{
    if (d->unreadable.lasts)
        return false;
    return d->looked ? file_version_same(&d->read, version) : version->error == ENOENT;
}

void denying_refresh(struct denying *d, const struct config *config, double now)
{
    char path[2 * CONFIG_TEXT];
    struct file_version version;
    struct fail why = {0};
    if (now - d->checked < LOOK_EVERY ||
        config_state_path(config, "denied", path, sizeof path, NULL) != ERR_OK)
        return;
    d->checked = now;
    file_version_look(path, &version);
    if (has_read(d, &version))
        return;
    if (denied_read(&d->list, path, &why) != ERR_OK) {
        lasting_met(&d->unreadable, now, LOG_ERROR, "denied.unreadable", why.text);
        return;
    }
    (void)lasting_over(&d->unreadable);
    d->looked = true;
    d->read = version;
    log_event(LOG_INFO, "denied.loaded", "%zu networks may only read", d->list.n);
}
