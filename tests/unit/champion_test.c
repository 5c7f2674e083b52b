/* publish/champion.h: two snapshots on people whom neither has learned from, and what cannot be compared. */
#include "publish/champion.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "data/dataset.h"
#include "fixture/small_snapshot.h"
#include "tests/check.h"

enum { FILMS = 60, GROUPS = 3, RATERS = 800, VISITORS = 2400 };

static char folder[] = "/tmp/mvti-champion-XXXXXX";
static char key[64], dataset[64], held[64];
static struct panel panel;

/* How much of the model is right: links within a group of films, and noise for the rest. */
static void make(struct snapshot *out, const char *name, double right, const struct panel_rule *rule,
                 size_t films)
{
    static float weights[FILMS * FILMS];
    static int32_t ids[FILMS];
    struct snapshot_builder b;
    struct model m;
    struct model_info info = {.kind = "ease"};
    struct rng r;
    char path[160], into[64];
    struct fail why = {0};
    rng_seed(&r, 7);
    memcpy(info.panel, rule, sizeof info.panel);
    for (size_t i = 0; i < films; i++) {
        ids[i] = (int32_t)(101 + i);
        for (size_t j = 0; j < films; j++)
            weights[i * films + j] =
                (i % GROUPS == j % GROUPS && i != j ? (float)right : 0) + (i != j ? (float)rng_unit(&r) : 0);
    }
    snprintf(into, sizeof into, "%s/%s", folder, name);
    CHECK(mkdir(into, 0755) == 0);
    snprintf(path, sizeof path, "%s/ease.mvm", into);
    const struct model written = {
        .info = &info, .item_ids = ids, .n_items = films, .weights = weights, .n_weights = films * films};
    CHECK_MSG(model_write(&written, path, NULL, &why) == ERR_OK && model_open(&m, path, &why) == ERR_OK, "%s",
              why.text);
    small_snapshot_catalog(&b, films, &r);
    b.models[0] = &m;
    b.blend = (struct snapshot_blend){.n_parts = 1, .weight = {1}};
    CHECK_MSG(snapshot_writer_build(&b, into, 1, path, sizeof path, &why) == ERR_OK, "%s", why.text);
    CHECK_MSG(snapshot_open(out, path, &why) == ERR_OK, "%s", why.text);
    snapshot_builder_free(&b);
    model_close(&m);
}

/* Everybody likes half of the films of a group and few others; every tenth has three films, too few to look for. */
static void add_people(struct dataset_builder *b, const char *name, uint32_t visitors, uint32_t n,
                       struct rng *r)
{
    struct dataset_source s = {.visitors = visitors};
    struct interactions in = INTERACTIONS_NONE;
    snprintf(s.name, sizeof s.name, "%s", name);
    for (uint32_t u = 0; u < n; u++) {
        int left = u % 10 == 0 ? 3 : FILMS;
        for (uint32_t j = 0; j < FILMS && left > 0; j++)
            if (rng_unit(r) < (u % GROUPS == j % GROUPS ? 0.5 : 0.02)) {
                CHECK(interactions_add(&in, u, (int32_t)(101 + j)));
                left--;
            }
    }
    CHECK(dataset_builder_add(b, &s, &in, NULL) == ERR_OK);
}

static void build(uint32_t raters, uint32_t visitors)
{
    struct dataset_builder b;
    struct rng r;
    struct fail why = {0};
    rng_seed(&r, 3);
    dataset_builder_init(&b);
    add_people(&b, "ratings", 0, raters, &r);
    if (visitors > 0)
        add_people(&b, "visitors", 1, visitors, &r);
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 1, .panel = &panel};
    CHECK_MSG(dataset_builder_write(&b, &rules, dataset, &why) == ERR_OK, "%s", why.text);
    dataset_builder_free(&b);
}

static struct snapshot good, again, bad, wrong, fewer, older, unknown, unsaid_bad, other_key;

