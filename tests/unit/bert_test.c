/* The encoder against float64 NumPy, stage by stage (fixtures/make_bert.py), and directories that are not
 * whole. */
#include "text/bert.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"
#include "text/bert_private.h"

static const char fixture[] = "tests/unit/fixtures/bert", korean[] = "tests/unit/fixtures/bert_ko";
enum { MOST = 8192 };

static void from_hex(const char *hex, char *out)
{
    unsigned byte;
    for (; sscanf(hex, "%2x", &byte) == 1 && hex[0] != '-'; hex += 2)
        *out++ = (char)byte;
    *out = '\0';
}

/* One text of the fixture being read. */
struct example {
    char text[4096];
    int32_t ids[64];
    size_t n_ids, row, stage;
    float *x; /* [n_ids × width] of the stage */
};

static void begin_stage(const struct bert *b, struct example *e, size_t stage)
{
    struct bert_space s = {0};
    size_t starts[2] = {0, e->n_ids};
    e->stage = stage;
    e->row = 0;
    CHECK(bert_space_open(&s, &b->config, e->n_ids));
    bert_run(b, e->ids, starts, 1, stage, &s);
    memcpy(e->x, s.x, e->n_ids * bert_width(b) * sizeof(float));
    bert_space_close(&s);
}

/* Float32 sums of up to 36 products over two layers whose norms divide by small deviations: five digits. */
static void check_row(const char *numbers, const float *got, size_t n)
{
    char *end;
    for (size_t i = 0; i < n; i++, numbers = end)
        CHECK_NEAR((double)got[i], strtod(numbers, &end), 3e-5);
}

static void check_line(const struct bert *b, struct example *e, char *line)
{
    size_t width = bert_width(b), stage;
    float out[64];
    const char *texts[] = {e->text};
    if (strncmp(line, "text ", 5) == 0) {
        from_hex(line + 5, e->text);
        e->n_ids = 0;
    } else if (strncmp(line, "ids ", 4) == 0) {
        char *at = line + 4, *end;
        for (long id; id = strtol(at, &end, 10), end != at; at = end)
            e->ids[e->n_ids++] = (int32_t)id;
        e->stage = SIZE_MAX;
    } else if (sscanf(line, "x%zu ", &stage) == 1) {
        if (stage != e->stage)
            begin_stage(b, e, stage);
        check_row(strchr(line, ' '), e->x + e->row++ * width, width);
    } else if (strncmp(line, "out ", 4) == 0) {
        CHECK(bert_encode(b, texts, 1, out, NULL) == ERR_OK);
        check_row(line + 4, out, width);
    }
}

static struct bert *open_fixture(const char *dir)
{
    struct bert *b;
    struct fail why = {0};
    CHECK_MSG(bert_open(&b, dir, &why) == ERR_OK, "%s", why.text);
    return b;
}

/* Holds the encoder in `dir` to dir.txt; gives the lines read. */
static size_t check_all(const char *dir)
{
    static char line[MOST];
    static struct example e;
    float x[64 * 64];
    char path[64];
    size_t lines = 0;
    snprintf(path, sizeof path, "%s.txt", dir);
    struct bert *b = open_fixture(dir);
    FILE *in = fopen(path, "r");
    CHECK(b != NULL && in != NULL);
    e.x = x;
    while (b != NULL && in != NULL && fgets(line, sizeof line, in) != NULL) {
        check_line(b, &e, line);
        lines++;
    }
    if (in != NULL)
        fclose(in);
    bert_close(b);
    return lines;
}

static void every_stage_is_numpys(void)
{
    CHECK(check_all(fixture) > 100);
}

/* Pieces of Hangul words, unknown ones, texts longer than there are places. */
static void korean_texts_are_numpys(void)
{
    CHECK(check_all(korean) > 30);
}

static void a_row_depends_on_its_text_alone(void)
{
    struct bert *b = open_fixture(fixture);
    const char *const texts[] = {"영화를 사랑하는", "", "The film of a dream", "영화를 사랑하는",
                                 "꿈 꿈 꿈 꿈 꿈 꿈 꿈"};
    float all[5 * 64], one[64];
    size_t d = bert_width(b);
    CHECK(bert_encode(b, texts, 5, all, NULL) == ERR_OK);
    CHECK(memcmp(all, all + 3 * d, d * sizeof *all) == 0);
    for (size_t i = 0; i < 5; i++) {
        double squares = 0;
        CHECK(bert_encode(b, &texts[i], 1, one, NULL) == ERR_OK);
        CHECK(memcmp(one, all + i * d, d * sizeof *one) == 0);
        for (size_t c = 0; c < d; c++)
            squares += (double)one[c] * (double)one[c];
        CHECK_NEAR(squares, 1, 1e-5);
    }
    CHECK(bert_encode(b, texts, 0, all, NULL) == ERR_OK);
    bert_close(b);
}

