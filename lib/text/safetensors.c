#include "text/safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "json/json.h"

enum { LENGTH_BYTES = 8 };

static const struct {
    const char *name;
    uint64_t bytes;
} types[] = {{"F32", 4}, {"F16", 2}, {"BF16", 2}, {"F64", 8},     {"I64", 8},
             {"I32", 4}, {"I16", 2}, {"I8", 1},   {"U64", 8},     {"U32", 4},
             {"U16", 2}, {"U8", 1},  {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}};

static uint64_t type_bytes(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0)
            return types[i].bytes;
    return 0;
}

static uint64_t little_endian(const unsigned char *p, size_t n)
{
    uint64_t value = 0;
    for (size_t i = n; i-- > 0;)
        value = value << 8 | p[i];
    return value;
}

static bool whole(const struct json_value *v, uint64_t *out)
{
    if (v == NULL || v->kind != JSON_INT || v->integer < 0)
        return false;
    *out = (uint64_t)v->integer;
    return true;
}

static enum err read_shape(struct safetensors_tensor *t, const struct json_value *shape, struct fail *why)
{
    if (shape == NULL || shape->kind != JSON_LIST || shape->n > SAFETENSORS_DIMS)
        return fail_set(why, ERR_INVALID, "tensor %s: its shape is not a list of at most %d sizes", t->name,
                        SAFETENSORS_DIMS);
    t->n_dims = shape->n;
    for (size_t i = 0; i < shape->n; i++)
        if (!whole(&shape->items[i], &t->shape[i]))
            return fail_set(why, ERR_INVALID, "tensor %s: size %zu of its shape is not a whole number",
                            t->name, i);
    return ERR_OK;
}

/* Do shape and type give the bytes that the header places? */
static enum err check_bytes(const struct safetensors_tensor *t, struct fail *why)
{
    uint64_t bytes = type_bytes(t->type);
    if (bytes == 0)
        return fail_set(why, ERR_INVALID, "tensor %s: unknown type %.20s", t->name, t->type);
    for (size_t i = 0; i < t->n_dims; i++)
        if (__builtin_mul_overflow(bytes, t->shape[i], &bytes))
            return fail_set(why, ERR_INVALID, "tensor %s: its shape is too large", t->name);
    if (bytes != t->end - t->begin)
        return fail_set(why, ERR_INVALID, "tensor %s: its shape needs %llu bytes, its place has %llu",
                        t->name, (unsigned long long)bytes, (unsigned long long)(t->end - t->begin));
    return ERR_OK;
}

static enum err read_tensor(struct safetensors_tensor *t, const char *name, const struct json_value *v,
                            uint64_t room, struct fail *why)
{
    const struct json_value *type = json_member(v, "dtype"), *place = json_member(v, "data_offsets");
    t->name = name;
    if (type == NULL || type->kind != JSON_TEXT)
        return fail_set(why, ERR_INVALID, "tensor %s: no dtype", name);
    t->type = type->text;
    if (place == NULL || place->kind != JSON_LIST || place->n != 2 || !whole(&place->items[0], &t->begin) ||
        !whole(&place->items[1], &t->end))
        return fail_set(why, ERR_INVALID, "tensor %s: its data_offsets are not two whole numbers", name);
    if (t->begin > t->end || t->end > room)
        return fail_set(why, ERR_INVALID, "tensor %s: bytes %llu to %llu, but the file has %llu for tensors",
                        name, (unsigned long long)t->begin, (unsigned long long)t->end,
                        (unsigned long long)room);
    enum err rc = read_shape(t, json_member(v, "shape"), why);
    return rc == ERR_OK ? check_bytes(t, why) : rc;
}

static int by_place(const void *a, const void *b)
{
    const struct safetensors_tensor *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return strcmp(x->name, y->name);
}

static enum err check_places(const struct safetensors *s, uint64_t room, struct fail *why)
{
    uint64_t end = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct safetensors_tensor *t = &s->tensors[i];
        if (t->begin != end)
            return fail_set(why, ERR_INVALID,
                            "tensor %s: begins at byte %llu, the one before it ends at %llu", t->name,
                            (unsigned long long)t->begin, (unsigned long long)end);
        end = t->end;
    }
    if (end != room)
        return fail_set(why, ERR_INVALID,
                        "the tensors end at byte %llu, the file at %llu: truncated, or not such a file",
                        (unsigned long long)end, (unsigned long long)room);
    return ERR_OK;
}

