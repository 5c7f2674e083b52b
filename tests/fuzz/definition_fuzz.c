/* Property: a definition of an experiment is either refused in a sentence that begins with its file, or has
 * shares that sum to 1 and settings that, written down again, read the same. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "experiment/definition.h"
#include "tests/fuzz/property.h"

static void write(const struct variant_settings *s, const struct variant_words *words, struct buf *out)
{
    struct json_out w;
    json_out_start(&w, out);
    variant_write(&w, s, words);
}

static void check_again(const struct definition_variant *v, struct arena *a)
{
    struct buf once = {0}, twice = {0};
    struct variant_settings s;
    struct variant_words words;
    const struct json_value *json;
    write(&v->settings, &v->words, &once);
    if (!variant_valid(&v->settings) || json_read(a, buf_str(&once), once.len, &json, NULL) != ERR_OK ||
        variant_read(json, "again", &s, &words, NULL) != ERR_OK)
        abort();
    write(&s, &words, &twice);
    if (strcmp(buf_str(&once), buf_str(&twice)) != 0)
        abort();
    buf_free(&once);
    buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct definition d;
    struct fail why = {0};
    enum err rc = definition_read((const char *)data, size, "input", &a, &d, &why);
    double sum = 0;
    if (rc == ERR_OK) {
        for (size_t i = 0; i < d.n; i++) {
            sum += d.variants[i].share;
            check_again(&d.variants[i], &a);
        }
        if (!(sum > 0.999999 && sum < 1.000001))
            abort();
    } else if (rc == ERR_FAULT || strncmp(why.text, "input", 5) != 0) {
        abort();
    }
    arena_free(&a);
    return 0;
}
