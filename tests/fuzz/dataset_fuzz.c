/* Property: whatever the bytes, dataset_parse either refuses them or gives a dataset whose every row, user
 * and item can be read and transposed. The checksum is repaired first, so that the fuzzer gets past it. */
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "tests/fuzz/property.h"
#include "train/dataset.h"

static void repair(uint8_t *bytes, size_t size)
{
    struct section_header *h = (void *)bytes;
    memcpy(h->magic, "MVTIDATA", sizeof h->magic);
    h->version = DATASET_VERSION;
    h->file_size = size;
    secret_hash(h->content, bytes + sizeof *h, size - sizeof *h);
    section_file_seal(h);
}

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (secret_init() != ERR_OK)
        abort();
    uint8_t *copy = aligned_alloc(64, (size + 64) / 64 * 64);
    struct dataset d;
    if (copy == NULL)
        abort();
    memcpy(copy, data, size);
    if (size >= sizeof(struct section_header) && memcmp(data, "MVTIDATA", 8) != 0)
        repair(copy, size);
    if (dataset_parse(&d, copy, size, "input", NULL) == ERR_OK)
        use(&d);
    dataset_close(&d);
    free(copy);
    return 0;
}
