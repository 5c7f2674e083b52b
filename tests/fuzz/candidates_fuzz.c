/* Property: candidate lists that are accepted, written out again line by line, give the same positives and
 * negatives; what is refused is refused with the name and a line number. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "data/lists_reader.h"
#include "tests/fuzz/property.h"

static bool same(const struct interactions *a, const struct interactions *b)
{
    return a->keys.len == b->keys.len &&
           (a->keys.len == 0 || memcmp(a->keys.data, b->keys.data, a->keys.len * sizeof(uint64_t)) == 0);
}

/* Both are in the order of the lines, and each line has one positive and at least one negative. */
static void write_again(struct buf *text, const struct id_tokens *ids, const struct interactions *positive,
                        const struct interactions *negative)
{
    char user[TOKEN_TEXT], item[TOKEN_TEXT];
    const uint64_t *p = positive->keys.data, *n = negative->keys.data;
    size_t at = 0;
    for (size_t i = 0; i < positive->keys.len; i++) {
        buf_printf(text, "(%s,%s)", token_ids_text(&ids->users, (uint32_t)(p[i] >> 32), user),
                   token_ids_text(&ids->items, (uint32_t)p[i], item));
        for (; at < negative->keys.len && n[at] >> 32 == p[i] >> 32; at++)
            buf_printf(text, "\t%s", token_ids_text(&ids->items, (uint32_t)n[at], item));
        buf_putc(text, '\n');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct interactions positive = INTERACTIONS_NONE, negative = INTERACTIONS_NONE;
    struct interactions positive2 = INTERACTIONS_NONE, negative2 = INTERACTIONS_NONE;
    struct id_tokens ids = {0};
    struct fail why = {0};
    enum err rc = lists_reader_parse_candidates(&positive, &negative, &ids,
                                                &(struct named_bytes){data, size, "input"}, &why);
    if (rc == ERR_OK) {
        struct buf text = {0};
        write_again(&text, &ids, &positive, &negative);
        if (lists_reader_parse_candidates(&positive2, &negative2, &ids,
                                          &(struct named_bytes){buf_str(&text), text.len, "again"},
                                          NULL) != ERR_OK ||
            !same(&positive, &positive2) || !same(&negative, &negative2))
            abort();
        buf_free(&text);
    } else if (rc != ERR_INVALID || strncmp(why.text, "input:", 6) != 0 || atol(why.text + 6) < 1) {
        abort();
    }
    interactions_free(&positive);
    interactions_free(&negative);
    interactions_free(&positive2);
    interactions_free(&negative2);
    id_tokens_free(&ids);
    return 0;
}
