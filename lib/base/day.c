#include "base/day.h"

#include <time.h>

/* *value is their number. */
static bool digits(const char **at, int n, int *value)
{
    *value = 0;
    for (int i = 0; i < n; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *value = 10 * *value + (**at - '0');
    }
    return true;
}

static bool dash(const char **at)
{
    return *(*at)++ == '-';
}

bool day_read(const char *text, const char **rest, int64_t *seconds)
{
    struct tm t = {0};
    int year, month, day;
    *rest = text;
    if (!digits(rest, 4, &year) || !dash(rest) || !digits(rest, 2, &month) || !dash(rest) ||
        !digits(rest, 2, &day))
        return false;
    t.tm_year = year - 1900;
    t.tm_mon = month - 1;
    t.tm_mday = day;
    *seconds = (int64_t)timegm(&t);
    return t.tm_mday == day && t.tm_mon == month - 1;
}
