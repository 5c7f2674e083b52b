#include "secrets_folder.h"

#include <libgen.h>
#include <stdio.h>

const char *secrets_folder(struct job *job, char path[CONFIG_TEXT])
{
    if (job->config_file[0] == '\0') {
        job_note(
            job,
            "mvti: --keys copies the folder of the configuration, and there is none: name it with --config");
        return NULL;
    }
    snprintf(path, CONFIG_TEXT, "%s", job->config_file);
    return dirname(path);
}
