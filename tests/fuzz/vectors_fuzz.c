/* Property: whatever the bytes, vector_file_parse either refuses them or gives vectors of length 1 of which
 * every key finds its own. The checksum is repaired first, so that the fuzzer gets past it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bts/vector_file.h"
#include "tests/fixture/section_target.h"
#include "tests/fuzz/property.h"

static void use(const struct vector_file *v)
{
    for (size_t i = 0; i < v->n; i++) {
        const float *row = vector_file_find(v, &v->keys[i]);
        double squares = 0;
        if (row != v->rows + i * v->d)
            abort();
        for (size_t k = 0; k < v->d; k++)
            squares += (double)row[k] * (double)row[k];
        if (!(fabs(squares - 1) < VECTOR_OFF))
            abort();
    }
}

static bool read(const uint8_t *bytes, size_t n)
{
    struct vector_file v;
    bool took = vector_file_parse(&v, &(struct named_bytes){bytes, n, "input"}, NULL) == ERR_OK;
    if (took)
        use(&v);
    vector_file_close(&v);
    return took;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    section_target(data, size, "MVTIVECS", VECTOR_FILE_VERSION, read);
    return 0;
}
