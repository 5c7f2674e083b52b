/* What a visitor and a character are to each other: the scores of films, and the match. */
#include <math.h>
#include <string.h>

#include "app/recommend_private.h"

_Static_assert(RECOMMEND_FILM + RECOMMEND_ENNEAGRAM + RECOMMEND_CERTAINTY == 100,
               "a match is 100 percent at most");

/* With Maximal Marginal Relevance a list is chosen from MMR_REACH times as many. */
enum { MOST_NEAR = 2, MMR_REACH = 4 };

static const struct recommend_weights WEIGHTS = {RECOMMEND_FILM / 100.0f, RECOMMEND_ENNEAGRAM / 100.0f,
                                                 RECOMMEND_CERTAINTY / 100.0f};
static const float NEAR_STEP = RECOMMEND_NEAR_STEP / 100.0f, WITHOUT_FILMS = 0.5f;
enum { FIRST_CAP = 2 };

static enum err check_request(const struct recommend_request *q, struct fail *why)
{
    if (q->mbti >= MBTI_COUNT)
        return fail_set(why, ERR_INVALID, "mbti: not one of the 16 types");
    if (q->enneagram >= ENNEAGRAM_COUNT && q->enneagram != ENNEAGRAM_NONE)
        return fail_set(why, ERR_INVALID, "enneagram: not one of the 18 types with a wing");
    if (q->limit < 1 || q->limit > RECOMMEND_MAX)
        return fail_set(why, ERR_INVALID, "limit: not from 1 to %d", RECOMMEND_MAX);
    return ERR_OK;
}

static enum err find_chosen(struct recommend_work *w, struct fail *why)
{
    struct fail inner = {0};
    enum err rc = recommend_choose(w->s, w->q->movies, w->q->n_movies, w->chosen, &inner);
    if (rc != ERR_OK)
        return fail_set(why, rc, "movies: %s", inner.text);
    for (size_t i = 0; i < w->q->n_movies; i++)
        w->is_out[w->chosen[i]] = true;
    return ERR_OK;
}

/* s(j) for every film. */
static enum err score_films(struct recommend_work *w)
{
    const struct fusion *f = w->fusion;
    float *scratch = arena_array(w->arena, fusion_scratch(f) + 1, sizeof *scratch);
    w->features = arena_array(w->arena, f->n_parts * f->n_films + 1, sizeof *w->features);
    w->share = arena_array(w->arena, w->q->n_movies, sizeof *w->share);
    if (scratch == NULL || w->features == NULL || w->share == NULL)
        return ERR_NOMEM;
    fusion_score(f, &(struct scorer_person){SCORER_NOBODY, w->chosen, w->q->n_movies}, w->features,
                 w->affinity, scratch);
    return ERR_OK;
}

/* Scores to affinities 0…1. The root spreads the long tail that scores have; it keeps their order. */
static void scale_films(struct recommend_work *w)
{
    float most = 0;
    for (size_t j = 0; j < w->s->n_movies; j++)
        if (!w->is_out[j] && w->affinity[j] > most)
            most = w->affinity[j];
    for (size_t j = 0; j < w->s->n_movies; j++) {
        float x = w->affinity[j];
        w->affinity[j] = most > 0 && x > 0 && !w->is_out[j] ? sqrtf(x / most) : 0;
    }
}

float recommend_sum(const struct recommend_weights *w, float film, float person, float certainty)
{
    if (!isnan(person))
        return w->film * film + w->person * person + w->certainty * certainty;
    float rest = w->film + w->certainty;
    return (rest + w->person) * (rest > 0 ? (w->film * film + w->certainty * certainty) / rest : 1);
}

struct recommend_match recommend_match_of(const struct recommend_work *w, uint32_t character)
{
    const struct snapshot *s = w->s;
    const struct snapshot_character *c = &s->characters[character];
    int own = mbti_distance(c->mbti, w->q->mbti), partner = mbti_distance(c->mbti, s->partners[w->q->mbti]);
    struct recommend_match r = {.type = own == 0       ? MATCH_SAME
                                        : partner == 0 ? MATCH_COMPATIBLE
                                                       : MATCH_NEAR,
                                .completes = partner < own,
                                .film = w->affinity[c->movie],
                                .enneagram = snapshot_similarity(s, w->q->enneagram, c->enneagram),
                                .grade = s->grades[w->q->mbti * MBTI_COUNT + c->mbti],
                                .certainty = c->certainty};
    r.kept = 1 - NEAR_STEP * (float)(partner < own ? partner : own);
    r.m = (double)(r.kept *
                   recommend_sum(&w->weights, r.film, r.completes ? r.grade : r.enneagram, r.certainty));
    r.percent = (int)lround(100 * r.m);
    return r;
}

