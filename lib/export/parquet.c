#include "export/parquet.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/gzip.h"
#include "export/thrift.h"

/* Numbers of parquet.thrift. */
enum { INT32 = 1, INT64 = 2, DOUBLE = 5, BYTE_ARRAY = 6 };                      /* Type */
enum { UTF8 = 0, DATE = 6, TIMESTAMP_MICROS = 10, NO_CONVERTED = -1 };          /* ConvertedType */
enum { L_STRING = 1, L_DATE = 6, L_TIMESTAMP = 8, NO_LOGICAL = 0, MICROS = 2 }; /* LogicalType, TimeUnit */
enum { OPTIONAL = 1, GZIP = 2, PLAIN = 0, RLE = 3, DATA_PAGE = 0 };

static const struct {
    int physical, converted, logical;
} types[BATCH_TYPES] = {
    [BATCH_INT] = {INT64, NO_CONVERTED, NO_LOGICAL},
    [BATCH_REAL] = {DOUBLE, NO_CONVERTED, NO_LOGICAL},
    [BATCH_TEXT] = {BYTE_ARRAY, UTF8, L_STRING},
    [BATCH_TIME] = {INT64, TIMESTAMP_MICROS, L_TIMESTAMP},
    [BATCH_DATE] = {INT32, DATE, L_DATE},
};

/* A longer text is no lowest or highest value: readers then ask the rows. */
enum { LONGEST_BOUND = 200 };

struct bounds {
    bool known;
    int64_t nulls;
    struct batch_value low, high;
};

struct chunk {
    int64_t offset, plain, packed; /* bytes before and after compression, header included */
    struct bounds bounds;
};

/* ---- the lowest and the highest value ---- */

static int compare(enum batch_type type, const struct batch_value *a, const struct batch_value *b)
{
    if (type == BATCH_REAL)
        return (a->real > b->real) - (a->real < b->real);
    if (type != BATCH_TEXT)
        return (a->integer > b->integer) - (a->integer < b->integer);
    int order = memcmp(a->text, b->text, a->n < b->n ? a->n : b->n);
    return order != 0 ? order : (a->n > b->n) - (a->n < b->n);
}

static struct bounds find_bounds(const struct batch *b, size_t column)
{
    struct bounds found = {0};
    struct batch_reader r = batch_read(b, column);
    bool unordered = false;
    for (size_t row = 0; row < b->n_rows; row++) {
        struct batch_value v = batch_next(&r);
        found.nulls += v.null;
        unordered = unordered || (!v.null && r.type == BATCH_REAL && isnan(v.real));
        if (v.null || unordered)
            continue;
        if (!found.known || compare(r.type, &v, &found.low) < 0)
            found.low = v;
        if (!found.known || compare(r.type, &v, &found.high) > 0)
            found.high = v;
        found.known = true;
    }
    found.known = found.known && !unordered && found.low.n <= LONGEST_BOUND && found.high.n <= LONGEST_BOUND;
    /* As the format asks: a zero of either sign may be among the rows. */
    if (found.known && r.type == BATCH_REAL && found.low.real == 0)
        found.low.real = -0.0;
    if (found.known && r.type == BATCH_REAL && found.high.real == 0)
        found.high.real = 0.0;
    return found;
}

static void put_bound(struct thrift *t, int field, enum batch_type type, const struct batch_value *v)
{
    int32_t days = (int32_t)v->integer;
    if (type == BATCH_TEXT)
        thrift_text(t, field, v->text, v->n);
    else if (type == BATCH_REAL)
        thrift_text(t, field, &v->real, sizeof v->real);
    else if (type == BATCH_DATE)
        thrift_text(t, field, &days, sizeof days);
    else
        thrift_text(t, field, &v->integer, sizeof v->integer);
}

/* ---- a column ---- */

/* Runs of equal levels, each as its length and one byte. */
static void put_levels(struct buf *out, const char *there, size_t n)
{
    size_t at = out->len, run;
    uint32_t length = 0;
    buf_put(out, &length, sizeof length);
    for (size_t i = 0; i < n; i += run) {
        for (run = 1; i + run < n && there[i + run] == there[i]; run++)
            ;
        thrift_varint(out, (uint64_t)run << 1);
        buf_putc(out, there[i]);
    }
    if (out->failed)
        return;
    length = (uint32_t)(out->len - at - sizeof length);
    memcpy(out->data + at, &length, sizeof length);
}

static void put_page_header(struct buf *out, size_t plain, size_t packed, size_t n_rows)
{
    struct thrift t = {.out = out};
    thrift_begin(&t);
    thrift_i32(&t, 1, DATA_PAGE);
    thrift_i32(&t, 2, (int32_t)plain);
    thrift_i32(&t, 3, (int32_t)packed);
    thrift_struct(&t, 5);
    thrift_i32(&t, 1, (int32_t)n_rows);
    thrift_i32(&t, 2, PLAIN);
    thrift_i32(&t, 3, RLE);
    thrift_i32(&t, 4, RLE);
    thrift_end(&t);
    thrift_end(&t);
}

static enum err put_column(struct buf *out, const struct batch *b, size_t column, struct chunk *c)
{
    struct buf page = {0}, packed = {0};
    const struct batch_column *from = &b->columns[column];
    put_levels(&page, from->there.data, b->n_rows);
    buf_put(&page, from->values.data, from->values.len);
    enum err rc = page.failed          ? ERR_NOMEM
                  : page.len > INT_MAX ? ERR_TOO_LARGE
                                       : gzip_append(&packed, page.data, page.len);
    if (rc == ERR_OK) {
        *c = (struct chunk){.offset = (int64_t)out->len, .bounds = find_bounds(b, column)};
        put_page_header(out, page.len, packed.len, b->n_rows);
        int64_t header = (int64_t)out->len - c->offset;
        c->plain = header + (int64_t)page.len;
        c->packed = header + (int64_t)packed.len;
        buf_put(out, packed.data, packed.len);
    }
    buf_free(&page);
    buf_free(&packed);
    return rc;
}

