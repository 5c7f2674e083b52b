#include "base/state_path.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static enum err make_folder(const char *path, struct fail *why)
{
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return fail_errno(why, ERR_IO, "%s", path);
    return ERR_OK;
}

enum err state_path(const struct config *config, const struct state_file *file, char *out, struct fail *why)
{
    char rest[128], path[STATE_PATH];
    if (file->given != NULL) {
        if (snprintf(out, STATE_PATH, "%s", file->given) >= STATE_PATH)
            return fail_set(why, ERR_TOO_LARGE, "%.200s…: path too long", file->given);
        return ERR_OK;
    }
    enum err rc = config_state_path(config, file->folder, path, sizeof path, why);
    if (rc == ERR_OK && file->create)
        rc = make_folder(config->state_dir, why);
    if (rc == ERR_OK && file->create)
        rc = make_folder(path, why);
    snprintf(rest, sizeof rest, "%s/%s", file->folder, file->name);
    return rc == ERR_OK ? config_state_path(config, rest, out, STATE_PATH, why) : rc;
}
