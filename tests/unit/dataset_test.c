/* Datasets and model files: what is written is read back, equal input gives equal bytes, damage is noticed.
 */
#include "data/dataset.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/secret.h"
#include "data/ratings_file.h"
#include "data/ratings_likes.h"
#include "model/ease.h"
#include "model/model_file.h"
#include "tests/check.h"
#include "tests/fixture/file.h"
#include "tests/fixture/forge.h"
#include "tests/fixture/guarded.h"

static char folder[] = "/tmp/mvti-dataset-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[4][128];
    static int at;
    at = (at + 1) % 4;
    snprintf(path[at], sizeof path[at], "%s/%s", folder, name);
    return path[at];
}

static void add(struct dataset_builder *b, const char *name, uint32_t simulated, const uint32_t (*pairs)[2],
                size_t n)
{
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_source source = {.n_rows = n, .simulated = simulated};
    snprintf(source.name, sizeof source.name, "%s", name);
    for (size_t i = 0; i < n; i++)
        CHECK(interactions_add(&in, pairs[i][0], (int32_t)pairs[i][1]));
    CHECK(dataset_builder_add(b, &source, &in, NULL) == ERR_OK);
    CHECK(in.keys.len == 0);
}

static enum err build(const char *path, const struct dataset_rules *rules, bool turned, struct fail *why)
{
    const uint32_t films[][2] = {{9, 50}, {2, 10}, {2, 50}, {2, 30}, {9, 50}, {4, 10}};
    const uint32_t back[][2] = {{4, 10}, {9, 50}, {2, 30}, {9, 50}, {2, 50}, {2, 10}};
    const uint32_t visits[][2] = {{2, 20}, {2, 10}, {7, 99}};
    struct dataset_builder b;
    dataset_builder_init(&b);
    add(&b, "films", 0, turned ? back : films, 6);
    add(&b, "visitors", 1, visits, 3);
    enum err rc = dataset_builder_write(&b, rules, path, why);
    dataset_builder_free(&b);
    return rc;
}

static void builds_and_reads_back(void)
{
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 1};
    struct fail why = {0};
    struct dataset d;
    CHECK_MSG(build(in_folder("a.mvd"), &rules, false, &why) == ERR_OK, "%s", why.text);
    CHECK_MSG(dataset_open(&d, in_folder("a.mvd"), &why) == ERR_OK, "%s", why.text);
    const int32_t ids[] = {10, 20, 30, 50, 99};
    CHECK_INT(d.x.n_cols, 5);
    CHECK(memcmp(d.item_ids, ids, sizeof ids) == 0);
    const struct dataset_user users[] = {{0, 2}, {0, 4}, {0, 9}, {1, 2}, {1, 7}};
    CHECK_INT(d.x.n_rows, 5);
    CHECK(memcmp(d.users, users, sizeof users) == 0);
    const int32_t columns[] = {0, 2, 3, 0, 3, 0, 1, 4};
    CHECK_INT(csr_count(&d.x), 8);
    CHECK(memcmp(d.x.col, columns, sizeof columns) == 0);
    CHECK_INT(d.info->simulated, 1);
    CHECK_STR(d.sources[1].name, "visitors");
    CHECK_INT(d.sources[0].n_likes, 5);
    CHECK_INT(d.sources[0].n_users, 3);
    dataset_close(&d);
}

static void same_input_same_bytes(void)
{
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 1},
                               other = {.threshold = 4, .min_user = 1};
    struct dataset a, b, c;
    CHECK(build(in_folder("a.mvd"), &rules, false, NULL) == ERR_OK);
    CHECK(build(in_folder("b.mvd"), &rules, true, NULL) == ERR_OK);
    CHECK(build(in_folder("c.mvd"), &other, false, NULL) == ERR_OK);
    CHECK(dataset_open(&a, in_folder("a.mvd"), NULL) == ERR_OK);
    CHECK(dataset_open(&b, in_folder("b.mvd"), NULL) == ERR_OK);
    CHECK(dataset_open(&c, in_folder("c.mvd"), NULL) == ERR_OK);
    CHECK(a.file.map.size == b.file.map.size &&
          memcmp(a.file.map.data, b.file.map.data, a.file.map.size) == 0);
    CHECK(memcmp(a.hash, c.hash, 32) != 0);
    dataset_close(&a);
    dataset_close(&b);
    dataset_close(&c);
}

