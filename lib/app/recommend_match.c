/* What a visitor and a character are to each other: the scores of films, and the match. */
#include <math.h>
#include <string.h>

#include "app/recommend_private.h"
#include "domain/tone.h"

_Static_assert(RECOMMEND_FILM + RECOMMEND_ENNEAGRAM + RECOMMEND_CERTAINTY + RECOMMEND_FAME == 100,
               "a match is 100 percent at most");

static const struct recommend_weights WEIGHTS = {RECOMMEND_FILM / 100.0f, RECOMMEND_ENNEAGRAM / 100.0f,
                                                 RECOMMEND_CERTAINTY / 100.0f, RECOMMEND_FAME / 100.0f};
static const float NEAR_STEP = RECOMMEND_NEAR_STEP / 100.0f, STRANGE = RECOMMEND_STRANGE / 100.0f,
                   WITHOUT_FILMS = 0.5f;
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

/* What the chosen films are, to tell what is strange beside them. */
struct taste {
    bool tones[TONE_COUNT];
    uint64_t *genres; /* [n] of those whose genres are known */
    size_t n;
};

/* Dark or bright where nothing chosen is. */
static bool is_strange_tone(const struct taste *t, enum tone tone)
{
    return tone != TONE_NEITHER && !t->tones[tone];
}

/* Shares no genre with most of what is chosen. */
static bool is_strange_kind(const struct taste *t, uint64_t genres)
{
    size_t alike = 0;
    for (size_t i = 0; i < t->n && 2 * alike < t->n; i++)
        alike += (genres & t->genres[i]) != 0;
    return genres != 0 && 2 * alike < t->n;
}

static enum err find_strange(struct recommend_work *w)
{
    const struct snapshot *s = w->s;
    struct taste t = {.genres = arena_array(w->arena, w->q->n_movies + 1, sizeof *t.genres)};
    if (t.genres == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < w->q->n_movies; i++) {
        t.tones[s->tones[w->chosen[i]]] = true;
        if (s->genres[w->chosen[i]] != 0)
            t.genres[t.n++] = s->genres[w->chosen[i]];
    }
    for (size_t j = 0; j < s->n_movies; j++)
        w->strange[j] =
            !w->is_out[j] && (is_strange_tone(&t, s->tones[j]) || is_strange_kind(&t, s->genres[j]));
    return ERR_OK;
}

static size_t bin_of(float x)
{
    return x >= 1 ? RANK_BINS - 1 : (size_t)(x * RANK_BINS);
}

/* Of numbers per bin, each in the place behind its bin's: how many stand below each. */
static void add_up(uint32_t below[RANK_BINS + 1])
{
    for (size_t b = 1; b <= RANK_BINS; b++)
        below[b] += below[b - 1];
}

/* Share of those counted, of whom x is one, that are less than x; within a bin as if they were spread evenly. */
static float share_below(const uint32_t below[RANK_BINS + 1], float x)
{
    size_t b = bin_of(x);
    float within = x * RANK_BINS - (float)b;
    return ((float)below[b] + within * (float)(below[b + 1] - below[b])) / (float)below[RANK_BINS];
}

static float most_of(const struct recommend_work *w)
{
    float most = 0;
    for (size_t j = 0; j < w->s->n_movies; j++)
        if (!w->is_out[j] && w->affinity[j] > most)
            most = w->affinity[j];
    return most;
}

/* Scores to affinities 0…1: by rank, for how scores are spread is another thing with each rule that joins the models. */
static void scale_films(struct recommend_work *w)
{
    uint32_t below[RANK_BINS + 1] = {0};
    float most = most_of(w);
    for (size_t j = 0; j < w->s->n_movies; j++) {
        float x = most > 0 && !w->is_out[j] ? w->affinity[j] / most : 0;
        w->affinity[j] = x > 0 ? x : 0;
        if (!w->is_out[j])
            below[x > 0 ? bin_of(x) + 1 : 0]++;
    }
    add_up(below);
    for (size_t j = 0; j < w->s->n_movies; j++) {
        float share = w->affinity[j] > 0 ? share_below(below, w->affinity[j]) : 0;
        w->affinity[j] = share * share * share * share;
    }
}

float recommend_sum(const struct recommend_weights *w, const struct recommend_match *m, float person)
{
    float others = w->film * m->film + w->certainty * m->certainty + w->fame * m->fame;
    if (!isnan(person))
        return others + w->person * person;
    float rest = w->film + w->certainty + w->fame;
    return (rest + w->person) * (rest > 0 ? others / rest : 1);
}

uint8_t recommend_percent(float share)
{
    return (uint8_t)lrintf(100 * share);
}

float recommend_fame(const struct snapshot *s, const struct snapshot_character *c)
{
    float most = s->characters[s->ranking[s->rank_start[c->mbti]]].popularity;
    return most > 0 ? c->popularity / most : 0;
}

