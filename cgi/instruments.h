/* What a worker counts of its work (metrics/metrics.h; docs/operating.md lists it). Before instruments_open, and
 * where there is no folder for it, nothing is counted and everything works. */
#ifndef MVTI_CGI_INSTRUMENTS_H
#define MVTI_CGI_INSTRUMENTS_H

#include "routes.h"

/* Takes a slot below metrics_dir for this process, a worker of the pool of that name. One that finds none says so in the log. */
void instruments_open(const struct config *config, const char *pool);

void instruments_request_begin(void);
/* `route` NULL: none has this address. What the request asked of the database is counted with it. */
void instruments_request_end(const struct exchange *p, const struct route *route, double seconds);

/* 16 hex digits. */
void instruments_snapshot(const char *id);
void instruments_snapshot_refused(void);
/* Whether the published snapshot is not what is served because it cannot be used, as of the last look. */
void instruments_snapshot_refusing(bool refusing);
/* provider is one of this site's, outcome a word of login_cause_name. */
void instruments_login(const char *provider, const char *outcome);
/* A name of limits_table. */
void instruments_limit(const char *name);

#endif
