/* What of a snapshot a host has to fetch that serves another one (release/pieces.h):
 *
 *     build/tests/bench/pieces_bench BEFORE AFTER
 *
 * two files, such as snapshots of two nights. Prints the bytes of AFTER, those of all its pieces as they are sent, and those of the
 * pieces that BEFORE lacks. */
#include <stdio.h>
#include <string.h>

#include "base/map_file.h"
#include "base/secret.h"
#include "release/pieces.h"

struct cut {
    struct map_file map;
    struct pieces pieces;
};

static bool cut_open(struct cut *c, const char *path)
{
    struct fail why = {0};
    if (map_file_open(&c->map, path, &why) == ERR_OK &&
        pieces_of(&c->pieces, c->map.data, c->map.size, &why) == ERR_OK)
        return true;
    fprintf(stderr, "pieces_bench: %s\n", why.text);
    return false;
}

static bool has(const struct pieces *p, const struct piece *one)
{
    for (size_t i = 0; i < p->n; i++)
        if (memcmp(p->items[i].hash, one->hash, sizeof one->hash) == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    struct cut before = {0}, after = {0};
    struct buf packed = {0};
    size_t all = 0, lacking = 0;
    if (argc != 3 || secret_init() != ERR_OK || !cut_open(&before, argv[1]) || !cut_open(&after, argv[2]))
        return 64;
    for (size_t i = 0; i < after.pieces.n && !packed.failed; i++) {
        const struct piece *p = &after.pieces.items[i];
        buf_reset(&packed);
        piece_pack(&packed, after.map.data + p->offset, p->size);
        all += packed.len;
        lacking += has(&before.pieces, p) ? 0 : packed.len;
    }
    printf("bytes %zu, sent whole %zu (%.1f %%), sent to who has the other %zu (%.1f %%)\n", after.map.size,
           all, 100 * (double)all / (double)after.map.size, lacking,
           100 * (double)lacking / (double)after.map.size);
    int status = packed.failed ? 70 : 0;
    buf_free(&packed);
    pieces_free(&before.pieces);
    pieces_free(&after.pieces);
    map_file_close(&before.map);
    map_file_close(&after.map);
    return status;
}
