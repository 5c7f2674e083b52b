/* TF-IDF against fixtures/make_tfidf.py (NumPy, itself equal to scikit-learn's TfidfVectorizer to 1e-12), the
 * scores against a naive twin, and the terms of mixed texts. */
#include "text/tfidf.h"

#include "tests/check.h"
#include "tests/fixture/cosine.h"
#include "text/terms.h"

enum { MAX_TEXTS = 16, LINE = 512 };

/* Weights are floats below 1: half a unit of 2⁻²⁴, and the fixture's nine digits. */
static const double weight_tolerance = 1e-7;
/* A dot product of some 30 such weights. */
static const double cosine_tolerance = 1e-6;

struct fixture {
    FILE *file;
    size_t n;
    char lines[MAX_TEXTS][LINE];
    const char *texts[MAX_TEXTS];
    struct tfidf t;
};

/* As the fixture's two parts. */
static const struct tfidf_options variants[] = {{false, 1}, {true, 0.2}};

/* The texts; their weights are the caller's to build. */
static bool fixture_read(struct fixture *x)
{
    *x = (struct fixture){.file = fopen("tests/unit/fixtures/tfidf.txt", "r")};
    CHECK_MSG(x->file != NULL, "run from the top of the repository");
    if (x->file == NULL || fscanf(x->file, "%zu\n", &x->n) != 1 || x->n > MAX_TEXTS)
        return false;
    for (size_t i = 0; i < x->n; i++) {
        CHECK(fgets(x->lines[i], LINE, x->file) != NULL);
        x->lines[i][strcspn(x->lines[i], "\n")] = '\0';
        x->texts[i] = x->lines[i];
    }
    return true;
}

static double weight_of(const struct tfidf *t, size_t text, const char *name)
{
    int32_t term = term_table_find(&t->names, name, strlen(name));
    for (uint64_t i = t->start[text]; i < t->start[text + 1]; i++)
        if (t->term[i] == term)
            return (double)t->weight[i];
    return 0;
}

static void variant_agrees(struct fixture *x, const struct tfidf_options *options)
{
    size_t n = 0, text;
    double want;
    char name[128];
    CHECK(tfidf_build(&x->t, x->texts, x->n, options, NULL) == ERR_OK);
    CHECK(fscanf(x->file, "%zu", &n) == 1 && n > 50);
    CHECK_INT(x->t.start[x->n], n);
    for (size_t i = 0; i < n; i++) {
        CHECK(fscanf(x->file, "%zu %127s %lf", &text, name, &want) == 3);
        CHECK_NEAR(weight_of(&x->t, text, name), want, weight_tolerance);
    }
    for (size_t a = 0; a < x->n; a++)
        for (size_t b = 0; b < x->n; b++) {
            CHECK(fscanf(x->file, "%lf", &want) == 1);
            CHECK_NEAR(cosine_of(&x->t, a, b), want, cosine_tolerance);
        }
    tfidf_free(&x->t);
}

static void weights_and_cosines_agree_with_numpy(void)
{
    struct fixture x;
    CHECK(fixture_read(&x));
    for (size_t v = 0; x.file != NULL && v < sizeof variants / sizeof *variants; v++)
        variant_agrees(&x, &variants[v]);
    fclose(x.file);
}

static void scores_are_the_cosines_one_by_one(void)
{
    struct fixture x;
    float scores[MAX_TEXTS];
    CHECK(fixture_read(&x));
    for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
        CHECK(tfidf_build(&x.t, x.texts, x.n, &variants[v], NULL) == ERR_OK);
        for (size_t a = 0; a < x.n; a++) {
            tfidf_scores(&x.t, a, scores);
            for (size_t b = 0; b < x.n; b++)
                CHECK_NEAR(scores[b], cosine_of(&x.t, a, b), cosine_tolerance);
        }
        tfidf_free(&x.t);
    }
    fclose(x.file);
}

static bool append(void *arg, const char *bytes, size_t n)
{
    buf_put(arg, bytes, n);
    buf_putc(arg, '|');
    return true;
}

static void terms_of_mixed_texts(void)
{
    static const struct {
        const char *text, *terms;
    } rows[] = {
        {"", ""},
        {"a I", ""},
        {"The End", "the|end|"},
        {"CIA가 온다", "cia|가|온다|"},
        {"기생충이", "기생|생충|충이|기생충|생충이|"},
        {"Amélie's 1999", "amélie|1999|"},
        {"x\xff\xfeyz", "yz|"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = {0};
        CHECK(terms_walk(rows[i].text, append, &b));
        CHECK_STR(buf_str(&b), rows[i].terms);
        buf_free(&b);
    }
}

static void many_terms_grow_the_table(void)
{
    struct term_table t = {0};
    char name[16];
    for (int i = 0; i < 5000; i++) {
        snprintf(name, sizeof name, "%d", i);
        CHECK_INT(term_table_add(&t, name, strlen(name)), i);
    }
    CHECK_INT(term_table_find(&t, "4321", 4), 4321);
    CHECK_INT(term_table_add(&t, "17", 2), 17);
    CHECK_INT(term_table_find(&t, "5000", 4), -1);
    term_table_free(&t);
}

static void no_texts_is_an_empty_matrix(void)
{
    struct tfidf t;
    CHECK(tfidf_build(&t, NULL, 0, &variants[1], NULL) == ERR_OK);
    CHECK_INT(t.n_terms, 0);
    tfidf_free(&t);
}

int main(void)
{
    RUN(weights_and_cosines_agree_with_numpy);
    RUN(scores_are_the_cosines_one_by_one);
    RUN(terms_of_mixed_texts);
    RUN(many_terms_grow_the_table);
    RUN(no_texts_is_an_empty_matrix);
    return check_done();
}
