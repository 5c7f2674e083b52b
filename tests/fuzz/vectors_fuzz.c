/* Property: whatever the bytes, vector_file_parse either refuses them or gives vectors of length 1 of which
 * every key finds its own. The checksum is repaired first, so that the fuzzer gets past it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "tests/fuzz/property.h"
#include "train/vector_file.h"

static void repair(uint8_t *bytes, size_t size)
{
    struct section_header *h = (void *)bytes;
    memcpy(h->magic, "MVTIVECS", sizeof h->magic);
    h->version = VECTOR_FILE_VERSION;
    h->file_size = size;
    secret_hash(h->content, bytes + sizeof *h, size - sizeof *h);
    section_file_seal(h);
}

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (secret_init() != ERR_OK)
        abort();
    uint8_t *copy = aligned_alloc(64, (size + 64) / 64 * 64);
    struct vector_file v;
    if (copy == NULL)
        abort();
    memcpy(copy, data, size);
    if (size >= sizeof(struct section_header) && memcmp(data, "MVTIVECS", 8) != 0)
        repair(copy, size);
    if (vector_file_parse(&v, copy, size, "input", NULL) == ERR_OK)
        use(&v);
    vector_file_close(&v);
    free(copy);
    return 0;
}
