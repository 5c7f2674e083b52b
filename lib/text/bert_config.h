/* What a Hugging Face directory says about a BERT encoder and its tokenizer: config.json, and where they are,
 * tokenizer_config.json and sentence_bert_config.json. */
#ifndef MVTI_TEXT_BERT_CONFIG_H
#define MVTI_TEXT_BERT_CONFIG_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "text/wordpiece.h"

struct bert_config {
    size_t width;      /* hidden_size, heads × a head's width */
    size_t layers;     /* num_hidden_layers */
    size_t heads;      /* num_attention_heads */
    size_t inner;      /* intermediate_size */
    size_t positions;  /* max_position_embeddings */
    size_t vocabulary; /* vocab_size */
    size_t types;      /* type_vocab_size */
    float eps;         /* layer_norm_eps */
    size_t most; /* tokens of a text, [CLS] and [SEP] included: max_seq_length of sentence_bert_config.json,
                  * else model_max_length of tokenizer_config.json; at most positions */
    struct wordpiece_rules
        rules; /* do_lower_case, strip_accents, tokenize_chinese_chars, the special tokens */
};

/* Texts live in the arena. ERR_NOT_FOUND (no config.json), ERR_IO, ERR_NOMEM; ERR_INVALID for what is no
 * JSON, a size out of range, or an encoder that this program would compute wrongly (another model_type,
 * hidden_act or position_embedding_type, a decoder, tokens that take blanks with them). */
MUST_USE enum err bert_config_read(struct bert_config *c, struct arena *a, const char *dir, struct fail *why);

#endif
