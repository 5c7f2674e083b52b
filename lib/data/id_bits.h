/* Counts different ids of 32 bits: one bit an id, in pages of 8 KiB made when first needed, listed in 512
 * KiB; 40 KiB for the users of ml-25m, 512 MiB for every id there is. Zero-initialised is valid and empty. */
#ifndef MVTI_DATA_ID_BITS_H
#define MVTI_DATA_ID_BITS_H

#include <stdbool.h>
#include <stdint.h>

enum { ID_BITS_PAGES = 1 << 16, ID_BITS_PAGE_IDS = 1 << 16 };

struct id_bits {
    uint64_t *pages[ID_BITS_PAGES]; /* [ID_BITS_PAGE_IDS / 64] bits each; NULL: none set */
    uint64_t n;                     /* different ids so far */
};

/* False when memory is out. */
bool id_bits_add(struct id_bits *s, uint32_t id);
bool id_bits_has(const struct id_bits *s, uint32_t id);
void id_bits_free(struct id_bits *s);

#endif
