/* What training reads, divides and makes up while memory runs out. */
#include <sched.h>
#include <unistd.h>

#include "base/secret.h"
#include "bts/text_vectors.h"
#include "data/audience.h"
#include "data/ratings_known.h"
#include "data/ratings_likes.h"
#include "data/row_source.h"
#include "data/sample.h"
#include "data/visitors.h"
#include "fixture/file.h"
#include "fixture/torture.h"
#include "tests/check.h"
#include "text/bert.h"
#include "train/benchmark.h"
#include "train/cold.h"

enum { USERS = 60, ITEMS = 23 };

static char folder[] = "/tmp/mvti-torture-XXXXXX";
static struct csr likes;

static const char *at(const char *name)
{
    static char path[8][96];
    static int next;
    next = (next + 1) % 8;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static void put(const char *name, const struct buf *text)
{
    CHECK(file_put(at(name), text->data, text->len));
}

/* Whoever likes an item likes the ones beside it; a third of the ratings is given twice. */
static void make(void)
{
    struct buf csv = {0}, catalog = {0}, dat = {0}, test = {0};
    static uint64_t keys[USERS * ITEMS];
    struct ratings_writer *w;
    struct ratings_header header;
    size_t n = 0;
    buf_puts(&csv, "userId,movieId,rating,timestamp\n");
    CHECK(ratings_writer_open(&w, at("likes.mvr"), NULL) == ERR_OK);
    for (uint32_t u = 0; u < USERS; u++)
        for (uint32_t i = 0; i < ITEMS; i++) {
            if ((u * 5 + i * 3) % 7 > 3)
                continue;
            keys[n++] = (uint64_t)u << 32 | i;
            const struct rating r = {u + 1, (int32_t)i + 1, (int64_t)n * 1000, 4 * RATING_ONE};
            ratings_writer_add(w, &r);
            for (size_t k = 0; k <= (n % 3 == 0); k++)
                buf_printf(&csv, "%u,%u,%zu.0,%zu\n", u + 1, i + 1, 4 + k, n + k);
        }
    CHECK(ratings_writer_finish(w, 5 * RATING_ONE, false, &header, NULL) == ERR_OK &&
          ratings_writer_commit(w, NULL) == ERR_OK);
    ratings_writer_close(w);
    buf_puts(&catalog, "movieId,title\n");
    for (int i = 1; i <= ITEMS; i += 2) {
        buf_printf(&catalog, "%d,Film\n", i);
        buf_printf(&dat, "%d::Film \xe9 (1999)::Drama\n", i);
        buf_printf(&test, "%d %d\n", i, i + 1);
    }
    put("likes.csv", &csv);
    put("catalog.csv", &catalog);
    put("movies.dat", &dat);
    put("test.txt", &test);
    CHECK(csr_from_keys(&likes, keys, &n, USERS, ITEMS, NULL) == ERR_OK);
    buf_free(&csv);
    buf_free(&catalog);
    buf_free(&dat);
    buf_free(&test);
}

static void says_matrix(struct torture_result *out, const struct csr *x)
{
    torture_says(out, &x->n_rows, sizeof x->n_rows);
    if (x->col != NULL)
        torture_says(out, x->col, csr_count(x) * sizeof *x->col);
}

/* ---- what is read ---- */

static enum err likes_of_text(void *arg, struct torture_result *out, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    struct ratings_count count;
    (void)arg;
    enum err rc = ratings_likes_text(
        &in, &(struct ratings_likes){at("likes.csv"), &ratings_reader_plain, 4.5, NULL}, &count, why);
    if (rc == ERR_OK)
        torture_says(out, in.keys.data, in.keys.len * sizeof(uint64_t));
    interactions_free(&in);
    return rc;
}

static enum err likes_of_file(void *arg, struct torture_result *out, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_source record;
    struct ratings_file f = {0};
    struct ratings_known known = {0};
    static const int32_t catalog[] = {1, 2, 3, 900};
    (void)arg;
    enum err rc = ratings_likes_file(&in, &(struct ratings_likes){.path = at("likes.mvr"), .threshold = 3.5},
                                     &record, why);
    if (rc == ERR_OK)
        rc = ratings_file_open(&f, at("likes.mvr"), why);
    if (rc == ERR_OK)
        rc = ratings_known_count(&known, &f, catalog, 4, why);
    ratings_file_close(&f);
    torture_says(out, &known, sizeof known);
    torture_says(out, &in.keys.len, sizeof in.keys.len);
    interactions_free(&in);
    return rc;
}

static enum err catalog_rows(void *arg, struct torture_result *out, struct fail *why)
{
    struct row_source s;
    struct csv_row row;
    (void)arg;
    enum err rc = row_source_open(&s, at("movies.dat"), "movieId|title|genres", NULL, why);
    while (rc == ERR_OK && row_source_next(&s, &row))
        for (size_t i = 0; row.fields != NULL && i < row.n; i++)
            torture_says(out, row.fields[i].text, row.fields[i].n);
    if (rc == ERR_OK)
        rc = row_source_end(&s, why);
    row_source_close(&s);
    return rc;
}

/* On one processor there is one thread, so that it is the same call that fails each time. */
static enum err encode_texts(void *arg, struct torture_result *out, struct fail *why)
{
    static const char *const texts[] = {"a film", "another film"};
    struct bert *b;
    enum err rc = bert_open(&b, arg, why);
    if (rc != ERR_OK)
        return rc;
    float rows[2 * 64];
    rc = bert_encode(b, texts, 2, rows, why);
    if (rc == ERR_OK)
        torture_says(out, rows, 2 * bert_width(b) * sizeof *rows);
    bert_close(b);
    return rc;
}

static void what_is_read(void)
{
    CHECK(torture("bert", encode_texts, "tests/unit/fixtures/bert"));
    CHECK(torture("ratings_likes_text", likes_of_text, NULL));
    CHECK(torture("ratings_likes_file", likes_of_file, NULL));
    CHECK(torture("row_source", catalog_rows, NULL));
}

static enum err load(void *arg, struct torture_result *out, struct fail *why)
{
    struct benchmark b = {0};
    enum err rc = benchmark_load(&b, arg, NULL, why);
    if (rc != ERR_OK)
        return rc;
    says_matrix(out, &b.train);
    for (int p = 0; p < SPLIT_PARTS; p++)
        says_matrix(out, &b.held[p]);
    benchmark_free(&b);
    return ERR_OK;
}

static void benchmarks(void)
{
    char data[96], catalog[96], test[96];
    snprintf(data, sizeof data, "%s", at("likes.csv"));
    snprintf(catalog, sizeof catalog, "%s", at("catalog.csv"));
    snprintf(test, sizeof test, "%s", at("test.txt"));
    struct benchmark_files files = {.data = data,
                                    .catalog = catalog,
                                    .format = "movielens",
                                    .threshold = 3.5f,
                                    .ratio = {0.6, 0.2, 0.2},
                                    .users = {.valid = 0.1, .test = 0.2, .fold_in = 0.5, .least = 3}};
    for (int protocol = BENCHMARK_WEAK; protocol <= BENCHMARK_TIME; protocol++) {
        files.protocol = (enum benchmark_protocol)protocol;
        CHECK(torture("benchmark of one file", load, &files));
    }
    struct benchmark_files parts = {.train = test, .test = test, .mask = test, .format = "lists"};
    CHECK(torture("benchmark of parts", load, &parts));
}

/* ---- what is divided ---- */

static enum err hold_films_out(void *arg, struct torture_result *out, struct fail *why)
{
    struct cold c;
    struct csr links = {0}, projected = {0};
    float *strength = NULL, ones[USERS * ITEMS];
    static const int32_t ids[ITEMS] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                       13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23};
    static const int32_t films[] = {2, 4, 99};
    (void)arg;
    for (size_t i = 0; i < csr_count(&likes); i++)
        ones[i] = 1;
    enum err rc = cold_project(&projected, &likes, ids, films, 3, why);
    if (rc != ERR_OK)
        return rc;
    says_matrix(out, &projected);
    csr_free(&projected);
    rc = cold_split(&c, &likes, 0.3, 7, why);
    if (rc != ERR_OK)
        return rc;
    says_matrix(out, &c.split.held);
    rc = cold_links(&c, &likes, ones, &links, &strength, why);
    if (rc == ERR_OK) {
        says_matrix(out, &links);
        csr_free(&links);
        free(strength);
    }
    cold_free(&c);
    return rc;
}

