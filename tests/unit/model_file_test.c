/* Model files of ensembles, and damage under right checksums that only what a model means tells. */
#include "model/model_file.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/map_file.h"
#include "base/secret.h"
#include "tests/check.h"
#include "tests/fixture/forge.h"
#include "tests/fixture/guarded.h"

static char path[] = "/tmp/mvti-model-XXXXXX";
static const int32_t ids[] = {2, 3, 5};

static struct model_info info_of(const char *kind)
{
    struct model_info info = {.threshold = 3.5F};
    snprintf(info.kind, sizeof info.kind, "%s", kind);
    return info;
}

static struct model_part part_of(const char *kind, float weight, uint32_t is_content)
{
    struct model_part p = {.weight = weight, .is_content = is_content};
    snprintf(p.kind, sizeof p.kind, "%s", kind);
    return p;
}

static enum err write_parts(const struct model_info *info, const struct model_part *parts, size_t n)
{
    struct model m = {.info = info, .item_ids = ids, .n_items = 3, .parts = parts, .n_parts = n};
    return model_write(&m, path, NULL, NULL);
}

static void parts_of_an_ensemble(void)
{
    struct model_info info = info_of("ader"), ease = info_of("ease");
    struct model_part good[] = {part_of("ease", 1, 0), part_of("popularity", 0, 0),
                                part_of("tfidf", 0.5F, 1)};
    struct model back;
    struct fail why = {0};
    good[1].weight_long = 0.25F;
    CHECK(write_parts(&info, good, 2) == ERR_OK);
    CHECK_MSG(model_open(&back, path, &why) == ERR_OK, "%s", why.text);
    CHECK(back.n_parts == 2 && back.parts[0].weight == 1 && strcmp(back.parts[1].kind, "popularity") == 0);
    CHECK(back.parts[0].weight_long == 0 && back.parts[1].weight_long == 0.25F);
    model_close(&back);

    CHECK(write_parts(&info, NULL, 0) == ERR_INVALID);
    CHECK(write_parts(&ease, good, 1) == ERR_INVALID); /* no ensemble */
    struct model_part bad[] = {part_of("nothing", 1, 0), part_of("ader", 1, 0), part_of("ease", -1, 0),
                               part_of("ease", NAN, 0),  part_of("ease", 1, 2), good[0],
                               part_of("ease", 1, 0)};
    memset(bad[5].kind, 'x', sizeof bad[5].kind);
    bad[6].weight_long = -1;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(write_parts(&info, &bad[i], 1) == ERR_INVALID, "part %zu", i);
    struct model_part texts[] = {part_of("ease", 1, 0), part_of("popularity", 1, 1)};
    CHECK(write_parts(&info, texts, 2) == ERR_OK); /* one from texts */
    info.cold = MODEL_LARGEST;
    CHECK(write_parts(&info, good, 2) == ERR_OK);
    info.cold = nextafterf(MODEL_LARGEST, INFINITY);
    CHECK(write_parts(&info, good, 2) == ERR_INVALID);
    info.cold = 0;
    info.simulated = 1;
    CHECK(write_parts(&info, good, 2) == ERR_OK);
    info.simulated = 2;
    CHECK(write_parts(&info, good, 2) == ERR_INVALID);
    info.simulated = 0;
    struct model_part twice[] = {part_of("ease", 1, 1), part_of("popularity", 1, 1)};
    CHECK(write_parts(&info, twice, 2) == ERR_INVALID); /* two from texts */
    info.cold = -1;
    CHECK(write_parts(&info, good, 1) == ERR_INVALID);
    info.cold = 0;
    info.rule = 99;
    CHECK(write_parts(&info, good, 1) == ERR_INVALID);
}

static void kinds_and_their_weights(void)
{
    struct scorer s = {0};
    size_t n = 0;
    CHECK(!model_scorer_of("nothing", &s) && model_scorer_of("ease", &s) && s.score != NULL);
    CHECK(model_weight_count("ease", 7, 0, &n) && n == 49);
    CHECK(model_weight_count("bpr", 7, 2, &n) && n == 14);
    CHECK(!model_weight_count("ease", 7, 2, &n) && !model_weight_count("bpr", 7, 0, &n));
    CHECK(!model_weight_count("nothing", 7, 0, &n) && !model_weight_count("cdae", 7, 0, &n));
    CHECK(!model_weight_count("ease", (size_t)INT32_MAX + 1, 0, &n));
}

/* `tag` gets `count` items; the sentence of what is wrong then. */
static void resized(const struct map_file *whole, uint32_t tag, uint64_t count, const char *says)
{
    size_t n = 0;
    uint8_t *bytes = forge_resize(whole->data, whole->size, tag, count, &n);
    struct guarded g;
    struct model m;
    struct fail why = {0};
    CHECK(bytes != NULL);
    guarded_make(&g, bytes, n, 64);
    CHECK_MSG(model_parse(&m, &(struct named_bytes){g.bytes, g.n, "f"}, &why) == ERR_CORRUPT &&
                  strstr(why.text, says) != NULL,
              "section %u with %llu: %s", tag, (unsigned long long)count, why.text);
    guarded_free(&g);
    free(bytes);
}

