#include "data/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char magic[] = "\x93NUMPY";
enum { MAGIC = sizeof magic - 1, HEADER_MOST = 4096, HEADER_LEAST = MAGIC + 4 };

static const struct {
    const char *descr;
    size_t size;
} types[NPY_TYPES] = {
    [NPY_FLOAT] = {"<f4", 4}, [NPY_DOUBLE] = {"<f8", 8}, [NPY_INT32] = {"<i4", 4}, [NPY_INT64] = {"<i8", 8}};

/* What a pipe has given once is gone: it is read by whom it is for. */
bool npy_is_file(const char *path)
{
    char begins[MAGIC];
    struct stat st;
    FILE *f = stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "rb") : NULL;
    bool is = f != NULL && fread(begins, 1, MAGIC, f) == MAGIC && memcmp(begins, magic, MAGIC) == 0;
    if (f != NULL)
        fclose(f);
    return is;
}

/* What stands behind 'name': of the dictionary that the header is; NULL: it has no such key. */
static const char *value_of(const char *header, const char *name)
{
    const char *at = strstr(header, name);
    if (at == NULL)
        return NULL;
    at += strlen(name);
    at += strspn(at, " ");
    return *at == ':' ? at + 1 + strspn(at + 1, " ") : NULL;
}

static bool read_type(struct npy *a, const char *header)
{
    const char *descr = value_of(header, "'descr'");
    for (int t = 0; descr != NULL && t < NPY_TYPES; t++)
        if (strncmp(descr + 1, types[t].descr, 3) == 0 && descr[0] == '\'' && descr[4] == '\'') {
            a->type = (enum npy_type)t;
            return true;
        }
    return false;
}

/* "(3, 4)" or "(3,)". */
static bool read_shape(struct npy *a, const char *header)
{
    const char *at = value_of(header, "'shape'");
    size_t sizes[2] = {0, 1};
    a->dimensions = 0;
    if (at == NULL || *at++ != '(')
        return false;
    while (*at >= '0' && *at <= '9' && a->dimensions < 2) {
        char *end;
        unsigned long long n = strtoull(at, &end, 10);
        if (n > INT32_MAX)
            return false;
        sizes[a->dimensions++] = (size_t)n;
        at = end + strspn(end, ", ");
    }
    a->rows = sizes[0];
    a->cols = sizes[1];
    return a->dimensions > 0 && *at == ')';
}

static enum err read_header(struct npy *a, const char *header, const char *name, struct fail *why)
{
    const char *order = value_of(header, "'fortran_order'");
    if (!read_type(a, header))
        return fail_set(
            why, ERR_INVALID,
            "%s: its numbers are neither float32 nor float64, int32 or int64, little-endian; save "
            "array.astype('<f4'), of ids array.astype('<i8')",
            name);
    if (order == NULL || strncmp(order, "False", 5) != 0)
        return fail_set(why, ERR_INVALID,
                        "%s: stored column after column; save numpy.ascontiguousarray(array)", name);
    return read_shape(a, header)
               ? ERR_OK
               : fail_set(why, ERR_INVALID, "%s: not an array of one or two dimensions", name);
}

enum err npy_parse(struct npy *a, const struct named_bytes *from, struct fail *why)
{
    const unsigned char *bytes = from->at;
    char header[HEADER_MOST + 1];
    if (from->n < HEADER_LEAST || memcmp(bytes, magic, MAGIC) != 0)
        return fail_set(why, ERR_INVALID, "%s: not a NumPy array file (.npy)", from->name);
    bool is_long = bytes[MAGIC] > 1; /* version 1.0 has two bytes for the header's length, later ones four */
    size_t at = MAGIC + 2, size = bytes[at] | (size_t)bytes[at + 1] << 8;
    if (is_long && from->n >= at + 4)
        size |= (size_t)bytes[at + 2] << 16 | (size_t)bytes[at + 3] << 24;
    at += is_long ? 4 : 2;
    if (size > HEADER_MOST || at + size > from->n)
        return fail_set(why, ERR_INVALID, "%s: the header is cut or too long", from->name);
    memcpy(header, bytes + at, size);
    header[size] = '\0';
    enum err rc = read_header(a, header, from->name, why);
    if (rc != ERR_OK)
        return rc;
    a->data = bytes + at + size;
    size_t holds = (from->n - at - size) / types[a->type].size, wants;
    if (__builtin_mul_overflow(a->rows, a->cols, &wants) || holds != wants ||
        (from->n - at - size) % types[a->type].size != 0)
        return fail_set(why, ERR_INVALID, "%s: %zu bytes of numbers, not the %zu × %zu that the header says",
                        from->name, from->n - at - size, a->rows, a->cols);
    return ERR_OK;
}

enum err npy_open(struct npy *a, const char *path, struct fail *why)
{
    *a = (struct npy){0};
    enum err rc = map_file_open(&a->map, path, why);
    if (rc == ERR_OK)
        rc = npy_parse(a, &(struct named_bytes){a->map.data, a->map.size, path}, why);
    if (rc != ERR_OK)
        npy_close(a);
    return rc;
}

void npy_close(struct npy *a)
{
    map_file_close(&a->map);
    *a = (struct npy){0};
}

double npy_real(const struct npy *a, size_t i)
{
    float narrow;
    double wide;
    if (a->type == NPY_FLOAT) {
        memcpy(&narrow, a->data + i * sizeof narrow, sizeof narrow);
        return (double)narrow;
    }
    if (a->type == NPY_DOUBLE) {
        memcpy(&wide, a->data + i * sizeof wide, sizeof wide);
        return wide;
    }
    return (double)npy_whole(a, i);
}

int64_t npy_whole(const struct npy *a, size_t i)
{
    int32_t narrow;
    int64_t wide;
    if (a->type == NPY_INT32) {
        memcpy(&narrow, a->data + i * sizeof narrow, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, a->data + i * sizeof wide, sizeof wide);
    return wide;
}
