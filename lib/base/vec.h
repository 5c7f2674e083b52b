/* A growable array of items of one size. The caller casts `data`. Zero-initialise with VEC_OF(type). */
#ifndef MVTI_BASE_VEC_H
#define MVTI_BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>

struct vec {
    void *data; /* [cap] items of `size` bytes */
    size_t len;
    size_t cap;
    size_t size;
};

#define VEC_OF(type) ((struct vec){.size = sizeof(type)})

/* Room for at least n items in all; false when memory is out (the content stays). */
bool vec_reserve(struct vec *v, size_t n);
/* Appends a copy of *item; false when memory is out. */
bool vec_push(struct vec *v, const void *item);
/* Frees the memory; the vector is empty and usable afterwards. */
void vec_free(struct vec *v);

#endif
