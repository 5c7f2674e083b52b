/* The folder of the settings, in which the secrets are. */
#ifndef MVTI_JOBS_SECRETS_FOLDER_H
#define MVTI_JOBS_SECRETS_FOLDER_H

#include "job.h"

/* Its path, which is in `path`; NULL after it has said that no configuration was read. */
const char *secrets_folder(struct job *job, char path[CONFIG_TEXT]);

#endif
