/* Vectors of texts: made once, found again, and never taken from another encoder or a damaged file. */
#include "bts/text_vectors.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/secret.h"
#include "bts/vector_file.h"
#include "tests/check.h"

enum { D = 3 };

/* Stands for an encoder: the vector of a text follows from its first character and its length. */
struct fake {
    size_t opened, encoded, fail_at; /* fail_at: the text that it gives up on, 0 none */
    size_t d;
};

static void vector_of(const char *text, float out[D])
{
    double v[D] = {1 + text[0] % 7, (double)strlen(text), -2}, squares = 0;
    for (int k = 0; k < D; k++)
        squares += v[k] * v[k];
    for (int k = 0; k < D; k++)
        out[k] = (float)(v[k] / sqrt(squares));
}

static enum err fake_open(void *arg, size_t *d, struct fail *why)
{
    struct fake *f = arg;
    (void)why;
    f->opened++;
    *d = f->d;
    return ERR_OK;
}

static enum err fake_encode(void *arg, const char *const *texts, size_t n, float *out, struct fail *why)
{
    struct fake *f = arg;
    for (size_t i = 0; i < n; i++) {
        if (++f->encoded == f->fail_at)
            return fail_set(why, ERR_DIVERGED, "gave up");
        vector_of(texts[i], out + i * D);
    }
    return ERR_OK;
}

static char path[256];
static struct fake fake;

static struct text_encoder encoder(uint8_t identity)
{
    fake = (struct fake){.d = D};
    return (struct text_encoder){
        .identity = {identity}, .open = fake_open, .encode = fake_encode, .arg = &fake};
}

/* Checks every row. */
static void make(const struct text_encoder *e, const char *const *texts, size_t n, struct text_vectors *v)
{
    struct fail why = {0};
    CHECK_MSG(text_vectors_make(v, &(struct text_vectors_source){e, path, texts, n, NULL}, &why) == ERR_OK,
              "%s", why.text);
    CHECK_INT(v->d, D);
    for (size_t i = 0; i < n && v->rows != NULL; i++) {
        float want[D] = {0};
        if (texts[i][0] != '\0')
            vector_of(texts[i], want);
        CHECK(memcmp(v->rows + i * D, want, sizeof want) == 0);
    }
}

static const char *const three[] = {"alpha", "", "beta", "alpha", "gamma!"};

static void texts_are_encoded_once(void)
{
    static const char *const four[] = {"delta", "gamma!", "alpha", "", "beta"};
    struct text_vectors v;
    struct text_encoder e = encoder(1);
    unlink(path);
    make(&e, three, 5, &v);
    CHECK(v.n_texts == 3 && v.n_encoded == 3 && fake.encoded == 3);
    text_vectors_free(&v);
    e = encoder(1);
    make(&e, three, 5, &v);
    CHECK(v.n_encoded == 0 && fake.opened == 0);
    text_vectors_free(&v);
    make(&e, four, 5, &v);
    CHECK(v.n_texts == 4 && v.n_encoded == 1 && fake.encoded == 1);
    text_vectors_free(&v);
}

static void texts_that_are_gone_leave_the_file(void)
{
    struct text_vectors v;
    struct text_encoder e = encoder(1);
    make(&e, three, 5, &v);
    text_vectors_free(&v);
    make(&e, three, 1, &v);
    text_vectors_free(&v);
    struct vector_file f;
    CHECK(vector_file_open(&f, path, NULL) == ERR_OK);
    CHECK_INT(f.n, 1);
    vector_file_close(&f);
}

static void another_encoder_finds_nothing(void)
{
    struct text_vectors v;
    struct text_encoder e = encoder(1);
    make(&e, three, 5, &v);
    text_vectors_free(&v);
    e = encoder(2);
    make(&e, three, 5, &v);
    CHECK_INT(v.n_encoded, 3);
    text_vectors_free(&v);
}

static void a_damaged_file_counts_as_none(void)
{
    struct text_vectors v;
    struct text_encoder e = encoder(1);
    FILE *f = fopen(path, "w");
    CHECK(f != NULL && fputs("not a file of vectors", f) >= 0 && fclose(f) == 0);
    make(&e, three, 5, &v);
    CHECK_INT(v.n_encoded, 3);
    text_vectors_free(&v);
}

static void nothing_to_say_is_no_vectors(void)
{
    static const char *const empty[] = {"", ""};
    struct text_vectors v;
    struct text_encoder e = encoder(1);
    CHECK(text_vectors_make(&v, &(struct text_vectors_source){&e, path, empty, 2, NULL}, NULL) == ERR_OK);
    CHECK(v.rows == NULL && v.n_texts == 0 && fake.opened == 0);
    text_vectors_free(&v);
    CHECK(text_vectors_make(&v, &(struct text_vectors_source){&e, path, NULL, 0, NULL}, NULL) == ERR_OK);
    CHECK(v.rows == NULL);
}

/* More texts than are encoded or saved at once. */
static void what_was_made_before_a_failure_is_kept(void)
{
    enum { MANY = TEXT_VECTORS_SAVE + 700 };
    static char texts[MANY][16];
    static const char *list[MANY];
    struct text_vectors v;
    struct fail why = {0};
    for (int i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "text %d", i);
        list[i] = texts[i];
    }
    unlink(path);
    struct text_encoder e = encoder(1);
    fake.fail_at = MANY - 10;
    CHECK(text_vectors_make(&v, &(struct text_vectors_source){&e, path, list, MANY, NULL}, &why) ==
          ERR_DIVERGED);
    CHECK_STR(why.text, "gave up");
    CHECK(v.rows == NULL);
    e = encoder(1);
    make(&e, list, MANY, &v);
    CHECK_INT(v.n_encoded, MANY - TEXT_VECTORS_SAVE);
    text_vectors_free(&v);
}

