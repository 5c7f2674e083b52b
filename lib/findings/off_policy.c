#include "findings/off_policy.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/recommend.h"
#include "experiment/explore.h"
#include "experiment/lifecycle.h"
#include "findings/pool_guess.h"

/* How far a chance may be from the logged one: sums of floats on another processor. */
static const double SAME = 1e-4;

struct settings {
    int64_t experiment, position;
    struct variant_settings settings;
};

struct place {
    const struct experiment_log_place *logged;
    const struct recommend_item *item;
    size_t shown;                   /* its number in the pool */
    double matches[RECOMMEND_POOL]; /* of the characters of its pool, to the ranker at hand */
};

/* A test whose lists have been made again. */
struct again {
    const struct experiment_log_test *test;
    struct recommend_request request;
    struct variant_settings settings; /* that made it */
    struct recommend_result made;
    struct place places[EXPERIMENT_LOG_PLACES];
    size_t n;
};

struct work {
    struct db *db;
    struct experiment_log *log;
    const struct off_policy_task *task;
    struct off_policy *out;
    struct arena *arena; /* as long as the work */
    struct arena lists;  /* as long as one test */
    struct snapshot snapshot;
    char opened[65]; /* id of it; "" for none */
    char gone[OFF_POLICY_SNAPSHOTS][65];
    size_t n_gone;
    struct settings *known; /* of all variants */
    size_t n_known;
    struct pool_guess guess;
    struct again again; /* the test at hand */
};

/* ---- what made a result ---- */

static enum err read_settings(struct work *w, struct fail *why)
{
    struct experiment *all;
    struct variant_words words;
    size_t n;
    enum err rc = experiment_list(w->db, false, w->arena, &all, &n, why);
    if (rc == ERR_OK &&
        (w->known = arena_array(w->arena, n * EXPERIMENT_VARIANTS + 1, sizeof *w->known)) == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; rc == ERR_OK && i < n; i++)
        for (size_t v = 0; rc == ERR_OK && v < all[i].n; v++) {
            struct settings *s = &w->known[w->n_known++];
            *s = (struct settings){.experiment = all[i].id, .position = (int64_t)v};
            rc = lifecycle_settings(&all[i], v, w->arena, &s->settings, &words, why);
        }
    return rc;
}

/* The settings of all variants together, as choice_make joins them; their parts are disjoint. */
static void join(const struct work *w, const struct experiment_log_test *t, struct variant_settings *out)
{
    *out = (struct variant_settings){0};
    for (size_t g = 0; g < t->n_given; g++)
        for (size_t i = 0; i < w->n_known; i++)
            if (w->known[i].experiment == t->given[g].experiment &&
                w->known[i].position == t->given[g].position)
                variant_add(out, &w->known[i].settings);
}

/* Opens the snapshot of a test, unless it is the open one. *found: false where it is not kept any more. */
static enum err find_snapshot(struct work *w, const char *id, bool *found, struct fail *why)
{
    char path[1400];
    *found = strcmp(w->opened, id) == 0;
    for (size_t i = 0; i < w->n_gone; i++)
        if (*found || strcmp(w->gone[i], id) == 0)
            return ERR_OK;
    if (*found)
        return ERR_OK;
    if (w->opened[0] != '\0')
        snapshot_close(&w->snapshot);
    w->opened[0] = '\0';
    snprintf(path, sizeof path, "%s/mvti-%s.mvs", w->task->snapshots, id);
    enum err rc = snapshot_open(&w->snapshot, path, why);
    if (rc == ERR_OK)
        snprintf(w->opened, sizeof w->opened, "%s", id);
    *found = rc == ERR_OK;
    if (rc != ERR_NOT_FOUND)
        return rc;
    snprintf(w->out->lost, sizeof w->out->lost, "%s", id);
    if (w->n_gone < OFF_POLICY_SNAPSHOTS)
        snprintf(w->gone[w->n_gone++], sizeof *w->gone, "%s", id);
    return ERR_OK;
}

/* ---- one place ---- */

/* Chances of the characters of a pool by their matches: the best for certain, or a softmax. */
static void chances_of(const double *m, size_t n, const struct variant_settings *s, double *chance)
{
    size_t best = 0;
    if (s != NULL && (s->parts & VARIANT_EXPLORE) != 0) {
        (void)explore_draw(m, n, (double)s->explore_temperature, 0, chance);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        best = m[i] > m[best] ? i : best;
        chance[i] = 0;
    }
    chance[best] = 1;
}