static void rules_leave_out(void)
{
    const int32_t catalog[] = {10, 50, 60};
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 2, .catalog = catalog, .n_catalog = 3};
    const struct dataset_rules none = {.threshold = 3.5f, .min_user = 9};
    struct dataset d;
    struct fail why;
    CHECK(build(in_folder("a.mvd"), &rules, false, NULL) == ERR_OK);
    CHECK(dataset_open(&d, in_folder("a.mvd"), NULL) == ERR_OK);
    CHECK_INT(d.x.n_rows, 1); /* user 2 of films with 10 and 50 */
    CHECK_INT(d.x.n_cols, 2);
    CHECK_INT(csr_count(&d.x), 2);
    CHECK_INT(d.sources[1].n_users, 0);
    CHECK_INT(d.info->catalog_only, 1);
    dataset_close(&d);
    CHECK(build(in_folder("a.mvd"), &none, false, &why) == ERR_INVALID);
}

/* Every single byte changed must be noticed: everything is under a checksum. */
static void check_damage(const char *path, enum err (*parse)(const void *, size_t))
{
    struct map_file m;
    CHECK(map_file_open(&m, path, NULL) == ERR_OK);
    unsigned char *copy = aligned_alloc(64, (m.size + 64) / 64 * 64);
    memcpy(copy, m.data, m.size);
    CHECK(parse(copy, m.size) == ERR_OK);
    for (size_t i = 0; i < m.size; i++) {
        copy[i] ^= 0x40;
        CHECK_MSG(parse(copy, m.size) == ERR_CORRUPT, "%s: byte %zu", path, i);
        copy[i] ^= 0x40;
    }
    for (size_t n = 0; n < m.size; n += 7)
        CHECK_MSG(parse(copy, n) == ERR_CORRUPT, "%s: cut to %zu", path, n);
    free(copy);
    map_file_close(&m);
}

static enum err parse_dataset(const void *bytes, size_t n)
{
    struct dataset d;
    enum err rc = dataset_parse(&d, &(struct named_bytes){bytes, n, "copy"}, NULL);
    dataset_close(&d);
    return rc;
}

static enum err parse_model(const void *bytes, size_t n)
{
    struct model m;
    enum err rc = model_parse(&m, &(struct named_bytes){bytes, n, "copy"}, NULL);
    model_close(&m);
    return rc;
}

static void notices_damage(void)
{
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 1};
    CHECK(build(in_folder("a.mvd"), &rules, false, NULL) == ERR_OK);
    check_damage(in_folder("a.mvd"), parse_dataset);
    struct dataset d;
    CHECK(dataset_open(&d, in_folder("none.mvd"), NULL) == ERR_NOT_FOUND);
}

/* As check_damage, but with checksums that are right: the fields themselves must be refused. */
static void check_forged(const char *path, uint32_t tag, size_t at, const void *value, size_t size,
                         const char *reason)
{
    struct map_file m;
    struct dataset d;
    struct fail why = {0};
    struct guarded g;
    CHECK(map_file_open(&m, path, NULL) == ERR_OK);
    unsigned char *copy = malloc(m.size);
    memcpy(copy, m.data, m.size);
    struct forge_part part = forge_section(copy, tag);
    CHECK((at + 1) * size <= part.count * part.item_size);
    memcpy(part.bytes + at * size, value, size);
    forge_seal(copy, m.size, NULL, 0);
    guarded_make(&g, copy, m.size, 64);
    CHECK(dataset_parse(&d, &(struct named_bytes){g.bytes, g.n, "forged"}, &why) == ERR_CORRUPT);
    CHECK_MSG(strstr(why.text, reason) != NULL, "section %u, %zu: %s", tag, at, why.text);
    dataset_close(&d);
    guarded_free(&g);
    free(copy);
    map_file_close(&m);
}

