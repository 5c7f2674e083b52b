/* lib/experiment: who is given what. Counts against shares by χ² (critical values of p = .001), layers
 * against each other, what stays when shares change, and the file that workers read. */
#include "tests/check.h"

#include <unistd.h>

#include "base/map_file.h"
#include "experiment/choice.h"
#include "experiment/experiment_file.h"

enum { VISITORS = 40000 };
static const uint8_t KEY[SECRET_HASH_BYTES] = {1, 2, 3};
static struct arena arena;
static char path[64];

static size_t variant_of(const char *salt, int64_t visitor, const double *weights, size_t n)
{
    return assign_variant(KEY, salt, &visitor, sizeof visitor, weights, n);
}

static void counts_follow_shares(void)
{
    const double weights[] = {0.5, 0.3, 0.15, 0.05};
    int64_t counts[4] = {0};
    double chi = 0;
    for (int64_t v = 1; v <= VISITORS; v++)
        counts[variant_of("a", v, weights, 4)]++;
    for (size_t i = 0; i < 4; i++) {
        double expected = VISITORS * weights[i];
        chi += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    }
    CHECK_MSG(chi < 16.27, "chi square %.2f", chi);
    CHECK(variant_of("a", 1, (const double[]){0, 0}, 2) == 2);
    CHECK(variant_of("a", 1, (const double[]){0, 0.1}, 2) == 1);
}

/* When a share grows, visitors move to it and nowhere else, and only as many as must. */
static void few_move_when_shares_change(void)
{
    const double before[] = {0.5, 0.3, 0.2}, after[] = {0.4, 0.3, 0.3};
    int64_t moved = 0, elsewhere = 0;
    for (int64_t v = 1; v <= VISITORS; v++) {
        size_t x = variant_of("a", v, before, 3), y = variant_of("a", v, after, 3);
        moved += x != y;
        elsewhere += x != y && y == 0; /* whose share fell */
    }
    CHECK_INT(elsewhere, 0);
    CHECK_MSG(moved < VISITORS * 0.15, "%lld moved", (long long)moved);
}

/* Of two salts, and of a slot and a variant, one tells nothing about the other: a 2 × 2 table has χ² below 10.83. */
static double independence(bool (*a)(int64_t v), bool (*b)(int64_t v))
{
    double n[2][2] = {{0, 0}, {0, 0}}, chi = 0;
    for (int64_t v = 1; v <= VISITORS; v++)
        n[a(v)][b(v)]++;
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++) {
            double expected = (n[i][0] + n[i][1]) * (n[0][k] + n[1][k]) / VISITORS;
            chi += (n[i][k] - expected) * (n[i][k] - expected) / expected;
        }
    return chi;
}

static bool salt_a(int64_t v)
{
    return variant_of("a", v, (const double[]){1, 1}, 2) == 1;
}

static bool salt_b(int64_t v)
{
    return variant_of("b", v, (const double[]){1, 1}, 2) == 1;
}

static bool layer_a(int64_t v)
{
    return assign_slot(KEY, "a", v) < ASSIGN_SLOTS / 2;
}

static bool layer_b(int64_t v)
{
    return assign_slot(KEY, "b", v) < ASSIGN_SLOTS / 2;
}

static void layers_and_salts_are_independent(void)
{
    CHECK(independence(salt_a, salt_b) < 10.83);
    CHECK(independence(layer_a, layer_b) < 10.83);
    CHECK(independence(layer_a, salt_a) < 10.83);
    CHECK(independence(salt_a, salt_a) > 1000); /* it can fail */
    uint8_t other[SECRET_HASH_BYTES] = {9};
    int64_t same = 0;
    for (int64_t v = 1; v <= VISITORS; v++)
        same += assign_slot(KEY, "a", v) == assign_slot(other, "a", v);
    CHECK(same < 20); /* one in 10,000 */
}

/* ---- the file ---- */

#define MATCH "{\"match\":{\"film\":65,\"enneagram\":25,\"certainty\":10}}"

static struct experiment experiment(int64_t id, const char *name, const char *layer, int64_t from,
                                    int64_t slots, const char *settings)
{
    return (struct experiment){
        .id = id,
        .name = name,
        .layer = layer,
        .salt = name,
        .kind = "split",
        .state = slots > 0 ? "running" : "draft",
        .slot_from = from,
        .slots = slots,
        .n = 2,
        .variants = {{"control", 0.5, 0.5, "{}", 0, NULL}, {"other", 0.5, 0.5, settings, 0, NULL}}};
}

static void write_file(const struct experiment *all, size_t n)
{
    struct fail why = {0};
    CHECK_MSG(experiment_file_write(path, all, n, 1000, &arena, &why) == ERR_OK, "%s", why.text);
}

/* What a visitor is given; the names that were, joined. */
static const char *given(const struct choice_ask *ask)
{
    static char text[200];
    struct choice c;
    choice_make(ask, &c);
    text[0] = '\0';
    for (size_t i = 0; i < c.n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s=%s", i > 0 ? "," : "",
                 c.made[i].experiment->name, c.made[i].arm->name);
    return text;
}

