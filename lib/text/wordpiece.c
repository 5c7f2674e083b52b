#include "text/wordpiece.h"

#include <string.h>

#include "base/utf8.h"
#include "text/bert_unicode.h"

/* The vocabulary */

static int32_t find(const struct wordpiece_side *side, const char *bytes, size_t n)
{
    int32_t at = term_table_find(&side->terms, bytes, n);
    return at < 0 ? -1 : ((const int32_t *)side->ids.data)[at];
}

static bool put(struct wordpiece_side *side, const char *bytes, size_t n, int32_t id)
{
    size_t before = side->terms.n;
    int32_t at = term_table_add(&side->terms, bytes, n);
    if (at < 0)
        return false;
    if (side->terms.n > before)
        return vec_push(&side->ids, &id);
    ((int32_t *)side->ids.data)[at] = id;
    return true;
}

static bool put_line(struct wordpiece *w, const char *line, size_t n)
{
    int32_t id = (int32_t)w->n++;
    if (n > w->longest)
        w->longest = n;
    if (n > 2 && memcmp(line, "##", 2) == 0 && !put(&w->tails, line + 2, n - 2, id))
        return false;
    return put(&w->heads, line, n, id);
}

static enum err read_lines(struct wordpiece *w, const char *bytes, size_t n_bytes, struct fail *why)
{
    if (n_bytes == 0)
        return fail_set(why, ERR_INVALID, "the vocabulary is empty");
    for (size_t at = 0; at < n_bytes;) {
        const char *line = bytes + at, *end = memchr(line, '\n', n_bytes - at);
        size_t n = end == NULL ? n_bytes - at : (size_t)(end - line);
        at += n + 1;
        if (n > 0 && line[n - 1] == '\r')
            n--;
        if (!utf8_valid(line, n))
            return fail_set(why, ERR_INVALID, "vocabulary, line %zu: not valid UTF-8", w->n + 1);
        if (w->n >= INT32_MAX)
            return fail_set(why, ERR_INVALID, "vocabulary: more than 2^31 - 1 lines");
        if (!put_line(w, line, n))
            return fail_set(why, ERR_NOMEM, "vocabulary: out of memory");
    }
    return ERR_OK;
}

static enum err need(struct wordpiece *w, const char *token, int32_t *id, struct fail *why)
{
    *id = find(&w->heads, token, strlen(token));
    if (*id < 0)
        return fail_set(why, ERR_INVALID, "the vocabulary has no line \"%s\"", token);
    if (token[0] != '\0' && !put(&w->added, token, strlen(token), *id))
        return fail_set(why, ERR_NOMEM, "vocabulary: out of memory");
    return ERR_OK;
}

static enum err read_added(struct wordpiece *w, const struct wordpiece_rules *rules, struct fail *why)
{
    enum err rc = need(w, rules->unknown, &w->unknown, why);
    rc = rc == ERR_OK ? need(w, rules->first, &w->first, why) : rc;
    rc = rc == ERR_OK ? need(w, rules->last, &w->last, why) : rc;
    for (size_t i = 0; i < rules->n_added && rc == ERR_OK; i++) {
        const char *token = rules->added[i];
        int32_t id = 0;
        if (token != NULL && find(&w->heads, token, strlen(token)) >= 0)
            rc = need(w, token, &id, why);
    }
    return rc;
}

enum err wordpiece_open(struct wordpiece *w, const char *vocabulary, size_t n_bytes,
                        const struct wordpiece_rules *rules, struct fail *why)
{
    *w = (struct wordpiece){.lower_case = rules->lower_case,
                            .strip_accents = rules->strip_accents,
                            .split_chinese = rules->split_chinese};
    w->heads.ids = w->tails.ids = w->added.ids = VEC_OF(int32_t);
    enum err rc = read_lines(w, vocabulary, n_bytes, why);
    if (rc == ERR_OK)
        rc = read_added(w, rules, why);
    if (rc != ERR_OK)
        wordpiece_close(w);
    return rc;
}

static void side_free(struct wordpiece_side *side)
{
    term_table_free(&side->terms);
    vec_free(&side->ids);
}

void wordpiece_close(struct wordpiece *w)
{
    side_free(&w->heads);
    side_free(&w->tails);
    side_free(&w->added);
    *w = (struct wordpiece){0};
}

/* A text */

enum { WORD_BYTES = WORDPIECE_WORD_MAX * 4 };

struct walk {
    const struct wordpiece *w;
    struct vec *ids;
    size_t most; /* ids->len when the text is cut */
    bool failed;
    char word[WORD_BYTES]; /* the word so far, as long as it has WORDPIECE_WORD_MAX characters at most */
    size_t n_bytes, n_chars;
};

