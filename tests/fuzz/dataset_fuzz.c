/* Property: whatever the bytes, dataset_parse either refuses them or gives a dataset whose every row, user
 * and item can be read and transposed. The checksum is repaired first, so that the fuzzer gets past it. */
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "tests/fixture/section_target.h"
#include "tests/fuzz/property.h"

static void use(const struct dataset *d)
{
    struct csr t;
    if (csr_transpose(&t, &d->x) != ERR_OK || !csr_valid(&t) || csr_count(&t) != csr_count(&d->x))
        abort();
    csr_free(&t);
    for (size_t u = 0; u < d->x.n_rows; u++)
        if (strlen(d->sources[d->users[u].source].name) >= DATASET_NAME)
            abort();
    for (size_t i = 0; i < d->x.n_cols; i++)
        if (d->item_ids[i] < 0)
            abort();
}

static bool read(const uint8_t *bytes, size_t n)
{
    struct dataset d;
    bool took = dataset_parse(&d, &(struct named_bytes){bytes, n, "input"}, NULL) == ERR_OK;
    if (took)
        use(&d);
    dataset_close(&d);
    return took;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    section_target(data, size, "MVTIDATA", DATASET_VERSION, read);
    return 0;
}
