/* When a rating was given, as files write it. One file keeps to one kind:
 *   seconds        1112486027, 1112486027.5, 8.81250949E8    below 2³² s (the year 2106)
 *   milliseconds   1112486027000                             from 10¹¹ on, which in seconds is the year 5138
 *   microseconds   1112486027000000                          from 10¹⁴ on
 *   nanoseconds    1112486027000000000                       from 10¹⁷ on
 *   ISO 8601       2022-06-24, 2022-06-24 21:20:11, 2022-06-24T21:20:11.5Z, …+09:00, …+0900; a date is its
 *                  first second, and what names no offset is UTC
 * 0 is "not known" in each kind of number. */
#ifndef MVTI_DATA_RATING_TIME_H
#define MVTI_DATA_RATING_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum time_kind { TIME_NONE, TIME_SECONDS, TIME_MILLI, TIME_MICRO, TIME_NANO, TIME_ISO, TIME_KINDS };

/* Reads n bytes, without blanks around them, into milliseconds since 1970-01-01 UTC, 0 … 2³² · 1000 − 1.
 * TIME_NONE: they are no time. The number 0 is of whatever kind `expected` is. */
enum time_kind rating_time_read(const char *text, size_t n, enum time_kind expected, int64_t *ms);
/* Does a time in ISO 8601 say how far from UTC it is? */
bool rating_time_says_offset(const char *text, size_t n);
/* Does what is no time look like a date all the same: 12/31/2020, 2020. 12. 31., 31.12.2020,
 * 2020년 12월 31일, 31 December 2020? */
bool rating_time_like_date(const char *text, size_t n);
/* The kind of a whole number and its milliseconds; TIME_NONE out of range. */
enum time_kind rating_time_number(uint64_t number, int64_t *ms);
/* "seconds", "ISO 8601" … */
const char *rating_time_kind_name(enum time_kind kind);

#endif