static void take(struct walk *k, int32_t id)
{
    if (k->ids->len < k->most)
        k->failed |= !vec_push(k->ids, &id);
}

/* The longest entry at `at`: its id, and *n its bytes; −1 when there is none. */
static int32_t longest_entry(const struct walk *k, size_t at, size_t *n)
{
    const struct wordpiece_side *side = at == 0 ? &k->w->heads : &k->w->tails;
    size_t len = k->n_bytes - at;
    if (len > k->w->longest)
        len = k->w->longest;
    for (; len > 0; len--) {
        bool inside_char = at + len < k->n_bytes && ((unsigned char)k->word[at + len] & 0xc0) == 0x80;
        int32_t id = inside_char ? -1 : find(side, k->word + at, len);
        if (id >= 0) {
            *n = len;
            return id;
        }
    }
    return -1;
}

static void cover_word(struct walk *k)
{
    int32_t pieces[WORDPIECE_WORD_MAX];
    size_t n_pieces = 0, n = 0;
    for (size_t at = 0; at < k->n_bytes; at += n) {
        int32_t id = longest_entry(k, at, &n);
        if (id < 0) {
            take(k, k->w->unknown);
            return;
        }
        pieces[n_pieces++] = id;
    }
    for (size_t i = 0; i < n_pieces; i++)
        take(k, pieces[i]);
}

static void end_word(struct walk *k)
{
    if (k->n_chars > WORDPIECE_WORD_MAX)
        take(k, k->w->unknown);
    else
        cover_word(k);
    k->n_bytes = k->n_chars = 0;
}

static size_t utf8_write(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(lead[n] | c);
    return n;
}

/* One character of the normalised text. */
static void add_char(struct walk *k, uint32_t code)
{
    enum bert_unicode_kind kind = bert_unicode_kind(code);
    bool alone = kind == BERT_UNICODE_PUNCTUATION;
    if (alone || kind == BERT_UNICODE_SPACE)
        end_word(k);
    if (kind == BERT_UNICODE_SPACE)
        return;
    if (k->n_chars < WORDPIECE_WORD_MAX)
        k->n_bytes += utf8_write(k->word + k->n_bytes, code);
    k->n_chars++;
    if (alone)
        end_word(k);
}

static void add_lowered(struct walk *k, uint32_t code)
{
    uint32_t low[BERT_UNICODE_MAP_MAX] = {code};
    size_t n = k->w->lower_case ? bert_unicode_lower(code, low) : 1;
    for (size_t i = 0; i < n; i++)
        add_char(k, low[i]);
}

/* One character of the text as it is written. */
static void add_written(struct walk *k, uint32_t code)
{
    enum bert_unicode_kind kind = bert_unicode_kind(code);
    if (kind == BERT_UNICODE_DROP)
        return;
    bool alone = kind == BERT_UNICODE_CJK && k->w->split_chinese;
    uint32_t bare[BERT_UNICODE_MAP_MAX] = {code};
    size_t n = k->w->strip_accents ? bert_unicode_strip(code, bare) : 1;
    if (alone)
        end_word(k);
    for (size_t i = 0; i < n; i++)
        add_lowered(k, bare[i]);
    if (alone)
        end_word(k);
}

/* The longest added token that the text begins with: its id, *n its bytes; −1 for none. */
static int32_t added_token(const struct wordpiece *w, const char *text, size_t left, size_t *n)
{
    int32_t found = -1;
    *n = 0;
    for (size_t i = 0; i < w->added.terms.n; i++) {
        size_t len;
        const char *token = term_table_name(&w->added.terms, i, &len);
        if (token[0] == text[0] && len > *n && len <= left && memcmp(token, text, len) == 0) {
            found = ((const int32_t *)w->added.ids.data)[i];
            *n = len;
        }
    }
    return found;
}

enum err wordpiece_encode(const struct wordpiece *w, const char *text, size_t most, struct vec *ids)
{
    struct walk k = {.w = w, .ids = ids, .most = ids->len + most - 1};
    take(&k, w->first);
    size_t left = strlen(text);
    while (left > 0 && k.ids->len < k.most && !k.failed) {
        size_t n;
        int32_t token = added_token(w, text, left, &n);
        uint32_t code = 0;
        if (token >= 0) {
            end_word(&k);
            take(&k, token);
        } else {
            n = utf8_decode(text, left, &code);
            if (n > 0)
                add_written(&k, code);
            else
                n = 1;
        }
        text += n;
        left -= n;
    }
    end_word(&k);
    k.most++;
    take(&k, w->last);
    return k.failed ? ERR_NOMEM : ERR_OK;
}
