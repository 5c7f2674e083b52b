#include "words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "particles.h"

/* By key. */
#define WORD(number, name, key, ko, en) {key, {ko, en}},
static const struct row {
    const char *key, *text[2];
} rows[] = {
#include "site_words.inc"
};
enum { ROWS = sizeof rows / sizeof *rows };

const char *words_of(enum language l, enum words_key key)
{
    return rows[key].text[l];
}

/* As strcmp, of begin and end as one text. */
static int compare(const char *begin, const char *end, const char *row)
{
    size_t n = strlen(begin);
    int d = strncmp(begin, row, n);
    return d != 0 ? d : strcmp(end, row + n);
}

const char *words_find(enum language l, const char *begin, const char *end)
{
    size_t from = 0, to = ROWS;
    while (from < to) {
        size_t at = from + (to - from) / 2;
        int d = compare(begin, end, rows[at].key);
        if (d == 0)
            return rows[at].text[l];
        if (d < 0)
            to = at;
        else
            from = at + 1;
    }
    return NULL;
}

enum { VALUES_MOST = 6 };

struct values {
    const char *name[VALUES_MOST], *text[VALUES_MOST];
    size_t n;
    bool failed;
};

/* The value of the name that the bytes are; "" as in the pages' scripts for one that was not given. */
static const char *value_of(const struct values *v, const char *name, size_t n)
{
    for (size_t i = 0; i < v->n; i++)
        if (strlen(v->name[i]) == n && memcmp(v->name[i], name, n) == 0)
            return v->text[i];
    return "";
}

/* Stands for a bracket of a value while particles are chosen: only those of the word itself are marks. Nothing else has it, a control
 * character of no use in text. */
enum { BRACKET = 0x1a };

static void put_value(struct buf *out, const char *value, bool guard)
{
    for (; *value != '\0'; value++)
        buf_putc(out, guard && *value == '[' ? BRACKET : *value);
}

static void fill(struct buf *out, const char *word, const struct values *v, bool guard)
{
    while (*word != '\0') {
        size_t plain = strcspn(word, "{");
        buf_put(out, word, plain);
        word += plain;
        const char *close = strchr(word, '}');
        if (close == NULL) {
            buf_puts(out, word);
            return;
        }
        put_value(out, value_of(v, word + 1, (size_t)(close - word - 1)), guard);
        word = close + 1;
    }
}

static struct values read_values(va_list args)
{
    struct values v = {0};
    const char *name;
    while ((name = va_arg(args, const char *)) != NULL) {
        const char *text = va_arg(args, const char *);
        if (text == NULL || v.n == VALUES_MOST)
            v.failed = true;
        else {
            v.name[v.n] = name;
            v.text[v.n++] = text;
        }
    }
    return v;
}

const char *words_fill(struct arena *a, enum language l, enum words_key key, ...)
{
    va_list args;
    va_start(args, key);
    struct values v = read_values(args);
    va_end(args);
    struct buf b = {0}, said = {0};
    fill(&b, words_of(l, key), &v, l == LANGUAGE_KO);
    if (l == LANGUAGE_KO) {
        particles_put(&said, buf_str(&b));
        for (char *c = said.len > 0 ? strchr(said.data, BRACKET) : NULL; c != NULL; c = strchr(c, BRACKET))
            *c = '[';
    }
    struct buf *whole = l == LANGUAGE_KO ? &said : &b;
    whole->failed |= b.failed || v.failed;
    const char *kept = arena_take(a, whole);
    buf_free(&b);
    buf_free(&said);
    return kept;
}

const char *words_number(struct arena *a, int64_t n)
{
    char digits[24], out[32];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)n), at = 0;
    for (size_t i = 0; i < len; i++) {
        bool separator = i > 0 && digits[i - 1] != '-' && (len - i) % 3 == 0;
        if (separator)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    return arena_strndup(a, out, at);
}
