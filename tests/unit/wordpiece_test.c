/* WordPiece against Hugging Face `tokenizers` (fixtures/make_wordpiece.py), and at its edges. */
#include "text/wordpiece.h"

#include "base/map_file.h"
#include "tests/check.h"

static const char *const added[] = {"[PAD]", "[MASK]", NULL, "[not there]"};

static struct wordpiece_rules rules_of(const char *letters)
{
    return (struct wordpiece_rules){.lower_case = strchr(letters, 'l') != NULL,
                                    .strip_accents = strchr(letters, 's') != NULL,
                                    .split_chinese = strchr(letters, 'c') != NULL,
                                    .unknown = "[UNK]",
                                    .first = "[CLS]",
                                    .last = "[SEP]",
                                    .added = added,
                                    .n_added = 4};
}

static bool open_fixture(struct wordpiece *w, const char *letters)
{
    struct map_file file;
    struct fail why = {0};
    struct wordpiece_rules rules = rules_of(letters);
    enum err rc = map_file_open(&file, "tests/unit/fixtures/bert/vocab.txt", &why);
    if (rc == ERR_OK)
        rc = wordpiece_open(w, (const char *)file.data, file.size, &rules, &why);
    map_file_close(&file);
    CHECK_MSG(rc == ERR_OK, "%s", why.text);
    return rc == ERR_OK;
}

static void from_hex(const char *hex, char *out)
{
    unsigned byte;
    for (; sscanf(hex, "%2x", &byte) == 1 && hex[0] != '-'; hex += 2)
        *out++ = (char)byte;
    *out = '\0';
}

/* One line of the fixture: "rules text ids…". */
static void check_line(char *line)
{
    char text[4096], *rest, *letters = strtok_r(line, " \n", &rest), *hex = strtok_r(NULL, " \n", &rest);
    struct wordpiece w;
    struct vec ids = VEC_OF(int32_t);
    size_t n = 0;
    if (!open_fixture(&w, letters))
        return;
    from_hex(hex, text);
    CHECK(wordpiece_encode(&w, text, 1000, &ids) == ERR_OK);
    for (char *id; (id = strtok_r(NULL, " \n", &rest)) != NULL; n++)
        CHECK_MSG(n < ids.len && ((int32_t *)ids.data)[n] == atoi(id), "%s \"%s\", token %zu", letters, text,
                  n);
    CHECK_MSG(n == ids.len, "%s \"%s\": %zu tokens, want %zu", letters, text, ids.len, n);
    vec_free(&ids);
    wordpiece_close(&w);
}

static void test_equals_hugging_face(void)
{
    static char line[16384];
    size_t n = 0;
    FILE *f = fopen("tests/unit/fixtures/wordpiece.txt", "r");
    CHECK(f != NULL);
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (line[0] != '#') {
            check_line(line);
            n++;
        }
    CHECK(n > 400);
    if (f != NULL)
        fclose(f);
}

static void test_cut(void)
{
    struct wordpiece w;
    struct vec all = VEC_OF(int32_t), cut = VEC_OF(int32_t);
    if (!open_fixture(&w, "lsc"))
        return;
    CHECK(wordpiece_encode(&w, "the dreamers of filming", 1000, &all) == ERR_OK);
    const int32_t *whole = all.data;
    for (size_t most = 2; most <= all.len + 1; most++) {
        cut.len = 0;
        CHECK(wordpiece_encode(&w, "the dreamers of filming", most, &cut) == ERR_OK);
        CHECK_INT(cut.len, most < all.len ? most : all.len);
        const int32_t *got = cut.data;
        CHECK(memcmp(got, whole, (cut.len - 1) * sizeof *got) == 0 && got[cut.len - 1] == w.last);
    }
    CHECK(wordpiece_encode(&w, "film", 3, &cut) == ERR_OK); /* appended behind what was there */
    CHECK_INT(cut.len, all.len + 3);
    vec_free(&all);
    vec_free(&cut);
    wordpiece_close(&w);
}

static void test_bytes_that_are_no_text(void)
{
    struct wordpiece w;
    struct vec a = VEC_OF(int32_t), b = VEC_OF(int32_t);
    if (!open_fixture(&w, "lsc"))
        return;
    CHECK(wordpiece_encode(&w, "fi\xff\xc0lm \xed\xa0\x80 the\xf0\x9f", 100, &a) == ERR_OK);
    CHECK(wordpiece_encode(&w, "film the", 100, &b) == ERR_OK);
    CHECK(a.len == b.len && memcmp(a.data, b.data, a.len * sizeof(int32_t)) == 0);
    vec_free(&a);
    vec_free(&b);
    wordpiece_close(&w);
}

static void refused(const char *vocabulary, const char *says)
{
    struct wordpiece w;
    struct fail why = {0};
    struct wordpiece_rules rules = rules_of("lsc");
    CHECK(wordpiece_open(&w, vocabulary, strlen(vocabulary), &rules, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, says) != NULL, "%s", why.text);
    wordpiece_close(&w);
}

static void test_vocabularies(void)
{
    refused("", "empty");
    refused("\n", "\"[UNK]\"");
    refused("[UNK]\n[CLS]\n", "\"[SEP]\"");
    refused("[UNK]\n[CLS]\n\xff\n[SEP]\n", "line 3");
    const char *twice = "[UNK]\r\n[CLS]\r\n[SEP]\na\nb\na"; /* no LF at the end; "a" twice: the last counts */
    struct wordpiece w;
    struct vec ids = VEC_OF(int32_t);
    struct wordpiece_rules rules = rules_of("c");
    CHECK(wordpiece_open(&w, twice, strlen(twice), &rules, NULL) == ERR_OK);
    CHECK_INT(w.n, 6);
    CHECK(wordpiece_encode(&w, "a b ab", 10, &ids) == ERR_OK);
    static const int32_t want[] = {1, 5, 4, 0, 2};
    CHECK(ids.len == 5 && memcmp(ids.data, want, sizeof want) == 0);
    vec_free(&ids);
    wordpiece_close(&w);
}

int main(void)
{
    RUN(test_equals_hugging_face);
    RUN(test_cut);
    RUN(test_bytes_that_are_no_text);
    RUN(test_vocabularies);
    return check_done();
}
