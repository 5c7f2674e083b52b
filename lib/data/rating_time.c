#include "data/rating_time.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const int64_t MS_END = INT64_C(4294967296000);

const char *rating_time_kind_name(enum time_kind kind)
{
    static const char *const names[TIME_KINDS] = {"nothing",      "seconds",     "milliseconds",
                                                  "microseconds", "nanoseconds", "ISO 8601"};
    return names[kind];
}

enum time_kind rating_time_number(uint64_t number, int64_t *ms)
{
    static const struct {
        uint64_t from;
        enum time_kind kind;
        uint64_t per_ms; /* 0: seconds */
    } kinds[] = {{UINT64_C(100000000000000000), TIME_NANO, 1000000},
                 {UINT64_C(100000000000000), TIME_MICRO, 1000},
                 {UINT64_C(100000000000), TIME_MILLI, 1},
                 {0, TIME_SECONDS, 0}};
    size_t i = 0;
    while (number < kinds[i].from)
        i++;
    if (kinds[i].per_ms == 0 && number > UINT32_MAX)
        return TIME_NONE;
    *ms = (int64_t)(kinds[i].per_ms > 0 ? number / kinds[i].per_ms : number * 1000);
    return *ms < MS_END ? kinds[i].kind : TIME_NONE;
}

/* ---- numbers ---- */

static enum time_kind read_number(const char *text, size_t n, int64_t *ms)
{
    uint64_t whole = 0;
    size_t i = 0;
    for (; i < n && i < 19 && text[i] >= '0' && text[i] <= '9'; i++)
        whole = whole * 10 + (uint64_t)(text[i] - '0');
    if (i == n && n > 0)
        return rating_time_number(whole, ms);
    char copy[40], *end;
    if (n == 0 || n >= sizeof copy || text[0] < '0' || text[0] > '9')
        return TIME_NONE;
    memcpy(copy, text, n);
    copy[n] = '\0';
    if (strspn(copy, "0123456789.eE+-") != n)
        return TIME_NONE;
    double value = strtod(copy, &end);
    if (*end != '\0' || !(value >= 0 && value < 9.2e18))
        return TIME_NONE;
    enum time_kind kind = rating_time_number((uint64_t)value, ms);
    if (kind == TIME_SECONDS)
        *ms = (int64_t)floor(value * 1000 + 1e-3);
    return kind;
}

/* ---- ISO 8601 ---- */

/* Exactly `digits` digits at *p; false leaves *p anywhere. */
static bool take_digits(const char **p, const char *end, int digits, int *out)
{
    *out = 0;
    if (end - *p < digits)
        return false;
    for (int i = 0; i < digits; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return false;
        *out = *out * 10 + (**p - '0');
    }
    return true;
}

static bool take_byte(const char **p, const char *end, char byte)
{
    bool is = *p < end && **p == byte;
    *p += is;
    return is;
}

/* Days since 1970-01-01 in the Gregorian calendar, years counted from March (Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms", days_from_civil). */
static int64_t days_of(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400, of_era = year % 400;
    int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return (int64_t)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool take_date(const char **p, const char *end, int64_t *days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!take_digits(p, end, 4, &year) || !take_byte(p, end, '-') || !take_digits(p, end, 2, &month) ||
        !take_byte(p, end, '-') || !take_digits(p, end, 2, &day) || month < 1 || month > 12)
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    *days = days_of(year, month, day);
    return day >= 1 && day <= lengths[month - 1] + (month == 2 && leap);
}