static void refuses_forged_fields(void)
{
    static const uint64_t offsets[] = {9, 1ull << 40, 1ull << 63, UINT64_MAX};
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 1};
    const char *path = in_folder("a.mvd");
    CHECK(build(path, &rules, false, NULL) == ERR_OK); /* 5 users, 8 likes, 5 items, 2 sources */
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++)
        for (size_t user = 0; user <= 5; user++)
            check_forged(path, DATASET_START, user, &offsets[i], 8, user == 5 ? "row offsets" : "rows");
    const uint64_t fewer = 7; /* the last row would lose its end without anything else to show it */
    check_forged(path, DATASET_START, 5, &fewer, 8, "row offsets");
    const int32_t columns[] = {-1, 5, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        for (size_t at = 0; at < 8; at++)
            check_forged(path, DATASET_COLUMNS, at, &columns[i], 4, "rows");
    const struct dataset_user stranger = {2, 7}, twice = {0, 2};
    check_forged(path, DATASET_USERS, 4, &stranger, sizeof stranger, "users");
    check_forged(path, DATASET_USERS, 1, &twice, sizeof twice, "users");
    const int32_t item = 10;
    check_forged(path, DATASET_ITEMS, 1, &item, 4, "item ids");
    const char name[DATASET_NAME] = "................................................................";
    check_forged(path, DATASET_SOURCES, 0, name, sizeof name, "sources");
    const uint32_t nan = 0x7fc00000;
    check_forged(path, DATASET_INFO, 0, &nan, 4, "description");
}

