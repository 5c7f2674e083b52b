#include "model/model_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/by_length.h"
#include "model/cdae.h"
#include "model/ease.h"
#include "model/factors.h"
#include "model/ials.h"
#include "model/popularity.h"
#include "model/recvae.h"
#include "model/sparse.h"
#include "num/kernel.h"
#include "num/sorted.h"

static const uint32_t item_sizes[MODEL_TAG_END] = {
    [MODEL_INFO] = sizeof(struct model_info),
    [MODEL_ITEMS] = sizeof(int32_t),
    [MODEL_SETTINGS] = sizeof(struct model_value),
    [MODEL_METRICS] = sizeof(struct model_value),
    [MODEL_WEIGHTS] = sizeof(float),
    [MODEL_START] = sizeof(uint64_t),
    [MODEL_COLUMNS] = sizeof(int32_t),
    [MODEL_STRENGTH] = sizeof(float),
    [MODEL_PARTS] = sizeof(struct model_part),
};

static const struct section_format format = {
    .magic = "MVTIMODL",
    .version = MODEL_VERSION,
    .noun = "model",
    .n_sections = MODEL_TAG_END - 1,
    .item_sizes = item_sizes,
};

static void score_ease(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    ease_score(s->weights, s->n_items, history, n, scores);
}

static float link_ease(const struct scorer *s, int32_t from, int32_t to)
{
    return s->weights[(size_t)from * s->n_items + (size_t)to];
}

static void score_popularity(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    popularity_score(s->weights, s->n_items, history, n, scores);
}

static void score_recvae(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    recvae_score(s->weights, s->n_items, history, n, scores);
}

enum shape { PER_ITEM, SQUARE, SQUARES, FACTORS, FACTORS_GRAM, SPARSE, PARTS, NETWORK };

/* One row a kind of model. */
static const struct kind {
    const char *name;
    enum shape shape;
    void (*score)(const struct scorer *, const int32_t *, size_t, float *);
    float (*link)(const struct scorer *, int32_t, int32_t);       /* NULL: not a sum over the history */
    bool (*fits)(const float *weights, size_t n, size_t n_items); /* networks, which say their own sizes */
} kinds[] = {
    {"ader", PARTS, NULL, NULL, NULL},
    {"ader-fitted", PARTS, NULL, NULL, NULL},
    {"admm-slim", SPARSE, sparse_score, sparse_link, NULL},
    {"blend", PARTS, NULL, NULL, NULL},
    {"bpr", FACTORS, factors_score, factors_link, NULL},
    {"bts", SPARSE, sparse_score, sparse_link, NULL},
    {"cdae", NETWORK, cdae_score, NULL, cdae_weights_ok},
    {"chebycf", SQUARE, score_ease, link_ease, NULL},
    {"dan", SQUARE, score_ease, link_ease, NULL},
    {"ease", SQUARE, score_ease, link_ease, NULL},
    {"ease-by-length", SQUARES, by_length_score, link_ease, NULL},
    {"ease-sparse", SPARSE, sparse_score, sparse_link, NULL},
    {"edlae", SQUARE, score_ease, link_ease, NULL},
    {"factors", FACTORS, factors_score, factors_link, NULL}, /* trained elsewhere: mvti import factors */
    {"ials", FACTORS_GRAM, ials_score, NULL, NULL},
    {"item-knn", SPARSE, sparse_score, sparse_link, NULL},
    {"l3ae", SQUARE, score_ease, link_ease, NULL},
    {"lightgcn", FACTORS, factors_score, factors_link, NULL},
    {"lightgcn++", FACTORS, factors_score, factors_link, NULL},
    {"popularity", PER_ITEM, score_popularity, NULL, NULL},
    {"rdlae", SQUARE, score_ease, link_ease, NULL},
    {"recvae", NETWORK, score_recvae, NULL, recvae_weights_ok},
    {"slim-sparse", SPARSE, sparse_score, sparse_link, NULL},
};

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(kinds[i].name, name, sizeof((struct model_info *)0)->kind) == 0)
            return &kinds[i];
    return NULL;
}

bool model_scorer_of(const char *kind, struct scorer *s)
{
    const struct kind *k = find_kind(kind);
    if (k == NULL)
        return false;
    s->score = k->score;
    s->link = k->link;
    s->score_known = k->score == cdae_score ? cdae_score_known : NULL;
    return true;
}

