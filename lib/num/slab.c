#include "num/slab.h"

#include <stdlib.h>

static size_t rounded(size_t n)
{
    return (n + 15) / 16 * 16;
}

float *slab_open(const struct slab_part *parts, size_t n_parts, size_t *n_floats)
{
    *n_floats = 0;
    for (size_t i = 0; i < n_parts; i++)
        *n_floats += rounded(parts[i].n);
    float *slab = calloc(*n_floats + 1, sizeof *slab), *next = slab;
    for (size_t i = 0; i < n_parts && slab != NULL; i++) {
        *parts[i].at = next;
        next += rounded(parts[i].n);
    }
    return slab;
}
