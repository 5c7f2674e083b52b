/* safetensors: what is read, and what is refused with a sentence that names the tensor. */
#include "text/safetensors.h"

#include "tests/check.h"

enum { ROOM = 4096 };

/* A file of a header and n bytes 0, 1, 2, …; its size. */
static size_t make(unsigned char *out, const char *header, size_t n)
{
    size_t length = strlen(header);
    for (size_t i = 0; i < 8; i++)
        out[i] = (unsigned char)((uint64_t)length >> 8 * i);
    memcpy(out + 8, header, length);
    for (size_t i = 0; i < n; i++)
        out[8 + length + i] = (unsigned char)i;
    return 8 + length + n;
}

static void refused(const char *header, size_t n, const char *says)
{
    unsigned char bytes[ROOM];
    struct safetensors s;
    struct fail why = {0};
    size_t size = make(bytes, header, n);
    CHECK_MSG(safetensors_parse(&s, bytes, size, &why) == ERR_INVALID, "%s", header);
    CHECK_MSG(strstr(why.text, says) != NULL, "\"%s\" does not say \"%s\"", why.text, says);
    safetensors_close(&s);
}

static void test_refusals(void)
{
    refused("[]", 0, "not a JSON object");
    refused("{", 0, "JSON");
    refused("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "tensor a: no dtype");
    refused("{\"a\":{\"dtype\":\"F33\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
            "tensor a: unknown type F33");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4,
            "tensor a: its shape needs 8");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", 4, "tensor a: its shape");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "tensor a: size 0");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", 4,
            "tensor a: its data_offsets");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4.5]}}", 4,
            "tensor a: its data_offsets");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "tensor a: bytes 4 to 0");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "tensor a: bytes 0 to 8");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}", 4,
            "too large");
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}",
            6, "tensor b: begins at byte 2"); /* overlap */
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[5,9]}}",
            9, "tensor b: begins at byte 5"); /* gap */
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", 5, "the file at 5");
    refused("{\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
            4, "tensor b: begins at byte 0, the one before it ends at 4"); /* the same place twice */
}

/* The header names tensors in any order, and an empty one lies where another begins. */
static void test_any_order(void)
{
    unsigned char bytes[ROOM];
    struct safetensors s;
    struct fail why = {0};
    size_t size = make(bytes,
                       "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[4,6]},"
                       "\"c\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[6,9]},"
                       "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                       "\"none\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4,4]},"
                       "\"also\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[4,4]}}",
                       9);
    CHECK_MSG(safetensors_parse(&s, bytes, size, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(s.n, 5);
    const struct safetensors_tensor *z = safetensors_find(&s, "a"), *none = safetensors_find(&s, "none");
    CHECK(z != NULL && z->begin == 4 && z->end == 6 && none != NULL && none->begin == none->end);
    CHECK(safetensors_find(&s, "y") == NULL);
    safetensors_close(&s);
}

static void test_which_are_floats(void)
{
    static const struct {
        const char *type;
        bool is;
    } rows[] = {{"F32", true},  {"F16", true}, {"BF16", true}, {"F64", false},
                {"I64", false}, {"U8", false}, {"", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct safetensors_tensor t = {.type = rows[i].type};
        CHECK_MSG(safetensors_is_float(&t) == rows[i].is, "%s", rows[i].type);
    }
}

static void test_lengths(void)
{
    unsigned char bytes[ROOM];
    struct safetensors s;
    struct fail why = {0};
    size_t size = make(bytes, "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", 4);
    for (size_t n = 0; n < size; n++) {
        CHECK(safetensors_parse(&s, bytes, n, &why) == ERR_INVALID);
        safetensors_close(&s);
    }
    memset(bytes, 0xff, 8);
    CHECK(safetensors_parse(&s, bytes, size, &why) == ERR_INVALID);
    CHECK(strstr(why.text, "header") != NULL);
    CHECK(safetensors_open(&s, "tests/unit/fixtures/none.safetensors", &why) == ERR_NOT_FOUND);
    CHECK(safetensors_open(&s, "tests/unit/fixtures/bert/vocab.txt", &why) == ERR_INVALID);
    CHECK(strstr(why.text, "vocab.txt") != NULL);
}

/* 1, −2, smallest subnormal, largest half, infinity, and NaN. */
static void test_float_types(void)
{
    static const uint16_t halves[] = {0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x7e00, 0x8000, 0x83ff};
    static const uint16_t brains[] = {0x3f80, 0xc000, 0x0001, 0x7f7f, 0x7f80, 0x7fc0, 0x8000, 0x3eab};
    unsigned char bytes[ROOM];
    struct safetensors s;
    float x[8];
    const char *header = "{\"b\":{\"dtype\":\"BF16\",\"shape\":[8],\"data_offsets\":[16,32]},"
                         "\"__metadata__\":{\"format\":\"pt\"},"
                         "\"h\":{\"dtype\":\"F16\",\"shape\":[2,4],\"data_offsets\":[0,16]}}";
    size_t size = make(bytes, header, 32);
    memcpy(bytes + size - 32, halves, 16);
    memcpy(bytes + size - 16, brains, 16);
    CHECK(safetensors_parse(&s, bytes, size, NULL) == ERR_OK);
    CHECK_INT(s.n, 2);
    CHECK(safetensors_find(&s, "__metadata__") == NULL && safetensors_find(&s, "x") == NULL);
    const struct safetensors_tensor *h = safetensors_find(&s, "h"), *b = safetensors_find(&s, "b");
    CHECK(h != NULL && b != NULL && h->n_dims == 2 && h->shape[1] == 4 && safetensors_is_float(h));
    safetensors_read(h, 0, 8, x);
    CHECK(x[0] == 1 && x[1] == -2 && x[2] == 0x1p-24F && x[3] == 65504 && isinf(x[4]) && isnan(x[5]));
    CHECK(x[6] == 0 && signbit(x[6]) && x[7] == -1023 * 0x1p-24F);
    safetensors_read(h, 1, 2, x);
    CHECK(x[0] == -2 && x[1] == 0x1p-24F);
    safetensors_read(b, 0, 8, x);
    CHECK(x[0] == 1 && x[1] == -2 && x[2] == 0x1p-133F && x[3] > 3.38e38F && isinf(x[4]) && isnan(x[5]));
    CHECK(x[7] == 0.333984375F);
    safetensors_close(&s);
}

static void test_empty(void)
{
    unsigned char bytes[ROOM];
    struct safetensors s;
    size_t size = make(bytes, "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[0,0]}}  ", 0);
    CHECK(safetensors_parse(&s, bytes, size, NULL) == ERR_OK);
    CHECK(safetensors_find(&s, "a") != NULL);
    safetensors_close(&s);
    /* two that begin at one byte: the empty one is the first, whatever their order */
    size = make(bytes,
                "{\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
                2);
    CHECK(safetensors_parse(&s, bytes, size, NULL) == ERR_OK);
    CHECK(safetensors_find(&s, "b") != NULL);
    safetensors_close(&s);
    size = make(bytes, "{}", 0);
    CHECK(safetensors_parse(&s, bytes, size, NULL) == ERR_OK);
    safetensors_close(&s);
}

int main(void)
{
    RUN(test_refusals);
    RUN(test_lengths);
    RUN(test_any_order);
    RUN(test_which_are_floats);
    RUN(test_float_types);
    RUN(test_empty);
    return check_done();
}
