/* A directory of an encoder: what its three JSON files may leave out, and what is refused, by file and
 * member. */
#include "text/bert_config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/fixture/file.h"

/* The least that a config.json needs; what is tested stands behind it, and of two members JSON's last one
 * counts. */
#define LEAST                                                                                                \
    "\"hidden_size\":20,\"num_hidden_layers\":2,\"num_attention_heads\":4,\"intermediate_size\":36,"         \
    "\"max_position_embeddings\":40,\"vocab_size\":230,\"type_vocab_size\":2"

static char folder[] = "/tmp/mvti-bert-config-XXXXXX";
static struct bert_config config;
static struct fail why;
static struct arena arena;

/* NULL: no such file. */
static void put(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    unlink(path);
    if (text == NULL)
        return;
    CHECK(file_put_text(path, text));
}

static enum err read_all(const char *model, const char *tokenizer, const char *sentence)
{
    char text[1024];
    snprintf(text, sizeof text, "{" LEAST "%s}", model);
    put("config.json", text);
    put("tokenizer_config.json", tokenizer);
    put("sentence_bert_config.json", sentence);
    arena_free(&arena);
    why.text[0] = '\0';
    return bert_config_read(&config, &arena, folder, &why);
}

static void refused(enum err rc, const char *file, const char *says, const char *what)
{
    CHECK_MSG(rc == ERR_INVALID && strstr(why.text, file) != NULL && strstr(why.text, says) != NULL,
              "%s: %s: \"%s\" lacks \"%s\"", what, err_name(rc), why.text, says);
}

static void what_is_left_out_has_the_values_of_transformers(void)
{
    CHECK_MSG(read_all("", NULL, NULL) == ERR_OK, "%s", why.text);
    CHECK(config.width == 20 && config.layers == 2 && config.heads == 4 && config.inner == 36);
    CHECK(config.positions == 40 && config.most == 40 && config.types == 2 && config.vocabulary == 230);
    CHECK_NEAR(config.eps, 1e-12, 1e-18);
    CHECK(config.rules.lower_case && config.rules.strip_accents && config.rules.split_chinese);
    CHECK_STR(config.rules.unknown, "[UNK]");
    CHECK_STR(config.rules.first, "[CLS]");
    CHECK_STR(config.rules.last, "[SEP]");
    CHECK_INT(config.rules.n_added, 2);
    CHECK_STR(config.rules.added[0], "[PAD]");
    CHECK_STR(config.rules.added[1], "[MASK]");
    CHECK(read_all(",\"model_type\":null,\"layer_norm_eps\":0,\"architectures\":[]", "{}", "{}") == ERR_OK);
    CHECK(config.eps == 0);
    CHECK(read_all(",\"type_vocab_size\":1,\"num_hidden_layers\":1,\"num_attention_heads\":1", "{}", "{}") ==
          ERR_OK);
    CHECK(config.types == 1 && config.layers == 1 && config.heads == 1);
    CHECK(read_all(",\"max_position_embeddings\":3", NULL, NULL) == ERR_OK && config.positions == 3);
}

static void what_is_said_is_used(void)
{
    CHECK_MSG(read_all(",\"layer_norm_eps\":1e-5",
                       "{\"do_lower_case\":false,\"tokenize_chinese_chars\":false,\"unk_token\":\"<unk>\","
                       "\"cls_token\":{\"content\":\"<s>\",\"lstrip\":false},\"model_max_length\":32,"
                       "\"added_tokens_decoder\":{\"7\":{\"content\":\"<x>\"}}}",
                       "{\"max_seq_length\":16}") == ERR_OK,
              "%s", why.text);
    CHECK_NEAR(config.eps, 1e-5, 1e-12);
    CHECK(!config.rules.lower_case && !config.rules.strip_accents && !config.rules.split_chinese);
    CHECK_STR(config.rules.unknown, "<unk>");
    CHECK_STR(config.rules.first, "<s>");
    CHECK_INT(config.rules.n_added, 3);
    CHECK_STR(config.rules.added[2], "<x>");
    CHECK_INT(config.most, 16);
    CHECK(read_all("", "{\"model_max_length\":32}", NULL) == ERR_OK && config.most == 32);
    CHECK(read_all("", NULL, "{\"max_seq_length\":999}") == ERR_OK && config.most == 40);
    CHECK(read_all("", NULL, "{\"max_seq_length\":3}") == ERR_OK && config.most == 3);
    /* What is written where nobody set a length. */
    CHECK(read_all("", "{\"model_max_length\":1000000000000000019884624838656}", NULL) == ERR_OK);
    CHECK_INT(config.most, 40);
}

