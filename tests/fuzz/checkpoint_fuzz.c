/* Property: whatever the bytes, checkpoint_parse either refuses them and changes nothing, or everything it
 * read is finite. The checksum is repaired first, so that the fuzzer gets past it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "model/section_file.h"
#include "tests/fuzz/property.h"
#include "train/checkpoint.h"

enum { VALUES = 5 };

static void repair(uint8_t *bytes, size_t size)
{
    struct section_header *h = (void *)bytes;
    memcpy(h->magic, "MVTICHKP", sizeof h->magic);
    h->version = 1;
    h->file_size = size;
    secret_hash(h->content, bytes + sizeof *h, size - sizeof *h);
    section_file_seal(h);
}

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (secret_init() != ERR_OK)
        abort();
    uint8_t *copy = aligned_alloc(64, (size + 64) / 64 * 64);
    float values[2][VALUES] = {{0}}, zeros[2][VALUES] = {{0}};
    struct checkpoint c, before;
    if (copy == NULL)
        abort();
    memcpy(copy, data, size);
    if (size >= sizeof(struct section_header) && memcmp(data, "MVTICHKP", 8) != 0)
        repair(copy, size);
    expect(&c, values);
    before = c;
    if (checkpoint_parse(&c, copy, size, "input", NULL) != ERR_OK) {
        if (memcmp(&before, &c, sizeof c) != 0 || memcmp(values, zeros, sizeof values) != 0)
            abort();
    } else {
        for (size_t i = 0; i < 2 * VALUES; i++)
            if (!isfinite(values[i / VALUES][i % VALUES]))
                abort();
        if (!isfinite(c.first) || !isfinite(c.loss))
            abort();
    }
    free(copy);
    return 0;
}