static enum err draw_people(void *arg, struct torture_result *out, struct fail *why)
{
    struct csr some;
    struct visitors v = {0};
    struct visitor_group both;
    (void)arg;
    enum err rc = sample_rows(&some, &likes, 20, 7, why);
    if (rc != ERR_OK)
        return rc;
    says_matrix(out, &some);
    csr_free(&some);
    rc = visitors_draw(&v, &likes, VISITORS_MOST, VISITORS_GIVEN, 7, why);
    if (rc == ERR_OK)
        rc = visitors_join(&both, &v, why);
    if (rc == ERR_OK) {
        says_matrix(out, &v.testing.held);
        says_matrix(out, &both.given);
        visitors_free_group(&both);
    }
    visitors_free(&v);
    return rc;
}

static void what_is_divided(void)
{
    CHECK(torture("cold", hold_films_out, NULL));
    CHECK(torture("people", draw_people, NULL));
}

/* ---- what is made ---- */

static void add_rating(void *arg, const struct audience_rating *rating)
{
    torture_says(arg, &rating->movie, sizeof rating->movie);
    torture_says(arg, &rating->half_stars, sizeof rating->half_stars);
}

static enum err make_up(void *arg, struct torture_result *out, struct fail *why)
{
    struct audience_film films[AUDIENCE_MIN_FILMS];
    (void)arg;
    for (int i = 0; i < AUDIENCE_MIN_FILMS; i++)
        films[i] = (struct audience_film){.id = i + 1,
                                          .year = 1990 + i,
                                          .genres = i % 2 ? "Drama|War" : "Comedy",
                                          .country = i % 3 ? "KR" : "",
                                          .fandoms = i % 4 ? "war|robots" : ""};
    const struct audience_plan plan = {.films = films,
                                       .n_films = AUDIENCE_MIN_FILMS,
                                       .users = 3,
                                       .mean = 8,
                                       .seed = 1,
                                       .rate = add_rating,
                                       .arg = out};
    return audience_simulate(&plan, NULL, why);
}

