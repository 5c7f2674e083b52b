#include "export/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json/json_out.h"

static void put_quoted(struct buf *out, const char *text, size_t n)
{
    buf_putc(out, '"');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"')
            buf_putc(out, '"');
        buf_putc(out, text[i]);
    }
    buf_putc(out, '"');
}

static bool is_plain(const char *text, size_t n)
{
    bool plain = n > 0;
    for (size_t i = 0; i < n; i++)
        plain = plain && strchr(",\"\r\n", text[i]) == NULL;
    return plain;
}

/* As many digits as lead back to the number. */
static void put_real(struct buf *out, double x)
{
    buf_printf(out, "%.17g", x);
}

static const char *moment(enum batch_type type, int64_t value, char text[BATCH_TIME_TEXT])
{
    if (type == BATCH_TIME)
        batch_time_text(value, text);
    else
        batch_date_text(value, text);
    return text;
}

static void put_csv(struct buf *out, enum batch_type type, const struct batch_value *v)
{
    char text[BATCH_TIME_TEXT];
    if (v->null)
        return;
    if (type == BATCH_TEXT && is_plain(v->text, v->n))
        buf_put(out, v->text, v->n);
    else if (type == BATCH_TEXT)
        put_quoted(out, v->text, v->n);
    else if (type == BATCH_REAL)
        put_real(out, v->real);
    else if (type == BATCH_INT)
        buf_printf(out, "%lld", (long long)v->integer);
    else
        buf_puts(out, moment(type, v->integer, text));
}

/* All columns at once; NULL when memory is out. */
static struct batch_reader *read_all(const struct batch *b)
{
    struct batch_reader *readers = calloc(b->n_columns, sizeof *readers);
    for (size_t i = 0; readers != NULL && i < b->n_columns; i++)
        readers[i] = batch_read(b, i);
    return readers;
}

enum err lines_csv(struct buf *out, const struct batch *b)
{
    struct batch_reader *readers = read_all(b);
    for (size_t i = 0; i < b->n_columns; i++)
        buf_printf(out, "%s%s", i > 0 ? "," : "", b->kinds[i].name);
    buf_putc(out, '\n');
    for (size_t row = 0; readers != NULL && row < b->n_rows; row++) {
        for (size_t i = 0; i < b->n_columns; i++) {
            struct batch_value v = batch_next(&readers[i]);
            if (i > 0)
                buf_putc(out, ',');
            put_csv(out, b->kinds[i].type, &v);
        }
        buf_putc(out, '\n');
    }
    bool failed = readers == NULL || out->failed;
    free(readers);
    return failed ? ERR_NOMEM : ERR_OK;
}

static void put_json(struct json_out *w, struct buf *number, enum batch_type type,
                     const struct batch_value *v)
{
    char text[BATCH_TIME_TEXT];
    if (v->null || (type == BATCH_REAL && !isfinite(v->real))) {
        json_out_null(w);
    } else if (type == BATCH_TEXT) {
        json_out_text_n(w, v->text, v->n);
    } else if (type == BATCH_INT) {
        json_out_int(w, v->integer);
    } else if (type == BATCH_REAL) {
        buf_reset(number);
        put_real(number, v->real);
        json_out_raw(w, buf_str(number), number->len);
    } else {
        json_out_text(w, moment(type, v->integer, text));
    }
}

enum err lines_json(struct buf *out, const struct batch *b)
{
    struct batch_reader *readers = read_all(b);
    struct buf number = {0};
    for (size_t row = 0; readers != NULL && row < b->n_rows; row++) {
        struct json_out w;
        json_out_start(&w, out);
        json_out_map(&w);
        for (size_t i = 0; i < b->n_columns; i++) {
            struct batch_value v = batch_next(&readers[i]);
            json_out_name(&w, b->kinds[i].name);
            put_json(&w, &number, b->kinds[i].type, &v);
        }
        json_out_end(&w);
        buf_putc(out, '\n');
    }
    bool failed = readers == NULL || out->failed || number.failed;
    free(readers);
    buf_free(&number);
    return failed ? ERR_NOMEM : ERR_OK;
}
