/* Rankings by the likes of the last days, which a worker caches. */
#ifndef MVTI_CGI_RECENT_H
#define MVTI_CGI_RECENT_H

#include "app/trend.h"
#include "exchange.h"

/* days= of the query: 0 if absent, −1 if it is neither RECENT_LIKE_WEEK nor RECENT_LIKE_MONTH. */
int recent_days(const struct exchange *p);
/* The ranking of p->mbti by the likes of the last `days`; queries the database once a minute. ERR_UNAVAILABLE and other
 * errors of the database, ERR_NOMEM. */
MUST_USE enum err recent_rank(struct exchange *p, int days, const struct rank_ask *ask,
                              struct browse_page *out);

#endif
