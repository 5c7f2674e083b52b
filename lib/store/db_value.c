#include "store/db_private.h"

#include <string.h>

struct db_value db_null(void)
{
    return (struct db_value){.kind = DB_NULL};
}

struct db_value db_int(int64_t value)
{
    return (struct db_value){.kind = DB_INT, .integer = value};
}

struct db_value db_real(double value)
{
    return (struct db_value){.kind = DB_REAL, .real = value};
}

struct db_value db_text(const char *s)
{
    return s == NULL ? db_null() : db_textn(s, strlen(s));
}

struct db_value db_textn(const char *s, size_t n)
{
    return (struct db_value){.kind = DB_TEXT, .bytes = s, .n = n};
}

struct db_value db_bytes(const void *bytes, size_t n)
{
    return (struct db_value){.kind = DB_BYTES, .bytes = bytes, .n = n};
}
