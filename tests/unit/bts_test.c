/* The content model against a naive twin that compares all pairs, what it makes of films with little to
 * compare, and films held out. */
#include "bts/bts.h"

#include "base/rng.h"
#include "model/model_file.h"
#include "tests/check.h"
#include "tests/fixture/cosine.h"
#include "text/tfidf.h"
#include "train/cold.h"
#include "train/evaluate.h"

/* More than one block of rows, and no multiple of it. */
enum { FILMS = 301, D_EN = 7, D_KO = 5, KEPT = 20, TEXT = 400 };

/* Sums of some ten float products below 1, twice (BLAS and the twin add in another order). */
static const double tolerance = 2e-6;

struct many {
    struct bts_film films[FILMS];
    char texts[FILMS][5][TEXT];
    float en[FILMS * D_EN], ko[FILMS * D_KO];
    double w[FILMS][FILMS];
};

static void append(char out[TEXT], const char *between, const char *word)
{
    size_t len = strlen(out);
    snprintf(out + len, TEXT - len, "%s%s", len > 0 ? between : "", word);
}

/* One in four is one of three common words, the others are one of some hundred. */
static void english(struct rng *rng, size_t n, const char *between, char out[TEXT])
{
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        char word[16];
        bool common = rng_below(rng, 4) == 0;
        snprintf(word, sizeof word, "%s%d", common ? "common" : "word",
                 (int)rng_below(rng, common ? 3 : 200));
        append(out, between, word);
    }
}

/* Words of two or three syllables. */
static void korean(struct rng *rng, size_t n, char out[TEXT])
{
    static const char *const syllables[] = {"가", "나", "도", "리", "물", "산",
                                            "강", "길", "밤", "집", "눈", "달"};
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0, size = 2 + rng_below(rng, 2); k < size; k++)
            append(out, k == 0 ? " " : "", syllables[rng_below(rng, 12)]);
}

static void pick_genres(struct rng *rng, size_t n, char out[TEXT])
{
    static const char *const genres[] = {"Drama", "Comedy", "War", "Horror", "Romance"};
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        append(out, "|", genres[rng_below(rng, 5)]);
}

static void unit_row(struct rng *rng, float *row, size_t d, bool zero)
{
    double squares = 0;
    for (size_t k = 0; k < d; k++) {
        row[k] = zero ? 0 : (float)(rng_below(rng, 2001)) / 1000 - 1;
        squares += (double)row[k] * (double)row[k];
    }
    for (size_t k = 0; k < d && squares > 0; k++)
        row[k] = (float)((double)row[k] / sqrt(squares));
}

static void make(struct many *m)
{
    struct rng rng;
    rng_seed(&rng, 7);
    for (size_t i = 0; i < FILMS; i++) {
        bool has_en = rng_below(&rng, 4) > 0, has_ko = rng_below(&rng, 3) > 0;
        english(&rng, 1, " ", m->texts[i][0]);
        english(&rng, has_en ? 1 + rng_below(&rng, 12) : 0, " ", m->texts[i][1]);
        korean(&rng, has_ko ? 1 + rng_below(&rng, 6) : 0, m->texts[i][2]);
        english(&rng, has_en ? rng_below(&rng, 4) : 0, "|", m->texts[i][3]);
        pick_genres(&rng, rng_below(&rng, 4), m->texts[i][4]);
        m->films[i] =
            (struct bts_film){.id = (int32_t)(i * 3 + 1),
                              .year = rng_below(&rng, 9) == 0 ? 0 : 1950 + (int32_t)rng_below(&rng, 70),
                              .title = {m->texts[i][0], ""},
                              .plot = {m->texts[i][1], m->texts[i][2]},
                              .keywords = m->texts[i][3],
                              .genres = m->texts[i][4]};
        unit_row(&rng, m->en + i * D_EN, D_EN, !has_en);
        unit_row(&rng, m->ko + i * D_KO, D_KO, !has_ko);
    }
}

static double dot(const float *a, const float *b, size_t d)
{
    double sum = 0;
    for (size_t k = 0; k < d; k++)
        sum += (double)a[k] * (double)b[k];
    return sum;
}