static void vectors_of_another_length_are_refused(void)
{
    struct text_vectors v;
    struct text_encoder e = encoder(1);
    unlink(path);
    make(&e, three, 1, &v);
    text_vectors_free(&v);
    fake.d = D + 1;
    CHECK(text_vectors_make(&v, &(struct text_vectors_source){&e, path, three, 5, NULL}, NULL) ==
          ERR_CORRUPT);
}

static void only_vectors_of_length_one_in_order_are_written(void)
{
    const struct vector_key keys[] = {{{1}}, {{2}}}, turned[] = {{{2}}, {{1}}}, twice[] = {{{1}}, {{1}}};
    const float good[] = {1, 0, 0, 1}, longer[] = {1, 0, 0, 1.01F}, nan[] = {1, 0, NAN, 1};
    CHECK(vector_file_write(path, keys, good, 2, 2, NULL) == ERR_OK);
    CHECK(vector_file_write(path, turned, good, 2, 2, NULL) == ERR_INVALID);
    CHECK(vector_file_write(path, twice, good, 2, 2, NULL) == ERR_INVALID);
    CHECK(vector_file_write(path, keys, longer, 2, 2, NULL) == ERR_INVALID);
    CHECK(vector_file_write(path, keys, nan, 2, 2, NULL) == ERR_INVALID);
    struct vector_file f;
    CHECK(vector_file_open(&f, path, NULL) == ERR_OK);
    CHECK_INT(f.d, 2);
    CHECK(vector_file_find(&f, &keys[1]) == f.rows + 2);
    CHECK(vector_file_find(&f, &(struct vector_key){{3}}) == NULL);
    vector_file_close(&f);
}

/* A section file of n keys 1, 2, … and rows of length 1 with d numbers each. */
static size_t vectors_of(uint8_t **bytes, size_t n, size_t d, bool swap)
{
    static const uint32_t sizes[] = {0, VECTOR_KEY, sizeof(float)};
    const struct section_format format = {.magic = "MVTIVECS",
                                          .version = VECTOR_FILE_VERSION,
                                          .noun = "test",
                                          .n_sections = 2,
                                          .item_sizes = sizes};
    struct vector_key *keys = calloc(n + 1, sizeof *keys);
    float *rows = calloc(n * d + 1, sizeof *rows);
    char file[] = "/tmp/mvti-vectors-XXXXXX";
    struct map_file m;
    int fd = mkstemp(file);
    CHECK(fd >= 0 && close(fd) == 0 && keys != NULL && rows != NULL);
    for (size_t i = 0; i < n; i++) {
        keys[i].bytes[0] = (uint8_t)(swap ? n - i : i + 1);
        rows[i * d] = 1;
    }
    const struct section_part parts[] = {{NULL, 0}, {keys, n}, {rows, n * d}};
    CHECK(section_file_write(&format, file, parts, NULL, NULL) == ERR_OK &&
          map_file_open(&m, file, NULL) == ERR_OK);
    size_t size = m.size;
    *bytes = aligned_alloc(64, (size + 63) / 64 * 64);
    CHECK(*bytes != NULL);
    memcpy(*bytes, m.data, size);
    map_file_close(&m);
    unlink(file);
    free(keys);
    free(rows);
    return size;
}

static void vectors_have_a_length_and_keys_an_order(void)
{
    static const struct {
        size_t n, d;
        bool swap;
        enum err rc;
    } rows[] = {{0, 0, false, ERR_OK},
                {2, 3, false, ERR_OK},
                {2, 3, true, ERR_CORRUPT},
                {1, VECTOR_MOST, false, ERR_OK},
                {1, VECTOR_MOST + 1, false, ERR_CORRUPT}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t *bytes;
        struct vector_file v;
        struct fail why = {0};
        size_t n = vectors_of(&bytes, rows[i].n, rows[i].d, rows[i].swap);
        CHECK_MSG(vector_file_parse(&v, &(struct named_bytes){bytes, n, "f"}, &why) == rows[i].rc,
                  "row %zu: %s", i, why.text);
        CHECK(v.n == (rows[i].rc == ERR_OK ? rows[i].n : 0) && (rows[i].rc == ERR_OK || v.rows == NULL));
        vector_file_close(&v);
        CHECK(vector_file_parse(&v, &(struct named_bytes){bytes, n - 1, "f"}, &why) == ERR_CORRUPT &&
              v.n == 0);
        free(bytes);
    }
}

int main(void)
{
    char folder[] = "/tmp/mvti-vectors-XXXXXX";
    if (secret_init() != ERR_OK || mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/en.mvv", folder);
    RUN(texts_are_encoded_once);
    RUN(texts_that_are_gone_leave_the_file);
    RUN(another_encoder_finds_nothing);
    RUN(a_damaged_file_counts_as_none);
    RUN(nothing_to_say_is_no_vectors);
    RUN(what_was_made_before_a_failure_is_kept);
    RUN(vectors_of_another_length_are_refused);
    RUN(only_vectors_of_length_one_in_order_are_written);
    RUN(vectors_have_a_length_and_keys_an_order);
    unlink(path);
    rmdir(folder);
    return check_done();
}
