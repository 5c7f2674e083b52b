/* What Parquet's metadata are written in: Thrift's compact protocol, the parts of it that they need (structs, lists, integers, texts).
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 *
 * Fields are written in the order of their numbers, between thrift_begin and thrift_end. */
#ifndef MVTI_EXPORT_THRIFT_H
#define MVTI_EXPORT_THRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { THRIFT_DEEPEST = 12 };

enum thrift_type { THRIFT_I32 = 5, THRIFT_I64 = 6, THRIFT_TEXT = 8, THRIFT_STRUCT = 12 };

struct thrift {
    struct buf *out; /* out->failed: memory is out */
    int depth;
    int last[THRIFT_DEEPEST]; /* number of the last field of each struct that is open */
};

/* Opens the outermost struct, or an item of a list of structs. */
void thrift_begin(struct thrift *t);
void thrift_end(struct thrift *t);
/* A field that is a struct, until thrift_end. */
void thrift_struct(struct thrift *t, int field);
void thrift_i32(struct thrift *t, int field, int32_t value);
void thrift_i64(struct thrift *t, int field, int64_t value);
void thrift_bool(struct thrift *t, int field, bool value);
void thrift_text(struct thrift *t, int field, const void *bytes, size_t n);
/* A field that is a list of n items, which follow: thrift_begin … thrift_end, thrift_item_i32 or thrift_item_text. */
void thrift_list(struct thrift *t, int field, enum thrift_type of, size_t n);
void thrift_item_i32(struct thrift *t, int32_t value);
void thrift_item_text(struct thrift *t, const char *text);

/* An unsigned number, seven bits a byte, the lowest first. */
void thrift_varint(struct buf *out, uint64_t value);

#endif
