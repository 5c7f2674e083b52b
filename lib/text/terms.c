#include "text/terms.h"

#include <string.h>

#include "base/utf8.h"
#include "text/tfidf.h"
#include "text/bert_unicode.h"

enum script { NONE, HANGUL, OTHER };

/* One run of letters of one script, in lower case. */
struct run {
    enum script script;
    struct buf bytes;
    size_t n; /* code points */
};

static enum script script_of(uint32_t code)
{
    if (bert_unicode_is_syllable(code))
        return HANGUL;
    enum bert_unicode_kind kind = bert_unicode_kind(code);
    return kind == BERT_UNICODE_PLAIN || kind == BERT_UNICODE_CJK ? OTHER : NONE;
}

typedef bool take_fn(void *arg, const char *bytes, size_t n);

enum { SYLLABLE = 3 }; /* bytes of a Hangul syllable in UTF-8 */

static bool take_grams(const struct run *r, take_fn *take, void *arg)
{
    if (r->n < TFIDF_GRAM_LEAST)
        return take(arg, r->bytes.data, r->bytes.len);
    for (size_t size = TFIDF_GRAM_LEAST; size <= TFIDF_GRAM_MOST; size++)
        for (size_t at = 0; at + size <= r->n; at++)
            if (!take(arg, r->bytes.data + at * SYLLABLE, size * SYLLABLE))
                return false;
    return true;
}

static bool end_run(struct run *r, take_fn *take, void *arg)
{
    bool ok = !r->bytes.failed;
    if (ok && r->script == HANGUL)
        ok = take_grams(r, take, arg);
    else if (ok && r->n >= 2)
        ok = take(arg, r->bytes.data, r->bytes.len);
    buf_reset(&r->bytes);
    r->n = 0;
    r->script = NONE;
    return ok;
}

static void add(struct run *r, uint32_t code)
{
    uint32_t low[BERT_UNICODE_MAP_MAX];
    size_t n = bert_unicode_lower(code, low);
    for (size_t i = 0; i < n; i++)
        utf8_put(&r->bytes, low[i]);
    r->n++;
}

bool terms_walk(const char *text, take_fn *take, void *arg)
{
    struct run run = {0};
    bool ok = true;
    size_t left = strlen(text);
    while (left > 0 && ok) {
        uint32_t code = 0;
        size_t n = utf8_decode(text, left, &code);
        enum script script = n == 0 ? NONE : script_of(code);
        if (script != run.script)
            ok = end_run(&run, take, arg);
        run.script = script;
        if (script != NONE)
            add(&run, code);
        text += n == 0 ? 1 : n;
        left -= n == 0 ? 1 : n;
    }
    ok = ok && end_run(&run, take, arg);
    buf_free(&run.bytes);
    return ok;
}