static bool is_zero(const float *a, size_t d)
{
    return dot(a, a, d) == 0;
}

static bool names(const char *list, const char *name, size_t n)
{
    for (const char *at = list; *at != '\0'; at += strcspn(at, "|"), at += *at == '|')
        if (strcspn(at, "|") == n && memcmp(at, name, n) == 0)
            return true;
    return false;
}

/* Distinct genres of a that b has too (b = a: their number). */
static double common(const char *a, const char *b)
{
    double n = 0;
    for (const char *at = a; *at != '\0'; at += strcspn(at, "|"), at += *at == '|')
        n += names(b, at, strcspn(at, "|")) &&
             !(at > a && memmem(a, (size_t)(at - a), at, strcspn(at, "|")) != NULL);
    return n;
}

static struct tfidf words_of(const struct many *m, enum bts_language l)
{
    static const char *texts[FILMS];
    static struct buf all[FILMS];
    struct tfidf t;
    double told = 0;
    for (size_t i = 0; i < FILMS; i++) {
        bts_film_text(&m->films[i], l, &all[i]);
        texts[i] = buf_str(&all[i]);
        told += texts[i][0] != '\0';
    }
    CHECK(told * BTS_COMMON > 9); /* near where the least number ends to count */
    const double few = BTS_FEW / told;
    const struct tfidf_options options = {.sublinear = true, .most = few > BTS_COMMON ? few : BTS_COMMON};
    CHECK(tfidf_build(&t, texts, FILMS, &options, NULL) == ERR_OK);
    CHECK(t.start[FILMS] > FILMS);
    for (size_t i = 0; i < FILMS; i++)
        buf_free(&all[i]);
    return t;
}

static double text_of(const struct many *m, const struct tfidf t[2], const struct bts_task *q, size_t a,
                      size_t b)
{
    double words = 0, n_words = 0, bert = 0, n_bert = 0;
    const size_t d[] = {D_EN, D_KO};
    const float *v[] = {m->en, m->ko};
    for (int l = 0; l < BTS_LANGUAGES; l++) {
        if (t[l].start[a + 1] > t[l].start[a] && t[l].start[b + 1] > t[l].start[b]) {
            words += cosine_of(&t[l], a, b);
            n_words++;
        }
        if (q->vectors[l] != NULL && !is_zero(v[l] + a * d[l], d[l]) && !is_zero(v[l] + b * d[l], d[l])) {
            bert += dot(v[l] + a * d[l], v[l] + b * d[l], d[l]);
            n_bert++;
        }
    }
    words = n_words > 0 ? words / n_words : 0;
    return n_bert > 0 ? q->options.mix * bert / n_bert + (1 - q->options.mix) * words : words;
}

static void twin(struct many *m, const struct bts_task *q)
{
    struct tfidf t[] = {words_of(m, BTS_EN), words_of(m, BTS_KO)};
    for (size_t a = 0; a < FILMS; a++)
        for (size_t b = 0; b < FILMS; b++) {
            const struct bts_film *x = &m->films[a], *y = &m->films[b];
            double n = common(x->genres, x->genres) * common(y->genres, y->genres);
            double genres = n > 0 ? common(x->genres, y->genres) / sqrt(n) : 0;
            double era = x->year == 0 || y->year == 0 ? 0 : exp(-fabs((double)(x->year - y->year)) / 10);
            m->w[a][b] =
                a == b ? -1 : text_of(m, t, q, a, b) + q->options.genres * genres + q->options.era * era;
        }
    tfidf_free(&t[0]);
    tfidf_free(&t[1]);
}

