#include "recent.h"

#include <string.h>

#include "base/clock.h"

int recent_days(const struct exchange *p)
{
    const char *text = form_get(&p->query, "days");
    if (text == NULL)
        return 0;
    return strcmp(text, "7") == 0 ? RECENT_LIKE_WEEK : strcmp(text, "30") == 0 ? RECENT_LIKE_MONTH : -1;
}

enum err recent_rank(struct exchange *p, int days, const struct rank_ask *ask, struct browse_page *out)
{
    static const double every = 60.0;
    struct site_recent *r = &p->site->recent[days == RECENT_LIKE_MONTH];
    double now = clock_monotonic();
    enum err rc = ERR_OK;
    *out = (struct browse_page){0};
    if (r->read == 0 || now - r->read >= every)
        rc = trend_read(p->site->db, days, &r->likes, &p->why);
    if (rc != ERR_OK) {
        r->read = 0; /* half of it may be there */
        return rc;
    }
    if (r->read == 0 || now - r->read >= every)
        r->read = now;
    return trend_rank(p->snapshot, ask, &r->likes, p->arena, out);
}
