/* What root's command may open that goes on as mvti_jobs (account.h): every file to be read, and, to be written, what lies below the folders of the settings and beside the
 * files that its options name. Landlock (landlock(7)) sees where a path has led, so that a link which the jobs have put into a folder of theirs makes root write nowhere else. A kernel
 * without it (before 5.19, or switched off) leaves the command the rights of mvti_jobs alone. */
#ifndef MVTI_JOBS_REACH_H
#define MVTI_JOBS_REACH_H

#include <stddef.h>

#include "base/config.h"

/* While the account is changed: of root's rights nothing works any more, and two are kept for reach_open. The settings are borrowed. */
void reach_hold(const struct config *settings);
/* Once, when the command knows what it writes: from here on the right to open files works (CAP_DAC_OVERRIDE), within those bounds. Without reach_hold before it
 * nothing happens. */
void reach_open(const char *const *written, size_t n);

#endif
