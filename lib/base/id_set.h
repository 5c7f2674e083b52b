/* A set of 64-bit numbers, to notice what comes twice. Zero-initialised is valid and empty. */
#ifndef MVTI_BASE_ID_SET_H
#define MVTI_BASE_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_set {
    uint64_t *slots; /* [cap], a power of two; 0 is free */
    size_t cap, n;
    bool has_zero;
};

/* 1 if the number is new, 0 if it is in already, −1 when memory is out. */
int id_set_add(struct id_set *s, uint64_t id);
void id_set_free(struct id_set *s);

#endif
