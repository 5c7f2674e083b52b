#include "text/bert_layer.h"

#include <stdio.h>
#include <stdlib.h>

#include "num/attention.h"

enum { NAME_MAX_BYTES = 160 };

/* Reading */

static enum err check_shape(const struct safetensors_tensor *t, size_t rows, size_t cols, struct fail *why)
{
    bool ok = t->n_dims == (cols == 0 ? 1U : 2U) && t->shape[0] == rows && (cols == 0 || t->shape[1] == cols);
    if (!ok)
        return fail_set(why, ERR_INVALID, "tensor %s: its shape differs from that in config.json, %zu × %zu",
                        t->name, rows, cols == 0 ? 1 : cols);
    if (!safetensors_is_float(t))
        return fail_set(why, ERR_INVALID, "tensor %s: its type %s is not F32, F16 or BF16", t->name, t->type);
    return ERR_OK;
}

enum err bert_layer_tensor(const struct bert_weights *w, const char *name, size_t rows, size_t cols,
                           const struct safetensors_tensor **out, struct fail *why)
{
    char full[NAME_MAX_BYTES];
    snprintf(full, sizeof full, "%s%s", w->prefix, name);
    *out = safetensors_find(w->file, full);
    if (*out == NULL)
        return fail_set(why, ERR_INVALID, "tensor %s is missing", full);
    return check_shape(*out, rows, cols, why);
}

static enum err read_vector(const struct bert_weights *w, const char *name, const char *end, size_t n,
                            float *out, struct fail *why)
{
    char full[NAME_MAX_BYTES];
    const struct safetensors_tensor *t;
    snprintf(full, sizeof full, "%s.%s", name, end);
    enum err rc = bert_layer_tensor(w, full, n, 0, &t, why);
    if (rc == ERR_OK)
        safetensors_read(t, 0, n, out);
    return rc;
}

