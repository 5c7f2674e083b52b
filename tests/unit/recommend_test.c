#include "app/recommend.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "domain/tone.h"
#include "tests/check.h"
#include "tests/fixture/affinity.h"
#include "tests/fixture/small_snapshot.h"

static struct small_snapshot file;
static struct snapshot snap;

static struct recommend_request random_request(struct rng *r, int32_t movies[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool twice;
        do {
            movies[i] = snap.movies[rng_below(r, snap.n_movies)].id;
            twice = false;
            for (size_t k = 0; k < i; k++)
                twice |= movies[k] == movies[i];
        } while (twice);
    }
    return (struct recommend_request){.mbti = (uint8_t)rng_below(r, 16),
                                      .enneagram = (uint8_t)rng_below(r, 18),
                                      .movies = movies,
                                      .n_movies = n,
                                      .limit = 20};
}

static bool left(const int32_t *ids, size_t n, int32_t id)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static bool chosen(const struct recommend_request *q, size_t movie)
{
    for (size_t i = 0; i < q->n_movies; i++)
        if (q->movies[i] == snap.movies[movie].id)
            return true;
    return false;
}

/* Chosen, or known to the visitor. */
static bool out_of_lists(const struct recommend_request *q, size_t movie)
{
    return chosen(q, movie) || left(q->left_out.movies, q->left_out.n_movies, snap.movies[movie].id);
}

/* The formula of recommend.h from the score on; the score itself has its twin in fusion_test.c. */
static float *film_scores(const struct recommend_request *q)
{
    const struct fusion *f = &snap.fusion;
    int32_t films[16];
    float *scores = calloc(f->n_films + f->n_parts * f->n_films + fusion_scratch(f), sizeof *scores);
    for (size_t i = 0; i < q->n_movies; i++)
        films[i] = (int32_t)snapshot_movie_index(&snap, q->movies[i]);
    float *features = scores + f->n_films;
    fusion_score(f, &(struct scorer_person){SCORER_NOBODY, films, q->n_movies}, features, scores,
                 features + f->n_parts * f->n_films);
    return scores;
}

/* What the definition says of one character. */
struct naive {
    double f, g;
    int distance; /* to the nearer type */
    bool completes, out;
};

static double naive_fame(const struct snapshot_character *c)
{
    double most = 0;
    for (size_t i = 0; i < snap.n_characters; i++)
        if (snap.characters[i].mbti == c->mbti)
            most = fmax(most, (double)snap.characters[i].popularity);
    return most > 0 ? (double)c->popularity / most : 0;
}

static struct naive *naive_all(const struct recommend_request *q, const float *scores)
{
    struct naive *all = calloc(snap.n_characters, sizeof *all);
    double *f = calloc(snap.n_movies, sizeof *f);
    bool *out = calloc(snap.n_movies, sizeof *out);
    for (size_t j = 0; j < snap.n_movies; j++)
        out[j] = chosen(q, j);
    affinity_naive(scores, out, snap.n_movies, f);
    free(out);
    for (size_t i = 0; i < snap.n_characters; i++) {
        const struct snapshot_character *c = &snap.characters[i];
        int own = mbti_distance(c->mbti, q->mbti), partner = mbti_distance(c->mbti, snap.partners[q->mbti]);
        bool skipped = q->enneagram == ENNEAGRAM_NONE && partner >= own;
        double e = skipped         ? 0
                   : partner < own ? (double)snap.grades[q->mbti * 16 + c->mbti]
                                   : (double)snap.similarity[q->enneagram * 18 + c->enneagram];
        all[i] = (struct naive){.f = f[c->movie],
                                .distance = partner < own ? partner : own,
                                .completes = partner < own,
                                .out = chosen(q, c->movie)};
        double sum = RECOMMEND_FILM * all[i].f + RECOMMEND_ENNEAGRAM * e +
                     RECOMMEND_CERTAINTY * (double)c->certainty + RECOMMEND_FAME * naive_fame(c);
        all[i].g = sum / (skipped ? 100 - RECOMMEND_ENNEAGRAM : 100);
    }
    free(f);
    return all;
}

