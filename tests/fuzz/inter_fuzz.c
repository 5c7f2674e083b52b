/* Property: an .inter file of which every row counts gives at least what it gives with a threshold, and its
 * interactions, written out in another order of columns, are read the same; what is refused is refused with
 * the file's name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "data/ratings_likes.h"
#include "tests/fuzz/property.h"

static enum err read_bytes(struct interactions *out, struct id_tokens *ids, const void *bytes, size_t n,
                           enum scale_kind kind, struct fail *why)
{
    char path[64];
    struct ratings_count count;
    const struct ratings_rules rules = {.scale = {.kind = kind, .top = 5 * RATING_ONE},
                                        .inter = true,
                                        .users = &ids->users,
                                        .items = &ids->items,
                                        .tolerate = kind == SCALE_ANY ? 0 : 100};
    int fd = memfd_create("inter", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    enum err rc = ratings_likes_text(
        out, &(struct ratings_likes){path, &rules, kind == SCALE_ANY ? 0 : 3.5, NULL}, &count, why);
    if (rc != ERR_OK && (rc != ERR_INVALID || strncmp(why->text, path, strlen(path)) != 0))
        abort();
    close(fd);
    return rc;
}

static void check_again(const struct interactions *in, struct id_tokens *ids)
{
    struct buf text = {0};
    struct interactions again = INTERACTIONS_NONE;
    struct fail why = {0};
    const uint64_t *keys = in->keys.data;
    char user[TOKEN_TEXT], item[TOKEN_TEXT];
    buf_puts(&text, "rating:float\titem_id:token\tuser_id:token\n");
    for (size_t i = 0; i < in->keys.len; i++)
        buf_printf(&text, "3.5\t%s\t%s\n", token_ids_text(&ids->items, (uint32_t)keys[i], item),
                   token_ids_text(&ids->users, (uint32_t)(keys[i] >> 32), user));
    if (read_bytes(&again, ids, buf_str(&text), text.len, SCALE_TOP, &why) != ERR_OK ||
        again.keys.len != in->keys.len ||
        (in->keys.len > 0 && memcmp(again.keys.data, keys, in->keys.len * sizeof *keys) != 0))
        abort();
    interactions_free(&again);
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct interactions all = INTERACTIONS_NONE, liked = INTERACTIONS_NONE;
    struct id_tokens ids = {0};
    struct fail why = {0};
    if (read_bytes(&all, &ids, data, size, SCALE_ANY, &why) == ERR_OK) {
        check_again(&all, &ids);
        if (read_bytes(&liked, &ids, data, size, SCALE_TOP, &why) == ERR_OK && liked.keys.len > all.keys.len)
            abort();
    }
    interactions_free(&all);
    interactions_free(&liked);
    id_tokens_free(&ids);
    return 0;
}
