/* Property: a query string is refused, or every name and value is valid UTF-8 without NUL, no name stands
 * twice, and writing the pairs back with every byte escaped is read as the same pairs. The bytes are also
 * asked as a whole target. */
#include <string.h>

#include "base/utf8.h"
#include "tests/fuzz/property.h"
#include "web/form.h"
#include "web/request.h"

static const char *param(void *arg, const char *name)
{
    return strcmp(name, "REQUEST_URI") == 0 ? arg : NULL;
}

static void escape(struct buf *out, const char *s)
{
    for (; *s != '\0'; s++)
        buf_printf(out, "%%%02X", (unsigned char)*s);
}

static void check_pairs(const struct form *f, struct arena *a)
{
    struct buf again = {0};
    struct form same;
    for (size_t i = 0; i < f->n; i++) {
        must(utf8_valid(f->pairs[i].name, strlen(f->pairs[i].name)));
        must(utf8_valid(f->pairs[i].value, strlen(f->pairs[i].value)));
        must(form_get(f, f->pairs[i].name) == f->pairs[i].value);
        escape(&again, f->pairs[i].name);
        buf_putc(&again, '=');
        escape(&again, f->pairs[i].value);
        buf_putc(&again, '&');
    }
    must(form_parse(&same, a, buf_str(&again), NULL) == ERR_OK && same.n == f->n);
    for (size_t i = 0; i < f->n; i++)
        must(strcmp(same.pairs[i].name, f->pairs[i].name) == 0 &&
             strcmp(same.pairs[i].value, f->pairs[i].value) == 0);
    buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct form f;
    struct request r;
    int64_t n;
    char *text = arena_strndup(&a, (const char *)data, size);
    if (form_parse(&f, &a, text, NULL) == ERR_OK)
        check_pairs(&f, &a);
    if (form_whole(text, -5, 1000, &n))
        must(n >= -5 && n <= 1000);
    must(request_from_params(&r, &a, param, text) == ERR_OK);
    must(strlen(r.path) <= REQUEST_PATH_MAX && strlen(r.query) <= REQUEST_QUERY_MAX &&
         strchr(r.path, '?') == NULL);
    arena_free(&a);
    return 0;
}
