/* The linear autoencoder drawn to texts against an independent NumPy implementation (fixtures/make_l3ae.py), and how
 * films that only texts know get into it. */
#include "train/l3ae_train.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture/groups.h"
#include "model/model_file.h"
#include "num/dense.h"
#include "tests/check.h"
#include "tests/fixture/numbers.h"
#include "train/ease_train.h"
#include "train/ensemble_file.h"
#include "train/model_make.h"
#include "train/trainers.h"

enum { OPTION_SETS = 4, MOST = 32, PEOPLE = 60, FILMS = 8, TOLD = 10 };

static struct csr x;
static struct l3ae_options options[OPTION_SETS];
static double *expected[OPTION_SETS]; /* [n × n] */
static float strength[MOST * MOST];
static struct fusion_part content;

/* W, row by row, as the content model's links. */
static void links_of(const double *w, size_t n)
{
    uint64_t *start = calloc(n + 1, sizeof *start);
    int32_t *col = calloc(n * n, sizeof *col);
    uint64_t k = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            if (w[i * n + j] > 0) {
                strength[k] = (float)w[i * n + j];
                col[k++] = (int32_t)j;
            }
        start[i + 1] = k;
    }
    content.scorer = (struct scorer){.n_items = n, .links = {n, n, start, col}, .strength = strength};
}

static bool content_read(FILE *f)
{
    double w[MOST * MOST];
    bool ok = x.n_cols <= MOST && numbers_read(f, w, x.n_cols * x.n_cols);
    if (ok)
        links_of(w, x.n_cols);
    return ok;
}

static bool options_read(FILE *f, size_t s)
{
    struct l3ae_options *o = &options[s];
    o->content = &content;
    return fscanf(f, "%lf %lf %lf", &o->lambda, &o->pull, &o->texts) == 3;
}

static const struct numbers_cases cases = {.path = "tests/unit/fixtures/l3ae.txt",
                                           .before = content_read,
                                           .options = options_read,
                                           .n = OPTION_SETS,
                                           .x = &x,
                                           .expected = expected};

static enum err trained_with(size_t s, float *b)
{
    return l3ae_train(&x, &options[s], b, NULL, NULL);
}

/* Weights of order 1, condition numbers below 30: 2e-5 is some 10 float32 rounding errors times that. */
static void equals_numpy(void)
{
    numbers_cases_check(&cases, trained_with, 2e-5);
}

/* The content model may number its films otherwise, and know others and not all. */
static void films_are_found_by_their_items(void)
{
    size_t n = x.n_cols;
    int32_t at[MOST];
    const struct csr *w = &content.scorer.links;
    struct fusion_part turned = content;
    uint64_t *start = calloc(n + 3, sizeof *start);
    int32_t *col = calloc(csr_count(w) + 1, sizeof *col);
    struct csr links = {n + 2, n + 2, start, col};
    float *values = calloc(csr_count(w) + 1, sizeof *values), *b = dense_square(n);
    uint64_t k = 0;
    for (size_t i = 0; i < n; i++)
        at[i] = (int32_t)(n - i); /* content's film 0 is none of the items, nor is its last */
    for (size_t c = 0; c < n + 2; c++) {
        size_t i = n - c;
        for (uint64_t p = c == 0 || c > n ? 1 : w->start[i + 1]; c > 0 && c <= n && p-- > w->start[i];) {
            values[k] = strength[p];
            col[k++] = at[w->col[p]];
        }
        start[c + 1] = k;
    }
    turned.item_of = at;
    turned.scorer = (struct scorer){.n_items = n + 2, .links = links, .strength = values};
    struct l3ae_options o = options[1];
    o.content = &turned;
    CHECK(l3ae_train(&x, &o, b, NULL, NULL) == ERR_OK);
    CHECK_NEAR(numbers_worst(b, expected[1], n * n), 0, 2e-5);
    free(b);
    free(values);
    csr_free(&links);
}

/* Without texts, to the last bit. */
static void without_texts_it_is_ease(void)
{
    size_t n = x.n_cols;
    float *b = dense_square(n), *ease = dense_square(n);
    const struct fusion_part nothing = {0};
    const struct l3ae_options o = {.lambda = 5, .pull = 2.5, .texts = 2, .content = &nothing};
    CHECK(l3ae_train(&x, &o, b, NULL, NULL) == ERR_OK);
    CHECK(ease_train(&x, 7.5, ease, NULL, NULL, NULL) == ERR_OK);
    CHECK(memcmp(b, ease, n * n * sizeof *b) == 0);
    free(b);
    free(ease);
}

