/* Property: bytes are refused, or what was read can be written by json_out and is then read as the same
 * value. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "json/json.h"
#include "json/json_out.h"
#include "tests/fuzz/property.h"

/* Names of members may need escapes, which json_out_name does not do: they are written as texts of a list. */
static void put(struct json_out *w, const struct json_value *v)
{
    switch (v->kind) {
    case JSON_NULL:
        json_out_null(w);
        break;
    case JSON_BOOL:
        json_out_bool(w, v->truth);
        break;
    case JSON_INT:
        json_out_int(w, v->integer);
        break;
    case JSON_REAL:
        json_out_real(w, v->real, 3);
        break;
    case JSON_TEXT:
        must(utf8_valid(v->text, v->n) && strlen(v->text) == v->n);
        json_out_text(w, v->text);
        break;
    case JSON_LIST:
    case JSON_MAP:
        json_out_list(w);
        for (size_t i = 0; i < v->n; i++) {
            if (v->kind == JSON_MAP) {
                must(utf8_valid(v->names[i], strlen(v->names[i])));
                json_out_text(w, v->names[i]);
            }
            put(w, &v->items[i]);
        }
        json_out_end(w);
        break;
    }
}

static void check_same(const struct json_value *v, const struct json_value *again)
{
    if (v->kind == JSON_REAL) { /* three decimals, or null beyond their range */
        bool kept = again->kind == JSON_REAL || again->kind == JSON_INT;
        must(kept ? fabs(again->real - v->real) <= 5.1e-4 + 1e-12 * fabs(v->real) : again->kind == JSON_NULL);
        return;
    }
    must(again->kind == (v->kind == JSON_MAP ? JSON_LIST : v->kind));
    must(v->truth == again->truth && (v->kind != JSON_INT || v->integer == again->integer));
    must(v->kind != JSON_TEXT || strcmp(v->text, again->text) == 0);
    size_t step = v->kind == JSON_MAP ? 2 : 1;
    if (v->kind != JSON_LIST && v->kind != JSON_MAP)
        return;
    must(again->n == v->n * step);
    for (size_t i = 0; i < v->n; i++)
        check_same(&v->items[i], &again->items[i * step + step - 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct buf b = {0};
    struct json_out w;
    struct fail why = {0};
    const struct json_value *v, *again;
    if (json_read(&a, (const char *)data, size, &v, &why) == ERR_OK) {
        json_out_start(&w, &b);
        put(&w, v);
        must(!b.failed);
        enum err rc = json_read(&a, b.data, b.len, &again, NULL);
        must(rc == ERR_OK || size > JSON_MAX_VALUES); /* names count as values in the copy */
        if (rc == ERR_OK)
            check_same(v, again);
    } else {
        must(why.text[0] != '\0');
    }
    buf_free(&b);
    arena_free(&a);
    return 0;
}
