#include "publish/champion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/saying.h"
#include "data/dataset.h"
#include "num/metric.h"
#include "num/parallel.h"
#include "num/topk.h"

struct person {
    uint32_t hash;
    enum panel_kind kind;
    uint32_t n_given, n_held;
    int32_t *films; /* ids: the given ones, then the held ones ascending */
};

/* A snapshot that is measured, and what a thread needs to do it. */
struct side {
    const struct snapshot *s;
    struct fusion fusion; /* without its forest, which serves one thread */
    size_t stride;        /* floats */
    bool popular;         /* no model: the best known films for everybody */
    double *ndcg;         /* [people] */
};

struct judging {
    const struct champion_task *task;
    struct person *people;
    size_t n;
    struct side sides[2]; /* live, new */
    float *scratch;
    size_t stride;
};

const char *champion_decision_name(enum champion_decision decision)
{
    static const char *const names[] = {"unknown", "worse", "same", "better"};
    return names[decision];
}

const char *champion_people_name(enum champion_people people)
{
    static const char *const names[] = {"visitors", "ratings", "all"};
    return names[people];
}

/* ---- who is held out of both ---- */

/* Narrows the rule to whom no model of the snapshot has learnt from. */
static bool narrow(struct panel_rule *rule, const struct snapshot *s)
{
    bool known = true;
    for (size_t p = 0; p < s->fusion.n_parts; p++) {
        struct panel_rule own;
        memcpy(&own, s->models[p].info->panel, sizeof own);
        if (!s->fusion.parts[p].content && !panel_narrow(rule, &own))
            known = false;
    }
    return known;
}

static int by_id(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The film as the new snapshot names it; -1 if it has none such. */
static int32_t name_of(const struct snapshot *s, int32_t id)
{
    int64_t at = snapshot_movie_index(s, id);
    return at < 0 ? -1 : s->movies[at].id;
}

/* The person's films that the site still has; how many. */
static size_t read_films(const struct snapshot *s, const struct dataset *d, size_t row, int32_t *out)
{
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < csr_row_count(&d->x, row); i++) {
        int32_t id = name_of(s, d->item_ids[csr_row(&d->x, row)[i]]);
        if (id >= 0)
            out[n++] = id;
    }
    qsort(out, n, sizeof *out, by_id);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || out[kept - 1] != out[i])
            out[kept++] = out[i];
    return kept;
}

static void divide(struct person *p, size_t n)
{
    struct rng rng;
    size_t given = n / 2 < CHAMPION_GIVEN_MOST ? n / 2 : CHAMPION_GIVEN_MOST;
    p->n_given = (uint32_t)(given < CHAMPION_GIVEN_LEAST ? CHAMPION_GIVEN_LEAST : given);
    p->n_held = (uint32_t)n - p->n_given;
    rng_seed(&rng, p->hash);
    rng_shuffle(&rng, p->films, n);
    qsort(p->films + p->n_given, p->n_held, sizeof *p->films, by_id);
}