/* ---- metadata ---- */

static void put_logical(struct thrift *t, int logical)
{
    thrift_struct(t, 10);
    thrift_struct(t, logical);
    if (logical == L_TIMESTAMP) {
        thrift_bool(t, 1, true);
        thrift_struct(t, 2);
        thrift_struct(t, MICROS);
        thrift_end(t);
        thrift_end(t);
    }
    thrift_end(t);
    thrift_end(t);
}

static void put_schema(struct thrift *t, const struct batch *b)
{
    thrift_list(t, 2, THRIFT_STRUCT, b->n_columns + 1);
    thrift_begin(t);
    thrift_text(t, 4, "schema", 6);
    thrift_i32(t, 5, (int32_t)b->n_columns);
    thrift_end(t);
    for (size_t i = 0; i < b->n_columns; i++) {
        enum batch_type type = b->kinds[i].type;
        thrift_begin(t);
        thrift_i32(t, 1, types[type].physical);
        thrift_i32(t, 3, OPTIONAL);
        thrift_text(t, 4, b->kinds[i].name, strlen(b->kinds[i].name));
        if (types[type].converted != NO_CONVERTED)
            thrift_i32(t, 6, types[type].converted);
        if (types[type].logical != NO_LOGICAL)
            put_logical(t, types[type].logical);
        thrift_end(t);
    }
}

static void put_statistics(struct thrift *t, enum batch_type type, const struct bounds *found)
{
    thrift_struct(t, 12);
    thrift_i64(t, 3, found->nulls);
    if (found->known) {
        put_bound(t, 5, type, &found->high);
        put_bound(t, 6, type, &found->low);
    }
    thrift_end(t);
}

static void put_chunk(struct thrift *t, const struct batch *b, size_t column, const struct chunk *c)
{
    thrift_begin(t);
    thrift_i64(t, 2, 0);
    thrift_struct(t, 3);
    thrift_i32(t, 1, types[b->kinds[column].type].physical);
    thrift_list(t, 2, THRIFT_I32, 2);
    thrift_item_i32(t, PLAIN);
    thrift_item_i32(t, RLE);
    thrift_list(t, 3, THRIFT_TEXT, 1);
    thrift_item_text(t, b->kinds[column].name);
    thrift_i32(t, 4, GZIP);
    thrift_i64(t, 5, (int64_t)b->n_rows);
    thrift_i64(t, 6, c->plain);
    thrift_i64(t, 7, c->packed);
    thrift_i64(t, 9, c->offset);
    put_statistics(t, b->kinds[column].type, &c->bounds);
    thrift_end(t);
    thrift_end(t);
}

static void put_row_group(struct thrift *t, const struct batch *b, const struct chunk *chunks)
{
    int64_t plain = 0, packed = 0;
    thrift_begin(t);
    thrift_list(t, 1, THRIFT_STRUCT, b->n_columns);
    for (size_t i = 0; i < b->n_columns; i++) {
        put_chunk(t, b, i, &chunks[i]);
        plain += chunks[i].plain;
        packed += chunks[i].packed;
    }
    thrift_i64(t, 2, plain);
    thrift_i64(t, 3, (int64_t)b->n_rows);
    thrift_i64(t, 5, chunks[0].offset);
    thrift_i64(t, 6, packed);
    thrift_end(t);
}

/* The order of the columns says that lowest and highest are meant as the types order them. */
static void put_footer(struct buf *out, const struct batch *b, const struct chunk *chunks)
{
    static const char maker[] = "mvti version 1";
    struct thrift t = {.out = out};
    size_t at = out->len;
    thrift_begin(&t);
    thrift_i32(&t, 1, 2);
    put_schema(&t, b);
    thrift_i64(&t, 3, (int64_t)b->n_rows);
    thrift_list(&t, 4, THRIFT_STRUCT, b->n_rows > 0 ? 1 : 0);
    if (b->n_rows > 0)
        put_row_group(&t, b, chunks);
    thrift_text(&t, 6, maker, sizeof maker - 1);
    thrift_list(&t, 7, THRIFT_STRUCT, b->n_columns);
    for (size_t i = 0; i < b->n_columns; i++) {
        thrift_begin(&t);
        thrift_struct(&t, 1);
        thrift_end(&t);
        thrift_end(&t);
    }
    thrift_end(&t);
    uint32_t length = (uint32_t)(out->len - at);
    buf_put(out, &length, sizeof length);
    buf_put(out, "PAR1", 4);
}

enum err parquet_file(struct buf *out, const struct batch *b)
{
    struct chunk *chunks = calloc(b->n_columns, sizeof *chunks);
    enum err rc = chunks != NULL ? ERR_OK : ERR_NOMEM;
    buf_put(out, "PAR1", 4);
    for (size_t i = 0; rc == ERR_OK && b->n_rows > 0 && i < b->n_columns; i++)
        rc = put_column(out, b, i, &chunks[i]);
    if (rc == ERR_OK)
        put_footer(out, b, chunks);
    free(chunks);
    return rc == ERR_OK && out->failed ? ERR_NOMEM : rc;
}
