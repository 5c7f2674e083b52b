/* Reading a safetensors file: 8 bytes of header length (little-endian), a JSON header that gives each
 * tensor's type, shape and place, then the tensors' bytes (github.com/huggingface/safetensors, "Format").
 *
 * The file is mapped and may be hostile: every place is checked against the file's size, shape against bytes,
 * and the tensors must cover the rest of the file without overlap or gap, as the format asks. */
#ifndef MVTI_TEXT_SAFETENSORS_H
#define MVTI_TEXT_SAFETENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map_file.h"

enum { SAFETENSORS_DIMS = 8 };

struct safetensors_tensor {
    const char *name;
    const char *type; /* as written, such as "F32" */
    uint64_t shape[SAFETENSORS_DIMS];
    size_t n_dims;
    uint64_t begin, end;        /* in the tensors' bytes */
    const unsigned char *bytes; /* [end − begin], any alignment */
};

struct safetensors {
    struct map_file file;
    struct arena arena;
    struct safetensors_tensor *tensors; /* [n], by place */
    size_t n;
};

/* Maps and checks a file. ERR_NOT_FOUND, ERR_IO, ERR_NOMEM; ERR_INVALID with a sentence that names the
 * tensor. */
MUST_USE enum err safetensors_open(struct safetensors *s, const char *path, struct fail *why);
/* The same of bytes in memory, which must outlive s. */
MUST_USE enum err safetensors_parse(struct safetensors *s, const unsigned char *bytes, size_t n,
                                    struct fail *why);
/* Safe on a zeroed struct. */
void safetensors_close(struct safetensors *s);

/* NULL: no such tensor. */
const struct safetensors_tensor *safetensors_find(const struct safetensors *s, const char *name);
/* n numbers from number `from` on as float32; the type is F32, F16 or BF16 (safetensors_is_float) and
 * from + n at most the tensor's count. */
void safetensors_read(const struct safetensors_tensor *t, uint64_t from, size_t n, float *out);
bool safetensors_is_float(const struct safetensors_tensor *t);

#endif