bool model_weight_count(const char *kind, size_t n_items, size_t n_factors, size_t *count)
{
    const struct kind *k = find_kind(kind);
    if (k == NULL || k->shape == NETWORK || n_items > INT32_MAX)
        return false;
    bool factors = k->shape == FACTORS || k->shape == FACTORS_GRAM;
    if (factors ? n_factors < 1 || n_factors > FACTORS_MAX : n_factors != 0)
        return false;
    const size_t counts[] = {[PER_ITEM] = n_items,
                             [SQUARE] = n_items * n_items,
                             [SQUARES] = BY_LENGTH * n_items * n_items,
                             [FACTORS] = n_items * n_factors,
                             [FACTORS_GRAM] = n_items * n_factors + n_factors * n_factors + IALS_SCALARS,
                             [SPARSE] = 0,
                             [PARTS] = 0};
    *count = counts[k->shape];
    return true;
}

void model_value_set(struct model_value *v, const char *name, double value)
{
    memset(v, 0, sizeof *v);
    snprintf(v->name, sizeof v->name, "%s", name);
    v->value = value;
}

static bool values_ok(const struct model_value *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (memchr(v[i].name, '\0', sizeof v[i].name) == NULL || v[i].name[0] == '\0' ||
            !isfinite(v[i].value))
            return false;
        for (const char *c = v[i].name; *c != '\0'; c++)
            if (*c < ' ' || *c > '~' || *c == '"' || *c == '\\')
                return false;
    }
    return true;
}

static bool ids_ok(const int32_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] < 0 || (i > 0 && ids[i] <= ids[i - 1]))
            return false;
    return true;
}

/* Is W there for a sparse kind, in the shape that the items have, and empty for any other? */
static bool links_ok(const struct model *m)
{
    size_t rows = find_kind(m->info->kind)->shape == SPARSE ? m->n_items : 0;
    return m->links.n_rows == rows && m->links.n_cols == rows &&
           (m->links.start == NULL ? rows == 0 : csr_valid(&m->links));
}

/* Are there parts for an ensemble, of kinds that score, and none for any other? */
static bool parts_ok(const struct model *m)
{
    bool ensemble = find_kind(m->info->kind)->shape == PARTS;
    if (ensemble ? m->n_parts < 1 || m->n_parts > FUSION_PARTS : m->n_parts != 0)
        return false;
    size_t from_texts = 0;
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct model_part *p = &m->parts[i];
        const struct kind *k = p->kind[sizeof p->kind - 1] == '\0' ? find_kind(p->kind) : NULL;
        if (k == NULL || k->score == NULL || !(p->weight >= 0 && p->weight <= MODEL_LARGEST) ||
            !(p->weight_long >= 0 && p->weight_long <= MODEL_LARGEST) || p->is_content > 1)
            return false;
        from_texts += p->is_content;
    }
    return from_texts <= 1 && m->info->rule < FUSION_RULES && m->info->cold >= 0 &&
           m->info->cold <= MODEL_LARGEST;
}

static const char *wrong_shape(const struct model *m)
{
    size_t expected;
    const struct kind *k = m->info->kind[sizeof m->info->kind - 1] != '\0' ? NULL : find_kind(m->info->kind);
    if (k != NULL && k->shape == NETWORK)
        return m->info->n_factors == 0 && k->fits(m->weights, m->n_weights, m->n_items) ? NULL
                                                                                        : "number of weights";
    if (k == NULL || !model_weight_count(m->info->kind, m->n_items, m->info->n_factors, &expected))
        return "kind of model";
    return m->n_weights == expected ? NULL : "number of weights";
}

static const char *what_is_wrong(const struct model *m)
{
    const char *shape = wrong_shape(m);
    if (shape != NULL)
        return shape;
    if (!ids_ok(m->item_ids, m->n_items))
        return "item ids";
    if (!values_ok(m->settings, m->n_settings) || !values_ok(m->metrics, m->n_metrics))
        return "settings or metrics";
    if (!isfinite(m->info->seconds) || !isfinite(m->info->threshold) || m->info->simulated > 1)
        return "description";
    if (!links_ok(m))
        return "links between items";
    if (!parts_ok(m))
        return "parts";
    if (!kernel_within(m->weights, m->n_weights, MODEL_LARGEST) ||
        !kernel_within(m->strength, csr_count(&m->links), MODEL_LARGEST))
        return "weights";
    return NULL;
}

