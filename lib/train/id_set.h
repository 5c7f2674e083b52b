/* Counts different ids of 1 … 2³¹−1: one bit an id, in pages of 8 KiB made when first needed; 40 KiB for the
 * users of ml-25m, 256 MiB for every id there is. Zero-initialised is valid and empty. */
#ifndef MVTI_TRAIN_ID_SET_H
#define MVTI_TRAIN_ID_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { ID_SET_PAGES = 1 << 15, ID_SET_PAGE_IDS = 1 << 16 };

struct id_set {
    uint64_t *pages[ID_SET_PAGES]; /* [ID_SET_PAGE_IDS / 64] bits each; NULL: none set */
    uint64_t n;                    /* different ids so far */
};

/* id < 2³¹. False when memory is out. */
bool id_set_add(struct id_set *s, uint32_t id);
void id_set_free(struct id_set *s);

#endif