static enum err open_encoder(void *arg, size_t *d, struct fail *why)
{
    (void)arg;
    (void)why;
    *d = 2;
    return ERR_OK;
}

static enum err encode(void *arg, const char *const *texts, size_t n, float *out, struct fail *why)
{
    (void)arg;
    (void)why;
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = texts[i][0] == 'a';
        out[2 * i + 1] = texts[i][0] != 'a';
    }
    return ERR_OK;
}

static enum err make_vectors(void *arg, struct torture_result *out, struct fail *why)
{
    static const char *const texts[] = {"a film", "", "another", "b", "a film"};
    const struct text_encoder encoder = {.identity = {1}, .open = open_encoder, .encode = encode};
    struct text_vectors v = {0};
    (void)arg;
    unlink(at("vectors"));
    enum err rc =
        text_vectors_make(&v, &(struct text_vectors_source){&encoder, at("vectors"), texts, 5, NULL}, why);
    if (rc == ERR_OK)
        torture_says(out, v.rows, 10 * sizeof *v.rows);
    text_vectors_free(&v);
    return rc;
}

static void what_is_made(void)
{
    CHECK(torture("audience", make_up, NULL));
    CHECK(torture("text_vectors", make_vectors, NULL));
}

int main(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    if (secret_init() != ERR_OK || mkdtemp(folder) == NULL || sched_setaffinity(0, sizeof one, &one) != 0)
        return 1;
    make();
    RUN(what_is_read);
    RUN(benchmarks);
    RUN(what_is_divided);
    RUN(what_is_made);
    csr_free(&likes);
    static const char *const names[] = {"likes.csv",  "likes.mvr", "catalog.csv",
                                        "movies.dat", "test.txt",  "vectors"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(at(names[i]));
    CHECK(rmdir(folder) == 0);
    return check_done();
}
