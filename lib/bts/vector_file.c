#include "bts/vector_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

static const uint32_t item_sizes[VECTOR_FILE_TAG_END] = {
    [VECTOR_FILE_KEYS] = sizeof(struct vector_key),
    [VECTOR_FILE_ROWS] = sizeof(float),
};

static const struct section_format format = {
    .magic = "MVTIVECS",
    .version = VECTOR_FILE_VERSION,
    .noun = "vector file",
    .n_sections = VECTOR_FILE_TAG_END - 1,
    .item_sizes = item_sizes,
};

struct vector_key vector_key_of(const uint8_t identity[SECTION_HASH], const char *text)
{
    struct secret_hasher h;
    uint8_t hash[SECRET_HASH_BYTES];
    struct vector_key key;
    secret_hasher_init(&h);
    secret_hasher_add(&h, identity, SECTION_HASH);
    secret_hasher_add(&h, text, strlen(text));
    secret_hasher_end(&h, hash);
    memcpy(key.bytes, hash, sizeof key.bytes);
    return key;
}

int vector_key_compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct vector_key));
}

static bool row_ok(const float *row, size_t d)
{
    double squares = 0;
    for (size_t k = 0; k < d; k++)
        squares += (double)row[k] * (double)row[k];
    return fabs(squares - 1) < VECTOR_OFF; /* false for NaN */
}

static const char *what_is_wrong(const struct vector_key *keys, const float *rows, size_t n, size_t d)
{
    if (d > VECTOR_MOST || (n == 0) != (d == 0))
        return "length of its vectors";
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && vector_key_compare(&keys[i - 1], &keys[i]) >= 0)
            return "order of keys";
        if (!row_ok(rows + i * d, d))
            return "vector";
    }
    return NULL;
}

/* Takes over v->file. */
static enum err adopt(struct vector_file *v, const char *name, struct fail *why)
{
    size_t floats = v->file.count[VECTOR_FILE_ROWS];
    v->keys = v->file.data[VECTOR_FILE_KEYS];
    v->n = v->file.count[VECTOR_FILE_KEYS];
    v->rows = v->file.data[VECTOR_FILE_ROWS];
    v->d = v->n == 0 ? 0 : floats / v->n;
    const char *wrong =
        v->n * v->d != floats ? "number of values" : what_is_wrong(v->keys, v->rows, v->n, v->d);
    return wrong == NULL ? ERR_OK : fail_set(why, ERR_CORRUPT, "%s: wrong %s", name, wrong);
}

enum err vector_file_open(struct vector_file *v, const char *path, struct fail *why)
{
    *v = (struct vector_file){0};
    enum err rc = section_file_open(&v->file, &format, path, why);
    if (rc == ERR_OK)
        rc = adopt(v, path, why);
    if (rc != ERR_OK)
        vector_file_close(v);
    return rc;
}

enum err vector_file_parse(struct vector_file *v, const struct named_bytes *from, struct fail *why)
{
    *v = (struct vector_file){0};
    enum err rc = section_file_parse(&v->file, &format, from, why);
    if (rc == ERR_OK)
        rc = adopt(v, from->name, why);
    if (rc != ERR_OK)
        vector_file_close(v);
    return rc;
}

void vector_file_close(struct vector_file *v)
{
    section_file_close(&v->file);
    *v = (struct vector_file){0};
}

const float *vector_file_find(const struct vector_file *v, const struct vector_key *key)
{
    const struct vector_key *at =
        v->n == 0 ? NULL : bsearch(key, v->keys, v->n, sizeof *key, vector_key_compare);
    return at == NULL ? NULL : v->rows + (size_t)(at - v->keys) * v->d;
}

enum err vector_file_write(const char *path, const struct vector_key *keys, const float *rows, size_t n,
                           size_t d, struct fail *why)
{
    const char *wrong = what_is_wrong(keys, rows, n, d);
    if (wrong != NULL)
        return fail_set(why, ERR_INVALID, "%s: wrong %s", path, wrong);
    const struct section_part parts[VECTOR_FILE_TAG_END] = {
        [VECTOR_FILE_KEYS] = {keys, n},
        [VECTOR_FILE_ROWS] = {rows, n * d},
    };
    return section_file_write(&format, path, parts, NULL, why);
}
