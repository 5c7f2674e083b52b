#include "store/db_private.h"

#include <stdio.h>
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

enum err db_read_password(const char *path, char *out, size_t size, struct fail *why)
{
    out[0] = '\0';
    if (path[0] == '\0')
        return ERR_OK;
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return fail_errno(why, ERR_UNAVAILABLE, "database password file %s", path);
    if (fgets(out, (int)size, f) == NULL)
        out[0] = '\0';
    fclose(f);
    out[strcspn(out, "\r\n")] = '\0';
    return ERR_OK;
}