static enum err read_header(struct safetensors *s, const struct json_value *header,
                            const unsigned char *bytes, uint64_t room, struct fail *why)
{
    if (header->kind != JSON_MAP)
        return fail_set(why, ERR_INVALID, "the header is not a JSON object");
    s->tensors = arena_array(&s->arena, header->n, sizeof *s->tensors);
    if (s->tensors == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu tensors", header->n);
    for (size_t i = 0; i < header->n; i++) {
        if (strcmp(header->names[i], "__metadata__") == 0)
            continue;
        struct safetensors_tensor *t = &s->tensors[s->n];
        enum err rc = read_tensor(t, header->names[i], &header->items[i], room, why);
        if (rc != ERR_OK)
            return rc;
        t->bytes = bytes + t->begin;
        s->n++;
    }
    if (s->n > 0)
        qsort(s->tensors, s->n, sizeof *s->tensors, by_place);
    return check_places(s, room, why);
}

enum err safetensors_parse(struct safetensors *s, const unsigned char *bytes, size_t n, struct fail *why)
{
    *s = (struct safetensors){0};
    uint64_t length = n < LENGTH_BYTES ? 0 : little_endian(bytes, LENGTH_BYTES);
    if (n < LENGTH_BYTES || length > n - LENGTH_BYTES)
        return fail_set(why, ERR_INVALID, "not a safetensors file: a header of %llu bytes in a file of %zu",
                        (unsigned long long)length, n);
    const struct json_value *header;
    enum err rc = json_read(&s->arena, (const char *)bytes + LENGTH_BYTES, length, &header, why);
    if (rc == ERR_OK)
        rc = read_header(s, header, bytes + LENGTH_BYTES + length, n - LENGTH_BYTES - length, why);
    if (rc != ERR_OK)
        safetensors_close(s);
    return rc;
}

enum err safetensors_open(struct safetensors *s, const char *path, struct fail *why)
{
    *s = (struct safetensors){0};
    struct map_file file = {0};
    struct fail inner = {0};
    enum err rc = map_file_open(&file, path, why);
    if (rc != ERR_OK)
        return rc;
    rc = safetensors_parse(s, file.data, file.size, &inner);
    if (rc != ERR_OK) {
        map_file_close(&file);
        return fail_set(why, rc, "%s: %s", path, inner.text);
    }
    s->file = file;
    return ERR_OK;
}

void safetensors_close(struct safetensors *s)
{
    map_file_close(&s->file);
    arena_free(&s->arena);
    *s = (struct safetensors){0};
}

const struct safetensors_tensor *safetensors_find(const struct safetensors *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->tensors[i].name, name) == 0)
            return &s->tensors[i];
    return NULL;
}

bool safetensors_is_float(const struct safetensors_tensor *t)
{
    return strcmp(t->type, "F32") == 0 || strcmp(t->type, "F16") == 0 || strcmp(t->type, "BF16") == 0;
}

static float from_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE 754 binary16, subnormal numbers, infinities and NaN included. */
static float from_half(uint32_t h)
{
    uint32_t sign = (h & 0x8000u) << 16, exponent = h >> 10 & 0x1f, fraction = h & 0x3ff;
    if (exponent == 0) {
        float small = (float)fraction * 0x1p-24F;
        return sign != 0 ? -small : small;
    }
    return from_bits(sign | (exponent == 31 ? 255 : exponent + 112) << 23 | fraction << 13);
}

void safetensors_read(const struct safetensors_tensor *t, uint64_t from, size_t n, float *out)
{
    const unsigned char *p = t->bytes;
    if (strcmp(t->type, "F32") == 0) {
        for (size_t i = 0; i < n; i++)
            out[i] = from_bits((uint32_t)little_endian(p + (from + i) * 4, 4));
        return;
    }
    bool half = strcmp(t->type, "F16") == 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits = (uint32_t)little_endian(p + (from + i) * 2, 2);
        out[i] = half ? from_half(bits) : from_bits(bits << 16);
    }
}
