/* Property: whatever the bytes, safetensors_parse either refuses them with a sentence, or gives tensors that
 * lie one behind the other within the bytes, are found by their names, and whose numbers can be read. */
#include "tests/fuzz/property.h"
#include "text/safetensors.h"

#include <stdlib.h>
#include <string.h>

static uint64_t count_of(const struct safetensors_tensor *t)
{
    uint64_t n = 1;
    for (size_t i = 0; i < t->n_dims; i++)
        n *= t->shape[i];
    return n;
}

static void use(const struct safetensors *s, const uint8_t *data, size_t size)
{
    uint64_t end = 0;
    float number;
    for (size_t i = 0; i < s->n; i++) {
        const struct safetensors_tensor *t = &s->tensors[i];
        if (t->begin != end || t->end < t->begin || safetensors_find(s, t->name) == NULL)
            abort();
        end = t->end;
        if (t->end > t->begin && (t->bytes < data || t->bytes + (t->end - t->begin) > data + size))
            abort();
        if (!safetensors_is_float(t) || count_of(t) == 0)
            continue;
        safetensors_read(t, 0, 1, &number);
        safetensors_read(t, count_of(t) - 1, 1, &number);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct safetensors s;
    struct fail why = {0};
    enum err rc = safetensors_parse(&s, data, size, &why);
    if (rc == ERR_OK)
        use(&s, data, size);
    else if (why.text[0] == '\0')
        abort();
    safetensors_close(&s);
    return 0;
}
