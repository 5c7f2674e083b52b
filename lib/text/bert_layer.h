/* One layer of a BERT encoder (Devlin et al., 2019, after Vaswani et al., 2017) for several texts at once.
 * Their tokens stand one behind the other in one matrix, without padding: all but attention looks at a token
 * alone.
 *
 *   a = norm(x + O·attention(Q, K, V of x)),   y = norm(a + down·gelu(up·a)) */
#ifndef MVTI_TEXT_BERT_LAYER_H
#define MVTI_TEXT_BERT_LAYER_H

#include <stddef.h>

#include "base/err.h"
#include "num/linear.h"
#include "text/bert_config.h"
#include "text/safetensors.h"

struct bert_norm {
    float *gain, *shift; /* [width], one allocation, at gain */
};

struct bert_layer {
    struct linear qkv;                  /* width → 3·width: query, key, value */
    struct linear mixed;                /* attention.output.dense, width → width */
    struct linear up, down;             /* width → inner → width */
    struct bert_norm attended, put_out; /* attention.output.LayerNorm, output.LayerNorm */
};

/* The weights of a model in a file, whose names may begin with "bert.". */
struct bert_weights {
    const struct safetensors *file;
    const char *prefix; /* "" or "bert." */
};

/* Room for one thread. */
struct bert_space {
    size_t tokens;  /* as many at once */
    float *x;       /* [tokens × width]: the state, in and out */
    float *qkv;     /* [tokens × 3·width], and ATTENTION_SLACK */
    float *wide;    /* [tokens × inner] */
    float *y;       /* [tokens × width] */
    float *scratch; /* what products and attention ask for */
    float *memory;  /* all of the above */
};

/* The tensor `name` of shape [rows × cols], or [rows] where cols is 0. ERR_INVALID: not there, of another
 * shape, or not of float numbers; the sentence names it. */
MUST_USE enum err bert_layer_tensor(const struct bert_weights *w, const char *name, size_t rows, size_t cols,
                                    const struct safetensors_tensor **out, struct fail *why);
/* Reads `name`.weight and .bias, or .gamma and .beta as old files call them. */
MUST_USE enum err bert_norm_read(struct bert_norm *n, const struct bert_weights *w, const char *name,
                                 size_t width, struct fail *why);
void bert_norm_free(struct bert_norm *n);

/* Reads and packs layer i. On an error l is to be closed all the same. ERR_INVALID, ERR_NOMEM. */
MUST_USE enum err bert_layer_read(struct bert_layer *l, const struct bert_weights *w,
                                  const struct bert_config *c, size_t i, struct fail *why);
void bert_layer_close(struct bert_layer *l);

/* false: out of memory. */
bool bert_space_open(struct bert_space *s, const struct bert_config *c, size_t tokens);
void bert_space_close(struct bert_space *s);

/* s->x for n texts, text t being rows starts[t] … starts[t + 1] − 1; starts[n] ≤ s->tokens. */
void bert_layer_apply(const struct bert_layer *l, const struct bert_config *c, const struct wide *way,
                      const size_t *starts, size_t n, struct bert_space *s);

#endif
