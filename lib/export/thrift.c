#include "export/thrift.h"

#include <string.h>

enum { BOOL_TRUE = 1, BOOL_FALSE = 2, LIST = 9, STOP = 0, SHORT_DELTA = 15, SHORT_LIST = 15 };

void thrift_varint(struct buf *out, uint64_t value)
{
    for (; value >= 128; value >>= 7)
        buf_putc(out, (char)(value | 128));
    buf_putc(out, (char)value);
}

/* Small numbers of either sign become small numbers. */
static void put_signed(struct buf *out, int64_t value)
{
    thrift_varint(out, ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

void thrift_begin(struct thrift *t)
{
    t->last[t->depth++] = 0;
}

void thrift_end(struct thrift *t)
{
    t->depth--;
    buf_putc(t->out, STOP);
}

/* How far from the field before, and the type, in one byte where the step is small. */
static void put_field(struct thrift *t, int field, int type)
{
    int *last = &t->last[t->depth - 1];
    int step = field - *last;
    *last = field;
    if (step > 0 && step <= SHORT_DELTA) {
        buf_putc(t->out, (char)(step << 4 | type));
        return;
    }
    buf_putc(t->out, (char)type);
    put_signed(t->out, field);
}

void thrift_struct(struct thrift *t, int field)
{
    put_field(t, field, THRIFT_STRUCT);
    thrift_begin(t);
}

void thrift_i32(struct thrift *t, int field, int32_t value)
{
    put_field(t, field, THRIFT_I32);
    put_signed(t->out, value);
}

void thrift_i64(struct thrift *t, int field, int64_t value)
{
    put_field(t, field, THRIFT_I64);
    put_signed(t->out, value);
}

void thrift_bool(struct thrift *t, int field, bool value)
{
    put_field(t, field, value ? BOOL_TRUE : BOOL_FALSE);
}

static void put_text(struct buf *out, const void *bytes, size_t n)
{
    thrift_varint(out, n);
    buf_put(out, bytes, n);
}

void thrift_text(struct thrift *t, int field, const void *bytes, size_t n)
{
    put_field(t, field, THRIFT_TEXT);
    put_text(t->out, bytes, n);
}

void thrift_list(struct thrift *t, int field, enum thrift_type of, size_t n)
{
    put_field(t, field, LIST);
    buf_putc(t->out, (char)((n < SHORT_LIST ? n : SHORT_LIST) << 4 | of));
    if (n >= SHORT_LIST)
        thrift_varint(t->out, n);
}

void thrift_item_i32(struct thrift *t, int32_t value)
{
    put_signed(t->out, value);
}

void thrift_item_text(struct thrift *t, const char *text)
{
    put_text(t->out, text, strlen(text));
}