static void snapshots_of_known_worth(void)
{
    snprintf(key, sizeof key, "%s/key", folder);
    snprintf(dataset, sizeof dataset, "%s/x.mvd", folder);
    snprintf(held, sizeof held, "%s/x.held.mvd", folder);
    FILE *f = fopen(key, "w");
    CHECK(f != NULL && fputs("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", f) >= 0 && fclose(f) == 0);
    CHECK(chmod(key, 0600) == 0 && panel_open(&panel, key, false, NULL) == ERR_OK);
    build(RATERS, VISITORS);
    struct panel_rule early = panel.rule, foreign = panel.rule;
    early.below[PANEL_VISITORS] = 0; /* some visitors were trained on, and none held out */
    foreign.key[0] ^= 1;
    make(&good, "good", 4, &panel.rule, FILMS);
    make(&again, "again", 4.001, &panel.rule, FILMS);
    make(&bad, "bad", 0.1, &panel.rule, FILMS);
    make(&wrong, "wrong", -4, &panel.rule, FILMS);
    make(&fewer, "fewer", 4, &panel.rule, FILMS - 5);
    make(&older, "older", 4, &early, FILMS);
    make(&other_key, "other", 4, &foreign, FILMS);
    make(&unknown, "unknown", 4, &(struct panel_rule){0}, FILMS);
    make(&unsaid_bad, "unsaid-bad", 0.1, &(struct panel_rule){0}, FILMS);
}

static struct champion_verdict judge(const struct snapshot *live, const struct snapshot *fresh)
{
    const struct champion_task task = {
        .live = live, .fresh = fresh, .key = key, .dataset = held, .margin = 0.01};
    struct champion_verdict v;
    struct fail why = {0};
    CHECK_MSG(champion_judge(&task, &v, &why) == ERR_OK, "%s", why.text);
    return v;
}

static void the_better_one_is_found(void)
{
    struct champion_verdict v = judge(&good, &bad), back = judge(&bad, &good);
    CHECK_INT(v.decision, CHAMPION_WORSE);
    CHECK_INT(back.decision, CHAMPION_BETTER);
    CHECK_INT(v.by, CHAMPION_VISITORS);
    const struct paired *p = &v.ndcg[CHAMPION_VISITORS], *q = &back.ndcg[CHAMPION_VISITORS];
    CHECK(p->before > 0.5 && p->after < p->before - 0.1);
    CHECK(p->before == q->after && p->after == q->before);
    CHECK_INT(p->n + v.ndcg[CHAMPION_RATINGS].n, v.ndcg[CHAMPION_ALL].n);
    CHECK(p->n >= CHAMPION_ENOUGH && v.ndcg[CHAMPION_RATINGS].n >= CHAMPION_LEAST);
    CHECK(strstr(v.reason, "worse: NDCG@10 of ") == v.reason &&
          strstr(back.reason, "better: ") == back.reason);
    struct dataset d;
    CHECK(dataset_open(&d, held, NULL) == ERR_OK && memcmp(v.held, d.hash, sizeof v.held) == 0);
    /* All but those who have three films. */
    CHECK(v.ndcg[CHAMPION_ALL].n < d.x.n_rows && v.ndcg[CHAMPION_ALL].n > d.x.n_rows * 8 / 10);
    dataset_close(&d);
}

static void what_is_the_same_is_no_change(void)
{
    struct champion_verdict v = judge(&good, &again);
    CHECK_INT(v.decision, CHAMPION_SAME);
    CHECK_NEAR(v.ndcg[CHAMPION_ALL].difference, 0, 1e-3);
    CHECK(strstr(v.reason, "no change beyond chance: ") == v.reason);
}

