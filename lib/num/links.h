/* Item-item weights while they are being found, one by one in any order, and their way into compressed rows.
 */
#ifndef MVTI_NUM_LINKS_H
#define MVTI_NUM_LINKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

struct link {
    int32_t from, to; /* history item, scored item */
    float strength;
};

/* Sorts the n distinct links (in place, by counting) into rows [n_items × n_items], row = from, and their
 * strengths [n], which the caller frees (csr_free, free). ERR_NOMEM: n more links of scratch memory. */
MUST_USE enum err links_build(struct csr *out, float **strength, struct link *links, size_t n, size_t n_items,
                              struct fail *why);

#endif
