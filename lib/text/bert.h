/* Text embeddings by a BERT encoder (Devlin et al., NAACL 2019) as sentence-transformers computes them
 * (Reimers & Gurevych, EMNLP 2019): tokens → encoder → mean over all tokens → length 1.
 *
 * Reads a Hugging Face directory: config.json, vocab.txt, model.safetensors (F32, F16 or BF16), and where
 * they are, tokenizer_config.json and sentence_bert_config.json. Any encoder of model_type "bert":
 * all-MiniLM-L6-v2, klue/bert-base, bert-base-multilingual-cased. A pooler or a head for training is passed
 * over. */
#ifndef MVTI_TEXT_BERT_H
#define MVTI_TEXT_BERT_H

#include <stddef.h>

#include "base/err.h"

struct bert;

/* *out is the caller's to close; NULL on an error. ERR_NOT_FOUND (a file is missing), ERR_IO, ERR_NOMEM, and
 * ERR_INVALID with a sentence that names the file and the member, line or tensor: a damaged file, or an
 * encoder of another kind. Cost: reads and packs all weights but the words' vectors, which stay in the mapped
 * file. */
MUST_USE enum err bert_open(struct bert **out, const char *dir, struct fail *why);
/* Safe on NULL. */
void bert_close(struct bert *b);

/* d: floats of one embedding (384 for MiniLM). */
size_t bert_width(const struct bert *b);

/* out[n × d], row i the embedding of texts[i] (NUL-terminated UTF-8, "" allowed), of length 1. A row depends
 * on its text alone, to the last bit, on one kind of processor. On all cores (parallel_for): for trainers and
 * jobs, not for workers; call it with some hundred texts at a time to show progress. ERR_NOMEM; ERR_DIVERGED
 * when the weights give numbers that are not finite. out is undefined after an error. Cost a token:
 * 2·layers·width·(4·width + 2·inner) multiplications and additions, and 4·layers·width more for each token of
 * its text. */
MUST_USE enum err bert_encode(const struct bert *b, const char *const *texts, size_t n, float *out,
                              struct fail *why);

#endif