static void a_file_says_what_was_written(void)
{
    struct experiment all[] = {
        experiment(3, "taste", "result", 0, 6000, MATCH),
        experiment(4, "words", "page", 0, 10000,
                   "{\"texts\":{\"home.title\":{\"ko\":\"제목\",\"en\":\"Title\"}}}"),
        experiment(5, "over", "result", 6000, 1000, "{\"wall\":\"even\"}"),
    };
    struct experiment_file f;
    struct fail why = {0};
    all[2].ends_at = 1000; /* its end has come */
    write_file(all, 3);
    CHECK_MSG(experiment_file_open(&f, path, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(f.n, 2);
    CHECK(f.experiments[0].id == 3 && f.experiments[0].slots == 6000 &&
          f.experiments[0].parts == VARIANT_MATCH);
    CHECK(f.experiments[0].ends_at == INT64_MAX && f.arms[1].settings.film == 65 && f.arms[1].weight == 0.5);
    CHECK_STR(f.strings + f.texts[0].ko, "제목");
    CHECK_STR(f.experiments[1].layer, "page");
    experiment_file_close(&f);
    write_file(NULL, 0);
    CHECK(experiment_file_open(&f, path, &why) == ERR_OK && f.n == 0);
    experiment_file_close(&f);
    all[0].variants[1].settings = "{\"wall\":\"odd\"}";
    CHECK(experiment_file_write(path, all, 1, 0, &arena, &why) == ERR_CORRUPT);
    CHECK(experiment_file_open(&f, path, &why) == ERR_OK && f.n == 0); /* the old one stays */
    experiment_file_close(&f);
    CHECK(experiment_file_open(&f, "/none/at/all", &why) == ERR_NOT_FOUND);
}

/* Every byte of a file, turned, makes it none. */
static void a_damaged_file_is_refused(void)
{
    const struct experiment all[] = {experiment(3, "taste", "result", 0, 6000, MATCH)};
    struct map_file m;
    struct experiment_file f;
    struct fail why = {0};
    size_t accepted = 0;
    write_file(all, 1);
    CHECK(map_file_open(&m, path, &why) == ERR_OK);
    unsigned char *copy = aligned_alloc(64, (m.size + 63) / 64 * 64);
    for (size_t i = 0; i < m.size; i++) {
        memcpy(copy, m.data, m.size);
        copy[i] ^= 0x41;
        accepted += experiment_file_parse(&f, &(struct named_bytes){copy, m.size, "copy"}, &why) == ERR_OK;
    }
    CHECK_INT(accepted, 0);
    for (size_t n = 0; n < m.size; n += 7)
        CHECK(experiment_file_parse(&f, &(struct named_bytes){m.data, n, "cut"}, &why) == ERR_CORRUPT);
    free(copy);
    map_file_close(&m);
}

static void one_of_a_layer_and_all_layers(void)
{
    const struct experiment all[] = {
        experiment(1, "one", "result", 0, 5000, MATCH),
        experiment(2, "two", "result", 5000, 2500, "{\"diversity\":{\"film_cap\":1}}"),
        experiment(3, "three", "page", 0, 10000, "{\"explore\":{\"share\":0.1}}"),
        experiment(4, "draft", "next", -1, 0, "{\"wall\":\"even\"}")};
    const bool usable[] = {true, true, true, true};
    const struct choice_forced none = {0};
    struct experiment_file f;
    int64_t one = 0, two = 0, three = 0, both = 0;
    write_file(all, 4);
    CHECK(experiment_file_open(&f, path, NULL) == ERR_OK);
    struct choice_ask ask = {
        .file = &f, .forced = &none, .usable = usable, .key = KEY, .now = 1000, .parts = 63};
    for (ask.visitor = 1; ask.visitor <= 4000; ask.visitor++) {
        const char *is = given(&ask);
        one += strstr(is, "one=") != NULL;
        two += strstr(is, "two=") != NULL;
        three += strstr(is, "three=") != NULL;
        both += strstr(is, "one=") != NULL && strstr(is, "two=") != NULL;
        CHECK(strstr(is, "draft") == NULL);
    }
    CHECK(both == 0 && three == 4000);
    CHECK_NEAR((double)one, 2000, 105); /* 3.3 deviations */
    CHECK_NEAR((double)two, 1000, 91);
    ask.visitor = 0;
    CHECK_STR(given(&ask), "");
    ask.visitor = 7;
    ask.parts = VARIANT_WALL;
    CHECK_STR(given(&ask), "");
    ask.parts = VARIANT_EXPLORE;
    CHECK(strncmp(given(&ask), "three=", 6) == 0);
    CHECK_STR(given(&(struct choice_ask){.file = &f,
                                         .forced = &none,
                                         .usable = (const bool[4]){false},
                                         .key = KEY,
                                         .now = 1000,
                                         .parts = 63,
                                         .visitor = 7}),
              "");
    experiment_file_close(&f);
}

static void who_was_in_stays_in(void)
{
    const struct experiment all[] = {
        experiment(1, "one", "result", 0, 5000, MATCH),
        experiment(2, "two", "result", 5000, 5000, "{\"diversity\":{\"film_cap\":1}}")};
    const bool usable[] = {true, true};
    const struct choice_forced none = {0};
    struct experiment_file f;
    write_file(all, 2);
    CHECK(experiment_file_open(&f, path, NULL) == ERR_OK);
    struct choice_ask ask = {
        .file = &f, .forced = &none, .usable = usable, .key = KEY, .now = 1000, .parts = 63, .n_past = 1};
    for (ask.visitor = 1; ask.visitor <= 50; ask.visitor++) {
        ask.past = &(struct choice_past){2, 1};
        CHECK_STR(given(&ask), "two=other");
        ask.past = &(struct choice_past){1, 0};
        CHECK_STR(given(&ask), "one=control");
        ask.past = &(struct choice_past){9, 1}; /* an experiment that is over */
        CHECK(given(&ask)[0] != '\0');
    }
    experiment_file_close(&f);
}

static void times_stops_and_bandits(void)
{
    struct experiment all[] = {experiment(1, "one", "result", 0, 10000, MATCH),
                               experiment(2, "arms", "other", 0, 10000, MATCH)};
    const bool usable[] = {true, true};
    const struct choice_forced none = {0};
    struct experiment_file f;
    int64_t other = 0;
    all[0].starts_at = 2000;
    all[0].ends_at = 3000;
    all[1].kind = "bandit";
    all[1].variants[0].weight = 0.9;
    all[1].variants[1].weight = 0.1;
    write_file(all, 2);
    CHECK(experiment_file_open(&f, path, NULL) == ERR_OK);
    struct choice_ask ask = {
        .file = &f, .forced = &none, .usable = usable, .key = KEY, .visitor = 5, .parts = 63, .n_seed = 8};
    struct choice c;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        memcpy(ask.seed, &seed, sizeof seed);
        ask.now = 1999;
        choice_make(&ask, &c);
        CHECK(c.n == 1 && c.made[0].experiment->id == 2 && c.made[0].counted);
        CHECK_NEAR(c.made[0].propensity, c.made[0].position == 1 ? 0.1 : 0.9, 1e-12);
        other += c.made[0].position == 1;
    }
    CHECK_NEAR((double)other, 200, 45);
    ask.now = 2000;
    CHECK(strncmp(given(&ask), "one=", 4) == 0);
    ask.now = 3000;
    CHECK(strncmp(given(&ask), "arms=", 5) == 0);
    experiment_file_close(&f);
    all[0].starts_at = all[0].ends_at = 0;
    all[0].variants[1].stopped_at = 900;
    write_file(all, 1);
    CHECK(experiment_file_open(&f, path, NULL) == ERR_OK);
    size_t control = 0;
    for (ask.visitor = 1; ask.visitor <= 1000; ask.visitor++) {
        const char *is = given(&ask);
        CHECK(strstr(is, "other") == NULL);
        control += is[0] != '\0';
    }
    CHECK(control > 400 && control < 600); /* nobody has moved over */
    experiment_file_close(&f);
}

static void forced_variants_are_everybodys(void)
{
    const struct experiment all[] = {experiment(1, "one", "result", 0, 1, MATCH),
                                     experiment(4, "draft", "next", -1, 0, "{\"diversity\":{\"mmr\":0.5}}")};
    const bool usable[] = {true, true};
    struct choice_forced forced;
    struct experiment_file f;
    struct choice c;
    struct fail why = {0};
    write_file(all, 2);
    CHECK(experiment_file_open(&f, path, NULL) == ERR_OK);
    CHECK(choice_force(&f, "one=other,draft=other", &forced, &why) == ERR_OK);
    struct choice_ask ask = {
        .file = &f, .forced = &forced, .usable = usable, .key = KEY, .now = 1000, .parts = 63};
    choice_make(&ask, &c);
    CHECK(c.n == 2 && !c.made[0].counted && !c.made[1].counted);
    CHECK(c.settings.parts == (VARIANT_MATCH | VARIANT_DIVERSITY) && c.settings.film == 65 &&
          c.settings.mmr == 0.5f);
    CHECK(choice_force(&f, "", &forced, &why) == ERR_OK && forced.n == 0);
    static const char *const wrong[] = {"one",        "one=third", "none=other",
                                        "one=other,", "=",         "one=other,,draft=other"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_MSG(choice_force(&f, wrong[i], &forced, &why) == (i == 3 ? ERR_OK : ERR_INVALID), "%s",
                  wrong[i]);
    experiment_file_close(&f);
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    snprintf(path, sizeof path, "/tmp/mvti-assign-%d.mve", getpid());
    RUN(counts_follow_shares);
    RUN(few_move_when_shares_change);
    RUN(layers_and_salts_are_independent);
    RUN(a_file_says_what_was_written);
    RUN(a_damaged_file_is_refused);
    RUN(one_of_a_layer_and_all_layers);
    RUN(who_was_in_stays_in);
    RUN(times_stops_and_bandits);
    RUN(forced_variants_are_everybodys);
    unlink(path);
    arena_free(&arena);
    return check_done();
}
