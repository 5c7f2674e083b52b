/* What bert.c keeps, and its stages one by one, for tests. */
#ifndef MVTI_TEXT_BERT_PRIVATE_H
#define MVTI_TEXT_BERT_PRIVATE_H

#include "base/arena.h"
#include "text/bert.h"
#include "text/bert_config.h"
#include "text/bert_layer.h"
#include "text/safetensors.h"
#include "text/wordpiece.h"

struct bert {
    struct arena arena;
    struct bert_config config;
    struct wordpiece words;
    struct safetensors file;
    const struct safetensors_tensor *vectors; /* [vocabulary × width], in the file */
    float *places;                            /* [most × width]: position_embeddings + token type 0 */
    struct bert_norm embedded;                /* embeddings.LayerNorm */
    struct bert_layer *layers;                /* [config.layers] */
    const struct wide *way;
};

/* s->x after the first `layers` layers, 0 for the embeddings alone. Text t is ids starts[t] … starts[t + 1]
 * − 1. */
void bert_run(const struct bert *b, const int32_t *ids, const size_t *starts, size_t n, size_t layers,
              struct bert_space *s);

#endif