static void add_row(struct work *w, const struct again *a, const struct place *p, struct policy_value *to)
{
    double chance[RECOMMEND_POOL], value = 0;
    size_t at = (size_t)p->logged->position;
    chances_of(p->matches, p->item->n_pool, a->request.settings, chance);
    for (size_t i = 0; i < p->item->n_pool; i++)
        value += chance[i] > 0 ? chance[i] * pool_guess(&w->guess, at, i) : 0;
    struct policy_value_row row = {.visitor = a->test->visitor,
                                   .logged = p->logged->propensity,
                                   .wanted = chance[p->shown],
                                   .reward = p->logged->reached,
                                   .guess = pool_guess(&w->guess, at, p->shown),
                                   .value = value};
    policy_value_add(to, &row);
}

/* Finds what stood there in the pool that has been made again. false: it comes out otherwise than it was logged. */
static bool find_place(const struct work *w, const struct recommend_result *r,
                       const struct experiment_log_place *logged, struct place *out)
{
    const struct recommend_list *l = logged->compatible ? &r->compatible : &r->same;
    if (logged->position < 0 || (size_t)logged->position >= l->n)
        return false;
    const struct recommend_item *item = &l->items[logged->position];
    out->logged = logged;
    out->item = item;
    for (out->shown = 0; out->shown < item->n_pool; out->shown++)
        if (w->snapshot.characters[item->pool[out->shown].character].id == logged->character)
            return fabs(item->pool[out->shown].chance - logged->propensity) < SAME;
    return false;
}

/* ---- one test ---- */

/* The matches of everybody in the pools, to the ranker with these settings. */
static enum err match_all(struct work *w, struct again *a, const struct variant_settings *settings,
                          struct fail *why)
{
    const struct recommend_work *visitor;
    a->request.settings = settings;
    enum err rc = recommend_visitor(&w->snapshot, &a->request, &w->lists, &visitor, NULL);
    for (size_t p = 0; rc == ERR_OK && p < a->n; p++)
        for (size_t i = 0; i < a->places[p].item->n_pool; i++)
            a->places[p].matches[i] = recommend_match_of(visitor, a->places[p].item->pool[i].character).m;
    return rc == ERR_OK
               ? rc
               : fail_set(why, rc, "the lists of test %" PRId64 " cannot be made again", a->test->test_id);
}

static enum err add_places(struct work *w, struct again *a, struct fail *why)
{
    const struct variant_settings *const who[] = {w->task->wanted, NULL};
    struct policy_value *const to[] = {&w->out->wanted, &w->out->site};
    enum err rc = ERR_OK;
    for (size_t k = 0; rc == ERR_OK && k < 2; k++) {
        rc = match_all(w, a, who[k], why);
        for (size_t p = 0; rc == ERR_OK && p < a->n; p++)
            add_row(w, a, &a->places[p], to[k]);
    }
    for (size_t p = 0; rc == ERR_OK && p < a->n; p++)
        pool_guess_learn(&w->guess, (size_t)a->places[p].logged->position, a->places[p].shown,
                         a->places[p].logged->reached);
    return rc;
}

/* Makes the lists again. ERR_INVALID: this snapshot cannot have made them. */
static enum err make_again(struct work *w, struct again *a, struct fail *why)
{
    const struct experiment_log_test *t = a->test;
    arena_reset(&w->lists);
    join(w, t, &a->settings);
    a->request = (struct recommend_request){.mbti = t->mbti,
                                            .enneagram = t->enneagram,
                                            .movies = t->movies,
                                            .n_movies = t->n_movies,
                                            .limit = RECOMMEND_DEFAULT,
                                            .settings = &a->settings,
                                            .pools = true};
    enum err rc = recommend_run(&w->snapshot, &a->request, &w->lists, &a->made, why);
    for (size_t i = 0; rc == ERR_OK && i < t->n_places; i++)
        a->n += find_place(w, &a->made, &t->places[i], &a->places[a->n]);
    return rc;
}