float recommend_rank(const struct recommend_work *w, uint32_t character)
{
    const struct recommend_taste *t = w->q->taste;
    const struct recommend_match r = recommend_match_of(w, character);
    if (t == NULL)
        return (float)r.m;
    const struct recommend_weights own = {t->film, t->person, t->popularity};
    float sum = recommend_sum(&own, r.film, r.completes ? r.grade : r.enneagram,
                              w->s->characters[character].popularity);
    return r.kept * sum / (t->film + t->person + t->popularity);
}

static const struct variant_member *member_of(const struct variant_settings *v, const char *kind)
{
    for (uint32_t i = 0; i < v->n_members; i++)
        if (strcmp(v->members[i].kind, kind) == 0)
            return &v->members[i];
    return NULL;
}

bool recommend_can(const struct snapshot *s, const struct variant_settings *v)
{
    size_t found = 0;
    for (size_t p = 0; p < s->fusion.n_parts; p++)
        found += member_of(v, s->models[p].info->kind) != NULL;
    return (v->parts & VARIANT_RANKERS) == 0 || found == v->n_members;
}

/* What an experiment does otherwise. */
static void set_up(struct recommend_work *w)
{
    const struct variant_settings *v = w->q->settings;
    w->fusion = &w->s->fusion;
    w->weights = WEIGHTS;
    w->cap = FIRST_CAP;
    if (v == NULL)
        return;
    if (v->parts & VARIANT_MATCH)
        w->weights = (struct recommend_weights){v->film / 100, v->enneagram / 100, v->certainty / 100};
    if (v->parts & VARIANT_DIVERSITY) {
        w->cap = (uint8_t)v->film_cap;
        w->mmr = v->mmr;
    }
    if ((v->parts & VARIANT_RANKERS) == 0 || !recommend_can(w->s, v))
        return;
    w->otherwise = w->s->fusion;
    for (size_t p = 0; p < w->otherwise.n_parts; p++) {
        const struct variant_member *m = member_of(v, w->s->models[p].info->kind);
        w->otherwise.parts[p].weight = m != NULL ? m->weight : 0;
    }
    w->fusion = &w->otherwise;
}

static enum err make_room(struct recommend_work *w, const struct snapshot *s,
                          const struct recommend_request *q, struct arena *a)
{
    *w = (struct recommend_work){
        .s = s,
        .arena = a,
        .q = q,
        .chosen = arena_array(a, q->n_movies + 1, sizeof *w->chosen),
        .affinity = arena_array(a, s->n_movies, sizeof *w->affinity),
        .is_out = arena_array(a, s->n_movies, sizeof *w->is_out),
        .is_left = arena_array(a, s->n_characters + 1, sizeof *w->is_left),
        .per_film = arena_array(a, s->n_movies, sizeof *w->per_film),
    };
    return w->chosen && w->affinity && w->is_out && w->is_left && w->per_film ? ERR_OK : ERR_NOMEM;
}

/* What every start begins with. */
static enum err begin(struct recommend_work *w, const struct snapshot *s, const struct recommend_request *q,
                      struct arena *a, struct fail *why)
{
    enum err rc = check_request(q, why);
    if (rc != ERR_OK)
        return rc;
    rc = make_room(w, s, q, a);
    if (rc != ERR_OK)
        return fail_set(why, rc, "out of memory");
    set_up(w);
    return ERR_OK;
}

/* Scales before anything is left out: what a visitor has marked changes no number of what they have not. */
enum err recommend_start(struct recommend_work *w, const struct snapshot *s,
                         const struct recommend_request *q, struct arena *a, struct fail *why)
{
    enum err rc = begin(w, s, q, a, why);
    if (rc == ERR_OK)
        rc = find_chosen(w, why);
    if (rc != ERR_OK)
        return rc;
    rc = score_films(w);
    if (rc != ERR_OK)
        return fail_set(why, rc, "out of memory");
    scale_films(w);
    w->n_left_movies = leave_out_movies(&q->left_out, s, w->is_out);
    w->n_left_characters = leave_out_characters(&q->left_out, s, w->is_left);
    if (narrow_wants(&q->narrow))
        narrow_movies(&q->narrow, s, w->is_out);
    return ERR_OK;
}

static enum err start_without_films(struct recommend_work *w, const struct snapshot *s,
                                    const struct recommend_request *q, struct arena *a, struct fail *why)
{
    enum err rc = begin(w, s, q, a, why);
    for (size_t j = 0; rc == ERR_OK && j < s->n_movies; j++)
        w->affinity[j] = WITHOUT_FILMS;
    return rc;
}

enum err recommend_visitor(const struct snapshot *s, const struct recommend_request *q, struct arena *a,
                           const struct recommend_work **out, struct fail *why)
{
    struct recommend_work *w = arena_alloc(a, sizeof *w);
    if (w == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    *out = w;
    enum err rc = q->n_movies > 0 ? recommend_start(w, s, q, a, why) : start_without_films(w, s, q, a, why);
    /* The characters of a chosen film are of a film that is loved. */
    for (size_t i = 0; rc == ERR_OK && i < q->n_movies; i++)
        w->affinity[w->chosen[i]] = 1;
    return rc;
}
