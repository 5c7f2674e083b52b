/* Hearts of the last days, as a worker knows them. */
#ifndef MVTI_CGI_RECENT_H
#define MVTI_CGI_RECENT_H

#include "app/trend.h"
#include "exchange.h"

/* days= of the query: 0 where there is none, −1 where it is neither RECENT_LIKE_WEEK nor RECENT_LIKE_MONTH. */
int recent_days(const struct exchange *p);
/* The ranking that p->mbti has by the last days; asks the database once a minute. ERR_UNAVAILABLE and others of it, ERR_NOMEM. */
MUST_USE enum err recent_rank(struct exchange *p, int days, const struct rank_ask *ask,
                              struct browse_page *out);

#endif