static void refuses_bad_options(void)
{
    float b[1] = {0};
    const struct l3ae_options bad[] = {{.lambda = 0, .texts = 2},
                                       {.lambda = NAN, .texts = 2},
                                       {.lambda = 1, .pull = -1, .texts = 2},
                                       {.lambda = 1, .texts = 1},
                                       {.lambda = 1, .texts = INFINITY}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(l3ae_train(&x, &bad[i], b, NULL, NULL) == ERR_INVALID);
    const struct csr empty = {0};
    CHECK(l3ae_train(&empty, &options[0], b, NULL, NULL) == ERR_OK);
}

/* ---- from a dataset to a file ---- */

static char folder[] = "/tmp/mvti-l3ae-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Films 101 … 108 are liked; texts know 100 … 109, and that each is like the next. */
static void save_texts(void)
{
    struct model_info info = {.kind = "bts"};
    int32_t ids[TOLD], col[TOLD];
    uint64_t start[TOLD + 1] = {0};
    float one[TOLD];
    for (int i = 0; i < TOLD; i++) {
        ids[i] = 100 + i;
        col[i] = i + 1;
        one[i] = 1;
        start[i + 1] = (uint64_t)(i + 1 < TOLD ? i + 1 : i);
    }
    const struct model m = {
        .info = &info, .item_ids = ids, .n_items = TOLD, .links = {TOLD, TOLD, start, col}, .strength = one};
    CHECK(model_write(&m, path_of("bts.mvm"), NULL, NULL) == ERR_OK);
}

static void build(struct dataset *d)
{
    struct csr likes = groups_draw(PEOPLE, FILMS);
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_builder b;
    const struct dataset_rules rules = {.threshold = DATASET_THRESHOLD, .min_user = 1};
    for (uint32_t u = 0; u < PEOPLE; u++)
        for (uint64_t p = likes.start[u]; p < likes.start[u + 1]; p++)
            CHECK(interactions_add(&in, u, 101 + likes.col[p]));
    dataset_builder_init(&b);
    CHECK(dataset_builder_add(&b, &(struct dataset_source){.name = "groups"}, &in, NULL) == ERR_OK);
    CHECK(dataset_builder_write(&b, &rules, path_of("x.mvd"), NULL) == ERR_OK);
    dataset_builder_free(&b);
    csr_free(&likes);
    CHECK(dataset_open(d, path_of("x.mvd"), NULL) == ERR_OK);
}

/* What the model written beside texts, or beside none, knows. */
static void make(const struct dataset *d, size_t films)
{
    struct trainer_values values = {0};
    struct model_made made;
    struct model m;
    struct model_make q = {.trainer = trainers_find("l3ae"),
                           .values = &values,
                           .dataset = d,
                           .path = path_of("l3ae.mvm"),
                           .holdout = 0.2};
    char path[64];
    snprintf(path, sizeof path, "%s", q.path);
    q.path = path;
    CHECK(model_make(&q, &made, NULL) == ERR_OK);
    CHECK_INT(made.model.n_items, films);
    trained_free(&made.model);
    CHECK(model_open(&m, path, NULL) == ERR_OK);
    CHECK_INT(m.n_items, films);
    const struct scorer s = model_scorer(&m);
    int32_t liked = model_item(&m, 108), fresh = model_item(&m, 109), far = model_item(&m, 100);
    CHECK((fresh >= 0) == (films == TOLD));
    if (fresh >= 0) { /* the film that is like 108, and so little like 100 that it is noise of the inverse */
        CHECK(s.link(&s, liked, fresh) > 0.1F);
        CHECK(s.link(&s, liked, far) < 0.01F);
    }
    model_close(&m);
}

/* A model of another kind in the content model's place is no content model, though its shape would do. */
static void another_kind_of_model_is_refused(const struct dataset *d)
{
    struct model m;
    struct ensemble_content content_of;
    struct fail why = {0};
    char other[64];
    snprintf(other, sizeof other, "%s", path_of("l3ae.mvm"));
    CHECK(rename(other, path_of("bts.mvm")) == 0);
    struct trainer_values values = {0};
    struct model_made made;
    const struct model_make q = {
        .trainer = trainers_find("l3ae"), .values = &values, .dataset = d, .path = other, .holdout = 0.2};
    CHECK(model_make(&q, &made, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "bts.mvm: is not a content model (l3ae)") != NULL, "%s", why.text);
    CHECK(model_open(&m, other, NULL) == ERR_NOT_FOUND);
    CHECK(ensemble_content_open(&content_of, other, d, NULL) == ERR_INVALID);
    ensemble_content_close(&content_of);
}

static void new_films_are_part_of_the_model(void)
{
    struct dataset d;
    CHECK(mkdtemp(folder) != NULL);
    build(&d);
    make(&d, FILMS);
    save_texts();
    make(&d, TOLD);
    another_kind_of_model_is_refused(&d);
    dataset_close(&d);
    unlink(path_of("x.mvd"));
    unlink(path_of("bts.mvm"));
    CHECK(rmdir(folder) == 0);
}

int main(void)
{
    if (!numbers_cases_read(&cases))
        return check_done();
    RUN(equals_numpy);
    RUN(films_are_found_by_their_items);
    RUN(without_texts_it_is_ease);
    RUN(refuses_bad_options);
    RUN(new_films_are_part_of_the_model);
    numbers_cases_free(&cases);
    csr_free(&content.scorer.links);
    return check_done();
}