static const char *genres_of(size_t movie)
{
    return snapshot_text(&snap, snap.movies[movie].genres);
}

static bool naive_shares(const char *a, const char *b)
{
    char one[32], whole[256];
    snprintf(whole, sizeof whole, "|%s|", b);
    for (size_t n; *a != '\0'; a += n + (a[n] == '|')) {
        n = strcspn(a, "|");
        snprintf(one, sizeof one, "|%.*s|", (int)n, a);
        if (strstr(whole, one) != NULL)
            return true;
    }
    return false;
}

/* Of a tone that no chosen film has, or of another kind than most of them. */
static bool naive_strange(const struct recommend_request *q, size_t movie)
{
    enum tone tone = tone_of(genres_of(movie));
    size_t tones[TONE_COUNT] = {0}, known = 0, alike = 0;
    for (size_t j = 0; j < snap.n_movies; j++)
        if (chosen(q, j)) {
            tones[tone_of(genres_of(j))]++;
            known += *genres_of(j) != '\0';
            alike += naive_shares(genres_of(movie), genres_of(j));
        }
    bool kind = *genres_of(movie) != '\0' && (double)alike < (double)known / 2;
    return !chosen(q, movie) && (kind || (tone != TONE_NEITHER && tones[tone] == 0));
}

/* The share of those as near that have less; how many stand within a step of it is what it may be wrong by. */
static double naive_share(const struct naive *all, const struct naive *one, double *wrong)
{
    double less = 0, n = 0, near = 0;
    for (size_t i = 0; i < snap.n_characters; i++) {
        if (all[i].out || all[i].completes != one->completes || all[i].distance != one->distance)
            continue;
        n++;
        less += all[i].g < one->g;
        near += fabs(all[i].g - one->g) < 1.01 / 1024;
    }
    *wrong = near / n;
    return less / n;
}

static void check_item(const struct recommend_request *q, const struct naive *all,
                       const struct recommend_item *it, uint8_t wanted)
{
    const struct snapshot_character *c = &snap.characters[it->character];
    const struct naive *one = &all[it->character];
    CHECK(!out_of_lists(q, c->movie) && !left(q->left_out.characters, q->left_out.n_characters, c->id));
    int distance = mbti_distance(c->mbti, wanted), own = mbti_distance(c->mbti, q->mbti);
    int partner = mbti_distance(c->mbti, snap.partners[q->mbti]);
    CHECK(distance <= own && distance <= partner); /* of two lists in the nearer one's */
    CHECK(it->match.completes == (partner < own));
    CHECK(isnan(it->match.enneagram) == (q->enneagram == ENNEAGRAM_NONE));
    CHECK(it->match.strange == naive_strange(q, c->movie));
    double wrong, share = naive_share(all, one, &wrong);
    double t = (1 - 0.15 * distance) * (it->match.strange ? RECOMMEND_STRANGE / 100.0 : 1);
    CHECK_NEAR((double)it->match.film, one->f, 1e-5);
    CHECK_NEAR((double)it->match.parts, one->g, 1e-5);
    CHECK_NEAR((double)it->match.above, share, wrong + 1e-5);
    CHECK_NEAR(it->match.m, t * (double)it->match.above, 1e-5);
    CHECK_NEAR(it->match.percent, 100 * it->match.m, 0.51);
    CHECK((it->match.type == MATCH_NEAR) == (distance > 0));
    double sum = 0;
    for (size_t i = 0; i < it->n_because; i++) {
        const struct recommend_because *b = &it->because[i];
        sum += (double)b->share;
        CHECK(chosen(q, b->movie) && b->share > 0);
        CHECK(b->like == NULL || (i < RECOMMEND_TOLD && b->like->movie == b->movie));
        if (i > 0)
            CHECK(it->because[i - 1].share >= b->share);
    }
    CHECK(it->n_because > 0 ? fabs(sum - 1) < 1e-5 : it->match.film == 0);
}