static void model_there_and_back(void)
{
    const int32_t ids[] = {3, 8};
    const float weights[] = {0, 0.5f, -0.25f, 0};
    struct model_info info = {.kind = "ease", .seed = 7, .seconds = 1.5, .threshold = 3.5f, .created = 99};
    struct model_value lambda, recall;
    model_value_set(&lambda, "lambda", 400);
    model_value_set(&recall, "recall@20", 0.25);
    struct model m = {.info = &info,
                      .item_ids = ids,
                      .n_items = 2,
                      .settings = &lambda,
                      .n_settings = 1,
                      .metrics = &recall,
                      .n_metrics = 1,
                      .weights = weights,
                      .n_weights = 4};
    struct fail why = {0};
    CHECK_MSG(model_write(&m, in_folder("a.mvm"), NULL, &why) == ERR_OK, "%s", why.text);
    struct model back;
    CHECK_MSG(model_open(&back, in_folder("a.mvm"), &why) == ERR_OK, "%s", why.text);
    CHECK_STR(back.info->kind, "ease");
    CHECK_STR(back.metrics[0].name, "recall@20");
    CHECK_INT(back.item_ids[1], 8);
    static const int32_t asked[][2] = {{3, 0}, {8, 1}, {2, -1}, {5, -1}, {9, -1}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        CHECK_INT(model_item(&back, asked[i][0]), asked[i][1]);
    CHECK_INT((uintptr_t)back.weights % 64, 0);
    const int32_t history[] = {1};
    float scores[2];
    struct scorer s = model_scorer(&back);
    s.score(&s, history, 1, scores);
    CHECK(scores[0] == -0.25f && scores[1] == 0);
    model_close(&back);
    check_damage(in_folder("a.mvm"), parse_model);
}

static void refuses_to_write_what_it_would_not_read(void)
{
    const int32_t ids[] = {8, 8};
    float weights[] = {0, 0.5f, -0.25f, 0};
    struct model_info info = {.kind = "ease"};
    struct model m = {.info = &info, .item_ids = ids, .n_items = 2, .weights = weights, .n_weights = 4};
    struct fail why;
    CHECK(model_write(&m, in_folder("b.mvm"), NULL, &why) == ERR_INVALID); /* a double id */
    const int32_t negative[] = {-1, 8};
    m.item_ids = negative;
    CHECK(model_write(&m, in_folder("b.mvm"), NULL, &why) == ERR_INVALID);
    const int32_t good[] = {0, 8};
    m.item_ids = good;
    m.n_weights = 3;
    CHECK(model_write(&m, in_folder("b.mvm"), NULL, &why) == ERR_INVALID);
    m.n_weights = 4;
    weights[1] = NAN;
    CHECK(model_write(&m, in_folder("b.mvm"), NULL, &why) == ERR_INVALID);
    weights[1] = 0;
    snprintf(info.kind, sizeof info.kind, "eas");
    CHECK(model_write(&m, in_folder("b.mvm"), NULL, &why) == ERR_INVALID);
    CHECK(access(in_folder("b.mvm"), F_OK) != 0);
}

/* Whole but for what its header or its lengths say. */
static void refuses_forged_headers(void)
{
    struct map_file m;
    struct dataset d;
    struct fail why = {0};
    struct section_header h;
    CHECK(map_file_open(&m, in_folder("a.mvd"), NULL) == ERR_OK);
    uint8_t *copy = malloc(m.size);
    memcpy(copy, m.data, m.size);
    memcpy(&h, copy, sizeof h);
    h.n_sections--;
    memcpy(copy, &h, sizeof h);
    forge_seal(copy, m.size, NULL, 0);
    CHECK(dataset_parse(&d, &(struct named_bytes){copy, m.size, "forged"}, &why) == ERR_CORRUPT);
    CHECK_MSG(strstr(why.text, "forged: wrong number of sections") != NULL, "%s", why.text);
    free(copy);
    size_t n;
    copy = forge_resize(m.data, m.size, DATASET_INFO, 2, &n);
    CHECK(copy != NULL && dataset_parse(&d, &(struct named_bytes){copy, n, "forged"}, &why) == ERR_CORRUPT);
    CHECK_MSG(strstr(why.text, "forged: 2 descriptions") != NULL, "%s", why.text);
    free(copy);
    map_file_close(&m);
}

static void count_report(void *arg, const char *stage, uint64_t done, uint64_t total)
{
    CHECK_STR(stage, "ratings");
    CHECK(done > 0 && done <= total);
    ++*(int *)arg;
}

/* How far it is, is said now and then. */
static void likes_of_a_large_file(void)
{
    enum { ROWS = (1 << 18) + 100 };
    struct interactions in = INTERACTIONS_NONE;
    struct ratings_count count;
    struct fail why = {0};
    int reports = 0;
    const struct progress progress = {.report = count_report, .arg = &reports};
    FILE *f = fopen(in_folder("r.csv"), "w");
    CHECK(f != NULL && fputs("userId,movieId,rating,timestamp\n", f) >= 0);
    for (int i = 0; i < ROWS; i++)
        fprintf(f, "%d,%d,5,1\n", 1 + i / 1000, 1 + i % 1000);
    CHECK(fclose(f) == 0);
    CHECK_MSG(ratings_likes_text(
                  &in, &(struct ratings_likes){in_folder("r.csv"), &ratings_reader_plain, 3.5, &progress},
                  &count, &why) == ERR_OK,
              "%s", why.text);
    CHECK_INT(in.keys.len, ROWS);
    CHECK_INT(reports, 1);
    interactions_free(&in);
    struct dataset_source record;
    CHECK(ratings_likes_file(&in, &(struct ratings_likes){.path = in_folder("none.mvr"), .threshold = 3.5},
                             &record, &why) == ERR_NOT_FOUND);
    CHECK(!ratings_likes_is_file(in_folder("none.mvr")) && !ratings_likes_is_file(folder));
    int ends[2], left = 0;
    char path[40];
    CHECK(pipe(ends) == 0 && write(ends[1], "MVTIRATE, says a header", 23) == 23);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    CHECK(!ratings_likes_is_file(path));
    CHECK(ioctl(ends[0], FIONREAD, &left) == 0 && left == 23);
    close(ends[0]);
    close(ends[1]);
}

static void write_text(const char *path, const char *text)
{
    CHECK(file_put_text(path, text));
}

static const char some_ratings[] = "userId,movieId,rating,timestamp\n"
                                   "1,10,3.5,5\n1,20,3.0,5\n2,10,5.0,5\n2,,5.0,5\n2,30,4.0,5\n";

static void likes_from_text_and_file(void)
{
    struct interactions text = INTERACTIONS_NONE, file = INTERACTIONS_NONE;
    struct ratings_count count;
    struct dataset_source record = {0};
    struct ratings_writer *w;
    struct ratings_header header;
    write_text(in_folder("r.csv"), some_ratings);
    const struct ratings_rules rules = {.tolerate = 20};
    CHECK(ratings_likes_text(&text,
                             &(struct ratings_likes){in_folder("r.csv"), &ratings_reader_plain, 3.5, NULL},
                             &count, NULL) == ERR_INVALID);
    CHECK(ratings_likes_text(&text, &(struct ratings_likes){in_folder("r.csv"), &rules, 3.5, NULL}, &count,
                             NULL) == ERR_OK);
    CHECK_INT(text.keys.len, 3);
    CHECK_INT(count.rows, 4);
    CHECK_INT(count.rejected, 1);
    CHECK(!ratings_likes_is_file(in_folder("r.csv")));
    CHECK(ratings_writer_open(&w, in_folder("r.mvr"), NULL) == ERR_OK);
    const struct rating rows[] = {
        {1, 10, 5000, 35000}, {1, 20, 5000, 30000}, {2, 10, 5000, 50000}, {2, 30, 5000, 40000}};
    for (int i = 0; i < 4; i++)
        ratings_writer_add(w, &rows[i]);
    CHECK(ratings_writer_finish(w, 5 * RATING_ONE, true, &header, NULL) == ERR_OK &&
          ratings_writer_commit(w, NULL) == ERR_OK);
    ratings_writer_close(w);
    CHECK(ratings_likes_is_file(in_folder("r.mvr")));
    CHECK(ratings_likes_file(&file, &(struct ratings_likes){.path = in_folder("r.mvr"), .threshold = 3.5},
                             &record, NULL) == ERR_OK);
    CHECK_INT(file.keys.len, 3);
    CHECK(memcmp(file.keys.data, text.keys.data, 3 * sizeof(uint64_t)) == 0);
    CHECK_INT(record.n_rows, 4);
    CHECK_INT(record.simulated, 1);
    CHECK(memcmp(record.hash, header.checksum, 32) == 0);
    interactions_free(&text);
    interactions_free(&file);
}

int main(void)
{
    if (secret_init() != ERR_OK || mkdtemp(folder) == NULL)
        return 1;
    RUN(builds_and_reads_back);
    RUN(same_input_same_bytes);
    RUN(rules_leave_out);
    RUN(notices_damage);
    RUN(refuses_forged_fields);
    RUN(model_there_and_back);
    RUN(refuses_to_write_what_it_would_not_read);
    RUN(likes_from_text_and_file);
    RUN(refuses_forged_headers);
    RUN(likes_of_a_large_file);
    const char *const left[] = {"a.mvd", "b.mvd", "c.mvd", "a.mvm", "r.csv", "r.mvr"};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        unlink(in_folder(left[i]));
    rmdir(folder);
    return check_done();
}
