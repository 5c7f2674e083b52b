#include "text/bert_config.h"

#include <math.h>
#include <string.h>

#include "base/map_file.h"
#include "json/json.h"

/* One file of the directory while it is read. */
struct source {
    struct arena *arena;
    const char *path;
    const struct json_value *root; /* NULL: the file is not there */
    struct fail *why;
};

static enum err read_json(struct source *s, const char *dir, const char *name, bool needed)
{
    struct map_file file = {0};
    struct fail inner = {0};
    s->root = NULL;
    s->path = arena_printf(s->arena, "%s/%s", dir, name);
    if (s->path == NULL)
        return fail_set(s->why, ERR_NOMEM, "%s/%s: out of memory", dir, name);
    enum err rc = map_file_open(&file, s->path, s->why);
    if (rc == ERR_NOT_FOUND && !needed)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    rc = json_read(s->arena, (const char *)file.data, file.size, &s->root, &inner);
    map_file_close(&file);
    return rc == ERR_OK ? ERR_OK : fail_set(s->why, rc, "%s: %s", s->path, inner.text);
}

/* A member that is there and not null. */
static const struct json_value *member(const struct source *s, const char *name)
{
    const struct json_value *v = json_member(s->root, name);
    return v == NULL || v->kind == JSON_NULL ? NULL : v;
}

static enum err size_of(const struct source *s, const char *name, size_t most, size_t *out)
{
    const struct json_value *v = member(s, name);
    if (v == NULL || v->kind != JSON_INT || v->integer < 1 || (uint64_t)v->integer > most)
        return fail_set(s->why, ERR_INVALID, "%s: %s is not a whole number from 1 to %zu", s->path, name,
                        most);
    *out = (size_t)v->integer;
    return ERR_OK;
}

static enum err flag_of(const struct source *s, const char *name, bool otherwise, bool *out)
{
    const struct json_value *v = member(s, name);
    *out = v == NULL ? otherwise : v->truth;
    return v == NULL || v->kind == JSON_BOOL
               ? ERR_OK
               : fail_set(s->why, ERR_INVALID, "%s: %s is neither true nor false", s->path, name);
}

/* A member that has only one value this program computes, or is not there. */
static enum err only(const struct source *s, const char *name, const char *known)
{
    const struct json_value *v = member(s, name);
    if (v == NULL || (v->kind == JSON_TEXT && strcmp(v->text, known) == 0))
        return ERR_OK;
    return fail_set(s->why, ERR_INVALID, "%s: %s is \"%.40s\"; this program computes \"%s\" only", s->path,
                    name, v->kind == JSON_TEXT ? v->text : "?", known);
}

static enum err check_kind(const struct source *s)
{
    bool decoder = false, crossed = false;
    enum err rc = only(s, "model_type", "bert");
    rc = rc == ERR_OK ? only(s, "hidden_act", "gelu") : rc;
    rc = rc == ERR_OK ? only(s, "position_embedding_type", "absolute") : rc;
    rc = rc == ERR_OK ? flag_of(s, "is_decoder", false, &decoder) : rc;
    rc = rc == ERR_OK ? flag_of(s, "add_cross_attention", false, &crossed) : rc;
    if (rc == ERR_OK && (decoder || crossed))
        return fail_set(s->why, ERR_INVALID, "%s: a decoder, not an encoder", s->path);
    const struct json_value *named = member(s, "architectures");
    if (rc == ERR_OK && named != NULL && named->kind == JSON_LIST && named->n > 0 &&
        (named->items[0].kind != JSON_TEXT || strncmp(named->items[0].text, "Bert", 4) != 0))
        return fail_set(s->why, ERR_INVALID, "%s: its architecture is %.40s, not one of BERT's", s->path,
                        named->items[0].kind == JSON_TEXT ? named->items[0].text : "no text");
    return rc;
}

static enum err read_eps(const struct source *s, float *out)
{
    const struct json_value *v = member(s, "layer_norm_eps");
    double eps = v == NULL ? 1e-12 : v->real;
    if ((v != NULL && v->kind != JSON_REAL && v->kind != JSON_INT) || !(eps >= 0 && eps < 1))
        return fail_set(s->why, ERR_INVALID, "%s: layer_norm_eps is not a number from 0 to 1", s->path);
    *out = (float)eps;
    return ERR_OK;
}

static enum err read_model(struct bert_config *c, struct source *s, const char *dir)
{
    enum err rc = read_json(s, dir, "config.json", true);
    rc = rc == ERR_OK ? check_kind(s) : rc;
    rc = rc == ERR_OK ? size_of(s, "hidden_size", 1 << 14, &c->width) : rc;
    rc = rc == ERR_OK ? size_of(s, "num_hidden_layers", 1 << 8, &c->layers) : rc;
    rc = rc == ERR_OK ? size_of(s, "num_attention_heads", 1 << 10, &c->heads) : rc;
    rc = rc == ERR_OK ? size_of(s, "intermediate_size", 1 << 16, &c->inner) : rc;
    rc = rc == ERR_OK ? size_of(s, "max_position_embeddings", 1 << 16, &c->positions) : rc;
    rc = rc == ERR_OK ? size_of(s, "vocab_size", 1 << 24, &c->vocabulary) : rc;
    rc = rc == ERR_OK ? size_of(s, "type_vocab_size", 1 << 10, &c->types) : rc;
    rc = rc == ERR_OK ? read_eps(s, &c->eps) : rc;
    if (rc == ERR_OK && c->width % c->heads != 0)
        return fail_set(s->why, ERR_INVALID,
                        "%s: hidden_size %zu is not a multiple of num_attention_heads %zu", s->path, c->width,
                        c->heads);
    if (rc == ERR_OK && c->positions < 3)
        return fail_set(s->why, ERR_INVALID, "%s: no room for a word in max_position_embeddings %zu", s->path,
                        c->positions);
    return rc;
}