static void check_list(const struct recommend_request *q, const struct recommend_list *l, uint8_t wanted)
{
    size_t available = 0, per_film[256] = {0};
    for (uint32_t i = snap.rank_start[wanted]; i < snap.rank_start[wanted + 1]; i++) {
        const struct snapshot_character *c = &snap.characters[snap.ranking[i]];
        available +=
            !out_of_lists(q, c->movie) && !left(q->left_out.characters, q->left_out.n_characters, c->id);
    }
    size_t exact = 0;
    float *scores = film_scores(q);
    struct naive *all = naive_all(q, scores);
    for (size_t i = 0; i < l->n; i++) {
        check_item(q, all, &l->items[i], wanted);
        exact += l->items[i].match.type != MATCH_NEAR;
        per_film[snap.characters[l->items[i].character].movie]++;
        for (size_t k = 0; k < i; k++)
            CHECK(l->items[k].character != l->items[i].character);
    }
    free(all);
    free(scores);
    CHECK_INT(exact, available < q->limit ? available : q->limit);
    CHECK_INT(l->n, q->limit); /* 150 films are enough to fill every list */
    if (available >= 4 * q->limit)
        for (size_t m = 0; m < snap.n_movies; m++)
            CHECK(per_film[m] <= 2);
}

static void lists_obey_their_definition(void)
{
    struct rng r;
    rng_seed(&r, 11);
    struct arena a = {0};
    for (int round = 0; round < 150; round++) {
        int32_t movies[10];
        struct recommend_request q = random_request(&r, movies, 3 + rng_below(&r, 8));
        struct recommend_result out;
        struct fail why = {0};
        int32_t unlike[6], seen[6]; /* some of no catalog */
        for (int i = 0; i < 6; i++) {
            seen[i] = i < 5 ? snap.movies[rng_below(&r, snap.n_movies)].id : 999999;
            unlike[i] = i < 5 ? snap.characters[rng_below(&r, snap.n_characters)].id : -1;
        }
        if (round % 3 == 0)
            q.enneagram = ENNEAGRAM_NONE;
        if (round % 2 == 0)
            q.left_out = (struct leave_out){unlike, 6, seen, 6};
        CHECK_MSG(recommend_run(&snap, &q, &a, &out, &why) == ERR_OK, "%s", why.text);
        CHECK_INT(out.partner, snap.partners[q.mbti]);
        check_list(&q, &out.same, q.mbti);
        check_list(&q, &out.compatible, out.partner);
        arena_reset(&a);
    }
    arena_free(&a);
}

/* Of all characters of the catalog the percentages reach from nothing to everything, whatever the scores look like. */
static void percentages_spread_over_their_range(void)
{
    int32_t movies[10];
    struct rng r;
    rng_seed(&r, 5);
    struct arena a = {0};
    for (int round = 0; round < 40; round++) {
        const struct recommend_work *visitor;
        struct recommend_request q = random_request(&r, movies, 3);
        size_t low = 0, high = 0, own = 0;
        CHECK(recommend_visitor(&snap, &q, &a, &visitor, NULL) == ERR_OK);
        for (uint32_t c = 0; c < snap.n_characters; c++) {
            const struct recommend_match m = recommend_match_of(visitor, c);
            CHECK(m.percent >= 0 && m.percent <= 100);
            if (m.type == MATCH_NEAR || chosen(&q, snap.characters[c].movie))
                continue;
            own++;
            low += m.above < 0.34f;
            high += m.above > 0.66f;
        }
        CHECK_MSG(low >= own / 5 && high >= own / 5, "%zu below a third, %zu above two, of %zu", low, high,
                  own);
        arena_reset(&a);
    }
    arena_free(&a);
}

static struct recommend_request wanted(uint8_t mbti, const int32_t movies[3])
{
    return (struct recommend_request){
        .mbti = mbti, .enneagram = 4, .movies = movies, .n_movies = 3, .limit = 20};
}