static int take_fraction(const char **p, const char *end)
{
    int ms = 0, unit = 100;
    for (; *p < end && **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
        ms += unit * (**p - '0');
    return ms;
}

/* hh:mm[:ss[.fraction]] */
static bool take_clock(const char **p, const char *end, int64_t *ms)
{
    int hour, minute, second = 0, fraction = 0;
    if (!take_digits(p, end, 2, &hour) || !take_byte(p, end, ':') || !take_digits(p, end, 2, &minute))
        return false;
    if (take_byte(p, end, ':')) {
        if (!take_digits(p, end, 2, &second))
            return false;
        if (take_byte(p, end, '.') || take_byte(p, end, ','))
            fraction = take_fraction(p, end);
    }
    *ms = ((int64_t)hour * 3600 + minute * 60 + second) * 1000 + fraction;
    return hour < 24 && minute < 60 && second <= 60; /* 60: a leap second */
}

/* Z, UTC or ±hh[[:]mm], after a blank or none; nothing is UTC. */
static bool take_offset(const char **p, const char *end, int64_t *ms)
{
    int hour, minute = 0;
    *ms = 0;
    take_byte(p, end, ' ');
    if (*p == end || take_byte(p, end, 'Z'))
        return true;
    if (end - *p == 3 && memcmp(*p, "UTC", 3) == 0) {
        *p = end;
        return true;
    }
    int sign = **p == '-' ? -1 : 1;
    if ((!take_byte(p, end, '+') && !take_byte(p, end, '-')) || !take_digits(p, end, 2, &hour))
        return false;
    if (*p < end && ((void)take_byte(p, end, ':'), !take_digits(p, end, 2, &minute)))
        return false;
    *ms = sign * ((int64_t)hour * 60 + minute) * 60000;
    return hour < 24 && minute < 60;
}

static bool read_iso(const char *text, size_t n, int64_t *ms)
{
    const char *p = text, *end = text + n;
    int64_t days, clock = 0, offset = 0;
    if (!take_date(&p, end, &days))
        return false;
    if (p < end) {
        if (!take_byte(&p, end, 'T') && !take_byte(&p, end, ' '))
            return false;
        if (!take_clock(&p, end, &clock) || !take_offset(&p, end, &offset))
            return false;
    }
    *ms = days * 86400000 + clock - offset;
    return p == end && *ms >= 0 && *ms < MS_END;
}

enum time_kind rating_time_read(const char *text, size_t n, enum time_kind expected, int64_t *ms)
{
    if (n > 5 && text[4] == '-')
        return read_iso(text, n, ms) ? TIME_ISO : TIME_NONE;
    enum time_kind kind = read_number(text, n, ms);
    bool no_number = expected == TIME_NONE || expected == TIME_ISO;
    return kind != TIME_NONE && *ms == 0 && !no_number ? expected : kind;
}

bool rating_time_says_offset(const char *text, size_t n)
{
    enum { DATE = 10 };
    if (n <= DATE)
        return false;
    return text[n - 1] == 'Z' || text[n - 1] == 'C' || memchr(text + DATE, '+', n - DATE) != NULL ||
           memchr(text + DATE, '-', n - DATE) != NULL;
}

/* How many bytes at s [n] are what people write between the parts of a date; 0: none. */
static size_t separator(const char *s, size_t n)
{
    static const char *const words[] = {" ", "/", ".", "-", ",", "년", "월", "일", "年", "月", "日"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (n >= strlen(words[i]) && memcmp(s, words[i], strlen(words[i])) == 0)
            return strlen(words[i]);
    return 0;
}

/* How many letters at s [n] are the name of a month in English, whole or its first three letters; 0: none. */
static size_t month(const char *s, size_t n)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    size_t letters = 0;
    while (letters < n && isalpha((unsigned char)s[letters]))
        letters++;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (letters >= 3 && letters <= strlen(names[i]) && strncasecmp(s, names[i], letters) == 0)
            return letters;
    return 0;
}

bool rating_time_like_date(const char *text, size_t n)
{
    size_t digits[3] = {0};
    int part = 0;
    for (size_t i = 0, length; i < n && part < 3; i += length) {
        length = 1;
        if (text[i] >= '0' && text[i] <= '9')
            digits[part]++;
        else if ((length = separator(text + i, n - i)) > 0)
            part += digits[part] > 0;
        else if ((length = month(text + i, n - i)) > 0 && part < 2)
            digits[part++] = 2;
        else
            return false;
    }
    return digits[0] > 0 && digits[1] >= 1 && digits[1] <= 2 && digits[2] > 0 &&
           ((digits[0] == 4 && digits[2] <= 2) || (digits[0] <= 2 && (digits[2] == 4 || digits[2] == 2)));
}
