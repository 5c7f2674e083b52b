/* Byte strings to numbers 0, 1, … in the order of their first appearance: a hash table. */
#ifndef MVTI_TEXT_TERM_TABLE_H
#define MVTI_TEXT_TERM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/vec.h"

struct term_table {
    struct buf names;  /* all terms, one behind the other */
    struct vec starts; /* uint64_t [n + 1] once anything was added */
    int32_t *slots;    /* [n_slots], −1 free; a power of two */
    size_t n_slots, n;
};

/* The number of a term, which is added when new; −1 when memory is out or 2³¹ − 1 are reached. */
int32_t term_table_add(struct term_table *t, const char *bytes, size_t n);
/* −1: not there. */
int32_t term_table_find(const struct term_table *t, const char *bytes, size_t n);
/* The bytes of term i < t->n. */
const char *term_table_name(const struct term_table *t, size_t i, size_t *n);
void term_table_free(struct term_table *t);

#endif