/* Nothing of the Enneagram is asked for, and nothing else weighs anything: the letters alone decide. */
static void without_any_weight_the_letters_decide(void)
{
    int32_t movies[] = {101, 102, 103};
    struct arena a = {0};
    struct recommend_result out;
    const struct variant_settings all = {.parts = VARIANT_MATCH, .enneagram = 100};
    const struct recommend_taste person = {.person = 1};
    struct recommend_request q = wanted(5, movies);
    q.enneagram = ENNEAGRAM_NONE;
    q.settings = &all;
    q.taste = &person;
    q.limit = RECOMMEND_MAX;
    CHECK(recommend_run(&snap, &q, &a, &out, NULL) == ERR_OK);
    for (size_t i = 0; i < out.same.n; i++) {
        const struct recommend_item *it = &out.same.items[i];
        double letters = 0.5 - 0.075 * mbti_distance(q.mbti, snap.characters[it->character].mbti);
        CHECK_NEAR(it->match.m, letters * (it->match.strange ? RECOMMEND_STRANGE / 100.0 : 1), 1e-6);
    }
    arena_free(&a);
}

/* Weights may leave a few values of points, each of many characters: who has the same stands in the middle of them, exactly. */
static void equals_share_the_middle_of_their_places(void)
{
    int32_t movies[] = {101, 102, 103};
    struct arena a = {0};
    struct recommend_result out;
    const struct variant_settings all = {.parts = VARIANT_MATCH, .enneagram = 100};
    struct recommend_request q = wanted(5, movies);
    q.settings = &all;
    q.limit = RECOMMEND_MAX;
    float *scores = film_scores(&q);
    struct naive *of = naive_all(&q, scores);
    CHECK(recommend_run(&snap, &q, &a, &out, NULL) == ERR_OK && out.same.n > 5);
    for (size_t k = 0; k < out.same.n; k++) {
        const struct naive *one = &of[out.same.items[k].character];
        double less = 0, equal = 0, n = 0;
        for (size_t i = 0; i < snap.n_characters; i++) {
            if (of[i].out || of[i].completes || of[i].distance != one->distance)
                continue;
            double e = (double)snap.similarity[4 * 18 + snap.characters[i].enneagram];
            double mine = (double)out.same.items[k].match.enneagram;
            n++;
            less += e < mine;
            equal += e == mine;
        }
        CHECK_NEAR((double)out.same.items[k].match.above, (less + equal / 2) / n, 1e-6);
    }
    free(of);
    free(scores);
    arena_free(&a);
}

static void the_best_film_of_the_right_type_comes_first(void)
{
    int32_t movies[] = {101, 102, 103};
    struct arena a = {0};
    for (uint8_t t = 0; t < 16; t++) {
        struct recommend_request q = {
            .mbti = t, .enneagram = 4, .movies = movies, .n_movies = 3, .limit = 20};
        struct recommend_result out;
        CHECK(recommend_run(&snap, &q, &a, &out, NULL) == ERR_OK);
        for (size_t i = 1; i < out.same.n; i++)
            if (out.same.items[i].match.type == out.same.items[i - 1].match.type)
                CHECK(out.same.items[i - 1].match.percent >= out.same.items[i].match.percent);
        arena_reset(&a);
    }
    arena_free(&a);
}

static void the_order_of_the_films_given_does_not_matter(void)
{
    int32_t one[] = {101, 120, 131}, two[] = {131, 101, 120};
    struct arena a = {0};
    struct recommend_result x, y;
    struct recommend_request q = wanted(7, one);
    CHECK(recommend_run(&snap, &q, &a, &x, NULL) == ERR_OK);
    q.movies = two;
    CHECK(recommend_run(&snap, &q, &a, &y, NULL) == ERR_OK);
    for (size_t i = 0; i < 20; i++)
        CHECK_INT(x.same.items[i].match.percent, y.same.items[i].match.percent);
    arena_free(&a);
}

