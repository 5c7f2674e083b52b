/* Property: text that lists_parse accepts, written out again as rows, gives the same interactions; text that
 * it refuses is refused with the name and a line number. The first byte chooses the shape. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "data/lists_reader.h"
#include "tests/fuzz/property.h"

static void check_again(const struct interactions *in, struct id_tokens *ids)
{
    char user[TOKEN_TEXT], item[TOKEN_TEXT];
    struct buf text = {0};
    struct interactions again = INTERACTIONS_NONE;
    const uint64_t *keys = in->keys.data;
    buf_putc(&text, '\n'); /* a first id may begin with what would be the file's byte order mark */
    for (size_t i = 0; i < in->keys.len; i++)
        buf_printf(&text, "%s\t%s\n", token_ids_text(&ids->users, (uint32_t)(keys[i] >> 32), user),
                   token_ids_text(&ids->items, (uint32_t)keys[i], item));
    if (lists_reader_parse(&again, ids, &(struct named_bytes){buf_str(&text), text.len, "again"}, LISTS_ROWS,
                           NULL) != ERR_OK ||
        again.keys.len != in->keys.len ||
        (in->keys.len > 0 && memcmp(again.keys.data, keys, in->keys.len * sizeof *keys) != 0))
        abort();
    interactions_free(&again);
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct interactions in = INTERACTIONS_NONE;
    struct id_tokens ids = {0};
    struct fail why = {0};
    if (size == 0)
        return 0;
    enum lists_shape shape = data[0] % 2 == 0 ? LISTS_LISTS : LISTS_PAIRS;
    enum err rc =
        lists_reader_parse(&in, &ids, &(struct named_bytes){data + 1, size - 1, "input"}, shape, &why);
    if (rc == ERR_OK)
        check_again(&in, &ids);
    else if (rc != ERR_INVALID || strncmp(why.text, "input:", 6) != 0 || atol(why.text + 6) < 1)
        abort();
    interactions_free(&in);
    id_tokens_free(&ids);
    return 0;
}
