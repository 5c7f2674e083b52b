/* Some of the users, where looking at all of them would only cost time. */
#ifndef MVTI_DATA_SAMPLE_H
#define MVTI_DATA_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

/* out = x with at most `most` of its rows that are not empty; the others are emptied. Which ones stay is
 * selection sampling (Knuth, The Art of Computer Programming, 3.4.2, algorithm S): every row is as likely as
 * any other, and the same seed keeps the same rows. O(rows + entries). ERR_NOMEM. csr_free it. */
MUST_USE enum err sample_rows(struct csr *out, const struct csr *x, size_t most, uint64_t seed,
                              struct fail *why);

#endif
