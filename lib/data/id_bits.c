#include "data/id_bits.h"

#include <stddef.h>
#include <stdlib.h>

bool id_bits_add(struct id_bits *s, uint32_t id)
{
    uint64_t **page = &s->pages[id / ID_BITS_PAGE_IDS];
    if (*page == NULL && (*page = calloc(ID_BITS_PAGE_IDS / 64, sizeof **page)) == NULL)
        return false;
    uint64_t *word = &(*page)[id % ID_BITS_PAGE_IDS / 64];
    uint64_t bit = UINT64_C(1) << id % 64;
    s->n += (*word & bit) == 0;
    *word |= bit;
    return true;
}

bool id_bits_has(const struct id_bits *s, uint32_t id)
{
    const uint64_t *page = s->pages[id / ID_BITS_PAGE_IDS];
    return page != NULL && (page[id % ID_BITS_PAGE_IDS / 64] >> id % 64 & 1) != 0;
}

void id_bits_free(struct id_bits *s)
{
    for (size_t i = 0; i < ID_BITS_PAGES; i++) {
        free(s->pages[i]);
        s->pages[i] = NULL;
    }
    s->n = 0;
}
