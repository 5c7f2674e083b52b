/* The input is a vocabulary, a NUL, and a text. Property: wordpiece_open refuses the vocabulary with a
 * sentence, or the text becomes at most MOST ids of it that begin and end as they should, the same in every
 * way of looking at letters twice. */
#include "tests/fuzz/property.h"
#include "text/wordpiece.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 40 };

static void encode(const struct wordpiece *w, const char *text, struct vec *ids)
{
    ids->len = 0;
    if (wordpiece_encode(w, text, MOST, ids) != ERR_OK)
        abort();
    const int32_t *id = ids->data;
    if (ids->len < 2 || ids->len > MOST || id[0] != w->first || id[ids->len - 1] != w->last)
        abort();
    for (size_t i = 0; i < ids->len; i++)
        if (id[i] < 0 || (size_t)id[i] >= w->n)
            abort();
}

static void try_rules(const char *vocabulary, size_t n, const char *text, unsigned bits)
{
    static const char *const added[] = {"[MASK]"};
    const struct wordpiece_rules rules = {.lower_case = bits & 1,
                                          .strip_accents = bits & 2,
                                          .split_chinese = bits & 4,
                                          .unknown = "[UNK]",
                                          .first = "[CLS]",
                                          .last = "[SEP]",
                                          .added = added,
                                          .n_added = 1};
    struct wordpiece w;
    struct fail why = {0};
    struct vec one = VEC_OF(int32_t), two = VEC_OF(int32_t);
    enum err rc = wordpiece_open(&w, vocabulary, n, &rules, &why);
    if (rc == ERR_OK) {
        encode(&w, text, &one);
        encode(&w, text, &two);
        if (one.len != two.len || memcmp(one.data, two.data, one.len * sizeof(int32_t)) != 0)
            abort();
    } else if (why.text[0] == '\0') {
        abort();
    }
    vec_free(&one);
    vec_free(&two);
    wordpiece_close(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *cut = size == 0 ? NULL : memchr(data, 0, size);
    size_t n = cut == NULL ? size : (size_t)(cut - data), rest = cut == NULL ? 0 : size - n - 1;
    char *text = malloc(rest + 1);
    if (text == NULL)
        return 0;
    if (rest > 0)
        memcpy(text, cut + 1, rest);
    text[rest] = '\0';
    for (unsigned bits = 0; bits < 8; bits++)
        try_rules((const char *)data, n, text, bits);
    free(text);
    return 0;
}