enum err bert_norm_read(struct bert_norm *n, const struct bert_weights *w, const char *name, size_t width,
                        struct fail *why)
{
    char old[NAME_MAX_BYTES];
    snprintf(old, sizeof old, "%s%s.gamma", w->prefix, name);
    bool is_old = safetensors_find(w->file, old) != NULL;
    n->gain = malloc(2 * width * sizeof *n->gain);
    if (n->gain == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %s", name);
    n->shift = n->gain + width;
    enum err rc = read_vector(w, name, is_old ? "gamma" : "weight", width, n->gain, why);
    return rc == ERR_OK ? read_vector(w, name, is_old ? "beta" : "bias", width, n->shift, why) : rc;
}

void bert_norm_free(struct bert_norm *n)
{
    free(n->gain);
    *n = (struct bert_norm){0};
}

struct part {
    const char *name;
    size_t first, rows; /* outputs first … first + rows − 1 of the layer */
};

/* One matrix [rows × l->inner] and its bias into an opened linear layer. */
static enum err read_part(struct linear *l, const struct bert_weights *w, const struct part *p,
                          struct fail *why)
{
    char weight[NAME_MAX_BYTES];
    const struct safetensors_tensor *t;
    snprintf(weight, sizeof weight, "%s.weight", p->name);
    enum err rc = bert_layer_tensor(w, weight, p->rows, l->inner, &t, why);
    if (rc != ERR_OK)
        return rc;
    float *bias = malloc((p->rows + l->inner) * sizeof *bias);
    if (bias == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %s", p->name);
    float *row = bias + p->rows;
    rc = read_vector(w, p->name, "bias", p->rows, bias, why);
    for (size_t i = 0; i < p->rows && rc == ERR_OK; i++) {
        safetensors_read(t, i * l->inner, l->inner, row);
        linear_put(l, p->first + i, row, bias[i]);
    }
    free(bias);
    return rc;
}

static bool open_layer(struct bert_layer *l, const struct bert_config *c)
{
    return linear_open(&l->qkv, c->width, 3 * c->width) && linear_open(&l->mixed, c->width, c->width) &&
           linear_open(&l->up, c->width, c->inner) && linear_open(&l->down, c->inner, c->width);
}

enum err bert_layer_read(struct bert_layer *l, const struct bert_weights *w, const struct bert_config *c,
                         size_t i, struct fail *why)
{
    *l = (struct bert_layer){0};
    if (!open_layer(l, c))
        return fail_set(why, ERR_NOMEM, "out of memory for layer %zu", i);
    const struct {
        struct linear *to;
        const char *name;
        size_t first, rows;
    } parts[] = {{&l->qkv, "attention.self.query", 0, c->width},
                 {&l->qkv, "attention.self.key", c->width, c->width},
                 {&l->qkv, "attention.self.value", 2 * c->width, c->width},
                 {&l->mixed, "attention.output.dense", 0, c->width},
                 {&l->up, "intermediate.dense", 0, c->inner},
                 {&l->down, "output.dense", 0, c->width}};
    char name[NAME_MAX_BYTES / 2];
    enum err rc = ERR_OK;
    for (size_t p = 0; p < sizeof parts / sizeof *parts && rc == ERR_OK; p++) {
        snprintf(name, sizeof name, "encoder.layer.%zu.%s", i, parts[p].name);
        rc = read_part(parts[p].to, w, &(struct part){name, parts[p].first, parts[p].rows}, why);
    }
    snprintf(name, sizeof name, "encoder.layer.%zu.attention.output.LayerNorm", i);
    rc = rc == ERR_OK ? bert_norm_read(&l->attended, w, name, c->width, why) : rc;
    snprintf(name, sizeof name, "encoder.layer.%zu.output.LayerNorm", i);
    return rc == ERR_OK ? bert_norm_read(&l->put_out, w, name, c->width, why) : rc;
}

void bert_layer_close(struct bert_layer *l)
{
    linear_close(&l->qkv);
    linear_close(&l->mixed);
    linear_close(&l->up);
    linear_close(&l->down);
    bert_norm_free(&l->attended);
    bert_norm_free(&l->put_out);
}

/* Computing */

bool bert_space_open(struct bert_space *s, const struct bert_config *c, size_t tokens)
{
    size_t widest = c->inner > c->width ? c->inner : c->width;
    size_t product = linear_scratch(widest, tokens), mixing = attention_scratch(c->most, c->width / c->heads);
    size_t scratch = product > mixing ? product : mixing;
    size_t n = tokens * (5 * c->width + c->inner) + ATTENTION_SLACK + scratch;
    *s = (struct bert_space){.tokens = tokens, .memory = calloc(n, sizeof *s->memory)};
    if (s->memory == NULL)
        return false;
    s->x = s->memory;
    s->y = s->x + tokens * c->width;
    s->wide = s->y + tokens * c->width;
    s->qkv = s->wide + tokens * c->inner;
    s->scratch = s->qkv + tokens * 3 * c->width + ATTENTION_SLACK;
    return true;
}

void bert_space_close(struct bert_space *s)
{
    free(s->memory);
    *s = (struct bert_space){0};
}

/* x = norm(x + add), row by row. */
static void norm_rows(const struct bert_norm *n, const struct bert_config *c, const struct wide *way,
                      size_t rows, const float *add, float *x)
{
    for (size_t i = 0; i < rows; i++)
        way->norm(x + i * c->width, add + i * c->width, n->gain, n->shift, c->width, c->eps);
}

void bert_layer_apply(const struct bert_layer *l, const struct bert_config *c, const struct wide *way,
                      const size_t *starts, size_t n, struct bert_space *s)
{
    size_t rows = starts[n];
    linear_apply(&l->qkv, way, &(struct linear_rows){s->x, rows, WIDE_AS_IS, s->qkv, s->scratch});
    for (size_t t = 0; t < n; t++)
        attention_apply(&(struct attention){.n = starts[t + 1] - starts[t],
                                            .heads = c->heads,
                                            .width = c->width / c->heads,
                                            .qkv = s->qkv + starts[t] * 3 * c->width,
                                            .out = s->y + starts[t] * c->width,
                                            .scratch = s->scratch},
                        way);
    linear_apply(&l->mixed, way, &(struct linear_rows){s->y, rows, WIDE_AS_IS, s->qkv, s->scratch});
    norm_rows(&l->attended, c, way, rows, s->qkv, s->x);
    linear_apply(&l->up, way, &(struct linear_rows){s->x, rows, WIDE_GELU, s->wide, s->scratch});
    linear_apply(&l->down, way, &(struct linear_rows){s->wide, rows, WIDE_AS_IS, s->y, s->scratch});
    norm_rows(&l->put_out, c, way, rows, s->y, s->x);
}
