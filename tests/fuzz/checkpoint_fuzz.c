/* Property: whatever the bytes, checkpoint_parse either refuses them and changes nothing, or everything it
 * read is finite. The checksum is repaired first, so that the fuzzer gets past it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fixture/section_target.h"
#include "tests/fuzz/property.h"
#include "train/checkpoint.h"

enum { VALUES = 5 };

/* What a training of one person and one item expects. */
static void expect(struct checkpoint *c, float values[2][VALUES])
{
    const uint64_t start[] = {0, 1};
    const int32_t col[] = {0};
    const struct csr x = {1, 1, start, col};
    const double setting[] = {1, 0.5};
    checkpoint_describe(c, "recvae", &x, 7, setting, 2);
    for (size_t i = 0; i < 2; i++) {
        c->arrays[i].values = values[i];
        c->arrays[i].n = VALUES;
    }
}

static bool read(const uint8_t *bytes, size_t n)
{
    float values[2][VALUES] = {{0}}, zeros[2][VALUES] = {{0}};
    struct checkpoint c, before;
    expect(&c, values);
    before = c;
    if (checkpoint_parse(&c, &(struct named_bytes){bytes, n, "input"}, NULL) != ERR_OK) {
        must(memcmp(&before, &c, sizeof c) == 0 && memcmp(values, zeros, sizeof values) == 0);
        return false;
    }
    for (size_t i = 0; i < 2 * VALUES; i++)
        must(isfinite(values[i / VALUES][i % VALUES]));
    must(isfinite(c.first) && isfinite(c.loss));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    section_target(data, size, "MVTICHKP", 1, read);
    return 0;
}