static int largest_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Each link has the twin's weight, and together they are its largest. */
static void rows_are_the_largest(const struct many *m, const struct csr *links, const float *strength)
{
    CHECK(csr_valid(links));
    for (size_t a = 0; a < FILMS; a++) {
        double sorted[FILMS], got[KEPT];
        size_t n = csr_row_count(links, a), expected = 0;
        memcpy(sorted, m->w[a], sizeof sorted);
        qsort(sorted, FILMS, sizeof *sorted, largest_first);
        while (expected < KEPT && sorted[expected] > 0)
            expected++;
        CHECK_INT(n, expected);
        for (size_t i = 0; i < n && i < KEPT; i++) {
            uint64_t p = links->start[a] + i;
            got[i] = (double)strength[p];
            CHECK_NEAR(got[i], m->w[a][links->col[p]], tolerance);
        }
        qsort(got, n, sizeof *got, largest_first);
        for (size_t i = 0; i < n && i < KEPT; i++)
            CHECK_NEAR(got[i], sorted[i], tolerance);
    }
}

static void links_are_those_of_the_twin(void)
{
    static struct many m;
    static const struct {
        bool en, ko;
        struct bts_options options;
    } rows[] = {
        {false, false, {KEPT, 0.7, 0, 0}},
        {false, false, {KEPT, 0, 0.25, 0.5}},
        {true, false, {KEPT, 0.6, 0.1, 0}},
        {true, true, {KEPT, 0.3, 0.2, 0.1}},
    };
    make(&m);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        const struct bts_task q = {.films = m.films,
                                   .n = FILMS,
                                   .vectors = {rows[r].en ? m.en : NULL, rows[r].ko ? m.ko : NULL},
                                   .d = {D_EN, D_KO},
                                   .options = rows[r].options};
        struct csr links;
        float *strength;
        twin(&m, &q);
        CHECK(bts_train(&q, &links, &strength, NULL) == ERR_OK);
        rows_are_the_largest(&m, &links, strength);
        csr_free(&links);
        free(strength);
    }
}

/* ---- against NumPy (fixtures/make_bts.py) ---- */

enum { NUMPY_FILMS = 300, NUMPY_EN = 6, NUMPY_KO = 5, NUMPY_KEPT = 8 };

static void vector_of(int i, int step, int d, float *out)
{
    double x[NUMPY_EN], squares = 0;
    for (int k = 0; k < d; k++) {
        x[k] = (i * step + k * 577 + i * k * 31) % 1009 / 504.0 - 1;
        squares += x[k] * x[k];
    }
    for (int k = 0; k < d; k++)
        out[k] = (float)(x[k] / sqrt(squares));
}

static struct bts_film film_of(int i, char genres[16])
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    genres[0] = '\0';
    if (i % 11 != 4)
        snprintf(genres, 16, "%s|%s", names[i * 3 % 6], names[i * i % 6]);
    return (struct bts_film){.id = i + 1,
                             .year = i % 13 == 0 ? 0 : 1930 + i * 37 % 90,
                             .title = {"", ""},
                             .plot = {"", ""},
                             .keywords = "",
                             .genres = genres};
}

static void check_links(FILE *in, const struct csr *links, const float *strength)
{
    int row, rows = 0, neighbour;
    double weight;
    for (; fscanf(in, "%d", &row) == 1; rows++) {
        CHECK_INT(csr_row_count(links, (size_t)row), NUMPY_KEPT);
        for (uint64_t p = links->start[row]; p < links->start[row + 1]; p++) {
            CHECK(fscanf(in, "%d %lf", &neighbour, &weight) == 2);
            CHECK_INT(links->col[p], neighbour);
            CHECK_NEAR((double)strength[p], weight, tolerance);
        }
    }
    CHECK_INT(rows, 12);
}

static void links_are_numpys(void)
{
    static struct bts_film films[NUMPY_FILMS];
    static char genres[NUMPY_FILMS][16];
    static float en[NUMPY_FILMS * NUMPY_EN], ko[NUMPY_FILMS * NUMPY_KO];
    struct csr links;
    float *strength;
    for (int i = 0; i < NUMPY_FILMS; i++) {
        films[i] = film_of(i, genres[i]);
        if (i % 7 != 3)
            vector_of(i, 389, NUMPY_EN, en + i * NUMPY_EN);
        if (i % 5 != 2)
            vector_of(i, 391, NUMPY_KO, ko + i * NUMPY_KO);
    }
    const struct bts_task q = {.films = films,
                               .n = NUMPY_FILMS,
                               .vectors = {en, ko},
                               .d = {NUMPY_EN, NUMPY_KO},
                               .options = {NUMPY_KEPT, 0.4, 0.2, 0.1}};
    CHECK(bts_train(&q, &links, &strength, NULL) == ERR_OK);
    FILE *in = fopen("tests/unit/fixtures/bts.txt", "r");
    CHECK_MSG(in != NULL, "run from the top of the repository");
    if (in != NULL) {
        check_links(in, &links, strength);
        fclose(in);
    }
    csr_free(&links);
    free(strength);
}