/* The view of W, whose last row end must be what the sections hold; links_ok looks at the others. */
static bool adopt_links(struct model *m)
{
    const struct section_file *f = &m->file;
    size_t n = f->count[MODEL_COLUMNS], n_start = f->count[MODEL_START];
    if (f->count[MODEL_STRENGTH] != n || (n_start == 0 && n != 0))
        return false;
    if (n_start == 0)
        return true;
    size_t rows = n_start - 1;
    m->links = (struct csr){rows, rows, f->data[MODEL_START], f->data[MODEL_COLUMNS]};
    m->strength = f->data[MODEL_STRENGTH];
    return m->links.start[rows] == n;
}

/* Takes over m->file. */
static enum err adopt(struct model *m, const char *name, struct fail *why)
{
    const struct section_file *f = &m->file;
    if (f->count[MODEL_INFO] != 1)
        return fail_set(why, ERR_CORRUPT, "%s: %zu descriptions", name, f->count[MODEL_INFO]);
    m->info = f->data[MODEL_INFO];
    m->item_ids = f->data[MODEL_ITEMS];
    m->n_items = f->count[MODEL_ITEMS];
    m->settings = f->data[MODEL_SETTINGS];
    m->n_settings = f->count[MODEL_SETTINGS];
    m->metrics = f->data[MODEL_METRICS];
    m->n_metrics = f->count[MODEL_METRICS];
    m->weights = f->data[MODEL_WEIGHTS];
    m->n_weights = f->count[MODEL_WEIGHTS];
    m->parts = f->data[MODEL_PARTS];
    m->n_parts = f->count[MODEL_PARTS];
    const char *wrong = adopt_links(m) ? what_is_wrong(m) : "links between items";
    return wrong == NULL ? ERR_OK : fail_set(why, ERR_CORRUPT, "%s: wrong %s", name, wrong);
}

enum err model_parse(struct model *m, const struct named_bytes *from, struct fail *why)
{
    *m = (struct model){0};
    enum err rc = section_file_parse(&m->file, &format, from, why);
    return rc == ERR_OK ? adopt(m, from->name, why) : rc;
}

enum err model_open(struct model *m, const char *path, struct fail *why)
{
    *m = (struct model){0};
    enum err rc = section_file_open(&m->file, &format, path, why);
    if (rc == ERR_OK)
        rc = adopt(m, path, why);
    if (rc != ERR_OK)
        model_close(m);
    return rc;
}

enum err model_open_content(struct model *m, const char *path, struct fail *why)
{
    enum err rc = model_open(m, path, why);
    if (rc != ERR_OK || strncmp(m->info->kind, "bts", sizeof m->info->kind) == 0)
        return rc;
    rc = fail_set(why, ERR_INVALID, "%s: is not a content model (%.16s)", path, m->info->kind);
    model_close(m);
    return rc;
}

void model_close(struct model *m)
{
    section_file_close(&m->file);
    *m = (struct model){0};
}

enum err model_write(const struct model *m, const char *path, uint8_t content[SECTION_HASH], struct fail *why)
{
    const char *wrong = what_is_wrong(m);
    if (wrong != NULL)
        return fail_set(why, ERR_INVALID, "%s: wrong %s", path, wrong);
    const struct section_part parts[MODEL_TAG_END] = {
        [MODEL_INFO] = {m->info, 1},
        [MODEL_ITEMS] = {m->item_ids, m->n_items},
        [MODEL_SETTINGS] = {m->settings, m->n_settings},
        [MODEL_METRICS] = {m->metrics, m->n_metrics},
        [MODEL_WEIGHTS] = {m->weights, m->n_weights},
        [MODEL_START] = {m->links.start, m->links.start == NULL ? 0 : m->links.n_rows + 1},
        [MODEL_COLUMNS] = {m->links.col, csr_count(&m->links)},
        [MODEL_STRENGTH] = {m->strength, csr_count(&m->links)},
        [MODEL_PARTS] = {m->parts, m->n_parts},
    };
    return section_file_write(&format, path, parts, content, why);
}

struct scorer model_scorer(const struct model *m)
{
    struct scorer s = {.weights = m->weights,
                       .n_items = m->n_items,
                       .n_factors = m->info->n_factors,
                       .links = m->links,
                       .strength = m->strength};
    (void)model_scorer_of(m->info->kind, &s); /* an open model has a kind that is known */
    return s;
}

int32_t model_item(const struct model *m, int32_t movie_id)
{
    return (int32_t)sorted_find(m->item_ids, m->n_items, movie_id);
}
