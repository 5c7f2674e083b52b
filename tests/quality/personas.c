/* Would a visitor believe their list? Drives the ranking of the site over a snapshot, for written personas (tests/quality/personas.csv) of each of
 * the 16 types.
 *
 *     build/tests/quality/personas SNAPSHOT personas.csv CATALOG [--lists]
 *
 * Prints one figure a line, all of the first ten places of the list "like you":
 *   overlap        characters that two personas of one type have in common, mean over types and pairs, 0…1
 *   top            share from films in the top tenth of the film score, of films with characters, chosen ones left out
 *   near, far      share from films of the persona's kind, and from films that would be absurd; also of each persona (near.NAME)
 *   dark           share of films of a dark tone (domain/tone.h) for those who chose nothing of them, and of
 *   that where the match is 90 % or more: dark.sure
 *   first          share of the first character that is first most often, over 40 drawn sets of four films and all types; firsts: how many are
 *   popularity     mean popularity of the first character among all of the catalog, as a share of characters that are less popular
 *   percent.low…   the match in percent of the last of the ten, and of the middle of all characters of the catalog */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/recommend.h"
#include "base/csv.h"
#include "base/rng.h"
#include "domain/tone.h"

enum { PERSONAS = 10, FILMS = 8, TEN = 10, SETS = 40, SET = 4 };

struct persona {
    char name[32], near[128], far[128];
    int32_t films[FILMS];
    size_t n;
    bool bright;
};

struct sums {
    double top, near, far, dark, sure, bright, ten, least, middle, popularity;
};

static void must(enum err rc, const struct fail *why)
{
    if (rc == ERR_OK)
        return;
    fprintf(stderr, "personas: %s\n", why->text);
    exit(70);
}

static size_t read_personas(const char *path, const char *catalog, struct persona out[PERSONAS])
{
    struct csv *csv;
    struct csv_row row;
    struct fail why = {0};
    size_t n = 0;
    must(csv_open(&csv, path, &why), &why);
    while (n < PERSONAS && csv_next(csv, &row)) {
        if (strcmp(row.fields[0].text, catalog) != 0)
            continue;
        struct persona *p = &out[n++];
        *p = (struct persona){.bright = row.fields[5].text[0] == '1'};
        snprintf(p->name, sizeof p->name, "%s", row.fields[1].text);
        for (char *at = p->name; *at != '\0'; at++)
            if (*at == ' ')
                *at = '_';
        snprintf(p->near, sizeof p->near, "%s", row.fields[3].text);
        snprintf(p->far, sizeof p->far, "%s", row.fields[4].text);
        for (const char *at = row.fields[2].text; *at != '\0' && p->n < FILMS; at += *at == '|') {
            char *end;
            p->films[p->n++] = (int32_t)strtol(at, &end, 10);
            at = end;
        }
    }
    must(csv_end(csv, &why), &why);
    csv_close(csv);
    return n;
}

static bool has_word(const char *all, const char *word, size_t n)
{
    for (size_t len; *all != '\0'; all += len + (all[len] == '|')) {
        len = strcspn(all, "|");
        if (len == n && memcmp(all, word, n) == 0)
            return true;
    }
    return false;
}

/* "Horror|KR+Crime": one of these kinds, of which each word is a genre of the film or its country. */
static bool is_kind(const struct snapshot *s, uint32_t movie, const char *kinds)
{
    const char *genres = snapshot_text(s, s->movies[movie].genres),
               *country = snapshot_text(s, s->movies[movie].country);
    for (const char *at = kinds; *at != '\0'; at += *at == '|') {
        bool all = true;
        for (; *at != '\0' && *at != '|'; at += *at == '+') {
            size_t n = strcspn(at, "+|");
            all = all && (has_word(genres, at, n) || (strlen(country) == n && memcmp(country, at, n) == 0));
            at += n;
        }
        if (all)
            return true;
    }
    return false;
}

static int descending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x < y) - (x > y);
}