/* ---- directories ---- */

static char folder[64];

static void shell(const char *command)
{
    CHECK_MSG(system(command) == 0, "%s", command); // NOLINT(cert-env33-c): fixed commands of this test
}

/* A copy of the fixture, changed by a command that runs in it, must be refused with `says` in the sentence.
 */
static void refused(const char *command, enum err want, const char *says)
{
    char line[1024];
    struct bert *b;
    struct fail why = {0};
    snprintf(line, sizeof line, "rm -rf %s/b && cp -R %s %s/b && cd %s/b && %s", folder, fixture, folder,
             folder, command);
    shell(line);
    snprintf(line, sizeof line, "%s/b", folder);
    enum err rc = bert_open(&b, line, &why);
    CHECK_MSG(rc == want && b == NULL, "%s: %s %s", command, err_name(rc), why.text);
    CHECK_MSG(strstr(why.text, says) != NULL, "%s: %s", command, why.text);
    bert_close(b);
}

static void what_is_missing_or_damaged_is_named(void)
{
    snprintf(folder, sizeof folder, "/tmp/mvti-bert-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    refused("rm config.json", ERR_NOT_FOUND, "config.json");
    refused("rm vocab.txt", ERR_NOT_FOUND, "vocab.txt");
    refused("rm model.safetensors", ERR_NOT_FOUND, "model.safetensors");
    refused("echo '{' >config.json", ERR_INVALID, "config.json");
    refused("sed -i 's/\"bert\"/\"gpt2\"/' config.json", ERR_INVALID, "gpt2");
    refused("sed -i 's/\"absolute\"/\"relative_key\"/' config.json", ERR_INVALID, "relative_key");
    refused("sed -i 's/\"hidden_size\": 20/\"hidden_size\": 24/' config.json", ERR_INVALID, "embeddings");
    refused("sed -i 's/\"num_hidden_layers\": 2/\"num_hidden_layers\": 3/' config.json", ERR_INVALID,
            "layer.2");
    refused("truncate -s 30000 model.safetensors", ERR_INVALID, "model.safetensors");
    refused("grep -v CLS vocab.txt >v; mv v vocab.txt", ERR_INVALID, "[CLS]");
    refused("sed -i 's/\"vocab_size\": [0-9]*/\"vocab_size\": 7/' config.json", ERR_INVALID,
            "more than config.json's vocab_size 7");
    refused("sed -i '0,/\"F32\"/s//\"I32\"/' model.safetensors", ERR_INVALID,
            "its type I32 is not F32, F16 or BF16");
    char line[128];
    snprintf(line, sizeof line, "rm -rf %s", folder);
    shell(line);
}

/* All bits of the last tensors set: not a number. */
static void weights_that_are_no_numbers(void)
{
    char line[300];
    struct bert *b;
    struct fail why = {0};
    float out[64];
    const char *texts[] = {"a film"};
    strcpy(folder, "/tmp/mvti-bert-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(line, sizeof line,
             "cp -R %s %s/b && cd %s/b && size=$(stat -c %%s model.safetensors) && head -c 2000 /dev/zero | "
             "tr '\\0' '\\377' | "
             "dd of=model.safetensors bs=1 seek=$((size - 2000)) conv=notrunc 2>/dev/null",
             fixture, folder, folder);
    shell(line);
    snprintf(line, sizeof line, "%s/b", folder);
    CHECK_MSG(bert_open(&b, line, &why) == ERR_OK, "%s", why.text);
    CHECK(bert_encode(b, texts, 1, out, &why) == ERR_DIVERGED && strstr(why.text, "not finite") != NULL);
    bert_close(b);
    snprintf(line, sizeof line, "rm -rf %s", folder);
    shell(line);
}

int main(void)
{
    RUN(every_stage_is_numpys);
    RUN(korean_texts_are_numpys);
    RUN(a_row_depends_on_its_text_alone);
    RUN(what_is_missing_or_damaged_is_named);
    RUN(weights_that_are_no_numbers);
    return check_done();
}