/* ---- little to compare, and films held out ---- */

static struct bts_film film(int32_t id, int32_t year, const char *title, const char *plot, const char *genres)
{
    return (struct bts_film){
        .id = id, .year = year, .title = {title, ""}, .plot = {plot, ""}, .keywords = "", .genres = genres};
}

static void films_with_nothing_in_common_have_no_links(void)
{
    const struct bts_film films[] = {
        film(1, 0, "Alone", "a lighthouse keeper waits", "Drama"),
        film(2, 0, "Alone Too", "", ""),
        film(3, 0, "Together", "dancers rehearse", "Musical"),
        film(4, 0, "Other Dancers", "two dancers and a teacher", "Sport"),
        film(5, 0, "", "three cooks", ""),
        film(6, 0, "", "one clock", ""),
        film(7, 0, "", "four clouds", ""),
        film(8, 0, "", "six chairs", ""),
        film(9, 0, "", "seven doors", ""),
        film(10, 0, "", "eight pens", ""),
    };
    const struct bts_task q = {
        .films = films, .n = 10, .options = {.neighbours = 60, .mix = 0.5, .genres = 1, .era = 1}};
    struct csr links;
    float *strength;
    CHECK(bts_train(&q, &links, &strength, NULL) == ERR_OK);
    CHECK_INT(csr_count(&links), 2);
    CHECK(csr_has(&links, 2, 3) && csr_has(&links, 3, 2));
    csr_free(&links);
    free(strength);
}

static void no_films_are_no_links(void)
{
    const struct bts_task q = {.options = {.neighbours = 60}};
    struct csr links;
    float *strength;
    CHECK(bts_train(&q, &links, &strength, NULL) == ERR_OK);
    CHECK_INT(csr_count(&links), 0);
    csr_free(&links);
    free(strength);
}

static void options_out_of_range_are_refused(void)
{
    static const struct bts_options rows[] = {
        {0, 0, 0, 0}, {1, -0.1, 0, 0}, {1, 1.1, 0, 0}, {1, NAN, 0, 0}, {1, 0, -1, 0}, {1, 0, 0, INFINITY},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        const struct bts_task q = {.options = rows[r]};
        struct csr links;
        float *strength;
        CHECK(bts_train(&q, &links, &strength, NULL) == ERR_INVALID);
        CHECK(strength == NULL);
    }
}

static void texts_of_a_film(void)
{
    static const struct {
        struct bts_film film;
        const char *en, *ko;
        bool told;
    } rows[] = {
        {{.title = {"T", "제목"}, .plot = {"P", "줄거리"}, .keywords = "a|b c", .genres = ""},
         "T. P. a, b c",
         "제목. 줄거리",
         true},
        {{.title = {"T", "제목"}, .plot = {"", ""}, .keywords = "", .genres = ""}, "", "", false},
        {{.title = {"T", "제목"}, .plot = {"", ""}, .keywords = "", .genres = "War"}, "", "", true},
        {{.title = {"", ""}, .plot = {"", ""}, .keywords = "k", .genres = ""}, "k", "", true},
        {{.title = {"", ""}, .plot = {"P", ""}, .keywords = "|a||b c|", .genres = ""}, "P. a, b c", "", true},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct buf en = {0}, ko = {0};
        bts_film_text(&rows[r].film, BTS_EN, &en);
        bts_film_text(&rows[r].film, BTS_KO, &ko);
        CHECK_STR(buf_str(&en), rows[r].en);
        CHECK_STR(buf_str(&ko), rows[r].ko);
        CHECK(bts_film_told(&rows[r].film) == rows[r].told);
        buf_free(&en);
        buf_free(&ko);
    }
}

