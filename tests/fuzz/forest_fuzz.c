/* Property: whatever the bytes, forest_parse either refuses them or gives a forest in which a search ends and
 * returns items of the forest, none twice. The checksum is repaired first, so that the fuzzer gets past it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "model/forest.h"
#include "tests/fuzz/property.h"

enum { K = 16 };

static void repair(uint8_t *bytes, size_t size)
{
    struct section_header *h = (void *)bytes;
    memcpy(h->magic, "MVTIFRST", sizeof h->magic);
    h->version = FOREST_VERSION;
    h->file_size = size;
    secret_hash(h->content, bytes + sizeof *h, size - sizeof *h);
    section_file_seal(h);
}

static void use(const struct forest *f)
{
    struct forest_scratch *s = forest_scratch_new(f);
    float *query = calloc(f->info->dimensions, sizeof *query);
    int32_t found[K];
    if (s == NULL || query == NULL)
        abort();
    query[0] = 1;
    size_t n = forest_search(f, s, query, K, 2 * K, found);
    if (n > K)
        abort();
    for (size_t i = 0; i < n; i++) {
        if (found[i] < 0 || (uint32_t)found[i] >= f->info->n_items)
            abort();
        for (size_t j = 0; j < i; j++)
            if (found[i] == found[j])
                abort();
    }
    forest_scratch_free(s);
    free(query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (secret_init() != ERR_OK)
        abort();
    uint8_t *copy = aligned_alloc(64, (size + 64) / 64 * 64);
    struct forest f;
    if (copy == NULL)
        abort();
    memcpy(copy, data, size);
    if (size >= sizeof(struct section_header) && memcmp(data, "MVTIFRST", 8) != 0)
        repair(copy, size);
    if (forest_parse(&f, copy, size, "input", NULL) == ERR_OK)
        use(&f);
    forest_close(&f);
    free(copy);
    return 0;
}
