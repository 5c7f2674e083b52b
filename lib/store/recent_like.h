/* Hearts of the last days by character: counted by the hour, read by workers whole. */
#ifndef MVTI_STORE_RECENT_LIKE_H
#define MVTI_STORE_RECENT_LIKE_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

/* The windows there are, and the most characters that one has: those with most hearts. */
enum { RECENT_LIKE_WEEK = 7, RECENT_LIKE_MONTH = 30, RECENT_LIKE_MOST = 2000 };

struct recent_like {
    int32_t character_id, likes;
};

struct recent_likes {
    struct recent_like rows[RECENT_LIKE_MOST]; /* [n] by character id */
    size_t n;
};

/* Counts both windows anew, of days of the site's time zone with today among them: people who count (visitor_add) and are not banned, each
 * once for a character. Those who like meanwhile do not wait. Cost: the hearts of RECENT_LIKE_MONTH days. */
MUST_USE enum err recent_like_count(struct db *db, struct fail *why);
/* days: RECENT_LIKE_WEEK or RECENT_LIKE_MONTH. */
MUST_USE enum err recent_like_read(struct db *db, int days, struct recent_likes *out, struct fail *why);

#endif