/* ---- films held out ---- */

static const uint64_t likes_start[] = {0, 3, 6, 8};
static const int32_t likes_col[] = {0, 2, 5, 1, 2, 3, 2, 5};
static const struct csr likes = {3, 6, likes_start, likes_col}; /* nobody likes item 4 */

static void held_films_are_in_no_history(void)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct cold c, again;
        size_t held = 0;
        CHECK(cold_split(&c, &likes, 0.4, seed, NULL) == ERR_OK);
        CHECK(cold_split(&again, &likes, 0.4, seed, NULL) == ERR_OK);
        CHECK(memcmp(c.is_cold, again.is_cold, 6) == 0);
        CHECK_INT(c.n_cold, 2);
        CHECK_INT(c.is_cold[4], 0);
        for (size_t i = 0; i < 6; i++)
            held += c.is_cold[i];
        CHECK_INT(held, 2);
        for (size_t u = 0; u < 3; u++)
            for (int32_t i = 0; i < 6; i++) {
                CHECK(csr_has(&c.split.held, u, i) == (csr_has(&likes, u, i) && c.is_cold[i]));
                CHECK(csr_has(&c.split.train, u, i) == (csr_has(&likes, u, i) && !c.is_cold[i]));
            }
        cold_free(&c);
        cold_free(&again);
    }
}

static void a_share_that_is_none_is_refused(void)
{
    static const uint64_t none[] = {0, 0};
    const struct csr empty = {1, 6, none, likes_col};
    struct cold c;
    CHECK(cold_split(&c, &likes, 0, 1, NULL) == ERR_INVALID);
    CHECK(cold_split(&c, &likes, 1, 1, NULL) == ERR_INVALID);
    CHECK(cold_split(&c, &likes, NAN, 1, NULL) == ERR_INVALID);
    CHECK(cold_split(&c, &empty, 0.5, 1, NULL) == ERR_INVALID);
}

static void likes_of_unknown_films_are_dropped(void)
{
    static const int32_t items[] = {10, 20, 30, 40, 50, 60}, films[] = {5, 20, 30, 35, 60, 70};
    static const uint64_t start[] = {0, 2, 4, 6};
    static const int32_t col[] = {2, 4, 1, 2, 2, 4};
    struct csr x;
    CHECK(cold_project(&x, &likes, items, films, 6, NULL) == ERR_OK);
    CHECK_INT(x.n_cols, 6);
    CHECK(memcmp(x.start, start, sizeof start) == 0);
    CHECK(memcmp(x.col, col, sizeof col) == 0);
    csr_free(&x);
}

static void only_links_to_held_films_are_left(void)
{
    static const float strength[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct cold c;
    struct csr links;
    float *left;
    uint64_t n = 0;
    CHECK(cold_split(&c, &likes, 0.4, 3, NULL) == ERR_OK);
    CHECK(cold_links(&c, &likes, strength, &links, &left, NULL) == ERR_OK);
    for (uint64_t p = 0; p < 8; p++)
        if (c.is_cold[likes_col[p]]) {
            CHECK_INT(links.col[n], likes_col[p]);
            CHECK(left[n++] == strength[p]);
        }
    CHECK_INT(csr_count(&links), n);
    csr_free(&links);
    free(left);
    cold_free(&c);
}

int main(void)
{
    RUN(links_are_those_of_the_twin);
    RUN(links_are_numpys);
    RUN(films_with_nothing_in_common_have_no_links);
    RUN(no_films_are_no_links);
    RUN(options_out_of_range_are_refused);
    RUN(texts_of_a_film);
    RUN(held_films_are_in_no_history);
    RUN(a_share_that_is_none_is_refused);
    RUN(likes_of_unknown_films_are_dropped);
    RUN(only_links_to_held_films_are_left);
    return check_done();
}
