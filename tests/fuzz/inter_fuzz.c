/* Property: an .inter file that is accepted without a threshold gives at least what it gives with one, and
 * its interactions, written out as rows, are read the same; what is refused is refused with the name and a
 * line. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tests/fuzz/property.h"
#include "train/inter_reader.h"

static void check_again(const struct interactions *in)
{
    struct buf text = {0};
    struct interactions again = INTERACTIONS_NONE;
    const uint64_t *keys = in->keys.data;
    buf_puts(&text, "rating:float\titem_id:token\tuser_id:token\n");
    for (size_t i = 0; i < in->keys.len; i++)
        buf_printf(&text, "3.5\t%u\t%u\n", (unsigned)keys[i], (unsigned)(keys[i] >> 32));
    if (inter_parse(&again, buf_str(&text), text.len, "again", 3.5, NULL) != ERR_OK ||
        again.keys.len != in->keys.len ||
        (in->keys.len > 0 && memcmp(again.keys.data, keys, in->keys.len * sizeof *keys) != 0))
        abort();
    interactions_free(&again);
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct interactions all = INTERACTIONS_NONE, liked = INTERACTIONS_NONE;
    struct fail why = {0};
    enum err rc = inter_parse(&all, (const char *)data, size, "input", -1e9, &why);
    if (rc == ERR_OK) {
        check_again(&all);
        if (inter_parse(&liked, (const char *)data, size, "input", 4, NULL) != ERR_OK ||
            liked.keys.len > all.keys.len)
            abort();
    } else if (rc != ERR_INVALID || strncmp(why.text, "input:", 6) != 0 || atol(why.text + 6) < 1) {
        abort();
    }
    interactions_free(&all);
    interactions_free(&liked);
    return 0;
}