/* The least affinity of the top tenth of the films. */
static float top_tenth(const struct snapshot *s, const struct recommend_request *q, struct arena *a)
{
    const struct recommend_work *visitor;
    struct fail why = {0};
    float *f = calloc(s->n_movies, sizeof *f);
    size_t n = 0;
    must(f != NULL ? recommend_visitor(s, q, a, &visitor, &why) : ERR_NOMEM, &why);
    for (uint32_t j = 0; j < s->n_movies; j++) {
        bool chosen = false;
        for (size_t i = 0; i < q->n_movies; i++)
            chosen |= q->movies[i] == s->movies[j].id;
        if (!chosen && s->movies[j].cast_count > 0)
            f[n++] = recommend_match_of(visitor, s->cast[s->movies[j].cast_start]).film;
    }
    qsort(f, n, sizeof *f, descending);
    float least = f[n / 10];
    free(f);
    return least;
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static double middle_percent(const struct snapshot *s, const struct recommend_request *q, struct arena *a)
{
    const struct recommend_work *visitor;
    struct fail why = {0};
    int *all = calloc(s->n_characters + 1, sizeof *all);
    must(all != NULL ? recommend_visitor(s, q, a, &visitor, &why) : ERR_NOMEM, &why);
    for (uint32_t c = 0; c < s->n_characters; c++)
        all[c] = recommend_match_of(visitor, c).percent;
    qsort(all, s->n_characters, sizeof *all, by_number);
    int middle = all[s->n_characters / 2];
    free(all);
    return middle;
}

static double less_popular(const struct snapshot *s, uint32_t character)
{
    size_t n = 0;
    for (size_t c = 0; c < s->n_characters; c++)
        n += s->characters[c].popularity < s->characters[character].popularity;
    return (double)n / (double)s->n_characters;
}

static void say(const struct snapshot *s, const struct recommend_item *it)
{
    const struct snapshot_character *c = &s->characters[it->character];
    printf("    %3d%% f %.2f e %.2f c %.2f p %.2f  %s: %s (%d) %s\n", it->match.percent,
           (double)it->match.film, (double)it->match.enneagram, (double)it->match.certainty,
           (double)c->popularity, snapshot_text(s, c->name_en),
           snapshot_text(s, s->movies[c->movie].title_en), s->movies[c->movie].year,
           snapshot_text(s, s->movies[c->movie].genres));
}

/* The first ten of one persona and type; their characters go into ten[]. */
static void measure(const struct snapshot *s, const struct persona *p, uint8_t mbti, bool lists,
                    uint32_t ten[TEN], struct sums *sum)
{
    struct arena a = {0};
    struct fail why = {0};
    struct recommend_request q = {.mbti = mbti,
                                  .enneagram = (uint8_t)(mbti * 5 % ENNEAGRAM_COUNT),
                                  .movies = p->films,
                                  .n_movies = p->n,
                                  .limit = RECOMMEND_DEFAULT};
    struct recommend_result r;
    must(recommend_run(s, &q, &a, &r, &why), &why);
    float least = top_tenth(s, &q, &a);
    if (lists)
        printf("  %s %s %s\n", p->name, mbti_name(mbti), enneagram_name(q.enneagram));
    for (size_t i = 0; i < TEN; i++) {
        const struct recommend_item *it = &r.same.items[i];
        uint32_t movie = s->characters[it->character].movie;
        bool dark = s->tones[movie] == TONE_DARK;
        ten[i] = it->character;
        sum->ten++;
        sum->top += it->match.film >= least;
        sum->near += is_kind(s, movie, p->near);
        sum->far += is_kind(s, movie, p->far);
        sum->bright += p->bright;
        sum->dark += p->bright && dark;
        sum->sure += p->bright && dark && it->match.percent >= 90;
        if (lists)
            say(s, it);
    }
    sum->least += r.same.items[TEN - 1].match.percent;
    sum->middle += middle_percent(s, &q, &a);
    sum->popularity += less_popular(s, r.same.items[0].character);
    arena_free(&a);
}

static double common(const uint32_t a[TEN], const uint32_t b[TEN])
{
    double n = 0;
    for (size_t i = 0; i < TEN; i++)
        for (size_t k = 0; k < TEN; k++)
            n += a[i] == b[k];
    return n / TEN;
}

static void draw_set(const struct snapshot *s, struct rng *r, int32_t films[SET])
{
    for (size_t i = 0; i < SET; i++) {
        bool twice = true;
        while (twice) {
            films[i] = s->movies[rng_below(r, s->n_movies)].id;
            twice = false;
            for (size_t k = 0; k < i; k++)
                twice |= films[k] == films[i];
        }
    }
}

/* Over drawn films: how often the most frequent first character is first, and how many there are; means of the types. */
static void measure_firsts(const struct snapshot *s)
{
    double most_often = 0, different = 0;
    for (uint8_t t = 0; t < MBTI_COUNT; t++) {
        struct rng r;
        uint32_t first[SETS];
        rng_seed(&r, 40);
        for (size_t k = 0; k < SETS; k++) {
            int32_t films[SET];
            struct arena a = {0};
            struct fail why = {0};
            struct recommend_result out;
            draw_set(s, &r, films);
            const struct recommend_request q = {.mbti = t,
                                                .enneagram = (uint8_t)(t * 5 % ENNEAGRAM_COUNT),
                                                .movies = films,
                                                .n_movies = SET,
                                                .limit = 1};
            must(recommend_run(s, &q, &a, &out, &why), &why);
            first[k] = out.same.items[0].character;
            arena_free(&a);
        }
        double most = 0;
        for (size_t k = 0; k < SETS; k++) {
            double n = 0;
            bool seen = false;
            for (size_t i = 0; i < SETS; i++) {
                n += first[i] == first[k];
                seen |= i < k && first[i] == first[k];
            }
            most = fmax(most, n);
            different += !seen;
        }
        most_often += most / SETS;
    }
    printf("first %.3f\nfirsts %.1f\n", most_often / MBTI_COUNT, different / MBTI_COUNT);
}

int main(int argc, char **argv)
{
    static struct persona personas[PERSONAS];
    static uint32_t ten[MBTI_COUNT][PERSONAS][TEN];
    struct snapshot s;
    struct fail why = {0};
    if (argc < 4) {
        fprintf(stderr, "usage: personas SNAPSHOT personas.csv CATALOG [--lists]\n");
        return 64;
    }
    must(snapshot_open(&s, argv[1], &why), &why);
    size_t n = read_personas(argv[2], argv[3], personas);
    struct sums all = {0};
    for (size_t p = 0; p < n; p++) {
        struct sums one = {0};
        for (uint8_t t = 0; t < MBTI_COUNT; t++)
            measure(&s, &personas[p], t, argc > 4, ten[t][p], &one);
        printf("near.%s %.3f\nfar.%s %.3f\n", personas[p].name, one.near / one.ten, personas[p].name,
               one.far / one.ten);
        const double *from = (const double *)&one;
        double *to = (double *)&all;
        for (size_t i = 0; i < sizeof one / sizeof *from; i++)
            to[i] += from[i];
    }
    double overlap = 0, pairs = 0;
    for (uint8_t t = 0; t < MBTI_COUNT; t++)
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < i; k++, pairs++)
                overlap += common(ten[t][i], ten[t][k]);
    double visitors = all.ten / TEN;
    printf("overlap %.3f\ntop %.3f\nnear %.3f\nfar %.3f\ndark %.3f\ndark.sure %.3f\n", overlap / pairs,
           all.top / all.ten, all.near / all.ten, all.far / all.ten, all.dark / all.bright,
           all.sure / all.bright);
    printf("percent.tenth %.1f\npercent.middle %.1f\npopularity %.3f\n", all.least / visitors,
           all.middle / visitors, all.popularity / visitors);
    measure_firsts(&s);
    snapshot_close(&s);
    return 0;
}
