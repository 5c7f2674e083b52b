#include "export/batch.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are stored as they lie in memory");

static const int64_t SECOND = 1000000, DAY = 86400;

enum err batch_open(struct batch *b, const struct batch_kind *kinds, size_t n_columns)
{
    *b = (struct batch){.kinds = kinds, .n_columns = n_columns};
    b->columns = calloc(n_columns, sizeof *b->columns);
    return b->columns != NULL ? ERR_OK : ERR_NOMEM;
}

void batch_close(struct batch *b)
{
    for (size_t i = 0; b->columns != NULL && i < b->n_columns; i++) {
        buf_free(&b->columns[i].there);
        buf_free(&b->columns[i].values);
    }
    free(b->columns);
    *b = (struct batch){0};
}

static void put(struct buf *out, enum batch_type type, const struct batch_value *v)
{
    uint32_t n = (uint32_t)v->n;
    int32_t days = (int32_t)v->integer;
    switch (type) {
    case BATCH_REAL:
        buf_put(out, &v->real, sizeof v->real);
        break;
    case BATCH_DATE:
        buf_put(out, &days, sizeof days);
        break;
    case BATCH_TEXT:
        buf_put(out, &n, sizeof n);
        buf_put(out, v->text, v->n);
        break;
    default:
        buf_put(out, &v->integer, sizeof v->integer);
        break;
    }
}

enum err batch_add(struct batch *b, const struct batch_value *row)
{
    bool failed = false;
    for (size_t i = 0; i < b->n_columns; i++) {
        struct batch_column *c = &b->columns[i];
        if (!row[i].null && b->kinds[i].type == BATCH_TEXT && row[i].n > INT_MAX)
            return ERR_TOO_LARGE;
        buf_putc(&c->there, row[i].null ? 0 : 1);
        if (!row[i].null)
            put(&c->values, b->kinds[i].type, &row[i]);
        failed = failed || c->there.failed || c->values.failed;
    }
    b->n_rows++;
    return failed ? ERR_NOMEM : ERR_OK;
}

size_t batch_bytes(const struct batch *b)
{
    size_t all = 0;
    for (size_t i = 0; i < b->n_columns; i++)
        all += b->columns[i].there.len + b->columns[i].values.len;
    return all;
}

struct batch_reader batch_read(const struct batch *b, size_t column)
{
    return (struct batch_reader){.column = &b->columns[column], .type = b->kinds[column].type};
}

static const char *take(struct batch_reader *r, void *out, size_t n)
{
    const char *from = r->column->values.data + r->at;
    if (out != NULL)
        memcpy(out, from, n);
    r->at += n;
    return from;
}

struct batch_value batch_next(struct batch_reader *r)
{
    struct batch_value v = {.null = r->column->there.data[r->row++] == 0};
    uint32_t n;
    int32_t days;
    if (v.null)
        return v;
    switch (r->type) {
    case BATCH_REAL:
        take(r, &v.real, sizeof v.real);
        break;
    case BATCH_DATE:
        take(r, &days, sizeof days);
        v.integer = days;
        break;
    case BATCH_TEXT:
        take(r, &n, sizeof n);
        v.n = n;
        v.text = take(r, NULL, n);
        break;
    default:
        take(r, &v.integer, sizeof v.integer);
        break;
    }
    return v;
}

/* ---- days and times ---- */

bool batch_parse_date(const char *text, int64_t *days)
{
    struct tm tm = {0};
    int n = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &n) != 3 || n != 10)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    *days = (int64_t)timegm(&tm) / DAY;
    return text[n] == '\0' || text[n] == ' ';
}

bool batch_parse_time(const char *text, int64_t *microseconds)
{
    int hour, minute, second, n = 0;
    int64_t days, fraction = 0, unit = SECOND;
    if (strlen(text) < 19 || !batch_parse_date(text, &days) ||
        sscanf(text + 10, " %2d:%2d:%2d%n", &hour, &minute, &second, &n) != 3)
        return false;
    const char *rest = text + 10 + n;
    if (*rest == '.')
        for (rest++; *rest >= '0' && *rest <= '9' && unit > 1; rest++) {
            unit /= 10;
            fraction += (*rest - '0') * unit;
        }
    *microseconds = (days * DAY + hour * 3600 + minute * 60 + second) * SECOND + fraction;
    return *rest == '\0';
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

void batch_date_text(int64_t days, char out[BATCH_TIME_TEXT])
{
    time_t seconds = (time_t)(days * DAY);
    struct tm tm;
    strftime(out, BATCH_TIME_TEXT, "%Y-%m-%d", gmtime_r(&seconds, &tm));
}

void batch_time_text(int64_t microseconds, char out[BATCH_TIME_TEXT])
{
    time_t seconds = (time_t)floor_div(microseconds, SECOND);
    int fraction = (int)(microseconds - (int64_t)seconds * SECOND);
    struct tm tm;
    size_t n = strftime(out, BATCH_TIME_TEXT - 8, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &tm));
    if (fraction != 0)
        snprintf(out + n, BATCH_TIME_TEXT - n, ".%06d", fraction);
}