static int by_hash(const void *a, const void *b)
{
    const struct person *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

/* PANEL_MOST of each kind, those that come first. */
static void bound(struct judging *j)
{
    size_t kept = 0, of[PANEL_KINDS] = {0};
    if (j->n > 0)
        qsort(j->people, j->n, sizeof *j->people, by_hash);
    for (size_t i = 0; i < j->n; i++) {
        if (of[j->people[i].kind]++ < PANEL_MOST)
            j->people[kept++] = j->people[i];
        else
            free(j->people[i].films);
    }
    j->n = kept;
}

static enum err read_people(struct judging *j, const struct dataset *d, const struct panel *panel,
                            const struct panel_rule *rule, struct fail *why)
{
    j->people = calloc(d->x.n_rows + 1, sizeof *j->people);
    if (j->people == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t u = 0; u < d->x.n_rows; u++) {
        struct person p = {.kind =
                               d->sources[d->users[u].source].visitors != 0 ? PANEL_VISITORS : PANEL_RATINGS};
        p.hash = panel_hash(panel, p.kind, d->users[u].id);
        if (!panel_has(rule, p.kind, p.hash))
            continue;
        p.films = malloc((csr_row_count(&d->x, u) + 1) * sizeof *p.films);
        if (p.films == NULL)
            return fail_set(why, ERR_NOMEM, "out of memory");
        size_t n = read_films(j->task->fresh, d, u, p.films);
        if (n < PANEL_LEAST) {
            free(p.films);
            continue;
        }
        divide(&p, n);
        j->people[j->n++] = p;
    }
    bound(j);
    return ERR_OK;
}

/* ---- measuring ---- */

static double measure(const struct judging *j, const struct side *side, const struct person *p, float *room)
{
    const struct snapshot *s = side->s;
    int32_t given[CHAMPION_GIVEN_MOST] = {0}, best[CHAMPION_CUT];
    size_t n_given = 0;
    float *scores = room, *features = scores + s->n_movies,
          *scratch = features + side->fusion.n_parts * s->n_movies;
    for (size_t i = 0; i < p->n_given; i++) {
        int64_t at = snapshot_movie_index(s, p->films[i]);
        bool twice = false;
        for (size_t k = 0; k < n_given; k++)
            twice = twice || given[k] == at;
        if (at >= 0 && !twice)
            given[n_given++] = (int32_t)at;
    }
    if (side->popular)
        for (size_t i = 0; i < s->n_movies; i++)
            scores[i] = s->movies[i].popularity;
    else
        fusion_score(&side->fusion, &(struct scorer_person){SCORER_NOBODY, given, n_given}, features, scores,
                     scratch);
    for (size_t i = 0; i < n_given; i++)
        scores[given[i]] = -INFINITY;
    size_t n = topk_select(scores, s->n_movies, CHAMPION_CUT, best);
    for (size_t i = 0; i < n; i++) {
        int32_t id = name_of(j->task->fresh, s->movies[best[i]].id);
        best[i] = id >= 0 ? id : s->movies[best[i]].id;
    }
    struct metric_sum sum = {0};
    const int k = CHAMPION_CUT;
    metric_add(&sum, &k, 1, &(struct metric_user){best, n, p->films + p->n_given, p->n_held});
    return metric_mean(&sum, 0, METRIC_NDCG);
}

static void measure_both(void *arg, size_t block, size_t thread)
{
    struct judging *j = arg;
    for (size_t i = 0; i < 2; i++)
        j->sides[i].ndcg[block] =
            measure(j, &j->sides[i], &j->people[block], j->scratch + thread * j->stride);
    if (thread == 0)
        progress_report(j->task->progress, "comparing snapshots, people", block, j->n);
}

static enum err make_side(struct judging *j, struct side *side, const struct snapshot *s, struct fail *why)
{
    side->s = s;
    side->fusion = s->fusion;
    for (size_t p = 0; p < side->fusion.n_parts; p++)
        side->fusion.parts[p].near = NULL;
    side->stride = (side->fusion.n_parts + 1) * s->n_movies + fusion_scratch(&side->fusion);
    side->ndcg = malloc((j->n + 1) * sizeof *side->ndcg);
    if (side->stride > j->stride)
        j->stride = side->stride;
    return side->ndcg == NULL ? fail_set(why, ERR_NOMEM, "out of memory") : ERR_OK;
}

/* live: NULL: against what is popular. */
static enum err measure_people(struct judging *j, const struct snapshot *live, struct fail *why)
{
    j->sides[0].popular = live == NULL;
    enum err rc = make_side(j, &j->sides[0], live != NULL ? live : j->task->fresh, why);
    if (rc == ERR_OK)
        rc = make_side(j, &j->sides[1], j->task->fresh, why);
    if (rc == ERR_OK)
        j->scratch = malloc((parallel_threads() * j->stride + 1) * sizeof *j->scratch);
    if (rc == ERR_OK && j->scratch == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory for comparing snapshots");
    if (rc == ERR_OK)
        parallel_for(j->n, measure_both, j);
    return rc;
}

/* ---- deciding ---- */

static enum err compare(const struct judging *j, struct champion_verdict *out, struct fail *why)
{
    const double *live = j->sides[0].ndcg, *fresh = j->sides[1].ndcg;
    size_t visitors = 0; /* come first */
    while (visitors < j->n && j->people[visitors].kind == PANEL_VISITORS)
        visitors++;
    enum err rc = paired_compare(live, fresh, j->n, &out->ndcg[CHAMPION_ALL], why);
    if (rc == ERR_OK)
        rc = paired_compare(live, fresh, visitors, &out->ndcg[CHAMPION_VISITORS], why);
    if (rc == ERR_OK)
        rc = paired_compare(live + visitors, fresh + visitors, j->n - visitors, &out->ndcg[CHAMPION_RATINGS],
                            why);
    return rc;
}

static void decide(const struct champion_task *task, struct champion_verdict *out)
{
    out->by = out->ndcg[CHAMPION_VISITORS].n >= CHAMPION_ENOUGH ? CHAMPION_VISITORS : CHAMPION_ALL;
    const struct paired *p = &out->ndcg[out->by];
    bool worse = p->high<-task->margin, better = p->low> task->margin;
    out->decision = worse ? CHAMPION_WORSE : better ? CHAMPION_BETTER : CHAMPION_SAME;
    snprintf(
        out->reason, sizeof out->reason,
        "%s: NDCG@10 of %zu %s is %.4f with the live snapshot and %.4f with the new one, a difference of "
        "%+.4f (99%% interval %+.4f to %+.4f)",
        worse    ? "worse"
        : better ? "better"
                 : "no change beyond chance",
        p->n, out->by == CHAMPION_VISITORS ? "visitors" : "people", p->before, p->after, p->difference,
        p->low, p->high);
}

static void free_judging(struct judging *j)
{
    for (size_t i = 0; i < j->n; i++)
        free(j->people[i].films);
    free(j->people);
    free(j->scratch);
    for (size_t i = 0; i < 2; i++)
        free(j->sides[i].ndcg);
    *j = (struct judging){.task = j->task};
}

/* The live one cannot be compared: is the new one at least better than no model? */
static enum err judge_alone(struct judging *j, const struct dataset *d, const struct panel *panel,
                            const struct panel_rule *rule, struct champion_verdict *out, struct fail *why)
{
    struct paired p = {0};
    enum err rc = read_people(j, d, panel, rule, why);
    if (rc != ERR_OK || j->n < CHAMPION_LEAST)
        return rc;
    rc = measure_people(j, NULL, why);
    if (rc == ERR_OK)
        rc = paired_compare(j->sides[0].ndcg, j->sides[1].ndcg, j->n, &p, why);
    if (rc == ERR_OK && p.high < -j->task->margin) {
        out->decision = CHAMPION_WORSE;
        out->by = CHAMPION_ALL;
        snprintf(out->reason, sizeof out->reason, SAYING_BELOW_POPULAR, p.n, p.before, p.after, p.difference,
                 p.low, p.high);
    }
    return rc;
}

static enum err judge_both(struct judging *j, const struct dataset *d, const struct panel *panel,
                           const struct panel_rule *rule, struct champion_verdict *out, struct fail *why)
{
    enum err rc = read_people(j, d, panel, rule, why);
    if (rc == ERR_OK && j->n < CHAMPION_LEAST)
        snprintf(out->reason, sizeof out->reason, SAYING_FEW_HELD, j->n, CHAMPION_LEAST);
    if (rc != ERR_OK || j->n < CHAMPION_LEAST)
        return rc;
    rc = measure_people(j, j->task->live, why);
    if (rc == ERR_OK)
        rc = compare(j, out, why);
    if (rc == ERR_OK)
        decide(j->task, out);
    return rc;
}

/* The people whom the new one may be judged by: those whom its models say they have not learnt from, or, where they do not say, everybody
 * held out. Whoever has learnt from them can only look better for it, which is enough to refuse. */
static bool judges_of_new(const struct judging *j, const struct panel *panel, struct panel_rule *rule)
{
    const struct panel_rule everybody = {.below = {UINT32_MAX, UINT32_MAX}};
    struct panel_rule said = everybody;
    memcpy(said.key, panel->rule.key, sizeof said.key);
    *rule = said;
    if (!narrow(&said, j->task->fresh))
        return false;
    *rule = said;
    return true;
}

static enum err judge(struct judging *j, const struct dataset *d, const struct panel *panel,
                      struct champion_verdict *out, struct fail *why)
{
    struct panel_rule alone, both;
    memcpy(out->held, d->hash, sizeof out->held);
    enum err rc = ERR_OK;
    bool said = judges_of_new(j, panel, &alone);
    both = alone;
    if (!narrow(&both, j->task->live))
        snprintf(out->reason, sizeof out->reason, SAYING_LIVE_SEEN);
    else
        rc = judge_both(j, d, panel, &both, out, why);
    if (rc == ERR_OK && out->decision == CHAMPION_UNKNOWN) {
        free_judging(j);
        rc = judge_alone(j, d, panel, &alone, out, why);
    }
    if (said || out->decision == CHAMPION_WORSE)
        return rc;
    *out = (struct champion_verdict){0};
    memcpy(out->held, d->hash, sizeof out->held);
    snprintf(out->reason, sizeof out->reason, SAYING_NEW_UNSAID);
    return rc;
}

enum err champion_judge(const struct champion_task *task, struct champion_verdict *out, struct fail *why)
{
    struct judging j = {.task = task};
    struct dataset d = {0};
    struct panel panel;
    struct fail own = {0};
    *out = (struct champion_verdict){0};
    enum err rc = panel_open(&panel, task->key, false, &own);
    if (rc == ERR_OK)
        rc = dataset_open(&d, task->dataset, &own);
    if (rc == ERR_NOMEM)
        return fail_set(why, rc, "%s", own.text);
    if (rc == ERR_NOT_FOUND)
        snprintf(out->reason, sizeof out->reason, SAYING_NOBODY_HELD);
    else if (rc != ERR_OK)
        snprintf(out->reason, sizeof out->reason, "%.390s", own.text);
    else
        rc = judge(&j, &d, &panel, out, why);
    dataset_close(&d);
    explicit_bzero(&panel, sizeof panel);
    free_judging(&j);
    return rc == ERR_NOMEM ? rc : ERR_OK;
}