static int letters(const struct recommend_work *w, const struct snapshot_character *c, bool *completes)
{
    int own = mbti_distance(c->mbti, w->q->mbti),
        partner = mbti_distance(c->mbti, w->s->partners[w->q->mbti]);
    *completes = partner < own;
    return partner < own ? partner : own;
}

/* All but where it stands among others. */
static struct recommend_match parts_of(const struct recommend_work *w, uint32_t character, int *away)
{
    const struct snapshot *s = w->s;
    const struct snapshot_character *c = &s->characters[character];
    struct recommend_match r = {.film = w->affinity[c->movie],
                                .enneagram = snapshot_similarity(s, w->q->enneagram, c->enneagram),
                                .grade = s->grades[w->q->mbti * MBTI_COUNT + c->mbti],
                                .certainty = c->certainty,
                                .fame = recommend_fame(s, c),
                                .strange = w->strange[c->movie]};
    *away = letters(w, c, &r.completes);
    r.type = *away > 0 ? MATCH_NEAR : r.completes ? MATCH_COMPATIBLE : MATCH_SAME;
    r.parts = recommend_sum(&w->weights, &r, r.completes ? r.grade : r.enneagram);
    r.kept = (1 - NEAR_STEP * (float)*away) * (r.strange ? STRANGE : 1);
    return r;
}

static void count_in(struct recommend_rank *r, float x)
{
    size_t b = bin_of(x);
    bool first = r->below[b + 1]++ == 0;
    r->least[b] = first || x < r->least[b] ? x : r->least[b];
    r->most[b] = first || x > r->most[b] ? x : r->most[b];
}

/* Share of those counted that have less than x, and of half of those that are its equals: the mean rank, which is fair where weights or a table make
 * many equal. Within a bin as if they were spread evenly between its least and its most. Nobody to compare with: a half. */
static float share_ranked(const struct recommend_rank *r, float x)
{
    size_t b = bin_of(x);
    float below = (float)r->below[b], here = (float)r->below[b + 1] - below, all = (float)r->below[RANK_BINS],
          range = r->most[b] - r->least[b];
    if (all == 0)
        return 0.5f;
    if (here == 0)
        return below / all;
    float within = range > 0 ? fminf(fmaxf((x - r->least[b]) / range, 0), 1) : 0.5f;
    return (below + 0.5f + within * (here - 1)) / all;
}

/* Where everybody stands, once for all that is asked of this visitor. */
static enum err rank_all(struct recommend_work *w)
{
    w->ranks = arena_alloc(w->arena, sizeof *w->ranks);
    if (w->ranks == NULL)
        return ERR_NOMEM;
    memset(w->ranks, 0, sizeof *w->ranks);
    for (uint32_t c = 0; c < w->s->n_characters; c++) {
        int away;
        struct recommend_match m = parts_of(w, c, &away);
        if (!w->is_out[w->s->characters[c].movie])
            count_in(&w->ranks->of[m.completes][away], m.parts);
    }
    for (size_t k = 0; k < 2; k++)
        for (size_t l = 0; l < RANK_LETTERS; l++)
            add_up(w->ranks->of[k][l].below);
    return ERR_OK;
}

struct recommend_match recommend_match_of(const struct recommend_work *w, uint32_t character)
{
    int away;
    struct recommend_match r = parts_of(w, character, &away);
    r.above = share_ranked(&w->ranks->of[r.completes][away], r.parts);
    r.m = (double)(r.kept * r.above);
    r.percent = (int)lround(100 * r.m);
    return r;
}

float recommend_rank(const struct recommend_work *w, uint32_t character)
{
    const struct recommend_taste *t = w->q->taste;
    struct recommend_match r = recommend_match_of(w, character);
    if (t == NULL)
        return (float)r.m;
    const struct recommend_weights own = {t->film, t->person, 0, t->popularity};
    r.fame = w->s->characters[character].popularity;
    float sum = recommend_sum(&own, &r, r.completes ? r.grade : r.enneagram);
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
        w->weights = (struct recommend_weights){v->film / 100, v->enneagram / 100, v->certainty / 100, 0};
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
        w->otherwise.parts[p].weight_long = 0; /* a variant has one set of weights */
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
        .strange = arena_array(a, s->n_movies, sizeof *w->strange),
        .is_left = arena_array(a, s->n_characters + 1, sizeof *w->is_left),
        .per_film = arena_array(a, s->n_movies, sizeof *w->per_film),
    };
    return w->chosen && w->affinity && w->is_out && w->strange && w->is_left && w->per_film ? ERR_OK
                                                                                            : ERR_NOMEM;
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
    rc = find_strange(w);
    if (rc == ERR_OK)
        rc = rank_all(w);
    if (rc != ERR_OK)
        return fail_set(why, rc, "out of memory");
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
    if (rc == ERR_OK && rank_all(w) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory");
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