static void wrong_requests_name_their_field(void)
{
    static const struct {
        uint8_t mbti, enneagram;
        int32_t movies[4];
        size_t n, limit;
        const char *field;
    } rows[] = {
        {16, 0, {101, 102, 103}, 3, 20, "mbti"},
        {0, 18, {101, 102, 103}, 3, 20, "enneagram"},
        {0, 0, {101, 102}, 2, 20, "movies"},
        {0, 0, {101, 102, 999}, 3, 20, "movies: there is no film 999"},
        {0, 0, {101, 102, 101}, 3, 20, "movies: names film 101 twice"},
        {0, 0, {101, 102, 103}, 101, 20, "movies"},
        {0, 0, {101, 102, 103}, 3, 0, "limit"},
        {0, 0, {101, 102, 103}, 3, 51, "limit"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct recommend_request q = {.mbti = rows[i].mbti,
                                      .enneagram = rows[i].enneagram,
                                      .movies = rows[i].movies,
                                      .n_movies = rows[i].n,
                                      .limit = rows[i].limit};
        struct recommend_result out;
        struct fail why = {0};
        CHECK(recommend_run(&snap, &q, &a, &out, &why) == ERR_INVALID);
        CHECK_MSG(strncmp(why.text, rows[i].field, strlen(rows[i].field)) == 0, "%s", why.text);
    }
    arena_free(&a);
}

/* What is told of a film that speaks for another stands in both rows of the catalog; and it is told where there is something. */
static void the_films_that_matter_say_what_they_share(void)
{
    int32_t movies[] = {101, 102, 103};
    struct arena a = {0};
    struct recommend_result out;
    struct recommend_request q = wanted(3, movies);
    size_t told = 0;
    CHECK(recommend_run(&snap, &q, &a, &out, NULL) == ERR_OK);
    for (size_t i = 0; i < out.same.n; i++) {
        const struct recommend_item *it = &out.same.items[i];
        const char *mine = snapshot_text(&snap, snap.movies[snap.characters[it->character].movie].genres);
        for (size_t k = 0; k < it->n_because && k < RECOMMEND_TOLD; k++) {
            const struct likeness *like = it->because[k].like;
            const char *others = snapshot_text(&snap, snap.movies[it->because[k].movie].genres);
            told += like != NULL;
            CHECK(like != NULL || strcmp(mine, others) != 0);
            for (size_t g = 0; like != NULL && g < like->n_genres; g++) {
                char genre[64];
                snprintf(genre, sizeof genre, "%.*s", (int)like->genres[g].n, like->genres[g].text);
                CHECK(strstr(mine, genre) != NULL && strstr(others, genre) != NULL);
            }
        }
    }
    CHECK(told > 0);
    arena_free(&a);
}

static void films_nobody_rated_are_reached_by_content(void)
{
    int32_t movies[] = {107, 114, 121}; /* every seventh has no interactions */
    struct arena a = {0};
    struct recommend_request q = wanted(3, movies);
    struct recommend_result out;
    CHECK(recommend_run(&snap, &q, &a, &out, NULL) == ERR_OK);
    CHECK_INT(out.same.n, 20);
    bool reasons = false;
    for (size_t i = 0; i < 20; i++)
        reasons |= out.same.items[i].n_because > 0;
    CHECK(reasons);
    arena_free(&a);
}

int main(void)
{
    small_snapshot_open(&file, 150, 9, &snap);
    RUN(lists_obey_their_definition);
    RUN(without_any_weight_the_letters_decide);
    RUN(equals_share_the_middle_of_their_places);
    RUN(percentages_spread_over_their_range);
    RUN(the_best_film_of_the_right_type_comes_first);
    RUN(the_order_of_the_films_given_does_not_matter);
    RUN(wrong_requests_name_their_field);
    RUN(the_films_that_matter_say_what_they_share);
    RUN(films_nobody_rated_are_reached_by_content);
    snapshot_close(&snap);
    small_snapshot_free(&file);
    return check_done();
}
