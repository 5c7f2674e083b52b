/* Property: whatever the bytes, forest_parse either refuses them or gives a forest in which a search ends and
 * returns items of the forest, none twice. The checksum is repaired first, so that the fuzzer gets past it.
 */
#include <stdlib.h>
#include <string.h>

#include "model/forest.h"
#include "tests/fixture/section_target.h"
#include "tests/fuzz/property.h"

enum { K = 16 };

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

static bool read(const uint8_t *bytes, size_t n)
{
    struct forest f;
    bool took = forest_parse(&f, &(struct named_bytes){bytes, n, "input"}, NULL) == ERR_OK;
    if (took)
        use(&f);
    forest_close(&f);
    return took;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    section_target(data, size, "MVTIFRST", FOREST_VERSION, read);
    return 0;
}
