/* Property: whatever the bytes, npy_parse either refuses them or gives an array of which every number can be read. */
#include <stdlib.h>

#include "data/npy.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct npy a = {0};
    if (npy_parse(&a, &(struct named_bytes){data, size, "input"}, NULL) != ERR_OK)
        return 0;
    bool whole = a.type == NPY_INT32 || a.type == NPY_INT64;
    if (a.dimensions < 1 || a.dimensions > 2)
        abort();
    for (size_t i = 0; i < a.rows * a.cols; i++)
        if (whole && npy_real(&a, i) != (double)npy_whole(&a, i))
            abort();
    return 0;
}