static void other_models_are_refused(void)
{
    static const struct {
        const char *more, *says;
    } rows[] = {
        {",\"model_type\":\"roberta\"", "model_type is \"roberta\""},
        {",\"model_type\":1", "model_type is \"?\""},
        {",\"hidden_act\":\"relu\"", "hidden_act is \"relu\""},
        {",\"position_embedding_type\":\"relative_key\"", "computes \"absolute\" only"},
        {",\"is_decoder\":true", "a decoder"},
        {",\"add_cross_attention\":true", "a decoder"},
        {",\"is_decoder\":\"no\"", "is_decoder is neither true nor false"},
        {",\"architectures\":[\"XLNetModel\"]", "architecture is XLNetModel"},
        {",\"architectures\":[3]", "architecture is no text"},
        {",\"layer_norm_eps\":\"small\"", "layer_norm_eps is not a number"},
        {",\"layer_norm_eps\":1", "layer_norm_eps is not a number"},
        {",\"layer_norm_eps\":-0.5", "layer_norm_eps is not a number"},
        {",\"hidden_size\":null", "hidden_size is not a whole number"},
        {",\"hidden_size\":0", "hidden_size is not a whole number"},
        {",\"hidden_size\":20.5", "hidden_size is not a whole number"},
        {",\"hidden_size\":16385", "hidden_size is not a whole number from 1 to 16384"},
        {",\"num_attention_heads\":3", "20 is not a multiple of num_attention_heads 3"},
        {",\"max_position_embeddings\":2", "no room for a word"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        refused(read_all(rows[i].more, NULL, NULL), "/config.json: ", rows[i].says, rows[i].more);
}

static void other_tokenizers_are_refused(void)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"[", "JSON"},
        {"{\"do_lower_case\":1}", "do_lower_case is neither"},
        {"{\"strip_accents\":\"yes\"}", "strip_accents is neither"},
        {"{\"unk_token\":5}", "token unk_token is no text"},
        {"{\"unk_token\":\"\"}", "token unk_token is no text"},
        {"{\"sep_token\":{}}", "token sep_token is no text"},
        {"{\"cls_token\":{\"content\":\"[CLS]\",\"single_word\":true}}", "[CLS] has single_word"},
        {"{\"mask_token\":{\"content\":\"[MASK]\",\"lstrip\":true}}", "[MASK] has lstrip"},
        {"{\"pad_token\":7}", "token pad_token is no text"},
        {"{\"added_tokens_decoder\":{\"4\":{\"content\":9}}}", "token 4 is no text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        refused(read_all("", rows[i].text, NULL), "/tokenizer_config.json: ", rows[i].says, rows[i].text);
}

static void other_lengths_are_refused(void)
{
    refused(read_all("", NULL, "{\"max_seq_length\":2}"), "/sentence_bert_config.json: ", "no room", "2");
    refused(read_all("", NULL, "{\"max_seq_length\":\"x\"}"), "/sentence_bert_config.json: ", "whole", "x");
    refused(read_all("", NULL, "{\"do_lower_case\":0}"), "/sentence_bert_config.json: ", "neither", "0");
    refused(read_all("", "{\"do_lower_case\":false}", "{\"do_lower_case\":true}"),
            "/sentence_bert_config.json: ", "keeps case", "case");
}

static void a_file_that_is_none_is_named(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/tokenizer_config.json", folder);
    (void)read_all("", NULL, NULL);
    CHECK(mkdir(path, 0700) == 0);
    CHECK(bert_config_read(&config, &arena, folder, &why) != ERR_OK);
    CHECK_MSG(strstr(why.text, "tokenizer_config.json") != NULL, "%s", why.text);
    CHECK(rmdir(path) == 0);
    put("config.json", NULL);
    CHECK(bert_config_read(&config, &arena, folder, &why) == ERR_NOT_FOUND);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    RUN(what_is_left_out_has_the_values_of_transformers);
    RUN(what_is_said_is_used);
    RUN(other_models_are_refused);
    RUN(other_tokenizers_are_refused);
    RUN(other_lengths_are_refused);
    RUN(a_file_that_is_none_is_named);
    put("tokenizer_config.json", NULL);
    put("sentence_bert_config.json", NULL);
    rmdir(folder);
    arena_free(&arena);
    return check_done();
}
