/* The ranking of a type by the last days. */
#ifndef MVTI_APP_TREND_H
#define MVTI_APP_TREND_H

#include "app/rank.h"
#include "store/recent_like.h"

/* A character's hearts of the window are its mean a day times the days, damped: the ranking of all time counts as so many hearts, in the
 * measure of a character's popularity (0…1). So one heart, or three, leads no list, and where nobody has liked anything the list is that of all
 * time. */
enum { TREND_DAMPING = 5 };

/* As recent_like_read. */
MUST_USE enum err trend_read(struct db *db, int days, struct recent_likes *out, struct fail *why);
/* A page of the ranking of ask->mbti by likes + TREND_DAMPING × popularity; equals as in the ranking of all time. ERR_NOMEM.
 * O(n log n) of the type's characters. */
MUST_USE enum err trend_rank(const struct snapshot *s, const struct rank_ask *ask,
                             const struct recent_likes *likes, struct arena *a, struct browse_page *out);

#endif