/* Films come and go: what the site has no more, nobody is asked for, and what the live one lacks it cannot find. */
static void films_come_and_go(void)
{
    struct champion_verdict v = judge(&fewer, &good), back = judge(&good, &fewer);
    CHECK(v.decision != CHAMPION_UNKNOWN && back.decision != CHAMPION_UNKNOWN);
    CHECK_MSG(v.ndcg[CHAMPION_ALL].after > 0.5 && back.ndcg[CHAMPION_ALL].after > 0.5, "%g, %g",
              v.ndcg[CHAMPION_ALL].after, back.ndcg[CHAMPION_ALL].after);
    CHECK_NEAR(v.ndcg[CHAMPION_ALL].difference, 0, 0.1);
    CHECK(back.ndcg[CHAMPION_ALL].n <= v.ndcg[CHAMPION_ALL].n);
}

static void people_whom_either_has_seen_are_left_out(void)
{
    struct champion_verdict v = judge(&older, &bad);
    CHECK_INT(v.ndcg[CHAMPION_VISITORS].n, 0);
    CHECK(v.ndcg[CHAMPION_RATINGS].n >= CHAMPION_LEAST && v.by == CHAMPION_ALL);
    CHECK_INT(v.decision, CHAMPION_WORSE);
}

static void is_unknown(const struct snapshot *live, const struct snapshot *fresh, const char *reason)
{
    struct champion_verdict v = judge(live, fresh);
    CHECK_INT(v.decision, CHAMPION_UNKNOWN);
    CHECK_MSG(strstr(v.reason, reason) != NULL, "%s", v.reason);
    CHECK_INT(v.ndcg[CHAMPION_ALL].n, 0);
}

/* Whoever may have learnt from the people who judge can be refused, but not praised. */
static void the_unsaid_can_only_be_refused(void)
{
    struct champion_verdict v = judge(&good, &unsaid_bad);
    CHECK_INT(v.decision, CHAMPION_WORSE);
    CHECK(v.ndcg[CHAMPION_VISITORS].after < v.ndcg[CHAMPION_VISITORS].before - 0.1);
    is_unknown(&bad, &unknown, "the new models do not say whom they were not trained on");
}

static void what_cannot_be_compared_is_said(void)
{
    is_unknown(&unknown, &good, "the models of the live snapshot were trained on people of the panel");
    is_unknown(&other_key, &good, "the models of the live snapshot were trained on people of the panel");
    /* But a model that is worse than none is known to be so. */
    struct champion_verdict v = judge(&unknown, &wrong);
    CHECK_INT(v.decision, CHAMPION_WORSE);
    CHECK_MSG(strstr(v.reason, "worse than no model: NDCG@10 of ") == v.reason, "%s", v.reason);
    CHECK_INT(v.ndcg[CHAMPION_ALL].n, 0);
    is_unknown(&good, &unknown, "the new models do not say whom they were not trained on");
    CHECK(truncate(held, 100) == 0);
    is_unknown(&good, &bad, held);
    CHECK(unlink(held) == 0);
    is_unknown(&good, &bad, "nobody is held out of training");
    build(100, 0);
    is_unknown(&good, &bad, "people are held out of both, and 20 are needed");
    CHECK(chmod(key, 0644) == 0);
    is_unknown(&good, &bad, key);
    CHECK(unlink(key) == 0);
    is_unknown(&good, &bad, "nobody is held out of training");
}

int main(void)
{
    if (secret_init() != ERR_OK || mkdtemp(folder) == NULL)
        return 1;
    RUN(snapshots_of_known_worth);
    RUN(the_better_one_is_found);
    RUN(what_is_the_same_is_no_change);
    RUN(films_come_and_go);
    RUN(people_whom_either_has_seen_are_left_out);
    RUN(the_unsaid_can_only_be_refused);
    RUN(what_cannot_be_compared_is_said);
    struct snapshot *const all[] = {&good,  &again,   &bad,        &wrong,    &fewer,
                                    &older, &unknown, &unsaid_bad, &other_key};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        snapshot_close(all[i]);
    char command[80];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    CHECK(system(command) == 0);
    return check_done();
}