static enum err add_test(struct work *w, const struct experiment_log_test *t, struct fail *why)
{
    bool found;
    enum err rc = find_snapshot(w, t->snapshot, &found, why);
    if (rc != ERR_OK || !found) {
        w->out->gone += rc == ERR_OK;
        return rc;
    }
    if (!recommend_can(&w->snapshot, w->task->wanted)) {
        w->out->unable++;
        return ERR_OK;
    }
    struct again *a = &w->again;
    a->test = t;
    a->n = 0;
    rc = make_again(w, a, why);
    if (rc != ERR_OK && rc != ERR_INVALID)
        return rc;
    w->out->odd += (int64_t)(t->n_places - a->n);
    w->out->places += (int64_t)a->n;
    w->out->tests += a->n > 0;
    return a->n > 0 ? add_places(w, a, why) : ERR_OK;
}

/* ---- the log ---- */

static enum err read_variant(struct work *w, size_t position, struct fail *why)
{
    struct experiment_log *l = w->log;
    enum err rc;
    *l = (struct experiment_log){
        .experiment = &w->out->experiment, .goal = w->out->goal, .position = (int64_t)position};
    do {
        rc = experiment_log_page(w->db, l, why);
        for (size_t i = 0; rc == ERR_OK && i < l->n; i++)
            rc = add_test(w, &l->page[i], why);
    } while (rc == ERR_OK && l->n > 0);
    return rc;
}

static enum err check_task(const struct off_policy_task *task, const struct off_policy *out, struct fail *why)
{
    static const uint32_t ranker = VARIANT_MATCH | VARIANT_RANKERS | VARIANT_EXPLORE;
    if (!out->goal->of_character)
        return fail_set(why, ERR_INVALID,
                        "%s is of a whole result, and only goals of one character can be estimated: like, "
                        "click, engage or watch",
                        out->goal->name);
    uint32_t other = task->wanted->parts & ~ranker;
    if (other != 0)
        return fail_set(why, ERR_INVALID,
                        "%s is not what orders characters by themselves, so it cannot be estimated from "
                        "places that were drawn one "
                        "by one; match, rankers and explore can",
                        variant_part_name((enum variant_part)(other & -other)));
    return ERR_OK;
}

static enum err check_log(const struct off_policy *o, struct fail *why)
{
    if (o->places == 0 && o->gone > 0)
        return fail_set(why, ERR_INVALID,
                        "the snapshots that made its %" PRId64
                        " results, such as %s, are not kept any more, so nobody "
                        "can tell what else could have been shown",
                        o->gone, o->lost);
    if (o->places == 0 && o->unable > 0)
        return fail_set(
            why, ERR_INVALID,
            "the snapshots that made its results have no such models (mvti snapshot info FILE lists them)");
    if (o->places == 0 && o->odd == 0)
        return fail_set(why, ERR_INVALID,
                        "%s has no results in which places were drawn; give a variant \"explore\" and wait",
                        o->experiment.name);
    if (o->odd > o->places)
        return fail_set(why, ERR_INVALID,
                        "%" PRId64 " of %" PRId64
                        " places do not come out as they were logged: the settings of variants or "
                        "the program that made them are not those of today",
                        o->odd, o->odd + o->places);
    return policy_value_check(&o->wanted, why);
}

enum err off_policy_estimate(struct db *db, const struct off_policy_task *task, struct arena *a,
                             struct off_policy *out, struct fail *why)
{
    memset(out, 0, sizeof *out);
    struct work *w = arena_alloc(a, sizeof *w);
    struct experiment_log *log = arena_alloc(a, sizeof *log);
    if (w == NULL || log == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    w->db = db;
    w->log = log;
    w->task = task;
    w->out = out;
    w->arena = a;
    out->wanted.clip = out->site.clip = task->clip;
    enum err rc = experiment_find(db, task->experiment, a, &out->experiment, why);
    if (rc == ERR_OK)
        rc = experiment_goal_find(task->goal != NULL ? task->goal : out->experiment.goal, &out->goal, why);
    if (rc == ERR_OK)
        rc = check_task(task, out, why);
    if (rc == ERR_OK)
        rc = read_settings(w, why);
    for (size_t v = 0; rc == ERR_OK && v < out->experiment.n; v++)
        rc = read_variant(w, v, why);
    if (w->opened[0] != '\0')
        snapshot_close(&w->snapshot);
    arena_free(&w->lists);
    return rc == ERR_OK ? check_log(out, why) : rc;
}
