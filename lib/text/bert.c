#include "text/bert_private.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/vec.h"
#include "num/parallel.h"

/* Texts that one thread takes at a time, and tokens that go through a layer at once: enough to use each
 * weight often, few enough for the processor's own memory. */
enum { BLOCK_TEXTS = 16, BLOCK_TOKENS = 256 };

/* Opening */

static enum err read_words(struct bert *b, const char *dir, struct fail *why)
{
    struct map_file file = {0};
    struct fail inner = {0};
    char *path = arena_printf(&b->arena, "%s/vocab.txt", dir);
    if (path == NULL)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", dir);
    enum err rc = map_file_open(&file, path, why);
    if (rc != ERR_OK)
        return rc;
    rc = wordpiece_open(&b->words, (const char *)file.data, file.size, &b->config.rules, &inner);
    map_file_close(&file);
    if (rc == ERR_OK && b->words.n > b->config.vocabulary)
        rc = fail_set(&inner, ERR_INVALID, "%zu lines, more than config.json's vocab_size %zu", b->words.n,
                      b->config.vocabulary);
    return rc == ERR_OK ? ERR_OK : fail_set(why, rc, "%s: %s", path, inner.text);
}

/* position_embeddings + token_type_embeddings[0]: every token of a text is of type 0. */
static enum err read_places(struct bert *b, const struct bert_weights *w, struct fail *why)
{
    const struct bert_config *c = &b->config;
    const struct safetensors_tensor *places, *types;
    enum err rc =
        bert_layer_tensor(w, "embeddings.position_embeddings.weight", c->positions, c->width, &places, why);
    rc = rc == ERR_OK ? bert_layer_tensor(w, "embeddings.token_type_embeddings.weight", c->types, c->width,
                                          &types, why)
                      : rc;
    if (rc != ERR_OK)
        return rc;
    b->places = malloc((c->most + 1) * c->width * sizeof *b->places);
    if (b->places == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu positions", c->most);
    float *type = b->places + c->most * c->width;
    safetensors_read(places, 0, c->most * c->width, b->places);
    safetensors_read(types, 0, c->width, type);
    for (size_t i = 0; i < c->most * c->width; i++)
        b->places[i] += type[i % c->width];
    return ERR_OK;
}

static enum err read_weights(struct bert *b, struct fail *why)
{
    const struct bert_config *c = &b->config;
    const char *first = "bert.embeddings.word_embeddings.weight";
    struct bert_weights w = {&b->file, safetensors_find(&b->file, first) != NULL ? "bert." : ""};
    enum err rc =
        bert_layer_tensor(&w, "embeddings.word_embeddings.weight", c->vocabulary, c->width, &b->vectors, why);
    rc = rc == ERR_OK ? read_places(b, &w, why) : rc;
    rc = rc == ERR_OK ? bert_norm_read(&b->embedded, &w, "embeddings.LayerNorm", c->width, why) : rc;
    if (rc != ERR_OK)
        return rc;
    b->layers = calloc(c->layers, sizeof *b->layers);
    if (b->layers == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu layers", c->layers);
    for (size_t i = 0; i < c->layers && rc == ERR_OK; i++)
        rc = bert_layer_read(&b->layers[i], &w, c, i, why);
    return rc;
}

static enum err open_file(struct bert *b, const char *dir, struct fail *why)
{
    struct fail inner = {0};
    char *path = arena_printf(&b->arena, "%s/model.safetensors", dir);
    if (path == NULL)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", dir);
    enum err rc = safetensors_open(&b->file, path, why);
    if (rc != ERR_OK)
        return rc;
    rc = read_weights(b, &inner);
    return rc == ERR_OK ? ERR_OK : fail_set(why, rc, "%s: %s", path, inner.text);
}

enum err bert_open(struct bert **out, const char *dir, struct fail *why)
{
    *out = NULL;
    struct bert *b = calloc(1, sizeof *b);
    if (b == NULL)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", dir);
    b->way = wide_way(0);
    enum err rc = bert_config_read(&b->config, &b->arena, dir, why);
    rc = rc == ERR_OK ? read_words(b, dir, why) : rc;
    rc = rc == ERR_OK ? open_file(b, dir, why) : rc;
    if (rc != ERR_OK) {
        bert_close(b);
        return rc;
    }
    *out = b;
    return ERR_OK;
}

void bert_close(struct bert *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; b->layers != NULL && i < b->config.layers; i++)
        bert_layer_close(&b->layers[i]);
    free(b->layers);
    free(b->places);
    bert_norm_free(&b->embedded);
    safetensors_close(&b->file);
    wordpiece_close(&b->words);
    arena_free(&b->arena);
    free(b);
}

size_t bert_width(const struct bert *b)
{
    return b->config.width;
}

/* Encoding */

static void embed(const struct bert *b, const int32_t *ids, size_t n, float *x)
{
    const struct bert_config *c = &b->config;
    for (size_t i = 0; i < n; i++, x += c->width) {
        safetensors_read(b->vectors, (uint64_t)ids[i] * c->width, c->width, x);
        b->way->norm(x, b->places + i * c->width, b->embedded.gain, b->embedded.shift, c->width, c->eps);
    }
}

void bert_run(const struct bert *b, const int32_t *ids, const size_t *starts, size_t n, size_t layers,
              struct bert_space *s)
{
    for (size_t t = 0; t < n; t++)
        embed(b, ids + starts[t], starts[t + 1] - starts[t], s->x + starts[t] * b->config.width);
    for (size_t i = 0; i < layers; i++)
        bert_layer_apply(&b->layers[i], &b->config, b->way, starts, n, s);
}

/* The mean of x[n × d], of length 1; false if it has none. */
static bool pool(const float *x, size_t n, size_t d, float *out)
{
    double squares = 0;
    for (size_t j = 0; j < d; j++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += x[i * d + j];
        out[j] = (float)(sum / (double)n);
        squares += (double)out[j] * out[j];
    }
    float by = (float)(1 / sqrt(squares));
    for (size_t j = 0; j < d; j++)
        out[j] *= by;
    return isfinite(squares) && squares > 0 && isfinite(by);
}

struct job {
    const struct bert *b;
    const char *const *texts;
    size_t n, block;
    float *out;
    struct bert_space spaces[PARALLEL_MAX]; /* opened by the thread that needs one */
    atomic_int failed;                      /* enum err */
};

/* Texts that go through the layers together. */
struct group {
    struct vec ids; /* int32_t, of all texts of the block */
    size_t starts[BLOCK_TEXTS + 1];
};

static enum err tokenize(const struct job *j, size_t first, size_t n, struct group *g)
{
    enum err rc = ERR_OK;
    g->starts[0] = 0;
    for (size_t t = 0; t < n && rc == ERR_OK; t++) {
        rc = wordpiece_encode(&j->b->words, j->texts[first + t], j->b->config.most, &g->ids);
        g->starts[t + 1] = g->ids.len;
    }
    return rc;
}

/* Texts from … to − 1 of the group. */
static enum err run_group(const struct job *j, const struct group *g, size_t from, size_t to, float *out,
                          struct bert_space *s)
{
    size_t starts[BLOCK_TEXTS + 1], d = j->b->config.width;
    for (size_t t = from; t <= to; t++)
        starts[t - from] = g->starts[t] - g->starts[from];
    bert_run(j->b, (const int32_t *)g->ids.data + g->starts[from], starts, to - from, j->b->config.layers, s);
    bool ok = true;
    for (size_t t = 0; t < to - from; t++)
        ok &= pool(s->x + starts[t] * d, starts[t + 1] - starts[t], d, out + (from + t) * d);
    return ok ? ERR_OK : ERR_DIVERGED;
}

static enum err encode_block(struct job *j, size_t first, size_t n, struct group *g, struct bert_space *s)
{
    size_t most = j->b->config.most, tokens = most > BLOCK_TOKENS ? most : BLOCK_TOKENS;
    if (s->memory == NULL && !bert_space_open(s, &j->b->config, tokens))
        return ERR_NOMEM;
    enum err rc = tokenize(j, first, n, g);
    for (size_t from = 0; from < n && rc == ERR_OK;) {
        size_t to = from + 1;
        while (to < n && g->starts[to + 1] - g->starts[from] <= tokens)
            to++;
        rc = run_group(j, g, from, to, j->out + first * j->b->config.width, s);
        from = to;
    }
    return rc;
}

static void block(void *arg, size_t number, size_t thread)
{
    struct job *j = arg;
    struct group g = {.ids = VEC_OF(int32_t)};
    size_t first = number * j->block, n = j->n - first < j->block ? j->n - first : j->block;
    if (atomic_load(&j->failed) != ERR_OK)
        return;
    enum err rc = encode_block(j, first, n, &g, &j->spaces[thread]);
    if (rc != ERR_OK)
        atomic_store(&j->failed, (int)rc);
    vec_free(&g.ids);
}

enum err bert_encode(const struct bert *b, const char *const *texts, size_t n, float *out, struct fail *why)
{
    struct job j = {.b = b, .texts = texts, .n = n, .out = out};
    size_t even = n / (4 * parallel_threads()); /* few texts: smaller blocks, so that all cores have some */
    j.block = even < 1 ? 1 : even > BLOCK_TEXTS ? BLOCK_TEXTS : even;
    parallel_for((n + j.block - 1) / j.block, block, &j);
    for (size_t t = 0; t < PARALLEL_MAX; t++)
        bert_space_close(&j.spaces[t]);
    enum err rc = (enum err)atomic_load(&j.failed);
    if (rc == ERR_DIVERGED)
        return fail_set(why, rc, "the encoder's weights give numbers that are not finite");
    return rc == ERR_OK ? ERR_OK : fail_set(why, rc, "out of memory for embeddings");
}
