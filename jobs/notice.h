/* Telling operators: by e-mail (the sendmail interface) and by webhooks of chats. */
#ifndef MVTI_JOBS_NOTICE_H
#define MVTI_JOBS_NOTICE_H

#include <stddef.h>

#include "alarm.h"
#include "job.h"

struct notice_count {
    int channels, taken; /* how many there are, and how many took it */
};

/* One message of what has changed, to every channel of the settings notify_email and notify_webhooks_file; no channel is no error. A webhook is tried
 * three times, each for notify_timeout_ms at most, an e-mail once. The first error of those that did not take it, which never names an address's secret part;
 * ERR_OK: all did. */
MUST_USE enum err notice_send(struct job *job, const struct alarm_change *changes, size_t n,
                              struct notice_count *count, struct fail *why);

#endif