/* A token is written as a text, or as an object with its text and how it is found. */
static enum err read_token(const struct source *s, const char *name, const struct json_value *v,
                           const char **out)
{
    const struct json_value *text = v->kind == JSON_MAP ? json_member(v, "content") : v;
    if (text == NULL || text->kind != JSON_TEXT || text->n == 0)
        return fail_set(s->why, ERR_INVALID, "%s: token %s is no text", s->path, name);
    static const char *const greedy[] = {"lstrip", "rstrip", "single_word", "normalized"};
    for (size_t i = 0; i < sizeof greedy / sizeof *greedy; i++) {
        const struct json_value *flag = json_member(v, greedy[i]);
        if (flag != NULL && flag->kind == JSON_BOOL && flag->truth)
            return fail_set(s->why, ERR_INVALID, "%s: token %.40s has %s, which is not supported", s->path,
                            text->text, greedy[i]);
    }
    *out = text->text;
    return ERR_OK;
}

static enum err named_token(const struct source *s, const char *name, const char *otherwise, const char **out)
{
    const struct json_value *v = member(s, name);
    *out = otherwise;
    return v == NULL ? ERR_OK : read_token(s, name, v, out);
}

static enum err read_added(const struct source *s, struct wordpiece_rules *r)
{
    const struct json_value *more = member(s, "added_tokens_decoder");
    size_t n = more != NULL && more->kind == JSON_MAP ? more->n : 0;
    const char **added = arena_array(s->arena, n + 2, sizeof *added);
    if (added == NULL)
        return fail_set(s->why, ERR_NOMEM, "%s: out of memory", s->path);
    enum err rc = named_token(s, "pad_token", "[PAD]", &added[0]);
    rc = rc == ERR_OK ? named_token(s, "mask_token", "[MASK]", &added[1]) : rc;
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = read_token(s, more->names[i], &more->items[i], &added[i + 2]);
    r->added = added;
    r->n_added = n + 2;
    return rc;
}

static enum err read_tokenizer(struct bert_config *c, struct source *s, const char *dir)
{
    struct wordpiece_rules *r = &c->rules;
    enum err rc = read_json(s, dir, "tokenizer_config.json", false);
    rc = rc == ERR_OK ? flag_of(s, "do_lower_case", true, &r->lower_case) : rc;
    rc = rc == ERR_OK ? flag_of(s, "strip_accents", r->lower_case, &r->strip_accents) : rc;
    rc = rc == ERR_OK ? flag_of(s, "tokenize_chinese_chars", true, &r->split_chinese) : rc;
    rc = rc == ERR_OK ? named_token(s, "unk_token", "[UNK]", &r->unknown) : rc;
    rc = rc == ERR_OK ? named_token(s, "cls_token", "[CLS]", &r->first) : rc;
    rc = rc == ERR_OK ? named_token(s, "sep_token", "[SEP]", &r->last) : rc;
    rc = rc == ERR_OK ? read_added(s, r) : rc;
    const struct json_value *v = member(s, "model_max_length"); /* 1e30 where nobody set one */
    c->most = v != NULL && v->kind == JSON_INT && v->integer >= 3 && (uint64_t)v->integer < c->positions
                  ? (size_t)v->integer
                  : c->positions;
    return rc;
}

static enum err read_sentence(struct bert_config *c, struct source *s, const char *dir)
{
    bool lower = false;
    enum err rc = read_json(s, dir, "sentence_bert_config.json", false);
    rc = rc == ERR_OK ? flag_of(s, "do_lower_case", false, &lower) : rc;
    if (rc == ERR_OK && lower && !c->rules.lower_case)
        return fail_set(s->why, ERR_INVALID, "%s: do_lower_case with a tokenizer that keeps case", s->path);
    if (rc != ERR_OK || member(s, "max_seq_length") == NULL)
        return rc;
    size_t most = 0;
    rc = size_of(s, "max_seq_length", SIZE_MAX / 2, &most);
    if (rc == ERR_OK && most < 3)
        return fail_set(s->why, ERR_INVALID, "%s: no room for a word in max_seq_length %zu", s->path, most);
    c->most = most < c->positions ? most : c->positions;
    return rc;
}

enum err bert_config_read(struct bert_config *c, struct arena *a, const char *dir, struct fail *why)
{
    struct source s = {.arena = a, .why = why};
    *c = (struct bert_config){0};
    enum err rc = read_model(c, &s, dir);
    rc = rc == ERR_OK ? read_tokenizer(c, &s, dir) : rc;
    return rc == ERR_OK ? read_sentence(c, &s, dir) : rc;
}
