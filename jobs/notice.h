/* Telling operators: by e-mail (the sendmail interface) and by webhooks of chats. */
#ifndef MVTI_JOBS_NOTICE_H
#define MVTI_JOBS_NOTICE_H

#include <stddef.h>

#include "alarm.h"
#include "job.h"

/* One message of what has changed, to every channel of the settings notify_email and notify_webhooks_file. A webhook is tried three times, each
 * for some seconds, an e-mail once. *channels: how many there are; 0 is no error. The first error of those that did not take
 * it, which never names an address's secret part; ERR_OK: all did. */
MUST_USE enum err notice_send(struct job *job, const struct alarm_change *changes, size_t n, int *channels,
                              struct fail *why);

#endif
