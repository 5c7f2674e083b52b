/* Several float arrays in one piece of memory, as networks want them: one allocation that fails or does not,
 * one to free. */
#ifndef MVTI_NUM_SLAB_H
#define MVTI_NUM_SLAB_H

#include <stddef.h>

struct slab_part {
    float **at; /* where the array's address goes */
    size_t n;   /* its floats */
};

/* A zeroed piece with room for all parts, in their order, each at a multiple of 16 floats from the first.
 * NULL: no memory; nothing is set but *n_floats, the size of all. The caller frees the piece. */
float *slab_open(const struct slab_part *parts, size_t n_parts, size_t *n_floats);

#endif