static void sections_that_do_not_belong_together(void)
{
    static const uint64_t start[] = {0, 1, 2, 2};
    static const int32_t columns[] = {1, 0};
    static const float strength[] = {0.5F, 0.25F};
    struct model_info info = info_of("item-knn");
    struct model m = {
        .info = &info, .item_ids = ids, .n_items = 3, .links = {3, 3, start, columns}, .strength = strength};
    struct map_file whole;
    CHECK(model_write(&m, path, NULL, NULL) == ERR_OK);
    CHECK(map_file_open(&whole, path, NULL) == ERR_OK);
    resized(&whole, MODEL_INFO, 2, "2 descriptions");
    resized(&whole, MODEL_ITEMS, 2, "links between items");
    resized(&whole, MODEL_START, 0, "links between items");
    resized(&whole, MODEL_START, 3, "links between items");
    resized(&whole, MODEL_STRENGTH, 1, "links between items");
    resized(&whole, MODEL_WEIGHTS, 1, "number of weights");
    map_file_close(&whole);
}

/* Names of settings and metrics go into JSON and onto terminals as they are. */
static void names_of_values_are_plain(void)
{
    static const struct {
        const char *name;
        double value;
        bool fine;
    } rows[] = {{"lambda", 1, true},    {"a", -1e300, true},        {"~ndcg.10 (%)!", 0, true},
                {"", 1, false},         {"a\"b", 1, false},         {"a\\b", 1, false},
                {"a\tb", 1, false},     {"\x7f", 1, false},         {"\xc3\xa4", 1, false},
                {"lambda", NAN, false}, {"lambda", INFINITY, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int metric = 0; metric <= 1; metric++) {
            struct model_info info = info_of("popularity");
            const float weights[] = {1, 2, 3};
            struct model_value values[2];
            struct fail why = {0};
            struct model back,
                m = {.info = &info, .item_ids = ids, .n_items = 3, .weights = weights, .n_weights = 3};
            model_value_set(&values[0], "first", 1);
            model_value_set(&values[1], rows[i].name, rows[i].value);
            m.settings = metric ? NULL : values;
            m.n_settings = metric ? 0 : 2;
            m.metrics = metric ? values : NULL;
            m.n_metrics = metric ? 2 : 0;
            enum err rc = model_write(&m, path, NULL, &why);
            CHECK_MSG((rc == ERR_OK) == rows[i].fine, "row %zu: %d %s", i, rc, why.text);
            if (rc != ERR_OK)
                continue;
            CHECK_MSG(model_open(&back, path, &why) == ERR_OK, "row %zu: %s", i, why.text);
            CHECK_STR((metric ? back.metrics : back.settings)[1].name, rows[i].name);
            model_close(&back);
        }
}

/* A name that does not end, which only a file from elsewhere can hold. */
static void a_name_ends(void)
{
    struct model_info info = info_of("popularity");
    const float weights[] = {1, 2, 3};
    struct model_value value;
    struct model back, m = {.info = &info,
                            .item_ids = ids,
                            .n_items = 3,
                            .weights = weights,
                            .n_weights = 3,
                            .settings = &value,
                            .n_settings = 1};
    struct map_file whole;
    model_value_set(&value, "lambda", 1);
    CHECK(model_write(&m, path, NULL, NULL) == ERR_OK && map_file_open(&whole, path, NULL) == ERR_OK);
    uint8_t *copy = malloc(whole.size);
    CHECK(copy != NULL);
    memcpy(copy, whole.data, whole.size);
    struct forge_part part = forge_section(copy, MODEL_SETTINGS);
    memset(part.bytes, 'x', sizeof value.name);
    forge_seal(copy, whole.size, NULL, 0);
    struct guarded g;
    guarded_make(&g, copy, whole.size, 64);
    CHECK_INT(model_parse(&back, &(struct named_bytes){g.bytes, g.n, "f"}, NULL), ERR_CORRUPT);
    guarded_free(&g);
    free(copy);
    map_file_close(&whole);
}

static void films_are_found_by_their_ids(void)
{
    const struct model m = {.item_ids = ids, .n_items = 3};
    static const int32_t found[][2] = {{0, -1}, {1, -1}, {2, 0},  {3, 1},
                                       {4, -1}, {5, 2},  {6, -1}, {INT32_MAX, -1}};
    for (size_t i = 0; i < sizeof found / sizeof *found; i++)
        CHECK_INT(model_item(&m, found[i][0]), found[i][1]);
    CHECK_INT(model_item(&(struct model){0}, 2), -1);
}

/* What is read back scores as what was written. */
static void a_model_scores_from_its_file(void)
{
    static const float weights[] = {0, 0.5F, 0.25F, 1, 0, 2, 3, 4, 0};
    struct model_info info = info_of("ease");
    struct model back, m = {.info = &info, .item_ids = ids, .n_items = 3, .weights = weights, .n_weights = 9};
    static const int32_t history[] = {0, 2};
    float scores[3] = {-1, -1, -1};
    CHECK(model_write(&m, path, NULL, NULL) == ERR_OK && model_open(&back, path, NULL) == ERR_OK);
    const struct scorer s = model_scorer(&back);
    s.score(&s, history, 2, scores);
    CHECK(scores[0] == 3 && scores[1] == 4.5F && scores[2] == 0.25F);
    CHECK(s.link != NULL && s.link(&s, 2, 1) == 4);
    model_close(&back);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0);
    RUN(parts_of_an_ensemble);
    RUN(kinds_and_their_weights);
    RUN(sections_that_do_not_belong_together);
    RUN(names_of_values_are_plain);
    RUN(a_name_ends);
    RUN(films_are_found_by_their_ids);
    RUN(a_model_scores_from_its_file);
    unlink(path);
    return check_done();
}
