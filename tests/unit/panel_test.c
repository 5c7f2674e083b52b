/* data/panel.h: the same people are held out every night, and a dataset is divided by it. */
#include "data/panel.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "data/dataset.h"
#include "tests/check.h"

static char folder[] = "/tmp/mvti-panel-XXXXXX";

static const char *at(const char *name)
{
    static char path[4][128];
    static int i;
    i = (i + 1) % 4;
    snprintf(path[i], sizeof path[i], "%s/%s", folder, name);
    return path[i];
}

static void a_key_is_drawn_once(void)
{
    struct panel first, again, other;
    struct stat st;
    struct fail why = {0};
    CHECK_INT(panel_open(&first, at("key"), false, &why), ERR_NOT_FOUND);
    CHECK_MSG(panel_open(&first, at("key"), true, &why) == ERR_OK, "%s", why.text);
    CHECK(stat(at("key"), &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK_INT(panel_open(&again, at("key"), true, NULL), ERR_OK);
    CHECK(memcmp(&first, &again, sizeof first) == 0);
    CHECK_INT(panel_open(&other, at("other"), true, NULL), ERR_OK);
    CHECK(memcmp(first.rule.key, other.rule.key, PANEL_ID) != 0);
    FILE *f = fopen(at("key"), "w");
    CHECK(f != NULL && fputs("nonsense\n", f) >= 0 && fclose(f) == 0);
    CHECK_INT(panel_open(&again, at("key"), true, &why), ERR_CORRUPT);
    CHECK(strstr(why.text, "contains no key") != NULL);
    unlink(at("key"));
    CHECK_INT(panel_open(&again, "/nonexistent/key", true, NULL), ERR_IO);
}

/* Of a key that is always the same. */
static void open_panel(struct panel *p)
{
    FILE *f = fopen(at("key"), "w");
    CHECK(f != NULL && fputs("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", f) >= 0 && fclose(f) == 0);
    CHECK(chmod(at("key"), 0600) == 0);
    CHECK_INT(panel_open(p, at("key"), false, NULL), ERR_OK);
}

static size_t members(const struct panel *p, enum panel_kind kind, uint32_t people)
{
    size_t n = 0;
    for (uint32_t i = 0; i < people; i++)
        n += panel_has(&p->rule, kind, panel_hash(p, kind, i));
    return n;
}

static void its_size_is_bounded(void)
{
    struct panel p;
    open_panel(&p);
    panel_choose(&p, PANEL_VISITORS, 1000, PANEL_WORTH - 1);
    CHECK_INT(members(&p, PANEL_VISITORS, 1000), 0);
    panel_choose(&p, PANEL_VISITORS, 0, 0);
    CHECK_INT(members(&p, PANEL_VISITORS, 1000), 1000);
    panel_choose(&p, PANEL_VISITORS, 4500, 4000);
    CHECK_NEAR(members(&p, PANEL_VISITORS, 4000), 500, 110);
    panel_choose(&p, PANEL_RATINGS, 160000, 160000);
    size_t n = members(&p, PANEL_RATINGS, 160000);
    CHECK_MSG(n > 400 && n < PANEL_MOST, "%zu", n);
}

static void rules_are_narrowed_to_what_both_hold_out(void)
{
    struct panel_rule a = {{1}, {100, 200}}, other = {{1}, {150, 50}}, foreign = {{2}, {500, 500}};
    CHECK(panel_narrow(&a, &other));
    CHECK(a.below[0] == 100 && a.below[1] == 50);
    CHECK(panel_has(&a, PANEL_VISITORS, 99) && !panel_has(&a, PANEL_VISITORS, 100));
    CHECK(!panel_narrow(&a, &foreign));
    CHECK(!panel_has(&a, PANEL_VISITORS, 0));
}

/* `visitors` people of the site and 200 of imported ratings, each with five films. */
static void build(struct panel *panel, uint32_t visitors, struct dataset *d, struct dataset *held)
{
    struct dataset_builder b;
    struct fail why = {0};
    dataset_builder_init(&b);
    for (int source = 0; source < 2; source++) {
        struct dataset_source s = {.visitors = (uint32_t)source};
        struct interactions in = INTERACTIONS_NONE;
        snprintf(s.name, sizeof s.name, "%s", source == 0 ? "ratings" : "visitors");
        for (uint32_t u = 0; u < (source == 0 ? 200 : visitors); u++)
            for (int32_t m = 0; m < 5; m++)
                CHECK(interactions_add(&in, u, (int32_t)(u % 7) + m));
        CHECK(dataset_builder_add(&b, &s, &in, NULL) == ERR_OK);
    }
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 1, .panel = panel};
    CHECK_MSG(dataset_builder_write(&b, &rules, at("x.mvd"), &why) == ERR_OK, "%s", why.text);
    dataset_builder_free(&b);
    CHECK(dataset_open(d, at("x.mvd"), NULL) == ERR_OK);
    if (held != NULL)
        CHECK_MSG(dataset_open(held, at("x.held.mvd"), &why) == ERR_OK, "%s", why.text);
}

static bool has(const struct dataset *d, uint32_t source, uint32_t id)
{
    for (size_t u = 0; u < d->x.n_rows; u++)
        if (d->users[u].source == source && d->users[u].id == id)
            return true;
    return false;
}

static void everybody_is_in_one_of_the_two(void)
{
    struct panel panel;
    struct dataset d, held, more, more_held;
    open_panel(&panel);
    build(&panel, 300, &d, &held);
    CHECK_INT(d.x.n_rows + held.x.n_rows, 500);
    CHECK_INT(d.sources[1].n_users + held.sources[1].n_users, 300);
    CHECK_INT(d.sources[1].n_likes + held.sources[1].n_likes, 1500);
    CHECK(held.sources[0].n_users > 5 && held.sources[1].n_users > 10);
    CHECK(memcmp(&d.info->panel, &held.info->panel, sizeof d.info->panel) == 0);
    for (uint32_t source = 0; source < 2; source++)
        for (uint32_t id = 0; id < (source == 0 ? 200 : 300); id++) {
            enum panel_kind kind = source == 1 ? PANEL_VISITORS : PANEL_RATINGS;
            bool out = panel_has(&d.info->panel, kind, panel_hash(&panel, kind, id));
            CHECK(has(&d, source, id) == !out && has(&held, source, id) == out);
        }
    /* The next night, with more people: whoever was held out is so still. */
    build(&panel, 900, &more, &more_held);
    for (size_t u = 0; u < held.x.n_rows; u++)
        CHECK(has(&more_held, held.users[u].source, held.users[u].id));
    CHECK(more_held.sources[1].n_users > 2 * held.sources[1].n_users);
    dataset_close(&more);
    dataset_close(&more_held);
    dataset_close(&d);
    dataset_close(&held);
    /* Without a panel everybody is trained on, and no other panel is left beside it. */
    build(NULL, 300, &d, NULL);
    CHECK_INT(d.x.n_rows, 500);
    CHECK(access(at("x.held.mvd"), F_OK) != 0);
    dataset_close(&d);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK && mkdtemp(folder) != NULL);
    RUN(a_key_is_drawn_once);
    RUN(its_size_is_bounded);
    RUN(rules_are_narrowed_to_what_both_hold_out);
    RUN(everybody_is_in_one_of_the_two);
    const char *const left[] = {"key", "other", "x.mvd", "x.held.mvd"};
    for (size_t i = 0; i < 4; i++)
        unlink(at(left[i]));
    CHECK(rmdir(folder) == 0);
    return check_done();
}
